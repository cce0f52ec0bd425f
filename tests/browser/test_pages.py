"""Every page, wide and narrow, light and dark: nothing sticks out, nothing complains, axe finds nothing serious."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import faults_of

SHAPES = [(1440, 900, "light"), (1440, 900, "dark"), (390, 844, "dark"), (390, 844, "light")]
"""Widths, heights and schemes."""
AT_REST = """async () => {
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    for (const one of document.getAnimations()) if (one instanceof CSSTransition) one.finish();
}"""
"""The page has heard of its shape, and colours that change by and by have come to their end."""
PARTS = 3
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
    "/admin/settings/sign-in",
    "/admin/settings/sign-in/code",
    "/admin/settings/sign-in/check",
    "/admin/settings/connections",
    "/admin/settings/connections/new",
    "/admin/settings/models/",
    "/admin/settings/models/new",
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
    "/sources",
    "/sources/new/site",
    "/answering/",
    "/people",
]


def test_the_open_pages(page, demo, complaints):
    for path in OPEN:
        look_at(page, demo.url + path)
    # The page that does not exist says so in the console, too.
    complaints[:] = [said for said in complaints if "404" not in said]


@pytest.mark.parametrize("part", range(PARTS))
def test_the_pages_of_the_team(admin, demo, part):
    for path in OF_THE_TEAM[part::PARTS]:
        look_at(admin, demo.url + path)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_pages_of_those_who_answer(admin, demo, part):
    for path in OF_PEOPLE_WHO_ANSWER[part::PARTS]:
        look_at(admin, demo.url + path)


def test_a_conversation(admin, demo):
    admin.goto(f"{demo.url}/admin/conversations/?view=all")
    address = admin.locator('a[href*="/admin/conversations/0"]').first.get_attribute("href")
    look_at(admin, demo.url + address)


@pytest.mark.parametrize("part", range(PARTS))
def test_the_pages_of_an_agent(admin, demo, part):
    admin.goto(f"{demo.url}/admin/")
    agent = re.search(r"/admin/agents/[0-9a-f-]{36}", admin.url + admin.content())
    for path in OF_AN_AGENT[part::PARTS]:
        look_at(admin, f"{demo.url}{agent[0]}{path}")


def test_the_widget(page, demo):
    look_at(page, f"{demo.url}/chat/{demo.agent_id}")
    page.locator("textarea[name=text]").fill("How do I return something?")
    page.keyboard.press("Enter")
    expect(page.locator('[data-message][data-from="agent"]').last).to_have_attribute("data-state", "done")
    look_around(page)
    look_at(page, f"{demo.url}/demo")
    page.locator('[data-customer-agent="launcher"]').click()
    frame = page.frame_locator('iframe[data-customer-agent="frame"]')
    expect(frame.locator("textarea[name=text]")).to_be_focused()
    look_around(page)


def look_at(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("h1")).to_have_count(1)
    look_around(page)


def look_around(page: Page) -> None:
    """Look at what the page shows in all shapes."""
    for shape in SHAPES:
        width, height, scheme = shape
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme=scheme)
        page.evaluate(AT_REST)
        assert page.evaluate("() => document.documentElement.scrollWidth - innerWidth") <= 0, (page.url, shape)
        assert faults_of(page) == [], (page.url, shape)
