"""A customer asks for a person, and one comes: both sides in real browsers."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo, leave_the_field
from tests.browser.houses import somebody


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


def test_a_customer_asks_for_a_person_and_one_comes(admin: Page, customer: Page, demo: Demo) -> None:
    admin.goto(f"{demo.url}/admin/conversations/?view=waiting")
    waiting = admin.locator(".inbox-row").count()
    room = somebody("room")
    say(customer, f"It is about the lamp in {room}")
    expect(customer.locator("[data-from=agent][data-state=done]").last).to_be_visible()
    say(customer, "I want to talk to a person")
    expect(customer.locator("[data-from=system]")).to_be_visible()
    expect(admin.locator(".inbox-row")).to_have_count(waiting + 1)
    admin.locator(".inbox-row").last.click()
    expect(admin.locator("#conversation")).to_contain_text(room)

    admin.keyboard.press("r")
    admin.keyboard.type("Half a sentence")
    say(customer, "Is anybody there?")
    expect(admin.locator("#thread")).to_contain_text("Is anybody there?")
    expect(admin.get_by_label("Your reply")).to_have_value("Half a sentence")
    expect(admin.get_by_label("Your reply")).to_be_focused()

    admin.reload()
    expect(admin.get_by_label("Your reply")).to_have_value("Half a sentence")
    admin.get_by_label("Your reply").fill("Here I am.")
    admin.keyboard.press("Control+Enter")
    expect(customer.locator("[data-from=person]")).to_contain_text("Here I am.")
    expect(admin.get_by_label("Your reply")).to_have_value("")
    expect(admin.locator("#thread")).to_contain_text("You are answering.")

    admin.get_by_role("button", name="Hand back").click()
    expect(admin.locator("#thread")).to_contain_text("The agent is answering.")
    say(customer, "Thanks")
    expect(admin.locator(".message-agent").last).to_be_visible()
    leave_the_field(admin)
    admin.keyboard.press("e")
    expect(admin.locator("#thread")).to_contain_text("Resolved")


def test_the_inbox_works_by_keyboard(admin: Page, demo: Demo) -> None:
    admin.goto(f"{demo.url}/admin/conversations/?view=all")
    admin.keyboard.press("j")
    expect(admin.locator(".inbox-row").nth(0)).to_have_attribute("aria-current", "true")
    admin.keyboard.press("j")
    expect(admin.locator(".inbox-row").nth(1)).to_have_attribute("aria-current", "true")
    admin.keyboard.press("k")
    expect(admin.locator(".inbox-row").nth(0)).to_have_attribute("aria-current", "true")
    # Whoever types on at once writes: no letter of theirs may be a command.
    pressed = "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: 'n', bubbles: true }))"
    assert admin.evaluate(f"({pressed}, document.activeElement.id)") == "text"
    expect(admin.get_by_label("Your note")).to_be_focused()
    admin.keyboard.press("Escape")
    admin.keyboard.press("?")
    expect(admin.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    admin.get_by_label("Single keys work in this browser").uncheck()
    admin.keyboard.press("Escape")
    admin.keyboard.press("j")
    expect(admin.locator(".inbox-row").nth(0)).to_have_attribute("aria-current", "true")


def test_many_are_found_kept_together_and_done_without_a_mouse(admin: Page, demo: Demo) -> None:
    urgent = f"{demo.url}/admin/conversations/?view=all&priority=urgent"
    admin.goto(urgent)
    before = admin.locator(".priority-urgent").count()
    admin.goto(f"{demo.url}/admin/conversations/")
    admin.keyboard.press("7")
    expect(admin.locator(".inbox-view[aria-current]")).to_contain_text("All")
    admin.keyboard.press("/")
    admin.keyboard.type("lamp")
    admin.keyboard.press("Enter")
    expect(admin.locator(".inbox-row mark").first).to_contain_text("amp")
    admin.keyboard.press("f")
    expect(admin.locator("#filter-teammate")).to_be_focused()
    admin.locator("#filter-priority").select_option("normal")
    admin.get_by_role("button", name="Show these").press("Enter")
    expect(admin.get_by_role("list", name="Filters in use")).to_contain_text("Priority: Normal")
    admin.get_by_text("Save this view").click()
    view = somebody("Lamps")
    admin.get_by_label("Name of the view").fill(view)
    admin.get_by_label("Name of the view").press("Enter")
    expect(admin.locator(".inbox-view[aria-current]")).to_contain_text(view)

    admin.keyboard.press("j")
    admin.keyboard.press("x")
    expect(admin.locator(".inbox-bulk-number")).to_have_text("1 chosen")
    admin.keyboard.press("b")
    expect(admin.get_by_label("Give to")).to_be_focused()
    admin.locator("#bulk-priority").select_option("urgent")
    admin.get_by_role("button", name="Set", exact=True).press("Enter")
    expect(admin.locator("#bulk-said")).to_have_text("1 conversation set to the priority.")
    expect(admin.locator(".inbox-bulk")).to_be_hidden()
    admin.goto(urgent)
    expect(admin.locator(".priority-urgent")).to_have_count(before + 1)
    admin.set_viewport_size({"width": 390, "height": 844})
    assert admin.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_list_is_searched_while_somebody_types(admin: Page, demo: Demo) -> None:
    admin.goto(f"{demo.url}/admin/conversations/?view=all")
    admin.locator(".inbox-row").first.click()
    expect(admin.locator("#conversation")).to_be_visible()
    opened, search = admin.url, admin.locator("#search")
    search.press_sequentially("zz")
    expect(admin).to_have_url(f"{opened}&search=zz")
    expect(admin.get_by_text("Nothing found for “zz”")).to_be_visible()
    search.press_sequentially("zz")
    expect(admin).to_have_url(f"{opened}&search=zzzz")
    expect(admin.get_by_text("Nothing found for “zzzz”")).to_be_visible()
    expect(search).to_be_focused()
    expect(admin.locator("#conversation")).to_be_visible()
    admin.go_back()
    expect(admin).to_have_url(opened)
    expect(search).to_have_value("")


def test_on_a_phone_one_column_is_there_at_a_time(admin: Page, demo: Demo) -> None:
    admin.set_viewport_size({"width": 390, "height": 844})
    admin.goto(f"{demo.url}/admin/conversations/?view=all")
    admin.locator(".inbox-row").first.click()
    expect(admin.locator("#conversation-title")).to_be_focused()
    expect(admin.locator(".inbox-list")).to_be_hidden()
    admin.get_by_role("link", name="About the customer").click()
    expect(admin.locator("#customer")).to_be_visible()
    expect(admin.locator("#conversation")).to_be_hidden()
    admin.get_by_role("link", name="Conversation", exact=True).click()
    expect(admin.locator("#conversation")).to_be_visible()
    admin.get_by_role("link", name="Back to the list").click()
    expect(admin.locator(".inbox-list")).to_be_visible()
