"""Takes the pictures of docs/look.md: every preset at every moment, in both schemes and directions, and hard cases.

    python -m benchmarks.pictures_of_looks [--into docs/pictures] [--full FOLDER]

The real chat in the customizer's preview, in Chromium, put together by Pillow. `--full` keeps each picture at its full
size too, to be looked at: on a sheet nobody sees a line that is a pixel off.
"""

import argparse
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, Frame, Page, Route, sync_playwright

from benchmarks.servers import Served, serve
from benchmarks.widget_speed import CHROMIUM
from core.widget_configs import PRESETS, Brand, Theme, WidgetConfig, look_of

MOMENTS = ("closed", "greeting", "chatting", "waiting", "offline", "away")
SAID = {
    "en": ("Lumi", "Hello, I am Lumi. What can I do for you?", ("Where is my order?", "Can I return it?")),
    "ar": ("لومي", "مرحبًا، أنا لومي. كيف أساعدك اليوم؟", ("أين طلبي؟", "هل يمكنني إرجاعه؟")),
}
WIDE, HIGH, LABEL = 500, 780, 22
MOST_BYTES = 56_000
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
MANY = (
    *("Where is my order?", "Can I return it?", "Do you ship to Iceland, and what would that cost me for two lamps?"),
    *("Opening hours", f"What is a {LONG}?", "Talk about bulbs"),
)


class Stage:
    """The preview's page with one chat in it, that is told what to show."""

    def __init__(
        self, browser: Browser, served: Served, demo: dict[str, str], *, locale: str, width: int = WIDE
    ) -> None:
        self.page = browser.new_page(viewport={"width": width, "height": HIGH}, reduced_motion="reduce")
        self._speak(locale)
        sign_in(self.page, served, demo)
        self.page.goto(f"{served.url}/admin/?all=1")
        agent = re.search(r"/admin/agents/([0-9a-f-]{36})", self.page.content())
        assert agent
        self.page.goto(f"{served.url}/admin/agents/{agent[1]}/preview")
        self.frame.wait_for_selector("#greeting", state="attached")
        self.page.wait_for_timeout(800)

    @property
    def frame(self) -> Frame:
        handle = self.page.wait_for_selector('iframe[data-customer-agent="frame"]', state="attached")
        frame = handle.content_frame() if handle else None
        assert frame
        return frame

    def show(self, config: WidgetConfig, moment: str, *, direction: str = "ltr") -> None:
        scheme = config.theme.scheme
        self.page.evaluate("scheme => { document.documentElement.dataset.scheme = scheme; }", scheme)
        self.tell(type="porchlight:look", look=look_of(config))
        self.tell(type="porchlight:stage", direction=direction, isLong=False)
        self.tell(type="porchlight:moment", moment=moment)
        self.page.wait_for_timeout(120)

    def tell(self, **message: Any) -> None:
        self.page.evaluate("message => postMessage(message, location.origin)", message)

    def ask(self, *questions: str) -> None:
        """Chat in earnest, so that real answers are there."""
        field = self.frame.locator("textarea")
        for number, question in enumerate(questions, start=1):
            field.fill(question)
            field.press("Enter")
            self.frame.locator("[data-message][data-from=agent][data-state=done]").nth(number - 1).wait_for()

    def taken(self) -> Image.Image:
        return Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")

    def _speak(self, locale: str) -> None:
        def say(route: Route) -> None:
            route.continue_(url=re.sub(r"locale=[\w-]*", f"locale={locale}", route.request.url))

        self.page.route(re.compile(r"/widget/[\w-]+\?.*preview="), say)


