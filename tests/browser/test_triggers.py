"""Triggers on a real website: when they greet, how often, what they keep, and how they are made."""

import json
import re
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from core.widget_words import say as translated
from tests.browser.houses import forgive

TRIGGERS = [
    {"event": "added to cart", "text": "In your cart, {{customer.first_name|friend}}", "cap": "always"},
    {"value": "cartValue", "at_least": 100, "text": "Free delivery", "cap": "ever"},
    {"scrolled": 60, "pages": "/long.html", "text": "So far down"},
    {"on_exit": True, "pages": "/leave.html", "text": "Before you go", "cap": "day"},
    {"after_seconds": 20, "pages": "/pricing/*", "text": "Prices?"},
    {"after_seconds": 5, "pages": "/people.html", "in_hours": True, "text": "We are here"},
    {"nth_page": 2, "pages": "/second.html", "visitor": "new", "text": "Looking around?"},
    {"idle_seconds": 30, "pages": "/open.html", "does": "open"},
]
SETTINGS = {"greeting": "Hello", "triggers": TRIGGERS, "hours": {"is_on": True, "time_zone": "UTC"}}
STRICT = (
    "default-src 'none'; script-src 'nonce-abc'; frame-src http://127.0.0.1:*; connect-src http://127.0.0.1:*; "
    "require-trusted-types-for 'script'"
)


@pytest.fixture(scope="module")
def agent_id(demo) -> str:
    made = demo.server.command("agents", "create", "--name", "Wick", "--domain", "127.0.0.1")
    settings = demo.server.data_dir / "triggers.json"
    settings.write_text(json.dumps(SETTINGS))
    demo.server.command("agents", "configure", made["agent_id"], "--file", str(settings))
    return made["agent_id"]


@pytest.fixture
def visit(page: Page, demo, agent_id, website):
    """Goes to a page of a website with the chat; its own scripts have the nonce of a strict policy."""

    def go(name: str, *, settings: str = "{}", body: str = "") -> Page:
        policy = f'<meta http-equiv="Content-Security-Policy" content="{STRICT}">'
        script = f'<script nonce="abc">window.CustomerAgent = {settings}</script>'
        loader = f'<script nonce="abc" async src="{demo.url}/widget/{agent_id}.js"></script>'
        with page.expect_response("**/rules-*.js"):
            page.goto(website.page(name, body + loader, head=policy + script))
        return page

    return go


def teaser(page: Page):
    return page.locator("p:has(> button[aria-label=Dismiss])")


def happen(page: Page, name: str) -> None:
    page.evaluate("name => { dispatchEvent(new CustomEvent('customer-agent:' + name)) }", name)


def until_greeted(page: Page, act: Callable[[], None]) -> None:
    """Do it again and again: what heeds the triggers may not have begun to."""
    ends = time.monotonic() + 20
    while not teaser(page).count() and time.monotonic() < ends:
        act()
        page.wait_for_timeout(50)
    expect(teaser(page)).to_have_count(1)


def kept(page: Page) -> list[str]:
    return page.evaluate("() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]")


def test_after_some_seconds_we_greet_in_the_language_of_the_page(page, demo, website):
    made = demo.server.command("agents", "create", "--name", "Flint", "--domain", "127.0.0.1")
    settings = demo.server.data_dir / "delay.json"
    settings.write_text(json.dumps({"triggers": [{"after_seconds": 2}]}))
    demo.server.command("agents", "configure", made["agent_id"], "--file", str(settings))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    loader = f'<script async src="{demo.url}/widget/{made["agent_id"]}.js"></script>'
    page.goto(website.page("wait.html", '<script>document.documentElement.lang = "fr"</script>' + loader))
    expect(page.locator("[data-customer-agent=launcher]")).to_be_visible()
    # Nobody pays for a greeting that is not due.
    assert not [address for address in asked if "/rules-" in address]
    expect(teaser(page).locator("button").first).to_have_text(translated("fr", "own_greeting"))


def test_an_event_greets_by_name_under_a_strict_policy(visit, demo):
    name = "<img/src=x/onerror=document.title='broken'> Lee"
    page = visit("index.html", settings=json.dumps({"customer": {"name": name}}))
    expect(teaser(page)).to_have_count(0)
    with page.expect_request(lambda request: "/track" in request.url and "greet" in (request.post_data or "")) as told:
        until_greeted(page, lambda: happen(page, "added to cart"))
    said = "In your cart, <img/src=x/onerror=document.title='broken'>"
    expect(teaser(page).locator("button").first).to_have_text(said)
    assert page.title() == "A shop"
    events = json.loads(told.value.post_data)["events"]
    assert [(event["kind"], event["trigger"]) for event in events] == [("greet", 1)]
    teaser(page).locator("button").first.click()
    chat = page.frame_locator("iframe[data-customer-agent=frame]")
    expect(chat.locator("#greeting")).to_have_text(said)
    expect(teaser(page)).to_have_count(0)


