"""Every page, wide and narrow, light and dark: nothing sticks out, nothing complains, axe finds nothing serious."""

import re

import pytest
from playwright.sync_api import Page, expect

SHAPES = [(1440, 900, "light"), (1440, 900, "dark"), (390, 844, "light"), (390, 844, "dark")]
OPEN = ["/sign-in", "/forgot-password", "/nowhere"]
OF_THE_TEAM = [
    "/admin/conversations/",
    "/admin/conversations/views",
    "/admin/team/",
    "/admin/account/",
    "/admin/settings/audit",
    "/admin/account/availability/",
    "/admin/settings/routing/",
    "/admin/settings/targets/",
    "/admin/settings/teams/new",
    "/admin/settings/websites/",
    "/admin/settings/privacy/",
    "/admin/settings/ratings/",
    "/admin/settings/rooms/",
    "/admin/notifications/settings",
    "/admin/agents/new",
]
OF_PEOPLE_WHO_ANSWER = [
    "/admin/notifications/",
    "/admin/settings/mail/",
    "/admin/settings/teams/",
    "/admin/settings/tags/",
    "/admin/settings/tags/new",
    "/admin/settings/canned-replies/",
    "/admin/settings/canned-replies/new",
    "/admin/settings/webhooks",
    "/admin/settings/webhooks/new",
    "/admin/settings/api-keys",
    "/admin/settings/api-keys/new",
    "/admin/settings/api-keys/trial",
    "/admin/settings/data",
]
OF_SIGN_IN = ["", "/code", "/check"]
OF_AN_AGENT = [
    "",
    "/customizer",
    "/customizer/history",
    "/deploy",
    "/knowledge",
    "/knowledge/new",
    "/knowledge/archive",
    "/knowledge/tests",
    "/knowledge/proposals",
]

WHAT_IT_KNOWS_AND_DOES = ["/sources", "/sources/new/site", "/answering/", "/people"]
LENT_TO_IT = ["/connections", "/connections/new", "/models/", "/models/new"]


@pytest.fixture(params=SHAPES, ids=[f"{width}-{scheme}" for width, _height, scheme in SHAPES])
def shaped(request: pytest.FixtureRequest, page: Page) -> Page:
    width, height, scheme = request.param
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme)
    return page


def test_the_open_pages(shaped, demo, accessible, complaints):
    for path in OPEN:
        look_at(shaped, demo.url + path, accessible)
    # The page that does not exist says so in the console, too.
    complaints[:] = [said for said in complaints if "404" not in said]


def test_the_pages_of_the_team(shaped, admin, demo, accessible):
    for path in OF_THE_TEAM:
        look_at(shaped, demo.url + path, accessible)


def test_the_pages_of_those_who_answer(admin, demo, accessible):
    for width, height, scheme in (SHAPES[0], SHAPES[3]):
        admin.set_viewport_size({"width": width, "height": height})
        admin.emulate_media(color_scheme=scheme)
        for path in OF_PEOPLE_WHO_ANSWER:
            look_at(admin, demo.url + path, accessible)


def test_the_pages_of_customer_sign_in(shaped, admin, demo, accessible):
    for path in OF_SIGN_IN:
        look_at(shaped, f"{demo.url}/admin/settings/sign-in{path}", accessible)


def test_a_conversation(shaped, admin, demo, accessible):
    shaped.goto(f"{demo.url}/admin/conversations/?view=all")
    address = shaped.locator('a[href*="/admin/conversations/0"]').first.get_attribute("href")
    look_at(shaped, demo.url + address, accessible)


def test_the_pages_of_an_agent(shaped, admin, demo, accessible):
    shaped.goto(f"{demo.url}/admin/")
    agent = re.search(r"/admin/agents/[0-9a-f-]{36}", shaped.url + shaped.content())
    for path in OF_AN_AGENT:
        look_at(shaped, f"{demo.url}{agent[0]}{path}", accessible)


def test_what_makes_an_agent_good(admin, demo, accessible):
    admin.goto(f"{demo.url}/admin/")
    agent = re.search(r"/admin/agents/[0-9a-f-]{36}", admin.url + admin.content())[0]
    pages = [f"{agent}{path}" for path in WHAT_IT_KNOWS_AND_DOES]
    pages += [f"/admin/settings{path}" for path in LENT_TO_IT]
    for width, height, scheme in (SHAPES[0], SHAPES[3]):
        admin.set_viewport_size({"width": width, "height": height})
        admin.emulate_media(color_scheme=scheme)
        for path in pages:
            look_at(admin, demo.url + path, accessible)


def test_the_widget(shaped, demo, accessible):
    look_at(shaped, f"{demo.url}/chat/{demo.agent_id}", accessible)
    shaped.locator("textarea[name=text]").fill("How do I return something?")
    shaped.keyboard.press("Enter")
    expect(shaped.locator('[data-message][data-from="agent"]').last).to_have_attribute("data-state", "done")
    accessible(shaped)
    assert_nothing_sticks_out(shaped)
    look_at(shaped, f"{demo.url}/demo", accessible)
    shaped.locator('[data-customer-agent="launcher"]').click()
    frame = shaped.frame_locator('iframe[data-customer-agent="frame"]')
    expect(frame.locator("textarea[name=text]")).to_be_focused()
    accessible(shaped)


def look_at(page: Page, address: str, accessible) -> None:
    page.goto(address)
    expect(page.locator("h1")).to_have_count(1)
    assert_nothing_sticks_out(page)
    accessible(page)


def assert_nothing_sticks_out(page: Page) -> None:
    assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0, page.url
