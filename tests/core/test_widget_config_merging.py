"""Two people change one look: what only one of them changed is kept, and what both changed is theirs to choose."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from core import widget_configs
from core.errors import Conflict
from core.widget_configs import MINE, THEIRS, Hours, Theme, Trigger, WidgetConfig, merge
from core.widget_configs.merging import _leaves
from models import db
from models.agents import WidgetDraftStep
from models.teammates import Role
from tests.conftest import NOW, make_teammate

BASE = WidgetConfig(name="Lumi", words={"de": {"placeholder": "Frag"}})
COLOURS = ("#111111", "#777777", "#b4490f")
LOOKS = some.builds(
    WidgetConfig,
    name=some.sampled_from(["Lumi", "Ada", "Bo"]),
    greeting=some.sampled_from(["Hi", "Good day"]),
    suggested_questions=some.sampled_from([(), ("Where?",), ("When?", "Where?")]),
    theme=some.builds(Theme, accent=some.sampled_from(COLOURS), corners=some.integers(0, 3)),
    words=some.sampled_from([{}, {"de": {"placeholder": "Frag"}}, {"de": {"placeholder": "Los", "send": "Ab"}}]),
    triggers=some.sampled_from([(), (Trigger(20),), (Trigger(20), Trigger(30))]),
    hours=some.builds(Hours, is_on=some.booleans(), away=some.sampled_from(["", "Later"])),
)


def settings_of(config):
    return dict(_leaves(config.as_settings()))


def test_what_only_one_has_changed_is_kept_of_each():
    merged = merge(BASE, theirs=replace(BASE, greeting="Theirs"), mine=replace(BASE, name="Mine"))
    assert merged.config == replace(BASE, greeting="Theirs", name="Mine")
    assert merged.is_settled
    assert [change.what for change in merged.from_them] == ["Greeting"]


def test_what_both_have_changed_is_chosen_in_words():
    mine, theirs = replace(BASE, greeting="Mine", name="Ada"), replace(BASE, greeting="Theirs", position="top-left")
    open_ = merge(BASE, theirs=theirs, mine=mine)
    [clash] = open_.clashes
    assert (clash.key, clash.what, clash.theirs, clash.mine) == ("greeting", "Greeting", "Theirs", "Mine")
    assert clash.before == BASE.greeting
    assert not open_.is_settled
    assert merge(BASE, theirs=theirs, mine=mine, choices={"greeting": MINE}).config == replace(
        mine, position="top-left"
    )
    taken = merge(BASE, theirs=theirs, mine=mine, choices={"greeting": THEIRS})
    assert taken.config == replace(mine, position="top-left", greeting="Theirs")
    assert not merge(BASE, theirs=theirs, mine=mine, choices={"greeting": "both"}).is_settled


def test_the_same_change_of_both_is_no_clash():
    both = replace(BASE, greeting="Same")
    merged = merge(BASE, theirs=both, mine=both)
    assert (merged.config, merged.clashes, merged.from_them) == (both, (), ())


def test_lists_are_one_setting_each_and_are_told_in_full():
    mine, theirs = (replace(BASE, triggers=(Trigger(seconds),)) for seconds in (5, 60))
    [clash] = merge(BASE, theirs=theirs, mine=mine).clashes
    assert clash.what == "Opens by itself"
    assert "5" in clash.mine
    assert "60" in clash.theirs
    assert clash.before == "never"


def test_words_that_one_has_taken_away_are_away():
    merged = merge(BASE, theirs=replace(BASE, words={}), mine=replace(BASE, name="Ada"))
    assert merged.config.words == {}


@settings(max_examples=60, deadline=None)
@given(base=LOOKS, theirs=LOOKS, mine=LOOKS)
def test_nothing_appears_that_nobody_wrote_and_nothing_of_one_alone_is_lost(base, theirs, mine):
    merged = merge(base, theirs=theirs, mine=mine)
    old, left, right, result = map(settings_of, (base, theirs, mine, merged.config))
    clashing = {clash.key for clash in merged.clashes}
    for key in old.keys() | left.keys() | right.keys() | result.keys():
        values = [side.get(key) for side in (old, left, right)]
        assert result.get(key) in values
        if key in clashing:
            assert len({repr(value) for value in values}) == 3 or values[1] != values[2]
        elif values[1] != values[0]:
            assert result.get(key) == values[1]
        else:
            assert result.get(key) == values[2]


@settings(max_examples=60, deadline=None)
@given(base=LOOKS, theirs=LOOKS, mine=LOOKS)
def test_it_does_not_matter_who_was_first(base, theirs, mine):
    one, other = merge(base, theirs=theirs, mine=mine), merge(base, theirs=mine, mine=theirs)
    assert {clash.key for clash in one.clashes} == {clash.key for clash in other.clashes}
    if not one.clashes:
        assert one.config == other.config
    keys = [clash.key for clash in one.clashes]
    first = merge(base, theirs=theirs, mine=mine, choices=dict.fromkeys(keys, MINE))
    second = merge(base, theirs=mine, mine=theirs, choices=dict.fromkeys(keys, THEIRS))
    assert first.config == second.config


def test_a_form_that_began_earlier_is_joined_with_what_was_saved_since(app, workspace, agent):
    eddy, adam = (make_teammate(workspace, name, Role.EDITOR) for name in ("Eddy", "Adam"))
    began, base = widget_configs.draft(agent).revision, widget_configs.drafted(agent)
    save(agent, replace(base, greeting="Adam's"), began=began, base=base, by=adam)
    merged = save(agent, replace(base, name="Ada"), began=began, base=widget_configs.begun_from(agent, began), by=eddy)
    assert merged.their_name == "Adam"
    assert widget_configs.drafted(agent) == replace(base, greeting="Adam's", name="Ada")


def test_a_choice_counts_only_for_what_was_seen(app, workspace, agent):
    eddy, adam = (make_teammate(workspace, name, Role.EDITOR) for name in ("Eddy", "Adam"))
    began, base = widget_configs.draft(agent).revision, widget_configs.drafted(agent)
    save(agent, replace(base, greeting="Adam's"), began=began, base=base, by=adam)
    seen = widget_configs.draft(agent).revision
    save(agent, replace(base, greeting="Adam's second"), began=seen, base=replace(base, greeting="Adam's"), by=adam)
    mine = replace(base, greeting="Eddy's")
    again = save(agent, mine, began=began, base=base, choices={"greeting": MINE}, seen=seen, by=eddy)
    assert not again.is_settled
    assert widget_configs.drafted(agent).greeting == "Adam's second"
    seen = widget_configs.draft(agent).revision
    assert save(agent, mine, began=began, base=base, choices={"greeting": MINE}, seen=seen, by=eddy).is_settled
    assert widget_configs.drafted(agent).greeting == "Eddy's"


def test_the_same_form_sent_twice_is_saved_once(app, workspace, agent):
    eddy = make_teammate(workspace, "Eddy", Role.EDITOR)
    began, base = widget_configs.draft(agent).revision, widget_configs.drafted(agent)
    mine = replace(base, greeting="Eddy's")
    for _time in range(2):
        merged = save(agent, mine, began=began, base=base, by=eddy)
        assert (merged.config, merged.clashes, merged.from_them) == (mine, (), ())
    assert widget_configs.draft(agent).revision == began + 1


def test_steps_are_kept_with_each_save_and_the_oldest_go(app, agent, monkeypatch):
    monkeypatch.setattr("core.widget_configs.drafts._MOST_STEPS", 3)
    base = widget_configs.drafted(agent)
    for number in range(5):
        revision = widget_configs.draft(agent).revision
        config = replace(base, greeting=str(number))
        widget_configs.save_draft(agent, config, revision=revision, by=None, now=NOW)
    kept = db.session.scalars(db.select(WidgetDraftStep.settings).order_by(WidgetDraftStep.revision)).all()
    assert [step["greeting"] for step in kept] == ["2", "3", "4"]
    assert widget_configs.begun_from(agent, 1) is None


def test_a_save_that_came_too_late_leaves_no_step(app, agent):
    with pytest.raises(Conflict):
        widget_configs.save_draft(agent, WidgetConfig(name="Ada"), revision=77, by=None, now=NOW)
    assert widget_configs.begun_from(agent, 78) is None
    assert widget_configs.drafted(agent).name == "Lumi"


def save(agent, config, **how):
    return widget_configs.save_merged(agent, config, now=NOW, **how)
