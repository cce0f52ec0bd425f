"""A teammate with more tabs than a browser has connections to a server: one of them listens for all."""

import uuid

from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Demo
from tests.browser.test_support_day import write

TABS = 8
_STREAM = "/admin/conversations/events"


def test_tabs_share_one_stream_and_go_on_without_the_one_that_read(admin: Page, demo: Demo) -> None:
    word = f"lid{uuid.uuid4().hex[:8]}"
    address = f"{demo.url}/admin/conversations/?view=all&search={word}"
    open_streams: list[Request] = []
    admin.context.on("request", lambda one: open_streams.append(one) if one.url.endswith(_STREAM) else None)
    for ending in ("requestfinished", "requestfailed"):
        admin.context.on(ending, lambda one: open_streams.remove(one) if one in open_streams else None)
    tabs = [admin, *(admin.context.new_page() for _ in range(TABS - 1))]
    for tab in tabs:
        tab.goto(address)
        expect(tab.get_by_role("heading", name="Conversations")).to_be_visible()
    write(demo, f"Is there a {word} for the jar?")
    for tab in tabs:
        expect(tab.locator(".inbox-row")).to_have_count(1)
    assert [one.frame.page for one in open_streams] == [admin]

    admin.close()
    write(demo, f"I have lost the {word} of my jar.")
    for tab in tabs[1:]:
        expect(tab.locator(".inbox-row")).to_have_count(2)
    [reader] = [one.frame.page for one in open_streams if not one.frame.page.is_closed()]
    assert reader in tabs[1:]
