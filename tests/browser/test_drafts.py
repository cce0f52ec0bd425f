"""A lost connection, a crash, another admin, a publish, a sign-out in mid-edit: nothing that was typed is lost."""

import contextlib
import json
import re
import secrets
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import Server, running_demo, sign_in


@dataclass(frozen=True)
class Office:
    """A server that can be made to die in mid-save, and who signs in there."""

    server: Server
    email: str
    password: str

    @property
    def url(self) -> str:
        return self.server.url

    def die(self, moment: str) -> None:
        (self.server.data_dir / f"die {moment}").touch()

    def write(self, statement: str) -> None:
        with contextlib.closing(sqlite3.connect(self._database)) as database, database:
            database.execute(statement)

    @property
    def _database(self) -> Path:
        return self.server.data_dir / "porchlight.db"

    def wait_for_greeting(self, customizer: str, expected: str) -> None:
        """Until the draft of this customizer's agent has it in the database."""
        ends = time.monotonic() + 20
        while (kept := self._draft(customizer)["greeting"]) != expected:
            assert time.monotonic() < ends, kept
            time.sleep(0.05)

    def _draft(self, customizer: str) -> dict[str, object]:
        statement = "select settings from widget_drafts where agent_id = ?"
        with contextlib.closing(sqlite3.connect(self._database)) as database:
            found = database.execute(statement, (customizer.split("/")[-2].replace("-", ""),)).fetchone()
        draft: dict[str, object] = json.loads(found[0])
        return draft


