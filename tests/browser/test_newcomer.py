"""Somebody who has never seen Porchlight: from the first page to a chat that works on their website.

Run by hand with a person's pauses: `NEWCOMER_PACE=1 pytest -s tests/browser/test_newcomer.py`.
"""

import io
import os
import time
from dataclasses import dataclass, field

import pytest
from PIL import Image as Pillow
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import running_server

PACE = float(os.environ.get("NEWCOMER_PACE", "0.01"))
"""1 pauses as a person does; less only does so in proportion, and what is missing is added to the time."""
MOST_DECISIONS = 12
MOST_SECONDS = 5 * 60
# A person who types with two fingers, and reads before they press anything.
_SECONDS_A_LETTER = 0.22
_SECONDS_TO_LOOK = 4.0
_SECONDS_TO_PASTE = 45.0


@dataclass
class Newcomer:
    """Does what a person does, and counts what they have to decide: each field to fill, each thing to press.

    Sending the form that was just filled in is no decision of its own: there is nothing else to do with it.
    """

    decisions: list[str] = field(default_factory=list)
    saved: float = 0.0
    began: float = field(default_factory=time.monotonic)

    def fill(self, what: Locator, text: str) -> None:
        self._decide(f"write {what.get_attribute('name')}", _SECONDS_TO_LOOK / 2 + len(text) * _SECONDS_A_LETTER)
        what.fill(text)

    def press(self, what: Locator) -> None:
        self._decide(f"press {what.inner_text().strip() or what.get_attribute('aria-label')}", _SECONDS_TO_LOOK)
        what.click()

    def do(self, what: str, seconds: float) -> None:
        self._decide(what, seconds)

    def read(self, what: Locator) -> None:
        expect(what).to_be_visible()
        self._pause(len(what.inner_text()) / 25)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began + self.saved

    def _decide(self, what: str, seconds: float) -> None:
        self.decisions.append(what)
        self._pause(seconds)

    def _pause(self, seconds: float) -> None:
        time.sleep(seconds * PACE)
        self.saved += seconds * (1 - PACE)


@pytest.fixture
def server(tmp_path):
    """Nobody has an account yet; the newcomer's website is on this computer."""
    (tmp_path / "porchlight").mkdir()
    with running_server(tmp_path / "porchlight", ALLOW_PRIVATE_ADDRESSES="1") as server:
        yield server


@pytest.fixture
def lamps(shop):
    """The newcomer's website, with a name, colours and a picture of its own."""
    icon = io.BytesIO()
    Pillow.new("RGB", (180, 180), (20, 110, 80)).save(icon, "PNG")
    (shop.folder / "icon.png").write_bytes(icon.getvalue())
    head = """<meta property="og:site_name" content="Localhost Lamps"><link rel="apple-touch-icon" href="icon.png">
        <style>body { background: #fdfcf7; color: #222 } .btn { background: #146e50 }</style>"""
    shop.page("index.html", "", head=head)
    return lambda snippet: shop.page("index.html", snippet, head=head)


def test_a_newcomer_has_a_chat_that_works_within_five_minutes_and_twelve_decisions(page, server, lamps, shop, capsys):
    person = Newcomer()
    sign_up(person, page, server.url, shop.url)
    teach(person, page)
    try_it(person, page)
    snippet = deploy(person, page)
    person.do("paste the line into the website", _SECONDS_TO_PASTE)
    see_it_work(page, lamps(snippet), shop.url)
    with capsys.disabled():
        print(
            f"\nA newcomer: {len(person.decisions)} decisions, {person.seconds:.0f} s in all ({PACE:g} of the pauses):"
        )
        print(*(f"  {number}. {what}" for number, what in enumerate(person.decisions, 1)), sep="\n")
    assert len(person.decisions) <= MOST_DECISIONS
    assert person.seconds < MOST_SECONDS


def sign_up(person: Newcomer, page: Page, url: str, site: str) -> None:
    page.goto(url)
    person.read(page.get_by_role("heading", name="Welcome to Porchlight"))
    person.fill(page.get_by_label("Your name"), "Olga")
    person.fill(page.get_by_label("E-mail"), "olga@example.com")
    person.fill(page.get_by_label("Password", exact=True), "correct horse battery")
    person.fill(page.get_by_label("website"), site)
    page.keyboard.press("Enter")
    # Nothing is asked about the look: it is the website's.
    person.read(page.get_by_text("It has the look of your website now."))
    expect(page.get_by_role("heading", level=1)).to_have_text("Localhost Lamps assistant")


def teach(person: Newcomer, page: Page) -> None:
    person.press(page.get_by_role("link", name="Teach: Teach it your first answers"))
    form = page.get_by_role("form", name="Add a question")
    person.fill(form.get_by_label("Question"), "What are your opening hours?")
    person.fill(form.get_by_label("Answer"), "We are open Monday to Saturday, 9:00 to 18:00.")
    form.get_by_role("button", name="Add").click()
    expect(page.locator("#entries")).to_contain_text("What are your opening hours?")


def try_it(person: Newcomer, page: Page) -> None:
    person.press(page.get_by_role("link", name="Try it"))
    chat = page.frame_locator("dialog iframe")
    expect(chat.locator("#greeting")).to_have_text("Welcome to Localhost Lamps. What can I help you with?")
    person.fill(chat.locator("textarea[name=text]"), "when are you open?")
    page.keyboard.press("Enter")
    person.read(chat.get_by_text("9:00 to 18:00"))


def deploy(person: Newcomer, page: Page) -> str:
    person.press(page.get_by_role("dialog").get_by_role("link", name="Deploy on My Site"))
    dialog = page.get_by_role("dialog", name="Deploy on My Site")
    person.read(dialog.locator(".guide"))
    person.press(dialog.get_by_role("button", name="Copy", exact=True))
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    return pasted(page)


def pasted(page: Page) -> str:
    """What Ctrl-V puts into the file of the website."""
    editor = page.context.new_page()
    editor.set_content("<textarea autofocus></textarea>")
    editor.locator("textarea").press("Control+V")
    text = editor.locator("textarea").input_value()
    editor.close()
    return text


def see_it_work(page: Page, host: str, site: str) -> None:
    customer = page.context.new_page()
    customer.goto(host)
    expect(customer.locator('[data-customer-agent="launcher"]')).to_be_visible()
    status = page.get_by_role("dialog").locator("#deploy-health")
    expect(status).to_contain_text(f"Working on {site.removeprefix('http://')}, seen just now")
    expect(status).to_contain_text("shows version 2")
