"""A teammate writes: a canned reply, a draft that goes along, a note for a colleague, a suggestion, a correction."""

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo, leave_the_field
from tests.browser.houses import somebody


def open_one(admin: Page, browser: Browser, demo: Demo) -> None:
    """Open a conversation in which somebody unknown has just been answered by the agent."""
    visiting = browser.new_context()
    visitor = visiting.new_page()
    visitor.goto(f"{demo.url}/chat/{demo.agent_id}")
    visitor.locator("textarea[name=text]").fill("Which lamps are safe in a bathroom?")
    visitor.locator("button[type=submit]").click()
    expect(visitor.locator('[data-message][data-from="agent"]').last).to_contain_text("IP44")
    visiting.close()
    admin.goto(f"{demo.url}/admin/conversations/?view=all")
    admin.locator(".inbox-row").first.click()
    expect(admin.locator(".message-agent").last).to_contain_text("IP44")


def test_a_reply_is_written_with_what_is_at_hand(
    admin: Page, browser: Browser, demo: Demo, accessible: Callable[[Page], None]
) -> None:
    shortcut = somebody("opening")
    admin.goto(f"{demo.url}/admin/settings/canned-replies/new")
    admin.get_by_label("Title").fill(f"Words of {shortcut}")
    admin.get_by_label("Shortcut").fill(shortcut)
    admin.get_by_role("textbox", name="Reply").fill("Hello {{customer.first_name|there}}, it is **ready**.")
    admin.get_by_role("button", name="Save").click()
    expect(admin.locator("main")).to_contain_text(f"/{shortcut}")
    accessible(admin)

    open_one(admin, browser, demo)
    address = admin.url
    leave_the_field(admin)
    admin.keyboard.press("r")
    expect(admin.get_by_label("Your reply")).to_be_focused()
    admin.keyboard.type(f"/{shortcut[:-2]}")
    expect(admin.locator(".suggestion")).to_contain_text(f"Words of {shortcut}")
    accessible(admin)
    with admin.expect_response("**/draft"):
        admin.keyboard.press("Enter")
    field = admin.get_by_label("Your reply")
    expect(field).to_have_value("Hello there, it is **ready**.")
    admin.get_by_role("button", name="Preview").click()
    expect(admin.locator("#reply-preview strong")).to_have_text("ready")

    elsewhere = browser.new_context(storage_state=admin.context.storage_state(), viewport={"width": 390, "height": 844})
    phone = elsewhere.new_page()
    phone.goto(address)
    expect(phone.get_by_label("Your reply")).to_have_value("Hello there, it is **ready**.")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    elsewhere.close()

    with admin.expect_response("**/messages"):
        admin.get_by_label("Your reply").press("Control+Enter")
    expect(admin.locator(".message-person").last).to_contain_text("Hello there, it is ready.")
    expect(field).to_have_value("")


def test_a_note_stays_with_the_team_and_an_answer_is_corrected(
    admin: Page, browser: Browser, demo: Demo, accessible: Callable[[Page], None]
) -> None:
    open_one(admin, browser, demo)
    leave_the_field(admin)
    admin.keyboard.press("n")
    field = admin.get_by_label("Your note")
    expect(field).to_be_focused()
    admin.keyboard.type("Look at this, @Samir")
    expect(admin.locator(".suggestion")).to_contain_text("Samir Haddad")
    admin.keyboard.press("Enter")
    expect(field).to_have_value("Look at this, @Samir Haddad ")
    admin.keyboard.press("Control+Enter")
    expect(admin.locator(".message-note").last).to_contain_text("@Samir Haddad")
    expect(field).to_have_value("")
    accessible(admin)

    admin.get_by_text("Reply", exact=True).click()
    admin.get_by_role("button", name="Suggest a reply").click()
    expect(admin.get_by_label("Your reply")).not_to_have_value("")
    expect(admin.locator("#reply-preview")).to_contain_text("Read it before you send it.")

    admin.get_by_role("link", name="Correct this answer").last.click()
    dialog = admin.get_by_role("dialog", name="Correct this answer")
    dialog.get_by_label("Question", exact=True).fill("Which lamps may hang right above a bath?")
    dialog.get_by_label("Answer", exact=True).fill("None: there is no lamp of ours that may.")
    accessible(admin)
    dialog.get_by_role("button", name="Teach").click()
    expect(dialog).to_have_count(0)
    expect(admin.locator("#thread")).to_contain_text("Corrected")