@pytest.fixture(scope="module")
def office(made_demo: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with running_demo(made_demo, tmp_path_factory.mktemp("office"), app="tests.browser.dying:app") as demo:
        yield Office(demo.server, demo.email, demo.password)


@pytest.fixture
def colleague(office: Office, browser: Browser) -> Iterator[BrowserContext]:
    """The browser of a second admin of the same workspace."""
    email = f"eddy-{secrets.token_hex(4)}@lantern-and-loom.example"
    office.write(
        "insert into teammates (id, workspace_id, name, email, password_hash, role, created_at)"
        f" select lower(hex(randomblob(16))), workspace_id, 'Eddy', '{email}', password_hash, 'admin', created_at"
        f" from teammates where email = '{office.email}'"
    )
    context = browser.new_context()
    sign_in(context, Office(office.server, email, office.password))
    yield context
    context.close()


@pytest.fixture
def lumi(office: Office, context: BrowserContext) -> str:
    """The address of the customizer of an agent of this test's own."""
    sign_in(context, office)
    page = context.new_page()
    page.goto(f"{office.url}/admin/agents/new")
    page.get_by_label("Name", exact=True).fill("Lumi")
    page.get_by_role("button", name="Make the agent").click()
    page.wait_for_url("**/admin/agents/*-*")
    address = f"{page.url.split('?')[0]}/customizer"
    page.close()
    return address


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    expect(page.locator("undo-buttons")).to_be_visible()
    return page


def greeting(page: Page):
    return page.get_by_role("textbox", name="Greeting", exact=True)


def state(page: Page):
    return page.locator("#draft-state")


def test_a_lost_connection_is_told_and_what_was_typed_goes_when_it_is_back(context, lumi, complaints):
    page = opened(context, lumi)
    # All that the page fetches is there.
    chat = page.frame_locator(".preview-frame").frame_locator("[data-customer-agent=frame]")
    expect(chat.locator("#greeting")).to_be_visible()
    context.set_offline(True)
    greeting(page).fill("Typed in a tunnel")
    expect(page.get_by_text("Not saved: no connection. Trying again…")).to_be_visible()
    greeting(page).fill("Typed in a tunnel, and on")
    with page.expect_response(lambda answer: re.search("tunnel.{1,6}and", answer.request.post_data or "")):
        context.set_offline(False)
    expect(page.get_by_text("Not saved: no connection")).to_be_hidden()
    expect(state(page)).to_contain_text("1 change to publish")
    page.reload()
    expect(greeting(page)).to_have_value("Typed in a tunnel, and on")
    complaints.clear()


def test_what_was_typed_without_a_connection_outlives_a_reload(context, lumi, complaints):
    page = opened(context, lumi)
    page.route("**/customizer/draft", lambda route: route.abort())
    greeting(page).fill("Kept in the browser")
    expect(page.get_by_text("Not saved")).to_be_visible()
    page.unroute("**/customizer/draft")
    page.evaluate("window.stop()")
    page.reload()
    expect(greeting(page)).to_have_value("Kept in the browser")
    expect(state(page)).to_contain_text("1 change to publish")
    other = opened(context, lumi)
    expect(greeting(other)).to_have_value("Kept in the browser")
    complaints.clear()


@pytest.mark.parametrize("moment", ["before the commit", "after the commit"])
def test_a_crash_in_mid_save_loses_nothing(office, context, lumi, complaints, moment):
    page = opened(context, lumi)
    office.die(moment)
    greeting(page).fill("Typed before the crash")
    greeting(page).press_sequentially(" and after", delay=20)
    expect(page.get_by_text("Not saved")).to_be_hidden()
    expect(state(page)).to_contain_text("1 change to publish")
    expect(page.locator(".draft-conflict")).to_have_count(0)
    office.wait_for_greeting(lumi, "Typed before the crash and after")
    page.reload()
    expect(greeting(page)).to_have_value("Typed before the crash and after")
    complaints.clear()


def test_what_a_browser_would_refuse_is_told_and_holds_nothing_else_back(context, lumi, complaints):
    page = opened(context, lumi)
    page.locator("summary", has_text="Before the chat").click()
    page.locator("label", has_text="Show a line about privacy").click()
    page.get_by_label("Address of your privacy policy").fill("no address")
    expect(page.locator("#problem-consent-link")).not_to_be_empty()
    page.locator("summary", has_text="Theme").click()
    page.get_by_label("Round corners").fill("7")
    expect(page.locator("output[for=corners]")).to_have_text("7 px")
    expect(state(page)).to_contain_text("Saved, except what is marked below.")
    page.reload()
    expect(page.locator("#corners")).to_have_value("7")
    expect(page.locator("output[for=corners]")).to_have_text("7 px")
    complaints.clear()


def test_two_who_edit_at_once_keep_both_and_choose_where_both_changed_the_same(context, colleague, lumi, complaints):
    one, other = opened(colleague, lumi), opened(context, lumi)
    greeting(one).fill("From one")
    expect(state(one)).to_contain_text("1 change to publish")
    other.get_by_role("textbox", name="Name", exact=True).fill("Ada")
    expect(state(other)).to_contain_text("Eddy changed Greeting meanwhile; both changes are kept")
    expect(greeting(other)).to_have_value("From one")
    other.get_by_role("button", name="Undo").click()
    expect(other.get_by_role("textbox", name="Name", exact=True)).to_have_value("Lumi")
    expect(greeting(other)).to_have_value("From one")
    expect(state(other)).to_contain_text("1 change to publish")

    greeting(one).fill("Once more from one")
    expect(one.locator("ins", has_text="Once more from one")).to_have_count(1)
    greeting(other).fill("From the other")
    clash = other.locator(".clash")
    expect(clash).to_contain_text("Once more from one")
    expect(clash).to_contain_text("From the other")
    other.reload()
    expect(clash).to_contain_text("From the other")
    other.get_by_label("Eddy’s").check()
    expect(clash).to_have_count(0)
    expect(greeting(other)).to_have_value("Once more from one")
    complaints.clear()


def test_a_publish_during_an_edit_keeps_the_edit_as_the_draft(context, colleague, lumi, complaints):
    one, other = opened(colleague, lumi), opened(context, lumi)
    greeting(one).fill("Published by one")
    expect(state(one)).to_contain_text("1 change to publish")
    one.get_by_role("button", name="Publish", exact=True).click()
    expect(state(one)).to_contain_text("Customers see version 2")
    other.get_by_role("textbox", name="Name", exact=True).fill("Still a draft")
    expect(state(other)).to_contain_text("1 change to publish")
    other.reload()
    expect(greeting(other)).to_have_value("Published by one")
    expect(other.get_by_role("textbox", name="Name", exact=True)).to_have_value("Still a draft")


@pytest.mark.parametrize("offer", ["Sign in", "Load it anew"])
def test_who_was_signed_out_finds_what_they_typed_after_signing_in(office, context, lumi, complaints, offer):
    page = opened(context, lumi)
    if offer == "Sign in":
        office.write("delete from teammate_sessions")
    else:
        drop_cookies(context, page)
    greeting(page).fill("Typed while signed out")
    page.get_by_role("link", name=offer).click()
    page.get_by_label("E-mail").fill(office.email)
    page.get_by_label("Password", exact=True).fill(office.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/customizer")
    expect(greeting(page)).to_have_value("Typed while signed out")
    expect(state(page)).to_contain_text("1 change to publish")
    complaints.clear()


def test_a_shared_link_shows_the_draft_on_the_real_website_until_it_is_taken_back(office, context, lumi, website):
    page = opened(context, lumi)
    greeting(page).fill("Only a draft")
    expect(state(page)).to_contain_text("1 change to publish")
    page.get_by_label("More", exact=True).click()
    page.get_by_role("link", name="Share the draft…").click()
    script = f"/widget/{public_id(page)}.js"
    address = website.page("shop.html", f'<script async src="{office.url}{script}"></script>')
    page.get_by_label("Page of your website").fill(address)
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_label("The link. It is shown only once.").input_value()
    page.keyboard.press("Escape")
    expect(page.get_by_label("More", exact=True)).to_be_focused()

    visit = context.browser.new_context().new_page()
    shown = visit.frame_locator("[data-customer-agent=frame]").locator("#greeting")
    visit.goto(link)
    visit.locator("[data-customer-agent=launcher]").last.click()
    expect(shown).to_have_text("Only a draft")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Share the draft…").click()
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("The link is taken back")).to_be_visible()
    visit.reload()
    visit.locator("[data-customer-agent=launcher]").last.click()
    expect(shown).to_have_text("Hi there. What can I help you with?")
    visit.context.close()


def drop_cookies(context: BrowserContext, page: Page) -> None:
    # An answer that was under way when they were dropped brings the session's cookie back.
    for _ in range(20):
        context.clear_cookies()
        page.wait_for_timeout(250)
        if not context.cookies():
            return
    pytest.fail("The cookies come back again and again.")


def public_id(page: Page) -> str:
    frame = next(frame for frame in page.frames if "/widget/" in frame.url)
    return frame.url.split("/widget/")[1].split("?")[0]
