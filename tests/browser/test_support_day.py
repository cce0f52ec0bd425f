"""What a support person does besides answering: all of it by keyboard, and what comes in while a page is open."""

import re
import urllib.parse
import urllib.request
import uuid

import pytest
from playwright.sync_api import Page, expect

from core import signing
from core.letters.marks import answer_address
from tests.browser.conftest import Demo


def write(demo: Demo, text: str) -> None:
    """Somebody without scripts asks by the direct link: a conversation of its own, and no browser to wait for."""
    with urllib.request.urlopen(f"{demo.url}/chat/{demo.agent_id}") as answer:
        fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.read().decode()))
    form = urllib.parse.urlencode(fields | {"text": text}).encode()
    with urllib.request.urlopen(f"{demo.url}/widget/{demo.agent_id}/messages", form) as answer:
        assert answer.status == 200


def open_first(admin: Page) -> None:
    admin.keyboard.press("j")
    expect(admin.locator(".inbox-row").first).to_have_attribute("aria-current", "true")
    expect(admin.locator("#conversation")).to_be_visible()


def choose_all(admin: Page, number: int) -> None:
    """Tick so many from the first on; each is a key, and the list knows how many there are."""
    for place in range(number):
        admin.locator(".inbox-row").nth(place).focus()
        admin.keyboard.press("x")
        expect(admin.locator(".inbox-bulk-number")).to_have_text(f"{place + 1} chosen")


def in_bulk(admin: Page, number: int, field: str, option: str, button: str, *, said: str) -> None:
    choose_all(admin, number)
    admin.keyboard.press("b")
    expect(admin.get_by_label("Give to")).to_be_focused()
    bulk = admin.locator("#bulk")
    bulk.get_by_label(field, exact=True).select_option(label=option)
    bulk.get_by_role("button", name=button, exact=True).press("Enter")
    expect(admin.locator("#bulk-said")).to_have_text(said)


def test_many_are_tagged_given_merged_and_resolved_by_keyboard(admin: Page, demo: Demo) -> None:
    word = f"vase{uuid.uuid4().hex[:8]}"
    for place in range(3):
        write(demo, f"Is the {word} number {place} in the shop? I want to talk to a person")
    admin.goto(f"{demo.url}/admin/conversations/?view=all&search={word}")
    expect(admin.locator(".inbox-row")).to_have_count(3)

    open_first(admin)
    admin.keyboard.press("a")
    dialog = admin.get_by_role("dialog", name="More to do")
    dialog.get_by_label("New tag").fill(word)
    dialog.get_by_label("New tag").press("Enter")
    expect(dialog).to_be_hidden()
    expect(admin.locator("#thread .thread-marks")).to_contain_text(word)
    expect(admin.locator(".inbox-row").first).to_be_focused()

    admin.reload()
    in_bulk(admin, 3, "Tag", word, "Add", said="3 conversations tagged.")
    expect(admin.locator(".inbox-row .tag", has_text=word)).to_have_count(3)
    in_bulk(admin, 2, "Give to", "Samir Haddad", "Give", said="2 conversations given.")

    # The same customer has written twice: what belongs together is put together.
    customer = admin.get_by_role("link", name="See everything about them").get_attribute("href")
    admin.goto(f"{demo.url}{customer}/conversations/new")
    admin.get_by_label("Your message").fill(f"About your {word}")
    admin.get_by_role("button", name="Send", exact=True).press("Enter")
    expect(admin.locator("#thread")).to_contain_text(f"About your {word}")
    kept = admin.url.partition("?")[0]
    admin.keyboard.press("a")
    into = dialog.get_by_label("Other conversations with this customer")
    into.focus()
    dialog.get_by_role("button", name="Merge", exact=True).press("Enter")
    expect(admin.locator("#thread")).to_contain_text("Merged. It goes on in another conversation.")
    admin.goto(kept)
    expect(admin.locator("#thread")).to_contain_text("You merged another conversation into this one")
    assert admin.url != kept, "a link to what was merged leads on"

    admin.goto(f"{demo.url}/admin/conversations/?view=waiting&search={word}")
    expect(admin.locator(".inbox-row")).to_have_count(3)
    choose_all(admin, 3)
    admin.keyboard.press("e")
    expect(admin.locator("#bulk-said")).to_have_text("3 conversations resolved.")
    expect(admin.locator(".inbox-row")).to_have_count(0)


@pytest.fixture
def servers_secret(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    """Marks made here are those of the server."""
    monkeypatch.setattr(signing, "_secrets", [(demo.server.data_dir / "secret_key").read_bytes().strip()])


def test_given_snoozed_woken_and_answered_by_mail_while_the_page_is_open(
    admin: Page, demo: Demo, servers_secret: None
) -> None:
    admin.goto(f"{demo.url}/admin/settings/mail/")
    name = f"help{uuid.uuid4().hex[:6]}"
    if not admin.get_by_label("Address that customers answer to").is_visible():
        admin.get_by_text("Add an address").click()
    admin.get_by_label("Address that customers answer to").fill(f"{name}@in.example")
    admin.get_by_label("Postmark").check()
    admin.get_by_role("button", name="Add the address").click()
    hook = admin.locator("#hook-address").inner_text().strip()

    word = f"ewer{uuid.uuid4().hex[:8]}"
    write(demo, f"The {word} is cracked. I want to talk to a person")
    admin.goto(f"{demo.url}/admin/conversations/?view=all&search={word}")
    open_first(admin)
    thread, dialog = admin.locator("#thread"), admin.get_by_role("dialog", name="More to do")

    admin.keyboard.press("a")
    dialog.get_by_label("Teammate").select_option(label="Samir Haddad")
    dialog.get_by_label("Team", exact=True).select_option(label="Orders and returns")
    dialog.get_by_role("button", name="Give it to them").press("Enter")
    expect(thread).to_contain_text("You gave it to Samir Haddad in the team Orders and returns")
    expect(thread).to_contain_text("Waiting for Samir Haddad")

    snooze(admin)
    admin.get_by_role("button", name="Wake it").press("Enter")
    expect(thread).to_contain_text("You woke it")
    expect(thread.locator(".thread-marks")).not_to_contain_text("Snoozed until")

    snooze(admin)
    conversation = uuid.UUID(admin.url.partition("?")[0].rpartition("/")[2])
    mail = {
        "From": "ines@mail.example",
        "OriginalRecipient": answer_address(f"{name}@in.example", conversation),
        "TextBody": f"Here is a picture of the {word} in words.\n\n> quoted",
        "Headers": [{"Name": "Message-ID", "Value": f"<{word}@mail.example>"}],
    }
    taken = admin.request.post(hook, data=mail)
    assert taken.json() == {"outcome": "unproven"}
    expect(thread).to_contain_text("in words.")
    expect(thread.locator(".message-letter").last).to_contain_text("not proven")
    expect(thread).to_contain_text("It is back")
    expect(thread.locator(".thread-marks")).not_to_contain_text("Snoozed until")
    expect(thread).not_to_contain_text("quoted")


def snooze(admin: Page) -> None:
    admin.keyboard.press("a")
    dialog = admin.get_by_role("dialog", name="More to do")
    dialog.get_by_role("button", name="For an hour").press("Enter")
    expect(dialog).to_be_hidden()
    expect(admin.locator("#thread .thread-marks")).to_contain_text("Snoozed until")
