"""A signed-in customer and a shop's tools, in the real widget: asked first, done after a yes, there after a reload."""

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.conftest import Demo, running_server
from tests.shop_servers import serving


@pytest.fixture
def demo(tmp_path):
    """A demo of its own: connected to a shop, the shared one would answer other tests otherwise."""
    with serving() as shop, running_server(tmp_path, ALLOW_PRIVATE_ADDRESSES="1") as server:
        made = server.command("demo", "--shop", shop)
        yield Demo(server, made["agent_id"], made["email"], made["password"])


def test_an_order_is_cancelled_after_a_yes_and_said_so_from_then_on(page, demo, accessible):
    page.set_viewport_size({"width": 390, "height": 844})
    chat = open_as_ines(page, demo)
    ask(page, chat, "Where is my order?")
    expect(reply(chat)).to_contain_text("LL-88544 is pending", timeout=15_000)
    ask(page, chat, "cancel it")
    card = chat.locator(".confirm").last
    expect(card).to_contain_text("Order: LL-88544")
    accessible(page)
    card.get_by_role("button", name="Yes, go ahead").click()
    expect(card).to_contain_text("Confirmed")
    expect(reply(chat)).to_contain_text("Order LL-88544 is cancelled")
    ask(page, chat, "What fits me?")
    expect(chat.locator('img[src*="of-cards"]').first).to_be_visible(timeout=15_000)
    ask(page, chat, "Remember that I like brass")
    expect(chat.get_by_role("button", name="Forget it").last).to_be_visible()
    accessible(page)

    # It was open, and opens by itself.
    page.reload()
    expect(chat.locator(".confirm").last).to_contain_text("Confirmed")
    expect(chat.get_by_role("button", name="Yes, go ahead")).to_have_count(0)
    # The conversation opens where it ended, however tall an answer in it is.
    expect(chat.get_by_role("button", name="Forget it").last).to_be_in_viewport()


def open_as_ines(page: Page, demo) -> FrameLocator:
    page.goto(f"{demo.url}/demo?as=ines")
    page.locator('[data-customer-agent="launcher"]').click()
    chat = page.frame_locator('iframe[data-customer-agent="frame"]')
    expect(chat.locator("textarea[name=text]")).to_be_visible()
    return chat


def ask(page: Page, chat: FrameLocator, text: str) -> None:
    chat.locator("textarea[name=text]").fill(text)
    page.keyboard.press("Enter")
    expect(reply(chat)).to_have_attribute("data-state", "done", timeout=15_000)
    expect(chat.locator("[data-message]").last).to_have_attribute("data-from", "agent", timeout=15_000)


def reply(chat: FrameLocator):
    return chat.locator('[data-message][data-from="agent"]').last
