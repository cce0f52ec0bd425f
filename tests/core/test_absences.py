"""What customers are told while nobody is there."""

from dataclasses import replace
from datetime import UTC, datetime

from core import conversations
from core.absences import absence, next_absence, turns_ahead, waiting_sentence
from core.widget_configs import DAYS, Hours, WidgetConfig
from core.widget_words import say
from models.agents import WidgetVersion
from models.conversations import State
from tests.conftest import NOW, keep, make_conversation

SUNDAY = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
OFFICE = WidgetConfig(hours=Hours(is_on=True, time_zone="Europe/Berlin"))
NEVER = WidgetConfig(hours=Hours(is_on=True, days=dict.fromkeys(DAYS, ())))


def test_nothing_is_said_while_people_are_there():
    assert absence(OFFICE, language="en", now=MONDAY) is None
    assert absence(WidgetConfig(), language="en", now=SUNDAY) is None
    assert waiting_sentence(OFFICE, language="en", now=MONDAY) is None


def test_it_is_said_when_somebody_is_back():
    told = absence(OFFICE, language="en", now=SUNDAY)
    assert told.until == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert told.sentence == "Nobody of the team is here right now. Somebody is back: 2026-11-23, 09:00 (Europe/Berlin)."
    assert "{time}" in told.text


def test_who_is_never_back_does_not_say_so():
    told = absence(NEVER, language="en", now=SUNDAY)
    assert told.until is None
    assert "back" not in told.sentence
    assert "later" in waiting_sentence(NEVER, language="en", now=SUNDAY)


def test_own_words_are_said_instead():
    config = replace(OFFICE, hours=replace(OFFICE.hours, away="At the lake. Back {time}!"))
    assert absence(config, language="en", now=SUNDAY).sentence == "At the lake. Back 2026-11-23, 09:00 (Europe/Berlin)!"
    assert next_absence(config, language="en", now=MONDAY).until == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def test_a_chat_knows_when_people_go_and_come():
    monday = turns_ahead(OFFICE, now=MONDAY)
    assert monday[0] == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert monday[1] == datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    sunday = turns_ahead(OFFICE, now=SUNDAY)
    assert sunday[0] == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    # The last one is always when they come: what is beyond is not guessed.
    assert len(monday) % 2 == 0
    assert len(sunday) % 2 == 1
    assert turns_ahead(NEVER, now=MONDAY) == []
    assert turns_ahead(WidgetConfig(), now=MONDAY) == []


def test_long_holidays_end_for_an_open_chat_too():
    days_off = (*(f"2026-11-{day}" for day in range(24, 31)), "2026-12-01", "2026-12-02", "2026-12-03")
    config = replace(OFFICE, hours=replace(OFFICE.hours, holidays=days_off))
    assert turns_ahead(config, now=MONDAY) == [
        datetime(2026, 11, 23, 16, 0, tzinfo=UTC),
        datetime(2026, 12, 4, 8, 0, tzinfo=UTC),
    ]
    lunch = dict.fromkeys(DAYS, (("08:00", "12:00"), ("13:00", "15:00"), ("16:00", "18:00")))
    busy = replace(OFFICE, hours=replace(OFFICE.hours, days=lunch))
    assert len(turns_ahead(busy, now=MONDAY)) == 16


def publish(agent, config):
    keep(WidgetVersion(agent_id=agent.id, number=2, settings=config.as_settings(), published_at=NOW))


def test_who_asks_for_a_person_at_night_hears_when_there_is_one(agent):
    publish(agent, OFFICE)
    conversation = make_conversation(agent)
    conversations.request_person(conversation, reason="pressed the button", now=SUNDAY)
    (said,) = said_in(conversation)
    assert "back: 2026-11-23, 09:00 (Europe/Berlin)" in said.text
    assert conversation.state is State.WAITING


def test_who_asks_in_business_hours_hears_that_a_person_comes(agent):
    publish(agent, OFFICE)
    conversation = make_conversation(agent)
    conversations.request_person(conversation, reason="pressed the button", now=MONDAY)
    assert [message.text for message in said_in(conversation)] == [say("en", "said_person_comes")]


def said_in(conversation):
    return conversations.messages_after(conversation.id, 0)
