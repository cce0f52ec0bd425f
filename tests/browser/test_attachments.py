"""Files in a chat: chosen, pasted and dropped by a customer, answered with a picture; and the copy taken home."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Demo
from tests.core.test_images import drawn

BRING = """(target, { kind, type, name, content }) => {
  const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
  const carrier = new DataTransfer();
  carrier.items.add(new File([bytes], name, { type }));
  const options = { bubbles: true, cancelable: true };
  if (kind === "paste") target.dispatchEvent(new ClipboardEvent("paste", { ...options, clipboardData: carrier }));
  else for (const step of kind.split(" "))
    target.dispatchEvent(new DragEvent(step, { ...options, dataTransfer: carrier }));
}"""
"""What a browser does when somebody pastes or drops a file; a test cannot reach the real clipboard everywhere."""


@pytest.fixture
def customer(browser: Browser, demo: Demo) -> Iterator[Page]:
    """A visitor with the chat open by its direct link, on a telephone."""
    context = browser.new_context(viewport={"width": 390, "height": 780})
    page = context.new_page()
    page.goto(f"{demo.url}/chat/{demo.agent_id}")
    yield page
    context.close()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "Broken lamp.jpg"
    path.write_bytes(drawn((1200, 800), "JPEG"))
    return path


def bring(page: Page, where: str, kind: str, name: str, media_type: str, content: bytes) -> None:
    told = {"kind": kind, "name": name, "type": media_type, "content": base64.b64encode(content).decode()}
    page.locator(where).evaluate(BRING, told)


def choose(page: Page, press: str, *files: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.locator(press).click()
    chooser.value.set_files(list(files))


def loaded(page: Page, selector: str) -> None:
    """Wait until each of these pictures has been drawn."""
    page.wait_for_function(
        "(s) => [...document.querySelectorAll(s)].every((i) => i.complete && i.naturalWidth)", arg=selector
    )


def test_files_go_both_ways_and_the_chat_comes_along(customer, admin, demo, photo, tmp_path, accessible):
    waiting = customer.locator(".tray li")
    choose(customer, "[data-do=attach]", photo)
    bring(customer, "textarea[name=text]", "paste", "pasted.png", "image/png", drawn((60, 40)))
    bring(customer, "#thread", "dragenter dragover", "list.csv", "text/csv", b"a;b\n")
    expect(customer.locator(".drop-target")).to_contain_text("Drop your files here")
    bring(customer, "#thread", "drop", "list.csv", "text/csv", b"a;b\n")
    expect(customer.locator(".drop-target")).to_have_count(0)
    expect(waiting).to_have_count(3)
    expect(customer.locator(".tray li[data-state=ready]")).to_have_count(3)
    bring(customer, "#thread", "drop", "program.exe", "application/x-msdownload", b"MZ\x90\x00")
    failed = customer.locator(".tray li[data-state=failed]")
    expect(failed).to_contain_text("Only pictures, PDF, Word, Excel and text files can be sent")
    failed.get_by_role("button", name="Remove program.exe").click()
    expect(waiting).to_have_count(3)
    accessible(customer)
    customer.locator("textarea[name=text]").press("Enter")
    mine = customer.locator("[data-message][data-from=customer]")
    expect(mine.locator(".picture")).to_have_count(2)
    expect(mine.locator(".file-card")).to_contain_text("list.csv")
    expect(waiting).to_have_count(0)
    expect(customer.locator("[data-from=agent][data-state=done]").last).to_contain_text("cannot look into files")

    admin.goto(f"{demo.url}/admin/conversations/?view=all")
    expect(admin.locator(".inbox-row").first).to_contain_text("cannot look into files")
    admin.locator(".inbox-row").first.click()
    expect(admin.locator("#thread .said-picture img")).to_have_count(2)
    loaded(admin, ".said-picture img")
    with admin.expect_download() as saved:
        admin.locator("#thread .said-file").click()
    assert Path(saved.value.path()).read_bytes() == b"a;b\n"
    choose(admin, "file-field label", photo)
    bring(admin, "#text", "paste", "drawing.png", "image/png", drawn((90, 40)))
    expect(admin.locator("file-field li")).to_have_count(2)
    admin.get_by_role("button", name="Remove drawing.png").click()
    admin.get_by_label("Your reply").fill("Like this one?")
    accessible(admin)
    admin.keyboard.press("Control+Enter")
    expect(admin.locator("#thread .message-person .said-picture")).to_have_count(1)
    expect(admin.locator("file-field li")).to_have_count(0)

    picture = customer.locator("[data-from=person] .picture")
    expect(picture).to_have_count(1)
    loaded(customer, ".picture img")
    box = picture.bounding_box()
    assert box
    assert box["width"] / box["height"] == pytest.approx(1.5, abs=0.05)
    picture.press("Enter")
    with customer.expect_download() as kept:
        customer.get_by_role("link", name="Save Broken lamp.webp").click()
    assert Path(kept.value.path()).read_bytes()[8:12] == b"WEBP"
    customer.keyboard.press("Escape")
    expect(customer.get_by_role("dialog")).to_have_count(0)
    expect(picture).to_be_focused()

    customer.reload()
    expect(customer.locator(".picture")).to_have_count(3)
    loaded(customer, ".picture img")
    customer.get_by_label("More").click()
    customer.get_by_role("button", name="Copy of this chat").click()
    accessible(customer)
    with customer.expect_download() as copied:
        customer.get_by_role("button", name="Save as text").click()
    copy = Path(copied.value.path()).read_text()
    assert "Like this one?" in copy
    assert "Broken lamp.webp" in copy
    customer.get_by_label("Or send it").fill("ann@example.com")
    customer.get_by_role("button", name="Send", exact=True).last.click()
    expect(customer.get_by_role("dialog")).to_contain_text("The copy goes to ann@example.com.")
    customer.keyboard.press("Escape")
    expect(customer.get_by_role("dialog")).to_have_count(0)


def test_without_a_connection_words_go_later_and_files_are_tried_again(customer, photo):
    choose(customer, "[data-do=attach]", photo)
    expect(customer.locator(".tray li[data-state=ready]")).to_have_count(1)
    customer.get_by_role("button", name="Remove Broken lamp.jpg").click()
    customer.context.set_offline(True)
    with customer.expect_file_chooser() as chooser:
        customer.locator("[data-do=attach]").click()
    chooser.value.set_files([photo])
    expect(customer.locator(".tray li[data-state=failed]")).to_contain_text("Waits for the connection")
    customer.locator("textarea[name=text]").fill("It is about this lamp")
    customer.locator("textarea[name=text]").press("Enter")
    expect(customer.locator("[data-from=customer]")).to_contain_text("It is about this lamp")
    expect(customer.locator(".tray li")).to_have_count(1)
    customer.context.set_offline(False)
    expect(customer.locator(".tray li[data-state=ready]")).to_have_count(1)
    expect(customer.locator("[data-from=customer][data-state=sent]")).to_have_count(1)
    customer.locator("textarea[name=text]").press("Enter")
    expect(customer.locator("[data-from=customer][data-state=sent] .picture")).to_have_count(1)
