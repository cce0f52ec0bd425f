"""Match my website: what a page tells of its look, and a theme that fits it and can be read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import site_looks
from core.errors import Conflict
from core.site_looks import SiteLook, read, theme_for
from core.widget_configs import Theme, advice_on

SHEET = """
:root { --brand-primary: #0a66c2; --grey: #888 }
body { background: #fffdf8; color: #222; font-family: "Playfair Display", Georgia, serif }
.btn-buy { background-color: #d6336c }
a { color: #d6336c !important }
@media print { body { background: red } }
"""


def test_a_site_tells_its_colours_and_letters():
    assert read("Lamps & Co", "", [SHEET]) == SiteLook("Lamps & Co", "#0a66c2", "#fffdf8", "#222222", "serif")


@pytest.mark.parametrize(
    ("stack", "font"),
    [
        ("Inter, sans-serif", "inter"),
        ("'Inter var', system-ui", "inter"),
        ("__Inter_d65c78, __Inter_Fallback_d65c78", "inter"),
        ('"Inter Tight", sans-serif', "system"),
        ("Nunito, sans-serif", "nunito"),
        ('"Nunito Sans", sans-serif', "rounded"),
        ("Manrope", "manrope"),
        ('"Source Serif 4", Georgia, serif', "source-serif"),
        ('"Source Serif Pro", serif', "source-serif"),
        ("Lora, serif", "lora"),
        ('"JetBrains Mono", monospace', "jetbrains-mono"),
        ("Helvetica, Inter", "system"),
        ("Georgia, Lora, serif", "serif"),
    ],
)
def test_a_font_that_we_have_is_taken_and_of_others_the_one_most_like_it(stack, font):
    assert read("", "", [f"body{{font-family:{stack}}}"]).font == font


def test_the_buttons_tell_the_accent_where_nothing_is_named():
    look = read("", "", ["a{color:#123456} .button{background:#e8590c} .x{background:#eee} p{color:#000}"])
    assert look.accent == "#e8590c"


def test_the_colour_of_the_browsers_bar_counts_unless_it_is_grey():
    assert read("", "#0ca678", [".button{background:#e8590c}"]).accent == "#0ca678"
    assert read("", "#ffffff", [".button{background:#e8590c}"]).accent == "#e8590c"


def test_a_dark_sites_background_is_left_to_the_dark_scheme():
    look = read("", "", ["body{background:#111;color:#eee} .button{background:#4dabf7}"])
    assert (look.paper, look.ink, look.accent) == (None, None, "#4dabf7")


@pytest.mark.parametrize("sheet", ["", "}}}}{{{{", "body{background:url(x)", "\x00", "a{color:" + "(" * 500])
def test_a_page_that_tells_nothing_has_no_look(sheet):
    assert not read("Shop", "", [sheet]).is_told


COLOURS = st.none() | st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)


@given(st.builds(SiteLook, accent=COLOURS, ink=COLOURS, font=st.sampled_from([None, "serif"])))
def test_whatever_a_site_looks_like_the_theme_can_be_read(look):
    assert advice_on(theme_for(look, Theme())) == ()


def test_the_page_and_its_sheets_are_read(httpserver):
    page = """<title>All lamps – Lantern &amp; Loom</title><link rel="preload stylesheet" href="/shop.css">
        <link rel=stylesheet href="/gone.css"><style>.cta{background:teal}</style>"""
    httpserver.expect_request("/").respond_with_data(page, content_type="text/html")
    httpserver.expect_request("/shop.css").respond_with_data(SHEET, content_type="text/css")
    look = site_looks.visit(httpserver.url_for("/"), allow_private=True)
    assert (look.name, look.accent, look.font) == ("Lantern & Loom", "#0a66c2", "serif")


def test_the_business_is_the_part_of_the_title_that_the_address_spells(httpserver):
    page = "<title>Local Host – hand-thrown pots</title><style>.cta{background:teal}</style>"
    httpserver.expect_request("/").respond_with_data(page, content_type="text/html")
    assert site_looks.visit(f"http://localhost:{httpserver.port}/", allow_private=True).name == "Local Host"


def test_what_cannot_be_opened_or_tells_nothing_says_so(httpserver):
    httpserver.expect_request("/plain").respond_with_data("<p>Hi", content_type="text/html")
    for path, words in (("/plain", "nothing about its colours"), ("/gone", "error 500")):
        with pytest.raises(Conflict, match=words):
            site_looks.visit(httpserver.url_for(path), allow_private=True)
    with pytest.raises(Conflict, match="could not be opened"):
        site_looks.visit(httpserver.url_for("/plain"), allow_private=False)
