"""A teammate goes away and comes back, and customers are told the truth about it: in real browsers."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo


@pytest.fixture
def demo(own_demo: Demo) -> Demo:
    """A shop whose only teammate on duty may be away."""
    return own_demo


def test_customers_are_told_whether_somebody_is_there(admin: Page, browser: Browser, demo: Demo) -> None:
    admin.goto(f"{demo.url}/admin/settings/teams/")
    account = admin.get_by_label("Your account")
    account.click()
    expect(admin.get_by_text("You take conversations.")).to_be_visible()
    admin.get_by_role("button", name="Be away").click()
    account.click()
    expect(admin.get_by_text("You are away.")).to_be_visible()

    ask_for_a_person(browser, demo, told="Nobody of the team is here right now.")

    admin.get_by_role("button", name="Take conversations again").click()
    account.click()
    expect(admin.get_by_text("You take conversations.")).to_be_visible()
    ask_for_a_person(browser, demo, told="A person usually answers here within")


def ask_for_a_person(browser: Browser, demo: Demo, *, told: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{demo.url}/chat/{demo.agent_id}")
    page.locator("textarea[name=text]").fill("I want to talk to a person")
    page.locator("textarea[name=text]").press("Enter")
    expect(page.locator("[data-from=system]").first).to_contain_text(told)
    context.close()
