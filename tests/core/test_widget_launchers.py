"""The launcher: what it is painted with, where it stands, and that nothing written into it becomes CSS."""

import dataclasses
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.widget_configs import Launcher, Theme, WidgetConfig, advice_on, check, is_shown_on, look_of
from core.widget_configs.colours import contrast
from core.widget_configs.fills import fill_of, mixed
from core.widget_configs.launchers import css_of_launcher, launcher_of
from core.widget_configs.selectors import is_selector

COLOURS = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
PICTURE = "0f8fad5b-d9cb-469f-a165-70867728950e"


def with_launcher(**changes):
    return WidgetConfig(launcher=Launcher(**changes))


@given(COLOURS, COLOURS | st.just(""), COLOURS, st.sampled_from(["solid", "gradient", "image"]))
def test_words_can_be_read_all_over_the_launcher(colour, second, accent, fill):
    one, other, on = fill_of(Launcher(fill=fill, colour=colour, second_colour=second), accent)
    on_the_way = [mixed(one, other, step / 50) for step in range(51)]
    # What is between the steps that were looked at may be a little less.
    assert min(contrast(on, shade) for shade in on_the_way) >= 4.4
    assert min(contrast(on, shade) for shade in (one, other)) >= 4.5


def test_colours_on_which_words_can_be_read_stay_as_they_are():
    assert fill_of(Launcher(fill="gradient", colour="#5b21b6", second_colour="#be185d"), "#000000") == (
        *("#5b21b6", "#be185d"),
        "#ffffff",
    )


@given(COLOURS | st.just(""), COLOURS | st.just(""))
def test_a_proposed_shade_needs_no_other(colour, second):
    launcher = Launcher(fill="gradient", colour=colour, second_colour=second)
    for _ in range(3):
        proposals = {one.field: one.proposal for one in advice_on(Theme(), launcher)}
        launcher = dataclasses.replace(launcher, **proposals)
    assert advice_on(Theme(), launcher) == ()


def test_an_end_that_is_shown_darker_is_told():
    [advice] = advice_on(Theme(), Launcher(fill="gradient", colour="#4a148c", second_colour="#fdd835"))
    assert advice.field == "second_colour"
    assert advice.proposal == fill_of(Launcher(fill="gradient", colour="#4a148c", second_colour="#fdd835"), "")[1]


def test_a_launcher_follows_the_accent_in_light_and_dark():
    css = css_of_launcher(WidgetConfig(theme=Theme(accent="#b4490f", dark_accent="#f0a06a")))
    light, dark = css.split("@media(prefers-color-scheme:dark)")
    assert "--ca-c:#b4490f;--ca-o:#ffffff;color-scheme:light" in light
    assert "--ca-c:#f0a06a;--ca-o:#000000;color-scheme:dark" in dark


@pytest.mark.parametrize(("scheme", "other"), [("light", "dark"), ("dark", "light")])
def test_a_fixed_scheme_is_the_only_one(scheme, other):
    css = css_of_launcher(WidgetConfig(theme=Theme(scheme=scheme)))
    assert f"color-scheme:{scheme}" in css
    assert f"color-scheme:{other}" not in css
    assert "prefers-color-scheme" not in css


def test_measures_of_a_phone_are_written_where_they_differ():
    css = css_of_launcher(with_launcher(size=64, side=10, edge=30, phone_size=48, phone_side=0, phone_edge=8))
    assert "--ca-z:64px;--ca-s:10px;--ca-e:30px" in css
    assert "@media(max-width:480px),(max-height:440px){:host{--ca-z:48px;--ca-s:0px;--ca-e:8px}}" in css
    assert "@media(max-width:480px)" not in css_of_launcher(WidgetConfig())


@pytest.mark.parametrize(("screens", "hidden_on"), [("phone", "min-width:480.02px"), ("desktop", "max-width:480px")])
def test_a_launcher_may_be_for_one_kind_of_device(screens, hidden_on):
    rule = css_of_launcher(with_launcher(screens=screens)).rpartition("@media")[2]
    assert hidden_on in rule
    assert "display:none" in rule


