"""The widget's settings: read with care, drafted without overwriting, published as numbered versions."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import widget_configs
from core.errors import Conflict, NotFound
from core.widget_configs import FEATURES, PRESETS, Theme, Trigger, WidgetConfig, advice_on, check, look_of, preset_of
from core.widget_configs.colours import DARK_PAGE, LIGHT_PAGE, VISIBLE, contrast, nearest_with, read_colour, text_on
from core.widget_configs.palettes import tokens_of
from models import db
from models.audits import AuditEntry
from models.teammates import Role
from tests.conftest import NOW, make_teammate

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def save(agent, config, *, revision=None, by=None):
    revision = widget_configs.draft(agent).revision if revision is None else revision
    return widget_configs.save_draft(agent, config, revision=revision, by=by, now=NOW)


def test_settings_survive_the_database():
    config = WidgetConfig(
        name="Lumi",
        suggested_questions=("Where is my order?", "Can I return it?"),
        theme=Theme("#123456", "dark"),
        position="top-left",
        features={**FEATURES, "handoff": False},
        triggers=(Trigger(20),),
    )
    assert WidgetConfig.from_settings(config.as_settings()) == config


def test_missing_and_unknown_settings_take_defaults():
    config = WidgetConfig.from_settings({"name": "Lumi", "moon": "full", "theme": {"accent": 7}, "triggers": "soon"})
    assert config == WidgetConfig(name="Lumi")


def test_a_good_file_has_no_problems():
    config, problems = check(
        {
            "theme": {"primary_color": "#ABC", "mode": "dark"},
            "position": "middle-left",
            "greeting": "Hello\r\nthere\x00",
            "features": {"handoff": False, "telepathy": True},
            "triggers": [{"type": "time", "delay_seconds": 5}, {"after_seconds": 30}],
            "custom_css": ".bubble { color: red }",
        }
    )
    assert problems == {}
    assert config.theme == Theme("#aabbcc", "dark")
    assert (config.position, config.greeting) == ("middle-left", "Hello\nthere")
    assert config.features == {**FEATURES, "handoff": False}
    assert config.triggers == (Trigger(5), Trigger(30))


@pytest.mark.parametrize(
    ("part", "settings"),
    [
        ("name", {"name": " "}),
        ("name", {"name": "x" * 61}),
        ("greeting", {"greeting": 5}),
        ("suggested_questions", {"suggested_questions": "Where?"}),
        ("suggested_questions", {"suggested_questions": [str(number) for number in range(7)]}),
        ("suggested_questions", {"suggested_questions": ["x" * 121]}),
        ("theme", {"theme": "blue"}),
        ("theme.accent", {"theme": {"accent": "url(x)"}}),
        ("theme.accent", {"theme": {"accent": "rgb(0 0 0 / 50%)"}}),
        ("theme.scheme", {"theme": {"scheme": "neon"}}),
        ("theme.preset", {"theme": {"preset": "neon"}}),
        ("theme.paper", {"theme": {"paper": ""}}),
        ("theme.dark_ink", {"theme": {"dark_ink": "};"}}),
        ("theme.corners", {"theme": {"corners": 29}}),
        ("theme.corners", {"theme": {"corners": True}}),
        ("theme.width", {"theme": {"width": "100%"}}),
        ("theme.font", {"theme": {"font": "Comic Sans"}}),
        ("position", {"position": ["bottom-right"]}),
        ("launcher.icon", {"launcher": {"icon": "skull"}}),
        ("launcher.text", {"launcher": {"text": "x" * 31}}),
        ("features.handoff", {"features": {"handoff": "yes"}}),
        ("triggers.0.after_seconds", {"triggers": [{"after_seconds": True}]}),
        ("triggers.0.after_seconds", {"triggers": [{"after_seconds": float("nan")}]}),
        ("triggers.0.after_seconds", {"triggers": [{"after_seconds": -1}]}),
    ],
)
def test_what_cannot_be_used_is_named_and_keeps_its_old_value(part, settings):
    base = WidgetConfig(name="Lumi", theme=Theme("#123456", "dark"), triggers=(Trigger(9),))
    config, problems = check(settings, base=base)
    assert list(problems) == [part]
    assert config == base


@given(
    st.dictionaries(st.sampled_from(list(WidgetConfig().as_settings())), st.none() | st.text() | st.lists(st.text()))
)
def test_any_settings_give_a_look(settings):
    named = {
        "name",
        "greeting",
        "suggestions",
        "accent",
        "onAccent",
        "scheme",
        "css",
        "font",
        "logo",
        "avatar",
        "launcher",
    }
    assert set(look_of(check(settings)[0])) == named


def test_the_look_greets_by_the_earliest_trigger():
    assert "trigger" not in look_of(WidgetConfig())["launcher"]
    assert look_of(WidgetConfig(triggers=(Trigger(30), Trigger(5))))["launcher"]["trigger"] == 5


@pytest.mark.parametrize(
    ("text", "colour"),
    [("#FFF", "#ffffff"), (" b4490f", "#b4490f"), ("teal", "#008080"), ("#12", None), ("", None), (7, None)],
)
def test_colours_are_read_as_people_write_them(text, colour):
    assert read_colour(text) == colour


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@given(COLOURS)
def test_text_on_a_colour_can_always_be_read(colour):
    assert contrast(text_on(colour), colour) >= 4.5


@given(COLOURS, st.sampled_from([LIGHT_PAGE, DARK_PAGE]))
def test_the_proposed_shade_always_passes(colour, page):
    assert contrast(nearest_with(colour, page, VISIBLE), page) >= VISIBLE


def test_a_colour_that_passes_is_left_alone():
    assert nearest_with("#b4490f", LIGHT_PAGE, VISIBLE) == "#b4490f"


def test_a_colour_that_is_hard_to_see_is_told_in_words():
    [advice] = advice_on(Theme("#ffd400"))
    assert advice.field == "accent"
    assert "hard to see on a white page" in advice.sentence
    assert contrast(advice.proposal, LIGHT_PAGE) >= 3
    assert advice_on(Theme("#ffd400", "dark")) == ()
    assert advice_on(Theme("#1f6feb")) == ()


def test_words_that_are_hard_to_read_are_told_for_each_scheme():
    pale = Theme(ink="#aaaaaa", dark_paper="#222222", dark_ink="#333333")
    assert [advice.field for advice in advice_on(pale)] == ["ink", "dark_ink"]
    assert [advice.field for advice in advice_on(replace(pale, scheme="light"))] == ["ink"]


@given(st.builds(Theme, accent=COLOURS, paper=COLOURS, ink=COLOURS, dark_paper=COLOURS, dark_ink=COLOURS))
def test_taking_the_advice_settles_it(theme):
    settled = replace(theme, surface=theme.paper, dark_surface=theme.dark_paper)
    settled = replace(settled, **{advice.field: advice.proposal for advice in advice_on(settled)})
    assert advice_on(settled) == ()


@given(st.builds(Theme, accent=COLOURS, paper=COLOURS, surface=COLOURS, ink=COLOURS, said=COLOURS | st.just("")))
def test_what_the_palette_works_out_can_be_read(theme):
    for scheme in ("light", "dark"):
        tokens = tokens_of(theme)[scheme]
        for words, page in (("--on-fill", "--fill"), ("--on-said", "--said"), ("--on-face", "--face")):
            assert contrast(tokens[words], tokens[page]) >= 4.5, (scheme, words)
        assert contrast(tokens["--soft"], tokens["--paper"]) >= 4.5
        assert contrast(tokens["--edge"], tokens["--surface"]) >= 3


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.key)
def test_every_preset_is_easy_to_read_in_both_schemes(preset):
    assert advice_on(replace(preset.theme, scheme="auto")) == ()
    for scheme in ("light", "dark"):
        tokens = tokens_of(preset.theme)[scheme]
        for page in ("--paper", "--surface"):
            assert contrast(tokens["--ink"], tokens[page]) >= 7, (scheme, page)
            assert contrast(tokens["--soft"], tokens[page]) >= 4.5, (scheme, page)
    assert preset_of(check({"theme": {"preset": preset.key}})[0].theme) == preset


def test_a_theme_comes_back_from_the_database_as_it_was():
    for preset in PRESETS:
        config = WidgetConfig(theme=preset.theme)
        assert WidgetConfig.from_settings(config.as_settings()) == config


def test_a_draft_is_not_shown_to_customers(agent):
    save(agent, WidgetConfig(name="Lumi", greeting="Draft"))
    assert widget_configs.has_changes(agent)
    assert widget_configs.drafted(agent).greeting == "Draft"
    assert widget_configs.published(agent) == (WidgetConfig(name="Lumi"), 1)


def test_whoever_started_from_an_older_draft_overwrites_nobody(workspace, agent):
    adam, eddy = (make_teammate(workspace, name, Role.EDITOR) for name in ("Adam", "Eddy"))
    began = widget_configs.draft(agent).revision
    save(agent, WidgetConfig(greeting="Adam's"), revision=began, by=adam)
    with pytest.raises(Conflict, match="Adam has changed"):
        save(agent, WidgetConfig(greeting="Eddy's"), revision=began, by=eddy)
    with pytest.raises(Conflict, match="another tab"):
        save(agent, WidgetConfig(greeting="Again"), revision=began, by=adam)
    assert widget_configs.drafted(agent).greeting == "Adam's"


def test_saving_what_is_there_already_is_no_conflict(agent):
    began = widget_configs.draft(agent).revision
    saved = save(agent, WidgetConfig(greeting="Same"), revision=began)
    assert save(agent, WidgetConfig(greeting="Same"), revision=began).revision == saved.revision


def test_publishing_makes_a_numbered_version(workspace, agent):
    adam = make_teammate(workspace, "Adam", Role.ADMIN)
    save(agent, WidgetConfig(name="Ada"), by=adam)
    version = widget_configs.publish(agent, by=adam, now=NOW)
    assert (version.number, version.published_by, agent.name) == (2, adam, "Ada")
    assert widget_configs.published(agent) == (WidgetConfig(name="Ada"), 2)
    assert widget_configs.publish(agent, by=adam, now=NOW) == version


def test_discarding_brings_the_draft_back_to_what_customers_see(agent):
    save(agent, WidgetConfig(name="Ada"))
    began = widget_configs.draft(agent).revision
    assert widget_configs.discard(agent, by=None, now=NOW).revision == began + 1
    assert not widget_configs.has_changes(agent)


def test_an_earlier_version_comes_back_as_a_new_one(agent):
    save(agent, WidgetConfig(name="Ada"))
    widget_configs.publish(agent, by=None, now=NOW)
    save(agent, WidgetConfig(name="Unpublished"))
    assert widget_configs.restore(agent, 1, by=None, now=NOW).number == 3
    assert widget_configs.published(agent)[0].name == "Lumi"
    assert not widget_configs.has_changes(agent)
    assert [version.number for version in widget_configs.history(agent)] == [3, 2, 1]


def test_what_changes_for_customers_is_noted_with_what_it_was(workspace, agent):
    eddy = make_teammate(workspace, "Eddy", Role.EDITOR)
    save(agent, WidgetConfig(name="Lumi", greeting="Welcome", custom_css=".a { color: red }"))
    widget_configs.publish(agent, by=eddy, now=NOW)
    save(agent, WidgetConfig(name="Ada"))
    widget_configs.discard(agent, by=eddy, now=NOW)
    widget_configs.discard(agent, by=eddy, now=NOW)
    save(agent, WidgetConfig(name="Ada", greeting="Welcome", custom_css=".a { color: red }"))
    widget_configs.publish(agent, by=eddy, now=NOW)
    widget_configs.restore(agent, 2, by=eddy, now=NOW)
    hello = WidgetConfig().greeting
    noted = db.session.query(AuditEntry).order_by(AuditEntry.id).all()
    assert [(entry.who, entry.action, entry.before, entry.after) for entry in noted] == [
        (
            "Eddy",
            "look.publish",
            {"greeting": hello, "custom_css": "0 characters"},
            {"greeting": "Welcome", "custom_css": "17 characters", "version": 2},
        ),
        (
            "Eddy",
            "look.discard",
            {"name": "Ada", "greeting": hello, "custom_css": "0 characters"},
            {"name": "Lumi", "greeting": "Welcome", "custom_css": "17 characters", "version": 2},
        ),
        ("Eddy", "look.publish", {"name": "Lumi"}, {"name": "Ada", "version": 3}),
        ("Eddy", "agent.rename", {"name": "Lumi"}, {"name": "Ada"}),
        ("Eddy", "look.restore", {"name": "Ada"}, {"name": "Lumi", "version": 4}),
        ("Eddy", "agent.rename", {"name": "Ada"}, {"name": "Lumi"}),
    ]


def test_only_versions_that_exist_come_back(agent):
    with pytest.raises(NotFound):
        widget_configs.restore(agent, 7, by=None, now=NOW)


def test_another_session_sees_what_was_saved(app, agent):
    save(agent, WidgetConfig(greeting="Kept"))
    db.session.remove()
    assert widget_configs.drafted(agent).greeting == "Kept"
