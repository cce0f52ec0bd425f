"""The picture in the README: the demo shop with its chat open.

`PICTURES=docs/images ./test tests/browser/test_picture.py` renews it.
"""

import os
from pathlib import Path

from playwright.sync_api import Page, expect


def test_the_picture_of_the_readme(page: Page, demo, tmp_path):
    page.set_viewport_size({"width": 1360, "height": 780})
    page.goto(f"{demo.url}/demo")
    page.locator('[data-customer-agent="launcher"]').click()
    chat = page.frame_locator('iframe[data-customer-agent="frame"]')
    chat.locator("textarea[name=text]").fill("What do I pay for delivery?")
    page.keyboard.press("Enter")
    expect(chat.locator('[data-message][data-from="agent"]').last).to_have_attribute("data-state", "done")
    page.wait_for_timeout(600)
    path = Path(os.environ.get("PICTURES", tmp_path)) / "widget.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path)
    assert path.stat().st_size > 20_000
