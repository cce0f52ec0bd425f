"""The customizer with the real widget in it, and the deploy dialog that watches a real website."""

import re
import uuid

import pytest
from playwright.sync_api import FrameLocator, Page, expect


@pytest.fixture
def lumi(admin: Page, demo) -> Page:
    """The page of a new agent that is allowed nowhere near the tests' website."""
    name = f"Lumi {uuid.uuid4().hex[:8]}"
    demo.server.command("agents", "create", "--name", name, "--domain", "example.com")
    admin.goto(f"{demo.url}/admin/?all=1")
    admin.get_by_role("link", name=name).click()
    expect(admin.get_by_role("heading", name=name, exact=True)).to_be_visible()
    return admin


@pytest.fixture
def customizer(lumi: Page) -> Page:
    lumi.get_by_role("navigation", name="What to do").get_by_role("link", name="Customize").click()
    expect(chat(lumi).locator("#greeting")).to_be_visible()
    return lumi


def chat(page: Page) -> FrameLocator:
    return page.frame_locator(".preview-frame").frame_locator("[data-customer-agent=frame]")


def test_the_preview_follows_what_is_typed_without_loading_again(customizer):
    frame = chat(customizer)
    frame.locator("body").evaluate("body => { body.dataset.mark = 'still the same'; }")
    customizer.get_by_role("textbox", name="Greeting").fill("Good day to you")
    expect(frame.locator("#greeting")).to_have_text("Good day to you")
    customizer.get_by_label("Question 1", exact=True).fill("Where is my order?")
    customizer.get_by_role("button", name="Add a question").click()
    customizer.get_by_label("Question 2", exact=True).fill("Can I return it?")
    customizer.get_by_role("button", name="Move question 2 up").click()
    expect(frame.locator("#questions button")).to_have_text(["Can I return it?", "Where is my order?"])
    customizer.get_by_role("button", name="Remove question 1").click()
    expect(frame.locator("#questions button")).to_have_text(["Where is my order?"])
    expect(frame.locator("body")).to_have_attribute("data-mark", "still the same")


def test_a_proposed_colour_is_taken_by_its_button_and_not_by_the_enter_key(customizer):
    customizer.get_by_text("Theme", exact=True).click()
    accent = customizer.get_by_label("Accent colour", exact=True)
    accent.fill("#ffe000")
    proposal = customizer.get_by_role("button", name="instead")
    expect(proposal).to_be_visible()
    accent.press("Enter")
    expect(accent).to_have_value("#ffe000")
    proposal.click()
    expect(accent).not_to_have_value("#ffe000")
    expect(proposal).to_be_hidden()


def test_a_preset_paints_the_real_widget_and_is_undone_also_after_a_reload(customizer, accessible):
    head = chat(customizer).locator(".top")
    plain = "rgb(255, 255, 255)"
    expect(head).to_have_css("background-color", plain)
    customizer.get_by_text("Theme", exact=True).click()
    customizer.get_by_text("Orchid", exact=True).click()
    expect(head).to_have_css("background-color", "rgb(122, 63, 184)")
    expect(customizer.get_by_label("Accent colour", exact=True)).to_have_value("#7a3fb8")
    customizer.get_by_text("1 change to publish").click()
    expect(customizer.locator("#draft-state")).to_contain_text("Orchid")
    accessible(customizer)
    customizer.reload()
    expect(head).to_have_css("background-color", "rgb(122, 63, 184)")
    customizer.get_by_role("button", name="Undo").click()
    expect(head).to_have_css("background-color", plain)
    customizer.get_by_role("button", name="Redo").click()
    expect(head).to_have_css("background-color", "rgb(122, 63, 184)")


def test_the_moments_are_shown_in_the_real_widget(customizer):
    frame = customizer.frame_locator(".preview-frame").locator("[data-customer-agent=frame]")
    expect(frame).to_be_visible()
    customizer.get_by_label("Moment").select_option("Chatting")
    expect(chat(customizer).locator("[data-message][data-from=customer]")).to_be_visible()
    customizer.get_by_label("Moment").select_option("Closed")
    expect(frame).to_be_hidden()


def test_fast_typing_and_publishing_conflict_with_nobody(customizer):
    customizer.get_by_label("Name", exact=True).press("Home")
    customizer.get_by_label("Name", exact=True).press_sequentially("A friend of ", delay=25)
    customizer.get_by_role("button", name="Publish").click()
    expect(customizer.locator("#draft-state")).to_contain_text("Published. Customers see version 2.")
    customizer.reload()
    expect(customizer.get_by_label("Name", exact=True)).to_have_value(re.compile("^A friend of Lumi"))


def test_two_tabs_never_overwrite_each_other_silently(customizer, complaints):
    other = customizer.context.new_page()
    other.goto(customizer.url)
    other.get_by_role("textbox", name="Greeting").fill("From the other tab")
    expect(other.locator("#draft-state")).to_contain_text("Draft saved")
    customizer.get_by_role("textbox", name="Greeting").fill("From this tab")
    expect(customizer.locator("#draft-state")).to_contain_text("in another tab")
    customizer.get_by_role("button", name="Keep mine").click()
    expect(customizer.locator("#draft-state")).to_contain_text("Draft saved")
    other.reload()
    expect(other.get_by_role("textbox", name="Greeting")).to_have_value("From this tab")
    assert [complaint for complaint in complaints if "409" not in complaint] == []
    complaints.clear()


def test_the_deploy_dialog_says_by_itself_what_the_website_does(lumi, website):
    lumi.get_by_role("link", name="Deploy on My Site").click()
    dialog = lumi.get_by_role("dialog")
    health = dialog.locator("#deploy-health")
    expect(health).to_contain_text("Waiting for your site to load the widget")
    shop = lumi.context.browser.new_context().new_page()
    shop.goto(website.page("index.html", dialog.locator("#snippet-any").inner_text()))
    dialog.get_by_label("Where is your site made?").select_option("Shopify")
    expect(dialog.get_by_text("theme.liquid")).to_be_visible()
    place = website.url.removeprefix("http://")
    expect(health).to_contain_text(f"{place} asked for the widget just now")
    dialog.get_by_role("button", name="Allow it").click()
    expect(dialog.locator(".chips")).to_contain_text("127.0.0.1")
    expect(health).to_contain_text("Waiting for your site to load the widget")
    shop.reload()
    expect(health).to_contain_text(f"Working on {place}, seen just now")
    lumi.keyboard.press("Escape")
    expect(lumi.get_by_role("link", name="Deploy on My Site")).to_be_focused()
    expect(lumi.locator(".agent-status")).to_contain_text("Live on 1 site, last seen just now")
    shop.context.close()
