"""What changed between two looks, in words."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.widget_configs import (
    FEATURES,
    FONTS,
    HEADER_LAYOUTS,
    HEADERS,
    PRESETS,
    SCHEMES,
    Launcher,
    Theme,
    Trigger,
    WidgetConfig,
    changes,
)
from core.widget_configs.changes import _CHOICES

PLAIN = WidgetConfig(name="Lumi")


def words(after, before=PLAIN):
    return [(change.what, change.before, change.after) for change in changes(before, after)]


def test_the_same_look_has_no_changes():
    assert changes(PLAIN, PLAIN) == ()


def test_each_part_is_named_as_in_the_customizer():
    after = replace(
        PLAIN,
        greeting="Hello",
        suggested_questions=("Where?", "When?"),
        theme=replace(PLAIN.theme, corners=4),
        launcher=Launcher(text="Ask"),
        custom_css="a {}\nb {}",
        features={**FEATURES, "handoff": False},
        triggers=(Trigger(20),),
    )
    assert words(after) == [
        ("Greeting", PLAIN.greeting, "Hello"),
        ("First questions", "nothing", "Where? · When?"),
        ("Round corners", "18", "4"),
        ("Text beside the icon", "nothing", "Ask"),
        ("Custom CSS", "0 lines", "2 lines"),
        ("Offer of a person", "on", "off"),
        ("Opens by itself", "never", "Greet after 20 seconds, once in a visit"),
    ]


def test_a_preset_is_one_change():
    assert words(replace(PLAIN, theme=PRESETS[3].theme)) == [("Theme", "Lantern", "Orchid")]


def test_long_words_are_cut():
    [(_what, _before, after)] = words(replace(PLAIN, greeting="x" * 500))
    assert after == "x" * 80 + "…"


@given(st.builds(Theme, corners=st.integers(0, 28), font=st.sampled_from(["serif", "mono"])), st.text(max_size=60))
def test_there_are_changes_exactly_when_the_looks_differ(theme, greeting):
    after = replace(PLAIN, theme=theme, greeting=greeting)
    assert bool(changes(PLAIN, after)) == (after != PLAIN)


def test_choices_are_told_as_the_customizer_calls_them():
    after = WidgetConfig(theme=Theme(font="source-serif", header="accent", header_layout="center", scheme="dark"))
    told = [(change.what, change.before, change.after) for change in changes(WidgetConfig(), after)]
    assert ("Letters", "of the device", "Source Serif") in told
    assert ("Header", "plain", "in the accent colour") in told
    assert ("Name in the header", "at the side", "in the middle") in told
    assert ("Light or dark", "as the visitor’s device", "dark") in told
    for name, words in _CHOICES.items():
        offered = {"font": FONTS, "header": HEADERS, "header_layout": HEADER_LAYOUTS, "scheme": SCHEMES}[name]
        assert set(words) == set(offered)