def sign_in(page: Page, served: Served, demo: dict[str, str]) -> None:
    page.goto(f"{served.url}/sign-in")
    page.get_by_label("E-mail").fill(demo["email"])
    page.get_by_label("Password", exact=True).fill(demo["password"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/**")


def preset_sheets(open_stage: Callable[..., Stage]) -> Iterator[tuple[str, list[tuple[str, Image.Image]], int]]:
    """Eight presets side by side, the moments below each other; two sheets for each scheme and direction."""
    for language, direction in (("en", "ltr"), ("ar", "rtl")):
        stage = open_stage(locale=language)
        name, greeting, questions = SAID[language]
        for scheme in ("light", "dark"):
            for number, moments in enumerate((MOMENTS[:3], MOMENTS[3:]), start=1):
                shots = []
                for moment, preset in product(moments, PRESETS):
                    theme = replace(preset.theme, scheme=scheme)
                    config = WidgetConfig(name=name, greeting=greeting, suggested_questions=questions, theme=theme)
                    stage.show(config, moment, direction=direction)
                    shots.append((f"{preset.name}, {moment}", stage.taken()))
                yield f"presets-{scheme}-{direction}-{number}", shots, len(PRESETS)
        stage.page.close()


def hard_cases(
    open_stage: Callable[..., Stage], brand: Brand
) -> Iterator[tuple[str, list[tuple[str, Image.Image]], int]]:
    """What goes wrong first: long words, little room, much of everything."""
    name, greeting, questions = SAID["en"]
    usual = WidgetConfig(name=name, greeting=greeting, suggested_questions=questions)
    full = replace(usual, name=f"The {LONG} of Reykjavík", greeting=f"{LONG}! " * 2, suggested_questions=MANY)
    branded = replace(usual, brand=brand)
    centered = replace(branded, theme=Theme(header_layout="center", header="accent", accent="#1f5fbf"))
    for width in (WIDE, 320):
        shots = []
        stage = open_stage(locale="en", width=width)
        for label, config, moment in (
            ("long words", full, "greeting"),
            ("long words, chatting", full, "chatting"),
            ("pictures", branded, "greeting"),
            ("pictures, in the middle", centered, "chatting"),
            ("pictures, dark", replace(branded, theme=Theme(scheme="dark")), "greeting"),
        ):
            stage.show(config, moment)
            shots.append((f"{label}, {width} px", stage.taken()))
        stage.ask("How do I wash linen and cotton?", LONG * 2 + "\nhttps://example.com/" + "a" * 90)
        for label, theme in (("real answers", Theme()), ("large and roomy", Theme(text_size=18, density="roomy"))):
            stage.show(replace(branded, theme=theme), "chatting")
            shots.append((f"{label}, {width} px", stage.taken()))
        stage.page.close()
        yield f"hard-cases-{width}", shots, len(shots)


def fonts(open_stage: Callable[..., Stage]) -> Iterator[tuple[str, list[tuple[str, Image.Image]], int]]:
    """The fonts of our own."""
    stage = open_stage(locale="en")
    name, greeting, questions = SAID["en"]
    shots = []
    for font in ("inter", "nunito", "manrope", "source-serif", "lora", "jetbrains-mono"):
        config = WidgetConfig(name=name, greeting=greeting, suggested_questions=questions, theme=Theme(font=font))
        stage.show(config, "greeting")
        stage.page.wait_for_timeout(600)
        shots.append((font, stage.taken()))
    stage.page.close()
    yield "fonts", shots, 6


def sheet_of(shots: list[tuple[str, Image.Image]], columns: int, width: int) -> Image.Image:
    """The pictures side by side, each with its name above it."""
    font = ImageFont.load_default(13)
    size = (width, round(width * shots[0][1].height / shots[0][1].width))
    small = [(label, shot.resize(size, Image.Resampling.LANCZOS)) for label, shot in shots]
    height = small[0][1].height + LABEL
    rows = -(-len(small) // columns)
    sheet = Image.new("RGB", (columns * (width + 6), rows * height), "#ffffff")
    pen = ImageDraw.Draw(sheet)
    for number, (label, shot) in enumerate(small):
        left, top = number % columns * (width + 6), number // columns * height
        pen.text((left + 2, top + 4), label, fill="#444444", font=font)
        sheet.paste(shot, (left, top + LABEL))
    return sheet


def save(sheet: Image.Image, path: Path) -> None:
    """As good as fits into the most that a picture of the docs may weigh."""
    for quality in (80, 65, 50, 35, 20):
        out = io.BytesIO()
        sheet.save(out, "WEBP", quality=quality, method=6)
        if len(out.getvalue()) <= MOST_BYTES:
            break
    path.write_bytes(out.getvalue())
    print(f"{path}: {len(out.getvalue()):,} bytes at quality {quality}, {sheet.width} by {sheet.height}")


def brand_of(page: Page, served: Served, folder: Path) -> Brand:
    """A portrait and a see-through dark logo, uploaded as a teammate would."""
    portrait, logo = folder / "portrait.png", folder / "logo.png"
    face = Image.new("RGB", (400, 400), "#e8b478")
    ImageDraw.Draw(face).ellipse((110, 90, 290, 330), fill="#5a3a2a")
    face.save(portrait)
    words = Image.new("RGBA", (620, 150), (0, 0, 0, 0))
    pen = ImageDraw.Draw(words)
    pen.ellipse((10, 15, 130, 135), fill="#d9822b")
    pen.text((150, 30), "Lantern & Loom", fill="#1d1a17", font=ImageFont.load_default(60))
    words.save(logo)
    agent = re.search(r"/admin/agents/[0-9a-f-]{36}", page.content())
    assert agent
    found = {}
    for use, file in (("avatar", portrait), ("logo", logo)):
        page.goto(f"{served.url}{agent[0]}/customizer/pictures/{use}")
        page.set_input_files("#picture-file", str(file))
        page.wait_for_timeout(400)
        page.get_by_role("button", name="Use this picture").click()
        page.wait_for_url("**/customizer")
        found[use] = page.locator(f"input[name={use}]").input_value()
    return Brand(avatar=found["avatar"], logo=found["logo"], logo_tone="dark")


def take(served: Served, into: Path, full: Path | None) -> None:
    demo = served.command("demo")
    into.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)

        def open_stage(**how: Any) -> Stage:
            return Stage(browser, served, demo, **how)

        page = browser.new_page()
        sign_in(page, served, demo)
        page.goto(f"{served.url}/admin/?all=1")
        brand = brand_of(page, served, Path(served.environment["DATA_DIR"]))
        for sheets in (preset_sheets(open_stage), hard_cases(open_stage, brand), fonts(open_stage)):
            for name, shots, columns in sheets:
                save(sheet_of(shots, columns, 140 if name.startswith("presets") else 210), into / f"{name}.webp")
                for label, shot in shots if full else ():
                    assert full
                    full.mkdir(parents=True, exist_ok=True)
                    shot.save(full / f"{name} {label}.png")
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=Path("docs/pictures"))
    parser.add_argument("--full", type=Path)
    arguments = parser.parse_args()
    with serve() as running:
        take(running, arguments.into, arguments.full)
