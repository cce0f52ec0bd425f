"""An owner who takes care: an app, a passkey, paper, and the ways in with each."""

from datetime import timedelta

import pyotp
import pytest
from playwright.sync_api import Page, expect

from core.clock import utc_now

EMAIL, PASSWORD = "nora@example.com", "a warm lamp by the door"


@pytest.fixture
def holder(page: Page):
    """A device for passkeys inside the browser (DevTools protocol, WebAuthn), and a way to change what it does."""
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = protocol.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    def change(command: str, **values: object) -> None:
        protocol.send(f"WebAuthn.{command}", {"authenticatorId": made["authenticatorId"]} | values)

    return change


def test_an_account_is_locked_twice_and_opened_by_its_owner(page: Page, holder, fresh_server, accessible, complaints):
    here = fresh_server.url.replace("127.0.0.1", "localhost")
    make_account(page, fresh_server.url)
    page.goto(f"{fresh_server.url}/admin/account/")
    expect(page.get_by_text(f"open {here} instead")).to_be_visible()

    sign_in(page, here)
    page.goto(f"{here}/admin/account/")
    accessible(page)
    secret = set_up_app(page, accessible)
    add_passkey(page, accessible)
    ask_everybody(page, here, accessible)

    sign_out(page)
    accessible(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect_inside(page)

    sign_out(page)
    sign_in(page, here, expect_more=True)
    accessible(page)
    holder("setUserVerified", isUserVerified=False)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("[data-problem]")).to_be_visible()
    page.goto(f"{here}/admin/account/")
    expect(page).to_have_url(f"{here}/sign-in?next=/admin/account/")
    sign_in(page, here, expect_more=True)
    page.get_by_label("Code of your app").fill(pyotp.TOTP(secret).at(utc_now() + timedelta(seconds=30)))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect_inside(page)

    read_the_log(page, here, accessible)
    # A refused answer says so in the console, too.
    complaints[:] = [said for said in complaints if "422" not in said]


def make_account(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_label("Your name").fill("Nora Lamp")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Your website’s address").fill("example.com")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/admin/agents/**")


def sign_in(page: Page, url: str, *, expect_more: bool = False) -> None:
    page.goto(f"{url}/sign-in")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    if expect_more:
        expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    else:
        expect_inside(page)


def sign_out(page: Page) -> None:
    page.locator(".account-menu summary").click()
    page.locator(".account-menu").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def expect_inside(page: Page) -> None:
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()


def set_up_app(page: Page, accessible) -> str:
    page.get_by_role("link", name="Set up an app").click()
    accessible(page)
    page.get_by_label("Code that the app shows").fill("000000")
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_text("That is not the code")).to_be_visible()
    secret = page.locator("#secret").inner_text().replace(" ", "")
    page.get_by_label("Code that the app shows").fill(pyotp.TOTP(secret).at(utc_now()))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    accessible(page)
    shown = page.locator("#codes").inner_text().split()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save as a file").click()
    kept = saved.value.path().read_text()
    assert len(shown) == 10
    assert all(code in kept for code in shown)
    page.get_by_role("link", name="I have kept them").click()
    return secret


def add_passkey(page: Page, accessible) -> None:
    page.get_by_role("link", name="Add a passkey").click()
    accessible(page)
    page.get_by_label("Name of this passkey").fill("Nora’s laptop")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_text("Nora’s laptop")).to_be_visible()
    page.get_by_label("Rename Nora’s laptop").click()
    page.locator(".rename input[name=name]").fill("Blue laptop")
    page.locator(".rename").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Blue laptop", exact=True)).to_be_visible()
    accessible(page)


def ask_everybody(page: Page, url: str, accessible) -> None:
    page.goto(f"{url}/admin/team/")
    page.get_by_role("button", name="Switch on").click()
    expect(page.get_by_text("Everybody needs a second factor now")).to_be_visible()
    accessible(page)
    page.goto(f"{url}/admin/confirmation?next=/admin/account/")
    accessible(page)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()


def read_the_log(page: Page, url: str, accessible) -> None:
    page.goto(f"{url}/admin/settings/audit")
    accessible(page)
    expect(page.locator(".audit-entry").first).to_contain_text("signed in with Chrome")
    page.get_by_label("What").select_option(label="Agents")
    expect(page.locator(".audit-entry")).to_have_count(1)
    page.get_by_text("Take a copy").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="For a spreadsheet").click()
    assert "made the agent" in saved.value.path().read_text()
