"""Greetings, hours and triggers in the customizer: as rows of a form, with and without scripts, and explained."""

import html
import re

import pytest

from core import widget_configs
from core.widget_configs import Greeting, Hours, Trigger, WidgetConfig
from tests.conftest import NOW

HTMX = {"HX-Request": "true"}


def url(agent, rest="draft"):
    return f"/admin/agents/{agent.id}/customizer/{rest}"


def post(client, agent, *, partial=False, **fields):
    known = {"revision": widget_configs.draft(agent).revision, "name": "Lumi", "greeting": "Hello"}
    return client.post(url(agent), data=known | fields, headers=HTMX if partial else {})


def trigger_row(place=0, **values):
    empty = dict.fromkeys(("after_seconds", "scrolled", "idle_seconds", "event", "value", "at_least", "nth_page"), "")
    usual = empty | {"kind": "time", "does": "greet", "visitor": "any", "cap": "visit"}
    return {f"triggers-{place}-{name}": value for name, value in (usual | values).items()}


def week(**changes):
    days = {f"days-{day}-{name}": value for day in range(5) for name, value in OPEN.items()}
    return {"has_hours": "1", "hours": "set", "time_zone": "Europe/Berlin", "holidays": "", "away": ""} | days | changes


OPEN = {"is_open": "1", "begins_0": "09:00", "ends_0": "17:00"}


def draft_with(agent, **settings):
    config = WidgetConfig(name="Lumi", greeting="Hello", **settings)
    revision = widget_configs.draft(agent).revision
    widget_configs.save_draft(agent, config, revision=revision, by=None, now=NOW)


def test_a_sentence_becomes_a_trigger(eddy, agent):
    row = trigger_row(after_seconds="20", pages="/pricing/*", visitor="returning", in_hours="1", cap="day", text="Hi")
    answer = post(eddy, agent, partial=True, has_triggers="1", **row)
    assert answer.status_code == 200
    (trigger,) = widget_configs.drafted(agent).triggers
    assert trigger == Trigger(
        after_seconds=20, pages="/pricing/*", visitor="returning", in_hours=True, cap="day", text="Hi"
    )
    assert "Greet after 20 seconds on pages under /pricing for returning visitors in business hours" in answer.text


@pytest.mark.parametrize(
    ("kind", "trigger"),
    [
        ("time", Trigger(after_seconds=20)),
        ("scroll", Trigger(scrolled=50)),
        ("leaving", Trigger(on_exit=True)),
        ("idle", Trigger(idle_seconds=60)),
        ("event", Trigger(event="added-to-cart")),
        ("value", Trigger(value="cartValue", at_least=100.0)),
        ("page", Trigger(nth_page=3)),
    ],
)
def test_a_new_trigger_is_one_that_works(eddy, agent, kind, trigger):
    answer = post(eddy, agent, has_triggers="1", arrange="triggers:add", new_trigger=kind)
    assert answer.status_code == 303
    assert widget_configs.drafted(agent).triggers == (trigger,)
    page = eddy.get(answer.location).text
    assert 'name="triggers-0-kind" value="' + kind in page


@pytest.mark.parametrize(
    ("pressed", "left"),
    [
        ("triggers:up:1", [20, 10, 30]),
        ("triggers:down:1", [10, 30, 20]),
        ("triggers:remove:1", [10, 30]),
        ("triggers:up:0", [10, 20, 30]),
        ("triggers:remove:7", [10, 20, 30]),
        ("triggers:dance:1", [10, 20, 30]),
        ("triggers:up:²", [10, 20, 30]),
        ("triggers", [10, 20, 30]),
    ],
)
def test_rows_move_and_go_by_buttons_that_post(eddy, agent, pressed, left):
    rows = trigger_row(0, after_seconds="10") | trigger_row(1, after_seconds="20") | trigger_row(2, after_seconds="30")
    answer = post(eddy, agent, partial=True, has_triggers="1", arrange=pressed, **rows)
    assert [trigger.after_seconds for trigger in widget_configs.drafted(agent).triggers] == left
    assert 'id="trigger-rows" hx-swap-oob="true"' in answer.text


def test_there_are_only_so_many(eddy, agent):
    rows = {name: value for place in range(10) for name, value in trigger_row(place, after_seconds="5").items()}
    post(eddy, agent, has_triggers="1", arrange="triggers:add", **rows)
    assert len(widget_configs.drafted(agent).triggers) == 10


def test_what_a_row_lacks_is_said_beside_it_and_nothing_is_lost(eddy, agent):
    draft_with(agent, triggers=(Trigger(after_seconds=5),))
    row = trigger_row(kind="event", event="", text="Hi {{customer.age}}")
    answer = post(eddy, agent, partial=True, has_triggers="1", **row)
    assert answer.status_code == 422
    said = re.search(r'id="problem-triggers-row-0"[^>]*>(.*?)</p>', answer.text)[1]
    assert "Say what it waits for" in said
    assert "{{customer.age}} is not known here" in said
    assert widget_configs.drafted(agent).triggers == (Trigger(after_seconds=5),)


def test_taking_the_last_trigger_away_leaves_none(eddy, agent):
    draft_with(agent, triggers=(Trigger(after_seconds=5),))
    post(eddy, agent, has_triggers="1", arrange="triggers:remove:0", **trigger_row(after_seconds="5"))
    assert widget_configs.drafted(agent).triggers == ()


