"""Triggers explained, held to the same table as the browser's side (tests/js/triggers.test.js)."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core import business_hours, triggers, widget_configs
from core.triggers import Facts
from core.widget_configs import Greeting, Hours, Launcher, Trigger, WidgetConfig

CASES = json.loads((Path(__file__).parents[1] / "triggers.json").read_text())
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PLAIN = Trigger(after_seconds=20)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['trigger']} {case['facts']}")
def test_a_trigger_fires_for_reasons(case):
    asked = {name: value for name, value in case["trigger"].items() if name != "stems"}
    names = {"inVisit": "in_visit", "onPage": "on_page"}
    facts = Facts(**{names.get(name, name): value for name, value in case["facts"].items()})
    explanation = triggers.explain(Trigger(**asked), facts)
    assert (explanation.fires, list(explanation.because)) == (case["fires"], case["because"])
    assert explanation.sentence.startswith("Would fire now, because" if case["fires"] else "Not yet: ")
    assert "  " not in explanation.sentence
    (rule,) = triggers.rules_of(WidgetConfig(triggers=(Trigger(**asked),)), now=NOW)["triggers"]
    assert {"cap": "visit"} | case["trigger"] == {
        name: value for name, value in rule.items() if name not in ("id", "number", "does", "pages")
    } | ({"pages": asked["pages"]} if "pages" in asked else {})


def test_an_explanation_reads_well():
    trigger = Trigger(after_seconds=20, pages="/pricing/*", visitor="new")
    fires = triggers.explain(trigger, Facts(seconds=25, path="/pricing"))
    assert fires.sentence == (
        "Would fire now, because 25 seconds on this page are at least 20, the page /pricing is among /pricing/* "
        "and this visitor is here for the first time."
    )
    waits = triggers.explain(trigger, Facts(seconds=1, path="/", returning=True))
    assert waits.sentence == (
        "Not yet: 1 of 20 seconds on this page have passed; the page / is not among /pricing/*; "
        "this visitor has been here before."
    )


@pytest.mark.parametrize(
    "config",
    [
        WidgetConfig(triggers=(PLAIN, PLAIN)),
        WidgetConfig(triggers=(Trigger(scrolled=50),)),
        WidgetConfig(triggers=(replace(PLAIN, cap="day"),)),
        WidgetConfig(triggers=(replace(PLAIN, text="Look here"),)),
        WidgetConfig(triggers=(replace(PLAIN, does="open"),)),
        WidgetConfig(triggers=(PLAIN,), greeting="Hi {{customer.name|there}}"),
        WidgetConfig(triggers=(PLAIN,), greetings=(Greeting("Welcome back", visitor="returning"),)),
    ],
)
def test_more_than_a_delay_needs_rules(config):
    assert not triggers.are_plain(config)


@pytest.mark.parametrize("asked", [(), (PLAIN,), (Trigger(after_seconds=0),)])
def test_a_delay_alone_needs_none(asked):
    assert triggers.are_plain(WidgetConfig(triggers=asked, greeting="Hello"))


def test_browsers_know_where_the_chat_stays_away():
    launcher = Launcher(page_rule="except", pages=("/checkout/*",))
    rules = triggers.rules_of(WidgetConfig(triggers=(Trigger(scrolled=1),), launcher=launcher), now=NOW)
    assert (rules["pages"], rules["only"]) == (["/checkout/"], False)
    assert "pages" not in triggers.rules_of(WidgetConfig(triggers=(Trigger(scrolled=1),)), now=NOW)


def test_the_id_of_a_trigger_outlives_its_words_and_its_place():
    first, second = Trigger(scrolled=50), Trigger(after_seconds=5)
    before = triggers.rules_of(WidgetConfig(triggers=(first, second)), now=NOW)["triggers"]
    after = triggers.rules_of(WidgetConfig(triggers=(second, replace(first, text="Other words"))), now=NOW)["triggers"]
    assert [rule["id"] for rule in before] == [rule["id"] for rule in reversed(after)]
    assert before[0]["id"] != before[1]["id"]


def test_browsers_know_when_it_opens_and_closes_without_a_clock_of_ours():
    config = WidgetConfig(triggers=(Trigger(after_seconds=5, in_hours=True),), hours=Hours(is_on=True))
    rules = triggers.rules_of(config, now=NOW)
    for hour in range(24 * 14):
        moment = NOW + timedelta(hours=hour)
        passed = sum(turn <= moment.timestamp() for turn in rules["turns"])
        assert (passed % 2 == 0) == (business_hours.is_open(config.hours, moment) == rules["open"])
    assert triggers.rules_of(config, now=NOW + timedelta(hours=11)) == rules
    assert "turns" not in triggers.rules_of(replace(config, triggers=(PLAIN,)), now=NOW)


def translated(**texts):
    return WidgetConfig(
        name="Ada",
        greeting="Hello",
        greetings=(Greeting("Welcome back", visitor="returning"),),
        triggers=(Trigger(scrolled=10, text="Look here"), Trigger(after_seconds=5)),
        words={"de": {"own_greeting": "Hallo", "own_name": "Adele", **texts}},
    )


def test_browsers_know_what_is_said_in_other_languages():
    config = translated()
    config = translated(**{widget_configs.key_of_said(config.triggers[0]): "Schau her"})
    rules = triggers.rules_of(config, now=NOW)
    assert rules["said"] == {
        "de": {"name": "Adele", "triggers": ["Schau her", ""], "greetings": ["Welcome back", "Hallo"]}
    }
    assert rules["heedsPage"]
    assert "fr" in rules["languages"]


def test_a_translation_of_other_words_is_not_said():
    key = widget_configs.key_of_said(Trigger(text="What stood there before"))
    config = widget_configs.spoken(translated(**{key: "Was da stand"}), "de")
    assert config.triggers[0].text == "Look here"


def test_a_fixed_language_needs_no_choice():
    config = widget_configs.spoken_to_all(replace(translated(), language="de"))
    rules = triggers.rules_of(config, now=NOW)
    assert "said" not in rules
    assert (rules["name"], rules["greetings"][-1]["text"]) == ("Adele", "Hallo")


def test_a_translated_greeting_needs_rules_where_the_page_decides():
    config = WidgetConfig(triggers=(PLAIN,), greeting="Hello", words={"de": {"own_greeting": "Hallo"}})
    assert not triggers.are_plain(config)
    assert triggers.are_plain(replace(config, language="de"))
    assert triggers.are_plain(replace(config, words={"de": {"placeholder": "Schreib was"}}))


def test_our_own_greeting_is_said_in_every_language():
    config = WidgetConfig(triggers=(PLAIN,))
    assert not triggers.are_plain(config)
    assert triggers.are_plain(replace(config, language="de"))


def test_what_only_waits_is_one_delay():
    assert triggers.only_wait(WidgetConfig(triggers=(PLAIN,)))
    for asked in ((), (PLAIN, PLAIN), (replace(PLAIN, scrolled=5),), (Trigger(scrolled=5),)):
        assert not triggers.only_wait(WidgetConfig(triggers=asked))
