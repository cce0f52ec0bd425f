"""Somebody needs a teammate who looks elsewhere: the bell, the tone of one tab, what a browser shows by itself.
And what the customer says of it in the end."""

import json
import re
import time
from collections.abc import Sequence

from playwright.sync_api import Page, expect

from tests.browser.test_inbox import customer, say

__all__ = ["customer"]

COUNTS_TONES = """window.tones = 0; const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...how) { window.tones += 1; return start.apply(this, how); }"""


def test_two_tabs_one_tone_and_a_rating(admin: Page, customer: Page, demo, accessible) -> None:
    admin.context.add_init_script(COUNTS_TONES)
    other = admin.context.new_page()
    for page, address in ((admin, "/admin/team/"), (other, "/admin/notifications/settings")):
        page.goto(f"{demo.url}{address}")
        # Browsers allow a tone after the first touch only.
        page.locator("h1").click()
    accessible(other)
    before = int(other.locator("notification-bell").get_attribute("data-unseen"))
    say(customer, "I want to talk to a person")
    for page in (admin, other):
        expect(page).to_have_title(re.compile(rf"^\({before + 1}\) "))
        expect(page.locator(".bell-number")).to_have_text(str(before + 1))
    # One bell is two tones; whoever rings beside it does so within the next moment.
    ends = time.monotonic() + 20
    while tones(admin, other) < 2 and time.monotonic() < ends:
        other.wait_for_timeout(50)
    other.wait_for_timeout(400)
    assert tones(admin, other) == 2

    other.goto(f"{demo.url}/admin/notifications/")
    accessible(other)
    other.locator(".notification-rows a").first.click()
    expect(admin.locator(".bell-number")).to_have_text(str(before))
    other.get_by_role("button", name="Take over").click()
    expect(other.locator("#text")).to_be_focused()
    expect(customer.locator("[data-from=system]").last).to_contain_text("has joined")
    other.get_by_role("button", name="Resolve", exact=True).first.click()
    rating = customer.locator(".rating")
    rating.get_by_role("radio", name="Bad", exact=True).focus()
    customer.keyboard.press("ArrowLeft")
    expect(rating.get_by_role("radio", name="Very bad")).to_be_checked()
    accessible(customer)
    rating.get_by_label("Would you like to add something?").fill("Nobody was there.")
    customer.keyboard.press("Tab")
    customer.keyboard.press("Enter")
    expect(rating).to_have_text("Thank you. Your rating: Very bad.")
    expect(other.locator("#thread")).to_contain_text("Nobody was there.")


def test_a_browser_shows_what_is_pushed_and_leads_there(admin: Page, demo, complaints) -> None:
    admin.context.grant_permissions(["notifications"])
    admin.goto(f"{demo.url}/admin/notifications/settings")
    # Without a notification service of its maker, a browser gets as far as the worker.
    admin.get_by_role("button", name="Tell me in this browser").click()
    expect(admin.locator("push-switch [role=status]")).to_contain_text("Try again later")
    devtools, found = admin.context.new_cdp_session(admin), []
    devtools.on("ServiceWorker.workerRegistrationUpdated", lambda told: found.extend(told["registrations"]))
    devtools.send("ServiceWorker.enable")
    ends = time.monotonic() + 20
    while not (numbers := registered(found, f"{demo.url}/admin/")) and time.monotonic() < ends:
        admin.wait_for_timeout(50)
    [number] = numbers
    told = {"title": "Ines asked for a person", "body": "Hello", "url": f"{demo.url}/admin/team/", "tag": "trial"}
    pushed = {"origin": demo.url, "registrationId": number, "data": json.dumps(told)}
    devtools.send("ServiceWorker.deliverPushMessage", pushed)
    shown = admin.evaluate_handle("navigator.serviceWorker.ready")
    admin.wait_for_function("async (worker) => (await worker.getNotifications()).length", arg=shown)
    titles = shown.evaluate(
        "async (worker) => (await worker.getNotifications()).map(({ title, data }) => [title, data.url])"
    )
    assert titles == [["Ines asked for a person", f"{demo.url}/admin/team/"]]
    # The browser of a test keeps nothing, and says that it is no browser for push.
    complaints[:] = [said for said in complaints if "Push API in incognito mode" not in said]


def tones(*pages: Page) -> int:
    return sum(page.evaluate("window.tones") for page in pages)


def registered(found: Sequence[dict[str, str]], scope: str) -> set[str]:
    return {one["registrationId"] for one in found if one["scopeURL"] == scope}
