"""The names that a sheet may rely on: the chat has them, the sanitizer lets them in, and the docs list them."""

import re

import pytest

from config.settings import ROOT
from core.custom_css import PROPERTIES, SELECTORS, sanitize
from core.widget_configs import Theme
from core.widget_configs.palettes import tokens_of

CHAT = "\n".join(
    path.read_text()
    for folder, kind in (("templates/widget", "*.html"), ("static/js/widget", "**/*.js"))
    for path in (ROOT / folder).glob(kind)
)
SHEET = "".join(path.read_text() for path in (ROOT / "static/css").rglob("*.css"))


@pytest.mark.parametrize("name", [one.name for one in SELECTORS])
def test_the_chat_has_what_a_selector_names(name):
    kind, word = name[0], re.search(r"[\w-]+(?==|$|\])", name)[0]
    if kind == ".":
        assert re.search(rf'class="[^"]*(?<![\w-]){word}(?![\w-])', CHAT), name
    elif kind == "#":
        assert f'id="{word}"' in CHAT, name
    else:
        value = name.strip("[]").partition("=")[2]
        assert re.search(rf"""{word}[^\n]*{value}|["']{value}["']""", CHAT), name


@pytest.mark.parametrize("name", [one.name for one in SELECTORS])
def test_a_sheet_may_use_each_selector(name):
    assert sanitize(f"{name} {{ color: red }}").problems == []


def test_the_properties_are_those_of_the_look():
    tokens = tokens_of(Theme())
    assert {one.name for one in PROPERTIES} <= tokens["light"].keys() | tokens["both"].keys()
    for one in PROPERTIES:
        assert f"var({one.name})" in SHEET, one.name


def test_the_docs_list_every_name():
    docs = (ROOT / "docs/customizing.md").read_text()
    for one in (*SELECTORS, *PROPERTIES):
        assert f"`{one.name}`" in docs, one.name
