"""More than forty settings: each is changed in the customizer, seen in its preview, published, and seen on the website.

The website's page is written once, with the snippet of the beginning, and never touched again.
"""

import time
import uuid
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Page, expect


@dataclass(frozen=True)
class Setting:
    """One setting, how it is changed, and what can be seen of it."""

    field: str
    """Its name in the customizer's form."""
    value: str | bool
    probe: str
    """JavaScript that says what is seen; `launcher` and `frame` are those elements where it runs in the page."""
    seen: Any
    where: str = "chat"
    """`chat`, in the frame, or `page`, on the page around it."""


def token(name: str, field: str, value: str, seen: str) -> Setting:
    probe = f"() => getComputedStyle(document.documentElement).getPropertyValue('{name}').trim()"
    return Setting(field, value, probe, seen)


def text(selector: str, field: str, value: str) -> Setting:
    return Setting(field, value, f"() => document.querySelector('{selector}')?.textContent.trim()", value)


def gone(selector: str, field: str, value: str | bool = False) -> Setting:
    """A switch after which something is there no longer."""
    probe = f"() => [...document.querySelectorAll('{selector}')].some((one) => one.checkVisibility())"
    return Setting(field, value, probe, seen=False)


def there(selector: str, field: str, value: str | bool = True) -> Setting:
    probe = f"() => [...document.querySelectorAll('{selector}')].some((one) => one.checkVisibility())"
    return Setting(field, value, probe, seen=True)


def styled(selector: str) -> str:
    return f"getComputedStyle(document.querySelector('{selector}'))"


LAUNCHER = "document.querySelector('[data-customer-agent=launcher]')"
FRAME = "document.querySelector('[data-customer-agent=frame]')"


def launcher(field: str, value: str | bool, probe: str, seen: Any) -> Setting:
    return Setting(field, value, f"() => {{ const launcher = {LAUNCHER}; return {probe}; }}", seen, "page")


def window(field: str, value: str, probe: str, seen: Any) -> Setting:
    return Setting(field, value, f"() => {{ const frame = {FRAME}; return {probe}; }}", seen, "page")


LIGHT = [
    token("--fill", "accent", "#125a3c", "#125a3c"),
    token("--paper", "paper", "#f0fff4", "#f0fff4"),
    token("--surface", "surface", "#fffaf0", "#fffaf0"),
    token("--ink", "ink", "#101828", "#101828"),
    token("--said", "said", "#3b0764", "#3b0764"),
    token("--head", "header", "accent", "#125a3c"),
    token("--radius", "corners", "6", "6px"),
    token("--gap", "density", "compact", "12px"),
    token("--shade", "shadow", "strong", "rgb(60 40 20/16%)"),
    token("--size", "text_size", "17", "1.0625rem"),
    Setting("font", "mono", "() => getComputedStyle(document.body).fontFamily.includes('Consolas')", seen=True),
    Setting("header_layout", "center", "() => getComputedStyle(document.querySelector('.title')).textAlign", "center"),
    text(".top h1", "name", "Nora"),
    text("#greeting", "greeting", "Good day, what can I do?"),
    text("#questions button", "question-0", "Where is my parcel?"),
    gone(".intro .handoff", "feature_handoff"),
    gone("[data-do=attach]", "feature_attachments"),
    gone("[data-do=emoji]", "feature_emoji"),
    there(".consent", "consent_is_on"),
    text(".consent", "consent_text", "We keep what you write for a month."),
    Setting("custom_css", ".greeting { letter-spacing: 3px }", f"() => {styled('#greeting')}.letterSpacing", "3px"),
    Setting("custom_css_is_on", False, f"() => {styled('#greeting')}.letterSpacing !== '3px'", seen=True),
    window("width", "352", "frame.offsetWidth", 352),
    window("height", "440", "frame.offsetHeight", 440),
]
DARK = [
    Setting("scheme", "dark", "() => document.documentElement.dataset.scheme", "dark"),
    token("--fill", "dark_accent", "#7dd3fc", "#7dd3fc"),
    token("--paper", "dark_paper", "#0b1020", "#0b1020"),
    token("--surface", "dark_surface", "#131a2e", "#131a2e"),
    token("--ink", "dark_ink", "#e8ecff", "#e8ecff"),
    there(".pre-chat", "pre_chat_is_on"),
]
CLOSED = [
    launcher("position", "top-left", "launcher.getBoundingClientRect().left < 300", seen=True),
    launcher("icon", "spark", "getComputedStyle(launcher, '::before').content", '"✦"'),
    launcher("text", "Ask Nora", "launcher.textContent", "Ask Nora"),
    launcher("launcher_size", "72", "launcher.offsetHeight", 72),
    launcher("launcher_side", "44", "launcher.getBoundingClientRect().left", 44),
    launcher("launcher_edge", "36", "launcher.getBoundingClientRect().top", 36),
    launcher(
        "launcher_colour", "#7a1f3d", "getComputedStyle(launcher).background.includes('rgb(122, 31, 61)')", seen=True
    ),
    launcher("launcher_fill", "gradient", "getComputedStyle(launcher).backgroundImage.includes('gradient')", seen=True),
    launcher("launcher_layer", "77", "getComputedStyle(launcher.parentElement).zIndex", "77"),
]
PHONE = [
    launcher("launcher_phone_position", "top-right", "launcher.getBoundingClientRect().top < 200", seen=True),
    launcher("launcher_phone_size", "48", "launcher.offsetHeight", 48),
    launcher("launcher_phone_side", "9", "innerWidth - launcher.getBoundingClientRect().right", 9),
    launcher("launcher_phone_edge", "31", "launcher.getBoundingClientRect().top", 31),
    launcher("launcher_screens", "desktop", "launcher.checkVisibility()", seen=False),
]


