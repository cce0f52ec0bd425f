"""From no key to a verified customer: the settings page, the site's own page, the debugger, and everyone signed out."""

import time

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Demo, Website
from tests.core.customer_token_forge import hs256

HERE = "/admin/settings/sign-in"


def token(secret: str, **claims: object) -> str:
    return hs256({"sub": "4711", "name": "Ann Example", "exp": time.time() + 600, **claims}, secret=secret)


@pytest.fixture
def demo(own_demo: Demo) -> Demo:
    """A shop in which everybody may be kept out for a while."""
    return own_demo


@pytest.fixture
def shop_page(page: Page, demo: Demo, website: Website):
    """The site's page, in a browser of its own, as the customer of a token or of none."""
    browsers: list[BrowserContext] = []
    agent_id = demo.server.command("agents", "create", "--name", "Door", "--domain", "127.0.0.1")["agent_id"]

    def visit(settings: str) -> Page:
        body = f"""<script>
            window.told = [];
            addEventListener("customer-agent:identity", (event) => told.push(event.detail.customer.standing));
            window.CustomerAgent = {settings};
        </script><script async src="{demo.url}/widget/{agent_id}.js"></script>"""
        browsers.append(page.context.browser.new_context())
        tab = browsers[-1].new_page()
        tab.goto(website.page("shop.html", body))
        tab.locator('[data-customer-agent="launcher"]').click()
        return tab

    yield visit
    for browser in browsers:
        browser.close()


def make_key(page: Page, demo: Demo) -> str:
    page.goto(demo.url + HERE)
    page.get_by_role("link", name="New key").or_(page.get_by_role("link", name="Make the first key")).first.click()
    page.get_by_role("dialog").get_by_label("Name").fill("Live shop")
    page.get_by_role("button", name="Make the key live").click()
    secret = page.locator("#new-secret").inner_text()
    expect(page.get_by_role("button", name="Copy the secret")).to_be_focused()
    return secret


def test_a_site_is_signed_in_step_by_step(admin, demo, shop_page, accessible):
    secret = make_key(admin, demo)
    accessible(admin)
    admin.get_by_role("button", name="Close").click()
    expect(admin.locator(".key-row")).to_contain_text("Not used yet")

    # The customer of the site's own page is believed.
    shop = shop_page(f"{{ customerToken: {token(secret)!r} }}")
    shop.wait_for_function("told.includes('verified')")
    admin.reload()
    expect(admin.locator(".key-row")).to_contain_text("Used just now")

    # A token that is refused says why, and one that is fine opens the chat.
    admin.goto(f"{demo.url}{HERE}/check")
    admin.get_by_label("Token", exact=True).fill(token(secret, exp=time.time() - 7300))
    admin.get_by_role("button", name="Check it").click()
    expect(admin.locator("#examined .alert")).to_contain_text("Expiry (exp): The token has expired")
    expect(admin.locator(".check-line.is-bad")).to_contain_text("2 hours ago")
    accessible(admin)
    admin.get_by_label("Token", exact=True).fill(token(secret))
    admin.get_by_role("button", name="Check it").click()
    admin.get_by_role("button", name="Open the chat as this customer").click()
    expect(admin.locator("[data-news]")).to_contain_text("Ann Example (4711), verified")
    admin.get_by_role("button", name="Close").first.click()
    admin.get_by_role("button", name="Sign me in with Live shop").click()
    expect(admin.locator("[data-news]")).to_contain_text("Test customer (porchlight-test-customer), verified")
    admin.get_by_role("button", name="Close").first.click()

    # Everyone is signed out at once, and who can prove who they are is back by themselves.
    shop.evaluate("told.length = 0")
    admin.goto(demo.url + HERE)
    admin.get_by_role("link", name="Sign everyone out").click()
    admin.get_by_role("button", name="Sign everyone out").click()
    expect(admin.locator("#notices")).to_contain_text("Everyone is signed out")
    shop.wait_for_function("told.includes('verified')")

    # Whoever cannot is asked to sign in, for as long as that is wanted.
    admin.on("dialog", lambda dialog: dialog.accept())
    admin.get_by_role("button", name="Only let verified customers chat").click()
    expect(admin.get_by_text("Required: nobody else may chat")).to_be_visible()
    stranger = shop_page("{}")
    chat = stranger.frame_locator('iframe[data-customer-agent="frame"]')
    expect(chat.locator("body")).to_contain_text("Sign in on the website to use this chat")
    admin.get_by_role("button", name="Let everybody chat").click()
    expect(admin.get_by_text("On: everybody may chat")).to_be_visible()
