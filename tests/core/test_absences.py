"""What customers are told while nobody is there."""

from dataclasses import replace
from datetime import UTC, datetime

from core import conversations
from core.absences import absence, next_absence, waiting_sentence
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
