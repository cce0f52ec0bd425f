"""How long customers waited lately, and what is promised from it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core import availabilities, conversations, handoff_rules, handoffs, waiting_times, widget_configs
from core.handoff_rules import HandoffRules
from core.widget_configs import Hours
from models.inbox import Presence
from models.teammates import Role
from tests.conftest import NOW, keep, make_conversation, make_teammate

OFFICE = Hours(is_on=True, time_zone="Europe/Berlin")


@pytest.fixture
def waited(agent):
    """Makes customers who waited for so many minutes."""

    def make(*minutes, since=NOW - timedelta(hours=12)):
        for number in minutes:
            conversation = make_conversation(agent)
            conversation.requested_at = since
            conversation.first_answered_at = since + timedelta(minutes=number)
            keep(conversation)

    return make


def config_of(agent):
    return widget_configs.published(agent)[0]


def usual(agent, hours=None):
    return waiting_times.usual_minutes(agent.workspace_id, hours or Hours(), now=NOW)


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        ((), None),
        ((3, 3, 3, 3), None),
        ((3, 3, 3, 3, 3), 5),
        ((1, 1, 1, 1, 200), 2),
        ((1, 1, 1, 9, 200), 10),
        ((300, 300, 300, 300, 300), None),
    ],
)
def test_three_of_four_waited_no_longer_than_is_told(agent, waited, minutes, told):
    waited(*minutes)
    assert usual(agent) == told


def test_what_is_long_ago_says_nothing(agent, waited):
    waited(*[3] * 8, since=NOW - timedelta(days=15))
    assert usual(agent) is None


def test_nights_do_not_count(agent, waited):
    berlin = ZoneInfo("Europe/Berlin")
    waited(*[600] * 5, since=datetime(2026, 11, 18, 23, 0, tzinfo=berlin))
    assert usual(agent, OFFICE) is None
    waited(*[4] * 5, since=datetime(2026, 11, 19, 11, 0, tzinfo=berlin))
    assert usual(agent, OFFICE) == 5


def test_another_workspaces_waits_are_not_ours(agent, other_agent, waited):
    waited(*[3] * 5)
    assert usual(other_agent) is None


class TestPromise:
    @pytest.fixture
    def sue(self, workspace, monkeypatch):
        monkeypatch.setattr(availabilities, "_noted", {})
        return make_teammate(workspace, "Sue", Role.SUPPORT)

    def promised(self, agent):
        conversation = make_conversation(agent)
        conversations.request_person(conversation, reason="asked", now=NOW)
        return conversations.latest_messages(conversation)[-1].text.partition(". ")[0]

    def test_a_person_comes_as_soon_as_one_did_lately(self, agent, sue, waited):
        availabilities.note_active(sue, now=NOW)
        assert self.promised(agent) == "You will get an answer from a person here"
        waited(*[8] * 5)
        assert self.promised(agent) == "A person usually answers here within 10 minutes"

    def test_what_an_admin_has_chosen_counts_more(self, agent, sue, waited):
        availabilities.note_active(sue, now=NOW)
        waited(*[8] * 5)
        handoff_rules.change(agent, HandoffRules(minutes=0), by=None, now=NOW)
        assert self.promised(agent) == "You will get an answer from a person here"

    def test_with_nobody_there_it_is_said(self, agent, sue, waited):
        availabilities.set_presence(sue, Presence.AWAY, now=NOW)
        text = "Nobody of the team is here right now"
        assert self.promised(agent) == text
        assert not handoffs.comes_soon(agent, config_of(agent), now=NOW)
        waited(*[8] * 5)
        conversation = make_conversation(agent)
        assert handoffs.promise(conversation, now=NOW).startswith(f"{text}. A person usually answers here within 10 m")

    def test_where_nobody_was_ever_seen_it_is_as_if_they_were_there(self, agent, sue):
        assert self.promised(agent) == "You will get an answer from a person here"
        assert handoffs.comes_soon(agent, config_of(agent), now=NOW)
