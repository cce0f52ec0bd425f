"""A customer writes what they should not, sees it masked; a teammate looks once; an admin decides otherwise."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo

HERE = "/admin/settings/privacy/"
MAIL, CARD = "ann@shop.example", "4111 1111 1111 1111"


@pytest.fixture
def demo(own_demo: Demo) -> Demo:
    """A shop that refuses card numbers for a while."""
    return own_demo


@pytest.fixture
def customer(browser: Browser, demo: Demo) -> Iterator[Page]:
    """A visitor with the chat open by its direct link."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{demo.url}/chat/{demo.agent_id}")
    yield page
    context.close()


def say(customer: Page, text: str) -> None:
    customer.locator("textarea[name=text]").fill(text)
    customer.locator("textarea[name=text]").press("Enter")


def decide(admin: Page, demo: Demo, choice: str) -> None:
    admin.goto(demo.url + HERE)
    admin.get_by_label("Card numbers").select_option(label=choice)
    admin.get_by_role("button", name="Save the choices").click()
    expect(admin.locator("#handling")).to_contain_text("Saved")


def test_what_is_masked_is_seen_masked_shown_once_and_refused_when_so_decided(admin, customer, demo, accessible):
    say(customer, f"I am {MAIL}, my card is {CARD}")
    mine = customer.locator("[data-message][data-from=customer]").last
    expect(mine.locator(".bubble")).to_have_text("I am [email], my card is [card]")
    expect(customer.locator("[data-from=agent][data-state=done]").last).to_be_visible()
    expect(mine.get_by_text("Delivered without private details")).to_be_visible()
    customer.reload()
    expect(mine.locator(".bubble")).to_have_text("I am [email], my card is [card]")

    admin.goto(f"{demo.url}/admin/conversations/?view=all")
    admin.locator(".inbox-row").first.click()
    message = admin.locator("#thread .message-customer").last
    expect(message).to_contain_text("E-mail addresses and card numbers masked. What you chose to keep is encrypted.")
    message.get_by_role("button", name="Show the original").click()
    dialog = admin.get_by_role("dialog")
    expect(dialog).to_contain_text(f"I am {MAIL}, my card is [card]")
    accessible(admin)
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)
    assert MAIL not in admin.content()

    decide(admin, demo, "Refuse the message")
    say(customer, f"Then {CARD}")
    expect(customer.locator("textarea[name=text]")).to_have_value(f"Then {CARD}")
    expect(customer.locator("body")).to_contain_text("please do not send card numbers here")
    expect(customer.locator("[data-message][data-from=customer]")).to_have_count(1)
    decide(admin, demo, "Mask")


def test_an_admin_tries_it_and_is_asked_before_anything_is_deleted(admin, demo, accessible, complaints):
    admin.goto(demo.url + HERE)
    admin.get_by_label("E-mail addresses").select_option(label="Keep as written")
    admin.get_by_label("Write something a customer might write").fill(f"{MAIL} and {CARD}, order #100234")
    admin.get_by_role("button", name="Show what would be stored").click()
    expect(admin.locator("#trial")).to_contain_text(f"{MAIL} and [card], order #100234")
    expect(admin.get_by_label("E-mail addresses")).to_have_value("keep")

    admin.get_by_label("Conversations are kept for").fill("1")
    admin.get_by_role("button", name="Save the days").click()
    expect(admin.locator("#retention")).to_contain_text("Tonight this would delete")
    accessible(admin)
    expect(admin.locator("#retention")).not_to_contain_text("Saved")
    admin.reload()
    expect(admin.get_by_label("Conversations are kept for")).to_have_value("")
    expect(admin.get_by_label("E-mail addresses")).to_have_value("seal")
    # That a question came back and nothing was saved is told by its status.
    complaints[:] = [said for said in complaints if "422" not in said]
