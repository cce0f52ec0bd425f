"""Every colour that is painted can be read or seen, whatever somebody chose and took the advice on."""

from dataclasses import fields, replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.widget_configs import COLOURS, DERIVED_COLOURS, PRESETS, Launcher, Theme, advice_on, dark_of, light_of
from core.widget_configs.colours import LIGHT_PAGE, contrast, nearest_on, text_on
from core.widget_configs.fills import fill_of
from core.widget_configs.palettes import tokens_of

TEXT = (
    *(("--ink", "--paper"), ("--ink", "--surface"), ("--soft", "--paper"), ("--soft", "--surface")),
    *(("--warning", "--paper"), ("--warning", "--surface"), ("--warning", "--warning-paper")),
    *(("--on-said", "--said"), ("--on-fill", "--fill"), ("--on-face", "--face")),
    *(("--on-head", "--head"), ("--head-soft", "--head")),
)
"""Words and what is behind them: messages, notes, bylines, warnings, links (they have the colour of the words around
them), the pill (words and page exchanged), buttons, pictures of letters, the header."""
SHAPES = (
    *(("--edge", "--surface"), ("--fill", "--surface")),
    # What has the keyboard's focus is framed in the colour of the words, in the header in that of its words.
    *(("--ink", "--paper"), ("--ink", "--surface"), ("--on-head", "--head")),
)
"""Shapes that one has to see: edges of fields, the button that sends, the frame of the focus."""
COLOUR = st.from_regex(r"#[0-9a-f]{6}", fullmatch=True)
MAYBE = COLOUR | st.just("")
THEMES = st.builds(
    Theme,
    **dict.fromkeys(COLOURS, COLOUR),
    **dict.fromkeys(DERIVED_COLOURS, MAYBE),
    scheme=st.sampled_from(["auto", "light", "dark"]),
    header=st.sampled_from(["plain", "accent"]),
)
LAUNCHERS = st.builds(Launcher, fill=st.sampled_from(["solid", "gradient"]), colour=MAYBE, second_colour=MAYBE)
HARD = Theme(paper="#5f5f5f", surface="#a8a8a8", ink="#777777", dark_paper="#5f5f5f", dark_surface="#a8a8a8")
"""No shade of the words can be read on both of these at once."""


def taken(theme, launcher):
    """The look after all of the advice was taken once."""
    advice = {one.field: one.proposal for one in advice_on(theme, launcher)}
    for_theme = {name: colour for name, colour in advice.items() if name in {field.name for field in fields(Theme)}}
    for_launcher = {name: colour for name, colour in advice.items() if name not in for_theme}
    return replace(theme, **for_theme), replace(launcher, **for_launcher)


def schemes_of(theme):
    return [scheme for scheme in ("light", "dark") if theme.scheme in ("auto", scheme)]


@settings(max_examples=50, deadline=None)
@given(THEMES, LAUNCHERS)
@example(HARD, Launcher(fill="gradient", colour="#ffffff", second_colour="#ffffff"))
def test_taking_the_advice_again_and_again_comes_to_an_end(theme, launcher):
    for _ in range(3):
        theme, launcher = taken(theme, launcher)
    assert advice_on(theme, launcher) == ()


@settings(max_examples=50, deadline=None)
@given(THEMES)
@example(HARD)
def test_where_no_advice_is_left_everything_painted_passes(theme):
    for _ in range(3):
        theme, _ = taken(theme, Launcher())
    for scheme in schemes_of(theme):
        tokens = tokens_of(theme)[scheme]
        for words, page in TEXT:
            assert contrast(tokens[words], tokens[page]) >= 4.5, (scheme, words, page, tokens)
        for shape, page in SHAPES:
            assert contrast(tokens[shape], tokens[page]) >= 3, (scheme, shape, page, tokens)
    if "light" in schemes_of(theme):
        assert contrast(light_of(theme).accent, LIGHT_PAGE) >= 3


@settings(max_examples=50, deadline=None)
@given(THEMES, LAUNCHERS)
@example(HARD, Launcher())
def test_each_proposal_passes_the_pair_that_it_is_about(theme, launcher):
    for advice in advice_on(theme, launcher):
        changed = replace(theme, **{advice.field: advice.proposal}) if hasattr(theme, advice.field) else theme
        colours = dark_of(changed) if advice.field.startswith("dark_") else light_of(changed)
        if advice.field.endswith("accent"):
            page = colours.paper if advice.field == "dark_accent" else LIGHT_PAGE
            assert contrast(advice.proposal, page) >= 3
        elif advice.field.endswith("ink"):
            assert contrast(advice.proposal, colours.paper) >= 4.5
        elif advice.field.endswith("surface"):
            assert contrast(colours.ink, advice.proposal) >= 4.5
        else:
            assert (
                contrast(advice.proposal, LIGHT_PAGE) >= 3 or contrast(advice.proposal, text_on(launcher.colour)) >= 4.5
            )


@settings(deadline=None)
@given(LAUNCHERS)
@example(Launcher(fill="gradient", colour="#008280", second_colour="#0080b0"))
def test_an_icon_is_seen_all_over_a_launcher_that_took_the_advice(launcher):
    theme = Theme()
    for _ in range(3):
        theme, launcher = taken(theme, launcher)
    ends = [launcher.colour, launcher.second_colour] if launcher.fill == "gradient" else [launcher.colour]
    if launcher.colour:
        for colour in filter(None, ends):
            assert contrast(colour, LIGHT_PAGE) >= 3
            # White would do on the first of two, and is black where only that does on both.
            assert contrast(fill_of(launcher, theme.accent)[2], colour) >= 4.5


@settings(deadline=None)
@given(COLOUR, st.lists(COLOUR, min_size=1, max_size=3), st.sampled_from([3.0, 4.5]))
def test_a_shade_for_several_pages_passes_on_each_or_is_none(colour, pages, ratio):
    shade = nearest_on(colour, tuple(pages), ratio)
    for end in ("#000000", "#ffffff") if shade is None else ():
        assert min(contrast(end, page) for page in pages) < ratio
    assert shade is None or min(contrast(shade, page) for page in pages) >= ratio
    assert shade or len(pages) > 1


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_a_preset_needs_no_advice_and_paints_what_passes(preset):
    assert advice_on(preset.theme) == ()
    for scheme in ("light", "dark"):
        tokens = tokens_of(preset.theme)[scheme]
        for words, page in TEXT:
            assert contrast(tokens[words], tokens[page]) >= 4.5, (scheme, words, page)
