"""Custom CSS in the real chat: what attacks the close button, the consent or the honest lines gets nowhere."""

import json
import time

import pytest
from playwright.sync_api import Frame, Page, expect

from core.custom_css import PROPERTIES, sanitize
from tests.browser.houses import somebody

PROTECTED = ("#close", "#consent", "#answering", ".honest")
COVER = "content: ''; position: absolute; inset: -64px; width: 1000px; height: 1000px; background: red; z-index: 10"
ATTACKS = {
    "display": "#close, .close, .honest, #answering, #consent, .consent { display: none !important }",
    "display of what is around": "header, .top, .title, .intro, main, .thread, footer, body { display: none }",
    "visibility": "body, .top, .title, .intro, footer { visibility: hidden }",
    "opacity": "html, body, .top, .intro, .title, footer, .close { opacity: 0 }",
    "clip-path": ".top, .close, .intro { clip-path: inset(50%) } .close { clip: rect(0, 0, 0, 0) }",
    "transform": ".top, .close, .intro, .title { transform: scale(0) translate(-400px, -400px) }",
    "rotate and scale": ".top { rotate: x 90deg; scale: 0; translate: -400px }",
    "filter": "body, .top, .intro, .close { filter: opacity(0) blur(32px) }",
    "mask": ".top, .intro, .close { mask: linear-gradient(transparent, transparent); mask-image: none }",
    "font of nothing": "body, .top, .intro, .title, footer { font-size: 0; font: 0/0 serif; line-height: 0 }",
    "smallest font that passes": "html, body, .top, .title, .intro, footer { font-size: 8px; line-height: 8px }",
    "letters pushed away": "body, .top, .title { letter-spacing: -1px; text-indent: -400px; word-spacing: -1px }",
    "letters into each other": "body, .top, .intro { letter-spacing: -1em; word-spacing: -16px }",
    "colour as the background": ".top, .intro, footer, body { color: #fff; background: #fff }",
    "colour through tokens": ":root { "
    + "; ".join(f"{one.name}: #888" for one in PROPERTIES if one.name not in ("--radius", "--gap", "--font", "--size"))
    + " }",
    "tokens of the protected": ":root { --protected-ink: transparent; --protected-paper: #888 }",
    "text filled with nothing": "body, .top, .intro { -webkit-text-fill-color: transparent; color: transparent }",
    "pointer events": "body, .top, .close, footer { pointer-events: none }",
    "content-visibility": "body, .top, .intro { content-visibility: hidden; contain: strict }",
    "overflow of a small box": ".top, .title, .intro, footer { overflow: hidden; height: 0; max-height: 0; width: 0 }",
    "inset negative": ".close, .honest { position: absolute; inset: -400px; top: -400px; left: -400px }",
    "cover by messages": ".messages, .questions, .face, .greeting { " + COVER.partition("; ")[2] + " }",
    "cover by pseudo-elements": f".face::before, .messages::after, .menu::before, h1::after {{ {COVER} }}",
    "cover by what can be above": f".menu, .pill, .strip, #composer {{ {COVER.partition('; ')[2]} }}",
    "small pushes from everywhere": ".face, .menu, h1, .title, #answering, .greeting, .strip, #composer, textarea "
    "{ margin: 32px; padding: 32px; border: 16px solid red }",
    "small pushes from the header": ".top { padding: 32px; gap: 32px; border: 16px solid red } body { margin: 32px }",
    "cover by the pseudo-elements of all": f"*::before, *::after {{ {COVER} }}",
    "sticky cover": ".questions, .face { position: sticky; top: -64px; height: 1000px; width: 1000px; z-index: 10 }",
    "pushed out by a neighbour": ".face { width: 1000px; height: 1000px; margin: 400px; padding: 400px }",
    "pushed out by the name": "h1 { height: 1000px; width: 1000px; min-width: 1000px; margin: 400px; padding: 400px }",
    "pushed out by the menu": ".menu { width: 1000px; height: 1000px; margin-right: 400px; padding: 400px }",
    "pushed out by order": ".face, .menu, h1 { order: 9; flex: 0 0 1000px; min-width: 1000px; float: left }",
    "pushed out by the footer": "footer, #composer, .strip { height: 1000px; min-height: 1000px; margin-top: 400px }",
    "pushed out by the field": "textarea { min-height: 1000px; max-height: 1000px; margin-top: 400px; height: 1000px }",
    "grid of one's own": "body { grid-template: 0 0 0 / 0; display: block } .face { grid-area: 1 / 1 / 9 / 9 }",
    "media": "@media (min-width: 1px) { @supports (display: grid) { .top, .close { display: none; opacity: 0 } } }",
    "layer, nesting and imports": "@import 'x'; @layer a { .close { display: none } } .top { .close { opacity: 0 } }",
    "has": ".top:has(.close) { display: none } :has(> #close) { opacity: 0 } *:not(:has(x)) { visibility: hidden }",
    "attribute": "[data-protected] { display: none } [data-protected] * { opacity: 0 } [id=close] { display: none }",
    "everything": "* { display: none; opacity: 0; visibility: hidden; position: absolute; font-size: 0 }",
    "end of the guard": ".close):is(.close { display: none } .a, .close/**/{ display: none } } .close { opacity: 0 }",
    "escapes": r".cl\6fse { display: none } #\63lose { display: n\6fne } .close { displ\61y: none }",
    "animation": "@keyframes gone { to { opacity: 0; visibility: hidden; transform: scale(0) } } "
    "body, .top, .close, .intro { animation: gone 1ms forwards }",
    "the widget's own animation": "@keyframes arrive { to { opacity: 0 } } .top, .intro { animation-name: arrive }",
    "blending": "body, .top, .intro, .face { mix-blend-mode: difference; backdrop-filter: invert(1) }",
    "columns and writing": ".top, .intro { columns: 9; writing-mode: vertical-rl; direction: rtl; zoom: 0.01 }",
    "drawings": "svg { width: 0; height: 0; display: none } path { stroke: transparent } .top { stroke: transparent }",
}
LOOKED_AT = """(selectors) => selectors.map((selector) => {
    const element = document.querySelector(selector);
    element.scrollIntoView({ block: "nearest", behavior: "instant" });
    const { left, top, width, height } = element.getBoundingClientRect();
    const at = [left + Math.min(width / 2, 40), top + Math.min(height / 2, 10)];
    const hit = document.elementFromPoint(...at);
    const style = getComputedStyle(element);
    const { color, fontSize } = style;
    let behind = element, paper = "rgba(0, 0, 0, 0)";
    while (behind && /, 0\\)$|transparent/.test(paper)) {
        paper = getComputedStyle(behind).backgroundColor;
        behind = behind.parentElement;
    }
    let alpha = 1;
    for (let each = element; each; each = each.parentElement) alpha *= Number(getComputedStyle(each).opacity);
    const channels = (text) => {
        const canvas = new OffscreenCanvas(1, 1).getContext("2d");
        canvas.fillStyle = text;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)].map((one) => {
            const part = one / 255;
            return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
        });
    };
    const light = (text) => { const [r, g, b] = channels(text); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
    const [high, low] = [light(color), light(paper)].sort((one, other) => other - one);
    return {
        selector,
        isHit: hit !== null && (element === hit || element.contains(hit)),
        over: hit && `${hit.tagName}.${hit.className}#${hit.id}`,
        isInside: left >= 0 && top >= 0 && at[0] <= innerWidth && at[1] <= innerHeight,
        contrast: (high + 0.05) / (low + 0.05),
        alpha,
        size: [width, height, parseFloat(fontSize)],
        isVisible: element.checkVisibility({ opacityProperty: true, visibilityProperty: true }),
        fill: style.webkitTextFillColor === color,
    };
})"""
DRESS = """async (css) => {
    window.dressed ??= new CSSStyleSheet();
    dressed.replaceSync(css);
    document.adoptedStyleSheets = [dressed];
    document.querySelector("#thread").scrollTop = 0;
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)));
}"""