def test_a_form_without_these_sections_changes_nothing(eddy, agent):
    hours = Hours(is_on=True, holidays=("12-25",))
    draft_with(agent, triggers=(Trigger(after_seconds=5),), greetings=(Greeting("Hi again"),), hours=hours)
    post(eddy, agent, name="Ada")
    config = widget_configs.drafted(agent)
    assert (config.name, config.hours) == ("Ada", hours)
    assert (config.triggers, config.greetings) == ((Trigger(after_seconds=5),), (Greeting("Hi again"),))


def test_what_the_page_shows_is_what_it_keeps(eddy, agent):
    triggers = (
        Trigger(scrolled=40, after_seconds=5, does="open", after_dismissal=True, text="One"),
        Trigger(value="cartValue", at_least=99.5, nth_page=2),
    )
    hours = Hours(is_on=True, days=Hours().days | {"mon": (("09:00", "12:00"), ("13:00", "24:00"))}, away="Out {time}")
    greetings = (Greeting("Good night", begins="22:00", ends="06:00", pages="/a", visitor="new"),)
    draft_with(agent, triggers=triggers, hours=hours, greetings=greetings)
    post(eddy, agent, **fields_in(eddy.get(f"/admin/agents/{agent.id}/customizer").text))
    config = widget_configs.drafted(agent)
    assert (config.triggers, config.hours, config.greetings) == (triggers, hours, greetings)


def fields_in(page):
    """What a browser would send of these sections."""
    form = page[page.index("Greetings and hours") : page.index("draft-bar")]
    inputs = {
        found["name"]: (re.search(r'value="(.*?)"', found[0]) or ["", ""])[1]
        for found in re.finditer(r'<input[^>]*? name="(?P<name>[^"]+)"[^>]*>', form)
        if ("radio" not in found[0] and "checkbox" not in found[0]) or "checked" in found[0]
    }
    texts = dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S))
    selects = {
        name: (re.search(r'value="([^"]*)" selected', options) or ["", ""])[1]
        for name, options in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', form, re.S)
    }
    wanted = ("triggers", "greetings", "days", "has_", "hours", "time_zone", "holidays", "away")
    found = inputs | texts | selects
    return {
        name: html.unescape(value)
        for name, value in found.items()
        if name.startswith(wanted) and name != "has_css_switch"
    }


def test_greetings_are_rows_too(eddy, agent):
    post(eddy, agent, has_greetings="1", arrange="greetings:add")
    (greeting,) = widget_configs.drafted(agent).greetings
    assert greeting.visitor == "returning"
    answer = post(
        eddy, agent, partial=True, has_greetings="1", **{"greetings-0-text": "Morning", "greetings-0-begins": "06:00"}
    )
    assert answer.status_code == 422
    assert "Write both times" in answer.text


def test_hours_are_set_by_the_week(eddy, agent):
    answer = post(eddy, agent, partial=True, **week(holidays="2026-12-24\n12-25", away="Gone fishing"))
    assert answer.status_code == 200
    hours = widget_configs.drafted(agent).hours
    assert hours == Hours(is_on=True, time_zone="Europe/Berlin", holidays=("12-25", "2026-12-24"), away="Gone fishing")
    assert re.search(r'id="hours-line"[^>]*>(Open now, closes|Closed now, opens) ', answer.text)


def test_the_other_weekdays_become_as_monday_is(eddy, agent):
    post(eddy, agent, **week(**{"days-0-begins_0": "08:00", "days-5-is_open": ""}, arrange="hours:copy"))
    days = widget_configs.drafted(agent).hours.days
    assert [days[day] for day in ("mon", "fri", "sat")] == [(("08:00", "17:00"),), (("08:00", "17:00"),), ()]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"time_zone": "Mars/Crater"}, "Choose a time zone"),
        ({"days-0-ends_0": "08:00"}, "the earlier one first"),
        ({"holidays": "Christmas"}, "Write days off like"),
    ],
)
def test_hours_that_cannot_be_are_explained(eddy, agent, changes, said):
    answer = post(eddy, agent, partial=True, **week(**changes))
    assert answer.status_code == 422
    assert said in answer.text


class TestExplanation:
    @pytest.fixture
    def explained(self, agent):
        draft_with(agent, triggers=(Trigger(after_seconds=20, pages="/pricing/*", visitor="new", in_hours=True),))
        return url(agent, "triggers/1/explanation")

    @pytest.mark.parametrize("headers", [{}, HTMX])
    def test_it_says_why_it_would_fire(self, rita, explained, headers):
        answer = rita.get(f"{explained}?seconds=25&path=/pricing", headers=headers)
        assert answer.status_code == 200
        assert "Would fire now, because 25 seconds on this page are at least 20" in answer.text
        assert ("<dialog" in answer.text) == bool(headers)

    @pytest.mark.parametrize(
        ("facts", "said"),
        [
            ("", "0 of 20 seconds on this page have passed"),
            ("seconds=nan", "0 of 20 seconds"),
            ("seconds=25&path=/blog", "the page /blog is not among /pricing/*"),
            ("seconds=25&returning=1", "this visitor has been here before"),
            ("seconds=25&open=0", "outside your business hours"),
            ("seconds=25&before=visit", "it has greeted in this visit already"),
            ("seconds=25&after=dismissed", "this visitor has sent it away"),
        ],
    )
    def test_it_says_what_is_missing(self, rita, explained, facts, said):
        answer = rita.get(f"{explained}?{facts}")
        assert "Not yet: " in answer.text
        assert said in answer.text

    def test_only_what_is_in_the_draft_is_explained(self, rita, stan, vera, explained, agent):
        assert rita.get(url(agent, "triggers/2/explanation")).status_code == 404
        assert rita.get(url(agent, "triggers/0/explanation")).status_code == 404
        assert stan.get(explained).status_code == 404
        assert vera.get(explained).status_code == 303
