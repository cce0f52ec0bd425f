"""Fonts of ours: built from packages, complete, licensed, and loaded only by the looks that use them."""

import re

import pytest

from config.settings import ROOT
from core.widget_configs import FONTS, PACKAGED_FONTS, Theme, check, published, save_draft
from core.widget_configs import draft as draft_of
from core.widget_configs import publish as publish_look
from core.widget_configs.palettes import FONTS as STACKS
from tests.conftest import NOW
from web.assets import DIST, asset_text, asset_url


def test_every_font_has_a_stack_that_ends_with_what_every_system_has():
    assert set(STACKS) == set(FONTS)
    assert all(stack.rsplit(",", 1)[1] in ("serif", "sans-serif", "monospace") for stack in STACKS.values())


def test_every_font_shows_its_name_in_its_own_letters():
    sheet = (ROOT / "static/css/admin/letters.css").read_text()
    for font, stack in STACKS.items():
        first = re.escape(stack.split(",")[0])
        assert re.search(rf"\.letters-{font} {{\s*font-family: {first}", sheet), font


@pytest.mark.parametrize("font", PACKAGED_FONTS)
def test_a_font_of_ours_is_whole_and_comes_from_our_own_host(font):
    sheet = asset_text(f"font-{font}.css")
    family = STACKS[font].split('"')[1]
    assert f"font-family:{family};" in sheet.replace('"', "")
    assert "font-display:swap" in sheet
    files = re.findall(r'url\("?([^")]+)"?\)', sheet)
    assert len(files) >= 4
    assert all(re.fullmatch(r"\./[\w-]+-[0-9A-Z]{8}\.woff2", file) and (DIST / file).is_file() for file in files)
    assert asset_url(f"font-{font}.woff2").removeprefix("/assets/") in sheet


def test_the_licences_go_where_the_fonts_go():
    text = (DIST / "fonts.LEGAL.txt").read_text()
    assert text.count("SIL OPEN FONT LICENSE Version 1.1") >= len(PACKAGED_FONTS)


def frame_with(vera, agent, font):
    config = check({"theme": {"font": font}}, base=published(agent)[0])[0]
    save_draft(agent, config, revision=draft_of(agent).revision, by=None, now=NOW)
    publish_look(agent, by=None, now=NOW)
    return vera.get(f"/widget/{agent.public_id}")


def test_only_a_look_that_uses_a_font_loads_it(vera, agent):
    plain = vera.get(f"/widget/{agent.public_id}")
    assert "font-" not in re.sub(r"<style.*?</style>|<script.*?</script>", "", plain.text, flags=re.DOTALL)
    page = frame_with(vera, agent, "lora")
    assert f'<link rel="stylesheet" href="{asset_url("font-lora.css")}">' in page.text
    assert f'<link rel="preload" href="{asset_url("font-lora.woff2")}" as="font"' in page.text
    assert "font-inter" not in page.text
    assert '--font:"Lora Variable",Charter' in page.text
    assert "font-src 'self';" in page.headers["Content-Security-Policy"]


def test_an_unknown_font_is_refused_in_words():
    config, problems = check({"theme": {"font": "comic-sans"}})
    assert config.theme == Theme()
    assert "Choose one of system" in problems["theme.font"]
