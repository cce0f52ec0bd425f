"""Every preset in every scheme, direction and moment is clean; pictures and fonts are seen where they were chosen."""

import io
import json
import re
from dataclasses import replace

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from PIL import Image
from playwright.sync_api import Frame, Page, expect

from core.widget_configs import PRESETS, Theme, WidgetConfig, dark_of, light_of, previewed_look_of
from tests.browser.conftest import AXE_OPTIONS
from tests.browser.houses import somebody

MOMENTS = ("greeting", "chatting", "waiting")
VIOLATIONS = f"""async () => (await axe.run(document, {AXE_OPTIONS})).violations
    .map(({{id, nodes}}) => `${{id}}: ${{nodes.map((node) => node.html.slice(0, 160)).slice(0, 3).join(" ")}}`)
"""


@pytest.fixture
def preview(admin: Page, demo) -> Page:
    """The page on which the customizer shows the real chat, by itself."""
    admin.emulate_media(reduced_motion="reduce")
    admin.goto(f"{demo.url}/admin/?all=1")
    agent = re.search(r"/admin/agents/([0-9a-f-]{36})", admin.content())[1]
    admin.goto(f"{demo.url}/admin/agents/{agent}/preview")
    expect(admin.frame_locator("[data-customer-agent=frame]").locator("#greeting")).to_be_attached()
    return admin


def chat_in(page: Page) -> Frame:
    return next(frame for frame in page.frames if "/widget/" in frame.url)


def tell(page: Page, **message):
    page.evaluate("message => postMessage(message, location.origin)", message)


def _paper_of(config: WidgetConfig) -> str:
    colours = (dark_of if config.theme.scheme == "dark" else light_of)(config.theme)
    return f"rgb({', '.join(str(byte) for byte in bytes.fromhex(colours.paper[1:]))})"


# One page serves all: 8 presets, 2 schemes, 2 directions, 3 moments.
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_any_preset(preview, scheme):
    frame = chat_in(preview)
    frame.wait_for_selector("#greeting")
    frame.evaluate(AXE_SCRIPT)
    questions = ("Where is my order?", "Can I return it?")
    found = {}
    for preset in PRESETS:
        config = WidgetConfig(name="Lumi", theme=replace(preset.theme, scheme=scheme), suggested_questions=questions)
        tell(preview, type="porchlight:look", look=previewed_look_of(config))
        for direction in ("ltr", "rtl"):
            tell(preview, type="porchlight:stage", direction=direction, isLong=False)
            for moment in MOMENTS:
                tell(preview, type="porchlight:moment", moment=moment)
                frame.wait_for_function(
                    """([direction, isGreeting, paper]) => document.documentElement.dir === direction
                        && document.body.classList.contains("is-greeting") === isGreeting
                        && getComputedStyle(document.body).backgroundColor === paper""",
                    arg=[direction, moment == "greeting", _paper_of(config)],
                )
                if problems := frame.evaluate(VIOLATIONS):
                    found[preset.key, direction, moment] = problems
    assert found == {}


@pytest.fixture
def customizer(admin: Page, demo) -> Page:
    name = somebody("Pia")
    demo.server.command("agents", "create", "--name", name, "--domain", "example.com")
    admin.goto(f"{demo.url}/admin/?all=1")
    admin.get_by_role("link", name=name).click()
    admin.get_by_role("navigation", name="What to do").get_by_role("link", name="Customize").click()
    expect(face(admin)).to_be_visible()
    return admin


def face(page: Page):
    return page.frame_locator(".preview-frame").frame_locator("[data-customer-agent=frame]").locator("#face")


def portrait() -> bytes:
    picture = Image.new("RGB", (400, 200), (20, 90, 200))
    picture.paste((250, 220, 0), (0, 0, 100, 200))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def test_a_picture_is_chosen_cut_seen_removed_and_undone(customizer, accessible):
    customizer.locator("summary", has_text="Pictures").click()
    field = customizer.locator("#picture-avatar")
    field.get_by_text("Choose picture").click()
    dialog = customizer.get_by_role("dialog")
    canvas = dialog.locator("canvas")
    expect(canvas).to_be_hidden()
    dialog.get_by_role("button", name="Use this picture").click()
    expect(dialog.locator("#picture-problem")).to_have_text("Choose a picture.")
    file = {"name": "me.png", "mimeType": "image/png", "buffer": b"no picture"}
    dialog.locator("#picture-file").set_input_files(file)
    expect(dialog.locator("#picture-problem")).to_contain_text("could not be read")
    dialog.locator("#picture-file").set_input_files(file | {"buffer": portrait()})
    expect(dialog.locator("#crop-place")).to_have_text("200 by 200 pixels, 100 from the left, 0 from the top.")
    accessible(customizer)
    canvas.press("Minus")
    canvas.press("Shift+ArrowRight")
    expect(dialog.locator("#crop-place")).to_have_text("190 by 190 pixels, 145 from the left, 5 from the top.")
    box = canvas.bounding_box()
    customizer.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    customizer.mouse.down()
    customizer.mouse.move(box["x"], box["y"] + box["height"] / 2)
    customizer.mouse.up()
    expect(dialog.locator("#crop-place")).to_contain_text("0 from the left")
    dialog.get_by_role("button", name="Use this picture").click()
    expect(dialog).to_be_hidden()
    expect(face(customizer)).to_have_css("background-image", re.compile(r"/pictures/[0-9a-f-]{36}\.webp"))
    customizer.wait_for_function("document.querySelector('#picture-avatar img').naturalWidth === 190")
    field.get_by_role("button", name="Remove").click()
    expect(face(customizer)).to_have_css("background-image", "none")
    customizer.get_by_role("button", name="Undo").click()
    expect(face(customizer)).to_have_css("background-image", re.compile("webp"))
    expect(field.locator("img")).to_be_visible()


def test_a_font_of_ours_is_fetched_when_it_is_chosen_and_from_here_only(customizer, demo):
    asked = []
    customizer.on("request", lambda request: asked.append(request.url))
    assert not any("woff2" in url for url in asked)
    customizer.locator("summary", has_text="Theme").click()
    customizer.locator(".letters-lora").click()
    expect(face(customizer)).to_have_css("font-family", re.compile("^.?Lora Variable"))
    frame = next(frame for frame in customizer.frames if re.search(r"/widget/[^/]+\?", frame.url))
    loaded = frame.evaluate("[...document.fonts].filter(({status}) => status === 'loaded').map(({family}) => family)")
    assert {name.strip('"') for name in loaded} == {"Lora Variable"}
    fonts = [url for url in asked if url.endswith("woff2")]
    assert fonts
    assert all(url.startswith(f"{demo.url}/assets/") for url in fonts), json.dumps(fonts)


def test_what_the_draft_began_with_leaves_no_trace_in_the_preview(preview):
    frame = chat_in(preview)
    frame.wait_for_selector("#greeting")
    centered = WidgetConfig(theme=Theme(header_layout="center"))
    began_with = "css => { const own = document.getElementById('theme'); if (own) own.textContent = css; }"
    frame.evaluate(began_with, previewed_look_of(centered)["css"])
    top = preview.frame_locator("[data-customer-agent=frame]").locator(".top")
    tell(preview, type="porchlight:look", look=previewed_look_of(centered))
    expect(top).to_have_css("flex-direction", "column")
    tell(preview, type="porchlight:look", look=previewed_look_of(WidgetConfig()))
    expect(top).to_have_css("flex-direction", "row")