class Customizer:
    """The customizer of a new agent, with everything in it open, and a page of a website with its snippet."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self._address = address
        page.evaluate(
            """() => document.querySelectorAll("#look-form details").forEach((one) => {
                one.removeAttribute("name");
                one.open = true;
            })"""
        )

    def change(self, setting: Setting) -> None:
        """Change it, and see it in the preview."""
        field = self.page.locator(f"#look-form [name={setting.field}]:not([type=hidden])")
        kind = field.first.get_attribute("type")
        if kind == "radio":
            field.and_(self.page.locator(f"[value={setting.value}]")).evaluate("one => one.click()")
        elif kind == "checkbox":
            field.evaluate("(one, wanted) => one.checked !== wanted && one.click()", bool(setting.value))
        elif self.page.locator(f"[name={setting.field}] + .css-editor").count():
            self.page.locator(".cm-content").fill(str(setting.value))
        else:
            field.fill(str(setting.value))
        preview = self.page.frame_locator(".preview-frame")
        see(preview if setting.where == "page" else preview.frame_locator("[data-customer-agent=frame]"), setting)

    def publish(self) -> None:
        expect(self.page.locator("#draft-state")).to_contain_text("Draft saved")
        self.page.get_by_role("button", name="Publish", exact=True).click()
        expect(self.page.locator("#draft-state")).to_contain_text("Published")

    def visit(self, **how: Any) -> Page:
        """The website as a visitor sees it now."""
        visitor = self.page.context.browser.new_context(**how).new_page()
        visitor.goto(self._address)
        return visitor


def see(there: FrameLocator | Page, setting: Setting) -> None:
    """Wait until a setting is seen."""
    ends = time.monotonic() + 20
    while (seen := there.locator("html").evaluate(setting.probe)) != setting.seen and time.monotonic() < ends:
        time.sleep(0.02)
    if seen == setting.seen:
        return
    raise AssertionError(f"{setting.field} = {setting.value!r}: {seen!r} is seen, and not {setting.seen!r}")


@pytest.fixture
def customizer(admin: Page, demo, website) -> Customizer:
    """An agent that is allowed on a website, whose page has its snippet."""
    name = f"Lumi {uuid.uuid4().hex[:8]}"
    agent = demo.server.command("agents", "create", "--name", name, "--domain", "127.0.0.1")["agent_id"]
    address = website.page("index.html", f'<script async src="{demo.url}/widget/{agent}.js"></script>')
    admin.goto(f"{demo.url}/admin/?all=1")
    admin.get_by_role("link", name=name).click()
    admin.get_by_role("navigation", name="What to do").get_by_role("link", name="Customize").click()
    chat = admin.frame_locator(".preview-frame").frame_locator("[data-customer-agent=frame]")
    expect(chat.locator("#greeting")).to_be_visible()
    return Customizer(admin, address)


@pytest.mark.parametrize("settings", [LIGHT, DARK], ids=["light", "dark"])
def test_what_is_changed_in_the_chat_is_seen_in_the_preview_and_then_on_the_website(customizer, settings):
    for setting in settings:
        customizer.change(setting)
    customizer.publish()
    visitor = customizer.visit()
    visitor.locator("[data-customer-agent=launcher]").click()
    chat = visitor.frame_locator("[data-customer-agent=frame]")
    expect(chat.locator("#greeting")).to_be_visible()
    if settings is DARK:
        # The form before the chat comes when somebody wants to say something.
        chat.locator("textarea[name=text]").fill("Hello")
        chat.locator("textarea[name=text]").press("Enter")
    for setting in settings:
        if setting.field != "custom_css":  # Switched off again by the next one.
            see(visitor if setting.where == "page" else chat, setting)
    visitor.context.close()


@pytest.mark.parametrize(
    ("settings", "screen", "size"),
    [(CLOSED, "Desktop", (1000, 700)), (PHONE, "Phone", (390, 800))],
    ids=["wide", "narrow"],
)
def test_what_is_changed_of_the_launcher_is_seen_in_the_preview_and_then_on_the_website(
    customizer, settings, screen, size
):
    customizer.page.locator("[data-moment]").select_option("closed")
    customizer.page.get_by_text(screen, exact=True).click(force=True)
    for setting in settings:
        customizer.change(setting)
    customizer.publish()
    visitor = customizer.visit(viewport={"width": size[0], "height": size[1]})
    visitor.locator("[data-customer-agent=launcher]").wait_for(state="attached")
    for setting in settings:
        if setting.seen is False or settings is CLOSED:
            see(visitor, setting)
    visitor.context.close()


def test_they_are_more_than_forty():
    fields = {setting.field for settings in (LIGHT, DARK, CLOSED, PHONE) for setting in settings}
    assert len(fields) >= 40