def test_a_number_greets_once_for_ever(visit):
    page = visit("index.html")
    page.evaluate("() => CustomerAgent.setContext({ cartValue: 99 })")
    page.wait_for_timeout(700)
    expect(teaser(page)).to_have_count(0)
    page.evaluate("() => CustomerAgent.setContext({ cartValue: 120 })")
    expect(teaser(page)).to_contain_text("Free delivery")
    visit("index.html")
    page.evaluate("() => CustomerAgent.setContext({ cartValue: 120 })")
    page.wait_for_timeout(700)
    expect(teaser(page)).to_have_count(0)


def test_what_was_sent_away_stays_away(visit):
    page = visit("index.html")
    until_greeted(page, lambda: happen(page, "added to cart"))
    teaser(page).get_by_role("button", name="Dismiss").click()
    page.wait_for_timeout(600)
    visit("index.html")
    happen(page, "added to cart")
    page.wait_for_timeout(300)
    expect(teaser(page)).to_have_count(0)


def test_without_consent_nothing_is_kept(visit):
    page = visit("index.html", settings="{ consent: false }")
    page.evaluate("() => CustomerAgent.setContext({ cartValue: 120 })")
    expect(teaser(page)).to_contain_text("Free delivery")
    page.wait_for_timeout(600)
    assert kept(page) == []
    page.evaluate("() => CustomerAgent.consent(true)")
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.endsWith('.rules'))")
    page.evaluate("() => CustomerAgent.consent(false)")
    page.wait_for_function("() => localStorage.length + sessionStorage.length === 0")


def test_another_address_of_the_same_document_is_another_page(page, visit):
    page.clock.install()
    visit_with_clock(page, visit, "index.html")
    page.clock.run_for(60_000)
    page.evaluate("() => { history.pushState({}, '', '/pricing/teams') }")
    page.clock.run_for(19_000)
    expect(teaser(page)).to_have_count(0)
    page.clock.run_for(2_000)
    expect(teaser(page)).to_contain_text("Prices?")


def test_scrolling_leaving_and_looking_around(visit, page):
    visit("long.html")
    page.evaluate("() => { for (let n = 0; n < 200; n++) document.body.append(document.createElement('p'), 'a line') }")
    expect(teaser(page)).to_have_count(0)
    page.evaluate("() => scrollTo(0, document.body.scrollHeight)")
    expect(teaser(page)).to_contain_text("So far down")
    visit("leave.html")
    page.mouse.move(200, 200)
    leaving = "() => { document.documentElement.dispatchEvent(new MouseEvent('mouseleave', { clientY: -1 })) }"
    until_greeted(page, lambda: page.evaluate(leaving))
    expect(teaser(page)).to_contain_text("Before you go")
    visit("second.html")
    expect(teaser(page)).to_contain_text("Looking around?")


@pytest.mark.parametrize(("day", "is_there"), [("Sunday", False), ("Monday", True)])
def test_people_are_promised_only_in_business_hours(page, visit, day, is_there):
    today = datetime.now(UTC).replace(hour=10, minute=0, second=0, microsecond=0)
    days = (6 if day == "Sunday" else 7) - today.weekday()
    page.clock.install(time=today + timedelta(days=days))
    visit_with_clock(page, visit, "people.html")
    page.clock.run_for(10_000)
    expect(teaser(page)).to_have_count(1 if is_there else 0)


def test_a_chat_that_is_open_says_when_people_go_and_come(page, visit):
    page.clock.install()
    page.clock.resume()
    visit("hours.html")
    page.locator("[data-customer-agent=launcher]").click()
    chat = page.frame_locator("[data-customer-agent=frame]")
    expect(chat.locator("#greeting")).to_be_visible()
    told = json.loads(chat.locator("#look").text_content())["away"]
    is_away = len(told["turns"]) % 2 == 1
    line, somebody_is_back = chat.locator("#away"), re.compile("Somebody is back")
    expect(line).to_have_text(somebody_is_back if is_away else "")
    page.clock.fast_forward((told["turns"][0] - told["at"] + 60) * 1000)
    expect(line).to_have_text("" if is_away else somebody_is_back)


