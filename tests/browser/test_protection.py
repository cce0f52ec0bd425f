"""Somebody is blocked from their conversation and let in again: both sides in real browsers."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo
from tests.browser.test_inbox import say
from tests.browser.test_pages import assert_nothing_sticks_out

PROTECTION = "/admin/settings/protection/"


@pytest.fixture
def customer(browser: Browser, demo: Demo) -> Iterator[Page]:
    """A visitor with the chat open by its direct link."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{demo.url}/chat/{demo.agent_id}")
    yield page
    context.close()


def test_a_visitor_is_blocked_and_let_in_again(
    admin: Page, customer: Page, demo: Demo, accessible: Callable[[Page], None], complaints: list[str]
) -> None:
    say(customer, "My cupboard is full of moths 4712")
    expect(customer.locator("[data-from=agent][data-state=done]").last).to_be_visible()
    admin.goto(f"{demo.url}/admin/conversations/?view=all&search=4712")
    admin.locator(".inbox-row").first.click()
    panel = admin.locator("#visitor-block")
    panel.get_by_text("For 1 day, or choose how").click()
    panel.get_by_label("Reason").fill("Moths everywhere")
    panel.get_by_role("button", name="Block this visitor").click()
    expect(panel).to_contain_text("is blocked")
    expect(panel).to_contain_text("Moths everywhere")
    accessible(admin)

    # The window that is open says so by itself, and a new one, too.
    expect(customer.get_by_role("alert").or_(customer.get_by_role("status")).filter(has_text="chat")).to_be_visible()
    expect(customer.locator("body")).to_contain_text("not available to you")
    accessible(customer)
    customer.reload()
    expect(customer.locator("body")).to_contain_text("not available to you")

    admin.goto(f"{demo.url}{PROTECTION}blocked/")
    row = admin.locator(".block-row").filter(has_text="Moths everywhere")
    expect(row).to_contain_text("Tried")
    row.get_by_role("button", name="Lift the block").click()
    expect(admin.get_by_role("status").filter(has_text="can chat again")).to_be_visible()

    customer.reload()
    say(customer, "Are the moths gone?")
    expect(customer.locator("[data-from=customer][data-state=sent]").last).to_contain_text("Are the moths gone?")
    expect(customer.locator("body")).to_contain_text("My cupboard is full of moths 4712")
    complaints[:] = [said for said in complaints if "403" not in said]


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_the_pages_of_protection(
    admin: Page, demo: Demo, accessible: Callable[[Page], None], complaints: list[str], width: int, scheme: str
) -> None:
    admin.set_viewport_size({"width": width, "height": 900})
    admin.emulate_media(color_scheme=scheme)
    for path in (PROTECTION, f"{PROTECTION}blocked/", f"{PROTECTION}blocked/?list=over"):
        admin.goto(demo.url + path)
        expect(admin.locator("h1")).to_have_count(1)
        accessible(admin)
        assert_nothing_sticks_out(admin)
    admin.goto(demo.url + PROTECTION)
    admin.get_by_label("One visitor may send").fill("35")
    admin.get_by_role("button", name="Save the limits").click()
    expect(admin.locator("#limits").get_by_role("status")).to_have_text("Saved")
    admin.get_by_label("One visitor may send").fill("0")
    admin.get_by_role("button", name="Save the limits").click()
    expect(admin.locator("#limits")).to_contain_text("Write a whole number from 1 to 240")
    accessible(admin)
    complaints[:] = [said for said in complaints if "422" not in said]