def test_only_what_is_unusual_is_sent():
    assert set(launcher_of(WidgetConfig())) == {"css", "position", "words", "window"}
    assert "unread" not in launcher_of(with_launcher(badge=False))["words"]


def test_a_button_is_left_out_only_where_something_else_opens_the_chat():
    assert launcher_of(with_launcher(opener="#help", bubble=False))["bare"]
    assert "bare" not in launcher_of(with_launcher(bubble=False))


def test_a_picture_stands_over_the_icon_once_it_is_there():
    look = launcher_of(with_launcher(fill="image", image=PICTURE))
    assert look["image"] == f"/pictures/{PICTURE}.webp"
    assert "[data-picture][aria-expanded=false])::before{content:''" in look["css"]
    assert "content:'···'" in look["css"]
    assert "image" not in launcher_of(with_launcher(fill="solid", image=PICTURE))


@pytest.mark.parametrize(
    ("rule", "pages", "shown", "hidden"),
    [
        ("all", ("/cart",), "/cart", None),
        ("only", ("/pricing", "/blog/*"), "https://shop.example/blog/a?b", "/"),
        ("except", ("/checkout/*",), "/", "/checkout/pay"),
        ("only", (), "/", None),
    ],
)
def test_pages_decide_where_it_is_shown(rule, pages, shown, hidden):
    launcher = Launcher(page_rule=rule, pages=pages)
    assert is_shown_on(launcher, shown)
    assert hidden is None or not is_shown_on(launcher, hidden)


def test_the_words_are_those_of_the_look():
    config = WidgetConfig(name="Ada", language="de", words={"de": {"close_chat": "Zu damit"}})
    assert launcher_of(config)["words"]["close"] == "Zu damit"
    assert launcher_of(with_launcher(text="Ask us"))["words"]["open"] == "Ask us"


@pytest.mark.parametrize(
    "text",
    [
        *("#chat", ".help", "a.help[href]", "header > nav a + button", "[data-open-chat]", "#a, .b", "*", "my-button"),
        *("[data-x=y]", "[data-x='a b']", '[href*="/contact"]', r".md\:flex", ".größe", "--x", "ul li ~ li"),
    ],
)
def test_a_selector_that_browsers_read_is_taken(text):
    assert is_selector(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "#", "#1a", ".2x", "a:hover", "a::before", "a >", "> a", "a,,b", "a{}", "[x", "[x=]", "[x=1]", "a}b"),
        *("@media", "a/**/b", "</style>", "a b\x00", '[x="\\"]', "$x", "a||b", ":host", "a;b", '[x="a'),
    ],
)
def test_anything_else_is_not(text):
    assert not is_selector(text)


@given(st.text(alphabet="ab-_#.[]='\" >+~,*\\:1", max_size=200))
def test_no_selector_takes_long_to_read(text):
    assert is_selector(text) in (True, False)


@pytest.mark.parametrize(
    ("settings", "part"),
    [
        ({"opener": "a:hover"}, "launcher.opener"),
        ({"opener": "a{}"}, "launcher.opener"),
        ({"pages": ["/a/*/b"]}, "launcher.pages"),
        ({"image": "x');alert(1)//"}, "launcher.image"),
        ({"colour": "red;}*{display:none"}, "launcher.colour"),
        ({"layer": "1;}*{}"}, "launcher.layer"),
    ],
)
def test_what_cannot_be_used_is_said_and_left_out(settings, part):
    config, problems = check({"launcher": settings})
    assert list(problems) == [part]
    assert config == WidgetConfig()


@given(
    st.dictionaries(
        st.sampled_from([one.name for one in dataclasses.fields(Launcher)]),
        st.text() | st.integers() | st.booleans() | st.lists(st.text()),
    )
)
def test_nothing_that_is_written_becomes_css_of_its_own(settings):
    config, _problems = check({"launcher": settings})
    css = look_of(config)["launcher"]["css"]
    assert css.count("{") == css.count("}")
    assert not re.search(r"[<\\\n]|/\*|@import|url\((?!/pictures/[0-9a-f-]{36}\.webp\))", css)