@pytest.mark.parametrize(("width", "opens"), [(1280, True), (390, False)])
def test_on_a_phone_it_only_greets(page, visit, width, opens):
    page.set_viewport_size({"width": width, "height": 800})
    page.clock.install()
    visit_with_clock(page, visit, "open.html")
    # Not longer: the loader would give up on a frame that has had no time.
    page.clock.run_for(32_000)
    page.clock.resume()
    if opens:
        expect(page.locator("iframe[data-customer-agent=frame]")).to_be_visible()
    else:
        expect(teaser(page)).to_contain_text("Hello")


def visit_with_clock(page: Page, visit, name: str) -> None:
    """The loader waits for a moment of a clock that stands still."""
    page.clock.resume()
    visit(name)
    # What heeds the triggers has begun before the time stands still.
    page.wait_for_load_state("networkidle")
    page.clock.pause_at(page.evaluate("() => (Date.now() + 50) / 1000"))


@pytest.fixture
def customizer(admin: Page, demo) -> Page:
    name = f"Taper {uuid.uuid4().hex[:8]}"
    demo.server.command("agents", "create", "--name", name, "--domain", "example.com")
    admin.goto(f"{demo.url}/admin/?all=1")
    admin.get_by_role("link", name=name).click()
    admin.get_by_role("navigation", name="What to do").get_by_role("link", name="Customize").click()
    expect(preview(admin).frame_locator("[data-customer-agent=frame]").locator("#greeting")).to_be_visible()
    return admin


def preview(page: Page):
    return page.frame_locator(".preview-frame")


def test_a_sentence_is_built_tried_and_explained_by_keyboard(customizer, accessible):
    page = customizer
    page.locator("summary", has_text="Triggers").press("Enter")
    add = page.get_by_role("button", name="Add", exact=True)
    add.press("Enter")
    said = page.locator(".rule-said")
    expect(said).to_have_text(["Greet after 20 seconds, once in a visit"])
    page.get_by_label("Add a trigger").select_option(label="After scrolling down")
    add.press("Enter")
    expect(said).to_have_text(
        ["Greet after 20 seconds, once in a visit", "Greet after 50% of the page, once in a visit"]
    )
    expect(page.get_by_role("combobox", name="What it does").last).to_be_focused()
    page.get_by_role("button", name="Move trigger 2 up").press("Enter")
    expect(said.first).to_have_text("Greet after 50% of the page, once in a visit")
    page.get_by_role("textbox", name="Pages").first.fill("/blog/*")
    page.get_by_role("textbox", name="Words").first.fill("Hi {{customer.first_name|there}}, a question?")
    expect(said.first).to_have_text("Greet after 50% of the page on pages under /blog, once in a visit")
    page.get_by_role("button", name="Try it").first.press("Enter")
    expect(teaser(preview(page)).locator("button").first).to_have_text("Hi there, a question?")
    accessible(page)
    page.get_by_role("link", name="Would it fire?").first.press("Enter")
    answer = page.get_by_role("dialog").get_by_role("status")
    expect(answer).to_contain_text("Not yet: 0% of the page")
    page.get_by_role("dialog").get_by_label("Percent of the page seen").fill("70")
    expect(answer).to_contain_text("Would fire now, because 70% of the page")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Remove trigger 1").press("Enter")
    expect(said).to_have_text(["Greet after 20 seconds, once in a visit"])


def test_hours_and_greetings_are_set_beside_each_other(customizer, accessible, complaints):
    page = customizer
    page.locator("summary", has_text="Greetings and hours").click()
    page.get_by_role("button", name="Add a greeting").click()
    page.get_by_label("Greeting 1", exact=True).fill("Welcome back, {{customer.name|friend}}")
    page.get_by_role("button", name="Show it").click()
    greeting = preview(page).frame_locator("[data-customer-agent=frame]").locator("#greeting")
    expect(greeting).to_have_text("Welcome back, friend")
    page.get_by_label("Greeting 1", exact=True).fill("Welcome back, {{customer.nam}}")
    expect(page.locator("#problem-greetings-row-0")).to_contain_text("{{customer.nam}} is not known here")
    page.get_by_label("Greeting 1", exact=True).fill("Welcome back")
    page.get_by_text("In these hours").click()
    expect(page.locator("#hours-line")).to_have_text(re.compile("^(Open|Closed) now, (opens|closes) "))
    page.get_by_label("Monday, from").fill("07:15")
    page.get_by_role("button", name="Same on every weekday").click()
    expect(page.get_by_label("Friday, from")).to_have_value("07:15")
    page.get_by_label("Days off").fill("Christmas")
    expect(page.locator("#problem-hours-holidays")).to_contain_text("Write days off like")
    forgive(complaints, 422)
    accessible(page)
