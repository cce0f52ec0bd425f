"""A signed-in customer and a shop's tools, in the real widget: asked first, done after a yes, there after a reload."""

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.conftest import Demo, running_server
from tests.shop_servers import serving
from tests.shopify_accounts import CLIENT_ID
from tests.shopify_server import ShopifyShop
from tests.shopify_server import serving as serving_shopify


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
    expect(reply(chat)).to_contain_text("LL-88544 is pending")
    ask(page, chat, "cancel it")
    card = chat.locator(".confirm").last
    expect(card).to_contain_text("Order: LL-88544")
    accessible(page)
    card.get_by_role("button", name="Yes, go ahead").click()
    expect(card).to_contain_text("Confirmed")
    expect(reply(chat)).to_contain_text("Order LL-88544 is cancelled")
    ask(page, chat, "What fits me?")
    expect(chat.locator('img[src*="of-cards"]').first).to_be_visible()
    ask(page, chat, "Remember that I like brass")
    expect(chat.get_by_role("button", name="Forget it").last).to_be_visible()
    accessible(page)

    # It was open, and opens by itself.
    page.reload()
    expect(chat.locator(".confirm").last).to_contain_text("Confirmed")
    expect(chat.get_by_role("button", name="Yes, go ahead")).to_have_count(0)
    # The conversation opens where it ended, however tall an answer in it is.
    expect(chat.get_by_role("button", name="Forget it").last).to_be_in_viewport()


def test_a_guest_signs_in_at_the_shop_and_out_again(page, tmp_path, accessible):
    """An admin connects Shopify and its customers' accounts; a guest signs in there and hears of their own order."""
    with serving_shopify(ShopifyShop()) as shop, running_server(tmp_path, ALLOW_PRIVATE_ADDRESSES="1") as server:
        made = server.command("demo")
        office = page.context.browser.new_context()
        set_up(office.new_page(), Demo(server, made["agent_id"], made["email"], made["password"]), shop)
        office.close()
        page.goto(f"{server.url}/demo")
        page.locator('[data-customer-agent="launcher"]').click()
        chat = page.frame_locator('iframe[data-customer-agent="frame"]')
        ask(page, chat, "Where is my order?")
        accessible(page)
        with page.expect_popup() as opened:
            chat.get_by_role("button", name="Sign in", exact=True).click()
        window = opened.value
        window.get_by_role("link", name="Go on as ines").click()
        expect(window.get_by_role("status")).to_contain_text("You are signed in")
        window.close()
        expect(reply(chat)).to_contain_text("Order #1042 is in transit", timeout=15_000)
        ask(page, chat, "Where is order #1007?")
        expect(reply(chat)).to_contain_text("Moss throw")
        ask(page, chat, "Show all my orders")
        expect(reply(chat).get_by_role("listitem")).to_have_count(2)
        expect(reply(chat)).to_contain_text("#1007: delivered, Nov 20, 2026 (Moss throw, £45.50)")
        chat.get_by_role("button", name="Sign out of the shop").click()
        expect(chat.get_by_text("You are signed out of the shop.")).to_be_visible()
        ask(page, chat, "Where is my order?")
        expect(reply(chat)).to_contain_text("Sign in to your account")
        expect(reply(chat)).not_to_contain_text("#1042")


def set_up(page: Page, demo: Demo, shop: str) -> None:
    page.goto(f"{demo.url}/sign-in?next=/admin/settings/connections/shopify")
    page.get_by_label("E-mail").fill(demo.email)
    page.get_by_label("Password", exact=True).fill(demo.password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Address of the shop").fill(shop)
    page.get_by_role("button", name="Connect Shopify").click()
    page.get_by_label("Client ID").fill(CLIENT_ID)
    page.get_by_role("button", name="Let customers sign in").click()
    expect(page.get_by_text("4 of 5 tools of the accounts in use.")).to_be_visible(timeout=15_000)


def open_as_ines(page: Page, demo) -> FrameLocator:
    page.goto(f"{demo.url}/demo?as=ines")
    page.locator('[data-customer-agent="launcher"]').click()
    chat = page.frame_locator('iframe[data-customer-agent="frame"]')
    expect(chat.locator("textarea[name=text]")).to_be_visible()
    return chat


def ask(page: Page, chat: FrameLocator, text: str) -> None:
    chat.locator("textarea[name=text]").fill(text)
    page.keyboard.press("Enter")
    expect(reply(chat)).to_have_attribute("data-state", "done")
    expect(chat.locator("[data-message]").last).to_have_attribute("data-from", "agent")


def reply(chat: FrameLocator):
    return chat.locator('[data-message][data-from="agent"]').last
