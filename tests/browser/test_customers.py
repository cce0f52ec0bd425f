"""Customers in the admin: found, remembered, merged, handed out and erased, in a real browser."""

import contextlib
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo
from tests.browser.houses import somebody
from tests.browser.test_pages import look_around, look_at

PRIYA = "Priya Raman"


@pytest.fixture
def visitor(browser: Browser, demo: Demo) -> Iterator[Page]:
    """A visitor with the chat open by its direct link."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{demo.url}/chat/{demo.agent_id}")
    yield page
    context.close()


def open_profile(admin: Page, demo: Demo, search: str) -> str:
    admin.goto(f"{demo.url}/admin/customers/")
    admin.get_by_label("Search").fill(search)
    expect(admin.locator(".customer-row")).to_have_count(1)
    admin.locator(".customer-row a").click()
    expect(admin.locator("#who-title")).to_be_visible()
    return admin.url


def test_the_pages_of_customers(admin: Page, demo: Demo) -> None:
    look_at(admin, f"{demo.url}/admin/customers/")
    look_at(admin, f"{demo.url}/admin/customers/?search=nobody-at-all")
    profile = open_profile(admin, demo, "castellan")
    for rest in ("", "/merge?search=theo", "/erasure"):
        look_at(admin, profile + rest)
    admin.goto(f"{profile}/merge?search=theo")
    admin.get_by_role("link", name="Compare").first.click()
    expect(admin.get_by_role("heading", name="What will happen")).to_be_visible()
    look_around(admin)


def test_customers_are_found_while_one_types(admin: Page, demo: Demo) -> None:
    admin.goto(f"{demo.url}/admin/customers/")
    admin.get_by_label("Search").press_sequentially("MARCH")
    expect(admin.locator(".customer-row")).to_have_count(1)
    expect(admin.locator(".customer-row")).to_contain_text("Theo Marchetti")
    expect(admin.locator(".customer-row")).to_contain_text("Told by your website, not verified")
    expect(admin).to_have_url(re.compile("search=MARCH"))
    admin.get_by_label("Search").fill("")
    admin.get_by_label("Who they are").select_option("Verified")
    # Other tests of the same server may have made customers of their own.
    mira, theo = (admin.locator(".customer-row", has_text=name) for name in ("Mira Castellan", "Theo Marchetti"))
    expect(mira).to_be_visible()
    expect(theo).to_have_count(0)
    admin.get_by_label("Who they are").select_option("All")
    expect(theo).to_be_visible()
    admin.get_by_label("Waiting for a person").check()
    expect(theo).to_have_count(0)
    expect(mira).to_be_visible()
    admin.reload()
    expect(mira).to_be_visible()
    expect(theo).to_have_count(0)
    expect(admin.get_by_label("Waiting for a person")).to_be_checked()


def test_a_fact_is_added_put_right_and_deleted(admin: Page, demo: Demo) -> None:
    with contextlib.closing(sqlite3.connect(demo.server.data_dir / "porchlight.db")) as database, database:
        database.execute(f"DELETE FROM facts WHERE customer_id = (SELECT id FROM customers WHERE name = '{PRIYA}')")
    open_profile(admin, demo, PRIYA)
    memory = admin.locator("#memory")
    memory.get_by_text("Remember something").click()
    memory.get_by_label("Something to remember").fill("Prefers brass")
    memory.get_by_label("Keep it").select_option("30 days")
    memory.get_by_role("button", name="Remember").click()
    expect(memory.locator(".fact")).to_contain_text("Prefers brass")
    expect(memory.locator(".fact")).to_contain_text("From Olga Brandt")
    expect(memory.locator(".fact")).to_contain_text("kept until")
    memory.locator(".fact summary").click()
    memory.get_by_label("What to remember instead").fill("Prefers copper")
    memory.get_by_role("button", name="Save").click()
    expect(memory.locator(".fact-text")).to_have_text("Prefers copper")

    admin.locator(".customer-talks a").first.click()
    expect(admin.locator("#customer #memory")).to_contain_text("Prefers copper")
    admin.locator("#customer .fact summary").click()
    admin.on("dialog", lambda dialog: dialog.accept())
    admin.locator("#customer").get_by_role("button", name="Delete").click()
    expect(admin.locator("#customer #memory")).to_contain_text("Nothing is remembered yet.")


def test_two_become_one_and_are_taken_along_as_a_file(admin: Page, demo: Demo, tmp_path: Path) -> None:
    admin.goto(f"{demo.url}/admin/customers/?standing=anonymous")
    stranger = admin.locator(".customer-row-name a").last.inner_text()
    profile = open_profile(admin, demo, "albrecht")
    talks = admin.locator(".customer-talks li").count()
    admin.get_by_role("link", name="Merge with another customer").click()
    admin.get_by_label("Who is the same person?").fill(stranger)
    admin.get_by_role("link", name=f"Compare with {stranger}").click()
    expect(admin.locator(".merge-plan")).to_contain_text("1 conversation moves")
    admin.get_by_role("button", name="Merge").click()
    expect(admin.locator("#notices")).to_contain_text("These two are one customer now.")
    expect(admin).to_have_url(profile)
    expect(admin.locator(".customer-talks li")).to_have_count(talks + 1)

    with admin.expect_download() as download:
        admin.get_by_role("button", name="Download everything").click()
    file = tmp_path / "customer.json"
    download.value.save_as(file)
    export = json.loads(file.read_text())
    assert re.fullmatch(r"customer-[0-9a-f]{4}-\d{4}-\d\d-\d\d\.json", download.value.suggested_filename)
    assert len(export["conversations"]) == talks + 1
    assert {"name": "plan", "value": "trade", "verified": True} in export["customer"]["attributes"]


def test_whoever_is_erased_is_gone_and_their_open_chat_begins_anew(admin: Page, visitor: Page, demo: Demo) -> None:
    room = somebody("room")
    visitor.locator("textarea[name=text]").fill(f"It is about the lamp in {room}")
    visitor.locator("textarea[name=text]").press("Enter")
    expect(visitor.locator("[data-from=agent][data-state=done]").last).to_be_visible()
    admin.goto(f"{demo.url}/admin/conversations/?view=all&search={room}")
    admin.locator(".inbox-row").click()
    admin.get_by_role("link", name="See everything about them").click()
    expect(admin.locator("#who-title")).to_be_visible()
    name, profile = admin.locator("h1").inner_text(), admin.url
    admin.get_by_role("link", name="Erase for ever").click()
    expect(admin.get_by_role("heading", level=1)).to_have_text(f"Erase {name}?")
    admin.get_by_role("button", name="Erase for ever").click()
    expect(admin.locator("#notices")).to_contain_text("The customer is erased")
    assert admin.request.get(profile).status == 404

    visitor.locator("textarea[name=text]").fill(f"Hello again from {room}")
    visitor.locator("textarea[name=text]").press("Enter")
    expect(visitor.locator("[data-from=customer][data-state=sent]")).to_have_text([re.compile("Hello again")])
    expect(visitor.locator("[data-from=agent][data-state=done]")).to_have_count(1)
    admin.goto(f"{demo.url}/admin/conversations/?view=all&search={room}")
    expect(admin.locator(".inbox-row")).to_have_count(1)
    admin.locator(".inbox-row").click()
    expect(admin.locator("#thread")).to_contain_text("Hello again")
    expect(admin.locator("#thread")).not_to_contain_text("It is about the lamp")
