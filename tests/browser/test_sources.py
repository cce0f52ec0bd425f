"""An agent that reads a file: added, watched, looked through, and asked about in a real browser."""

import re

from playwright.sync_api import expect

FILE = b"""# Terms of repair

## How long does a repair take?

Ten working days, and we call you before we begin.

## What does it cost for staff?

Half of what everybody pays.
"""


def test_a_file_is_read_and_answered_from_but_for_what_is_left_out(admin, demo, accessible):
    admin.goto(f"{demo.url}/admin/agents/new")
    admin.get_by_label("Name").fill("Reader")
    admin.get_by_role("button", name="Make the agent").click()
    admin.wait_for_url(re.compile(r"/admin/agents/[0-9a-f-]{36}$"))
    agent = admin.url
    admin.goto(f"{agent}/sources")
    accessible(admin)
    admin.get_by_role("link", name="Read a website").click()
    admin.get_by_role("link", name="A file").click()
    admin.get_by_label("The file").set_input_files({"name": "repairs.md", "mimeType": "text/markdown", "buffer": FILE})
    accessible(admin)
    admin.get_by_role("button", name="Add the file").click()
    expect(admin.get_by_role("heading", name="How long does a repair take?")).to_be_visible()
    admin.get_by_role("button", name="Leave out: What does it cost for staff?").click()
    expect(admin.get_by_role("button", name="Take in again")).to_be_focused()
    expect(admin.get_by_text("Left out: customers are not answered from it.")).to_be_visible()
    accessible(admin)
    admin.goto(f"{agent}/knowledge")
    admin.get_by_role("textbox", name=re.compile("Try|question", re.IGNORECASE)).first.fill(
        "How long does a repair take?"
    )
    admin.keyboard.press("Enter")
    expect(admin.locator("#trial-result")).to_contain_text("Ten working days")
    admin.locator("#trial-result").get_by_role("link", name="How long does a repair take?").click()
    expect(admin.get_by_text("Read in")).to_be_visible()
    accessible(admin)
