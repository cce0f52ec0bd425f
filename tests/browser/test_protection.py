"""Somebody is blocked from their conversation and let in again: both sides in real browsers."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo
from tests.browser.houses import somebody
from tests.browser.test_inbox import say
from tests.browser.test_pages import look_around, look_at

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
    reason = somebody("Moths")
    say(customer, f"My cupboard is full of {reason}")
    expect(customer.locator("[data-from=agent][data-state=done]").last).to_be_visible()
    admin.goto(f"{demo.url}/admin/conversations/?view=all&search={reason}")
    admin.locator(".inbox-row").first.click()
    panel = admin.locator("#visitor-block")
    panel.get_by_text("For 1 day, or choose how").click()
    panel.get_by_label("Reason").fill(reason)
    panel.get_by_role("button", name="Block this visitor").click()
    expect(panel).to_contain_text("is blocked")
    expect(panel).to_contain_text(reason)
    accessible(admin)

    # The window that is open says so by itself, and a new one, too.
    expect(customer.get_by_role("alert").or_(customer.get_by_role("status")).filter(has_text="chat")).to_be_visible()
    expect(customer.locator("body")).to_contain_text("not available to you")
    accessible(customer)
    customer.reload()
    expect(customer.locator("body")).to_contain_text("not available to you")

    admin.goto(f"{demo.url}{PROTECTION}blocked/")
    row = admin.locator(".block-row").filter(has_text=reason)
    expect(row).to_contain_text("Tried")
    row.get_by_role("button", name="Lift the block").click()
    expect(admin.get_by_role("status").filter(has_text="can chat again")).to_be_visible()

    customer.reload()
    say(customer, "Are the moths gone?")
    expect(customer.locator("[data-from=customer][data-state=sent]").last).to_contain_text("Are the moths gone?")
    expect(customer.locator("body")).to_contain_text(f"My cupboard is full of {reason}")
    complaints[:] = [said for said in complaints if "403" not in said]


def test_the_pages_of_protection(admin: Page, demo: Demo, complaints: list[str]) -> None:
    for path in (PROTECTION, f"{PROTECTION}blocked/", f"{PROTECTION}blocked/?list=over"):
        look_at(admin, demo.url + path)
    admin.goto(demo.url + PROTECTION)
    admin.get_by_label("One visitor may send").fill("35")
    admin.get_by_role("button", name="Save the limits").click()
    expect(admin.locator("#limits").get_by_role("status")).to_have_text("Saved")
    admin.get_by_label("One visitor may send").fill("0")
    admin.get_by_role("button", name="Save the limits").click()
    expect(admin.locator("#limits")).to_contain_text("Write a whole number from 1 to 240")
    look_around(admin)
    complaints[:] = [said for said in complaints if "422" not in said]
