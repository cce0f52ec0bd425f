"""Settings → Websites by keyboard alone: typed, read in words, added, removed, brought back, and tried."""

import uuid

from playwright.sync_api import expect


def test_the_list_works_by_keyboard(admin, demo):
    name = f"Lumi {uuid.uuid4().hex[:8]}"
    demo.server.command("agents", "create", "--name", name)
    admin.goto(f"{demo.url}/admin/settings/websites/")
    admin.get_by_role("navigation", name="Agents").get_by_role("link", name=name).press("Enter")
    expect(admin.get_by_text(f"Any website in the world may show {name}.")).to_be_visible()

    field = admin.get_by_label("Add a website")
    field.press_sequentially("https://shop.com/contact")
    expect(admin.get_by_text("shop.com and any page of it; not www.shop.com")).to_be_visible()
    admin.get_by_label("Also *.shop.com").press("Space")
    field.press("End")
    field.press("Enter")
    expect(admin.get_by_text("shop.com, *.shop.com are allowed now.")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value("")

    admin.get_by_role("button", name="Remove Every website").press("Enter")
    undo = admin.get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    undo.press("Enter")
    expect(admin.get_by_role("listitem").filter(has_text="Every website")).to_be_visible()
    admin.get_by_role("button", name="Remove Every website").press("Enter")
    expect(undo).to_be_focused()

    admin.get_by_label("Address of a page").fill("http://localhost:3000/")
    admin.get_by_role("button", name="Try it").press("Enter")
    expect(admin.get_by_text("Nothing on the list means http://localhost:3000.")).to_be_visible()
    admin.get_by_label("Pages on your own computer").press("Space")
    # The answer below follows the list by itself.
    expect(admin.get_by_text("“localhost” allows http://localhost:3000")).to_be_visible()
    expect(admin.get_by_label("Pages on your own computer")).to_be_focused()


def test_several_lines_that_are_pasted_come_apart(admin, demo):
    admin.goto(f"{demo.url}/admin/settings/websites/")
    field = admin.get_by_label("Add a website")
    field.evaluate(
        """(element) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", "one.com\\nhttps://two.com/x\\r\\n");
          element.focus();
          element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }"""
    )
    expect(field).to_have_value("one.com https://two.com/x")
    expect(admin.get_by_text("two.com and any page of it; not www.two.com")).to_be_visible()