@pytest.fixture
def chat(page: Page, demo, website, tmp_path) -> Frame:
    """The chat, open on a website, with a consent line."""
    made = demo.server.command("agents", "create", "--name", "Lamp", "--domain", "127.0.0.1")
    settings = tmp_path / "settings.json"
    settings.write_text(json.dumps({"consent": {"is_on": True, "text": "By chatting you agree to our terms."}}))
    demo.server.command("agents", "configure", made["agent_id"], "--file", str(settings))
    page.goto(website.page("index.html", f'<script async src="{demo.url}/widget/{made["agent_id"]}.js"></script>'))
    page.locator('[data-customer-agent="launcher"]').click()
    expect(page.frame_locator('[data-customer-agent="frame"]').locator("#consent")).to_be_visible()
    return next(frame for frame in page.frames if "/widget/" in frame.url)


def test_no_sheet_hides_covers_or_moves_what_is_protected(chat: Frame) -> None:
    ends = time.monotonic() + 20
    while (faults := faults_of(chat)) and time.monotonic() < ends:
        # It comes in with a movement.
        chat.page.wait_for_timeout(20)
    assert faults == []
    found = {}
    for name, sheet in ATTACKS.items():
        chat.evaluate(DRESS, sanitize(sheet).css)
        if faults := faults_of(chat):
            found[name] = faults
    assert found == {}
    assert len(ATTACKS) >= 25


def faults_of(chat: Frame) -> list[str]:
    return [
        f"{seen['selector']}: {fault}" for seen in chat.evaluate(LOOKED_AT, PROTECTED) for fault in wrong_with(seen)
    ]


def wrong_with(seen: dict) -> list[str]:
    width, height, letters = seen["size"]
    return [
        fault
        for fault, is_wrong in (
            ("cannot be seen", not seen["isVisible"] or not seen["isInside"] or seen["alpha"] < 0.99),
            (f"is covered by {seen['over']}", not seen["isHit"]),
            (f"cannot be read ({seen['contrast']:.2f})", seen["contrast"] < 3 or not seen["fill"]),
            (f"is too small {seen['size']}", width < 16 or height < 10 or letters < 8),
        )
        if is_wrong
    ]


def test_the_editor_shows_completes_and_applies_and_lets_go_by_keyboard(admin: Page, demo, accessible) -> None:
    name = somebody("Lumi")
    demo.server.command("agents", "create", "--name", name, "--domain", "example.com")
    admin.goto(f"{demo.url}/admin/?all=1")
    admin.get_by_role("link", name=name).click()
    admin.get_by_role("link", name="Customize").first.click()
    preview = admin.frame_locator(".preview-frame").frame_locator("[data-customer-agent=frame]")
    expect(preview.locator("#greeting")).to_be_visible()
    admin.locator("summary", has_text="Custom CSS").click()
    editor = admin.get_by_role("textbox", name="Custom CSS. Tab indents; press Escape, then Tab, to leave.")
    admin.get_by_label("Use this CSS").check()
    editor.click()
    admin.keyboard.press("ControlOrMeta+a")
    admin.keyboard.press("Delete")
    admin.keyboard.type(".gree")
    expect(admin.get_by_role("option", name=".greeting")).to_be_visible()
    # CodeMirror takes no choice in the first moments of a list (its interactionDelay of 75 ms).
    admin.wait_for_timeout(200)
    admin.keyboard.press("Enter")
    expect(editor).to_contain_text(".greeting")
    admin.keyboard.type(" { color: rgb(1, 2, 3)")
    admin.keyboard.press("End")
    admin.keyboard.insert_text("\n#close { display: none }")
    expect(preview.locator("#greeting")).to_have_css("color", "rgb(1, 2, 3)")
    expect(admin.locator("#css-problems li").first).to_contain_text("Line 2")
    expect(admin.locator(".cm-lint-marker")).to_have_count(1)
    accessible(admin)
    editor.press("Escape")
    editor.press("Tab")
    expect(editor).not_to_be_focused()
    admin.get_by_label("Use this CSS").uncheck()
    expect(preview.locator("#greeting")).not_to_have_css("color", "rgb(1, 2, 3)")
    expect(admin.locator("#draft-state")).to_contain_text("Draft saved")
