"""Who is told what, what is pushed, and what is mailed when."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest

from core import conversations, notes, notifications, occurrences, ratings
from core.errors import Invalid
from core.notifications import Choices, Kind, Pace, QuietHours, Way
from core.occurrences import Kind as Happened
from core.occurrences import Occurrence
from models import db, transaction
from models.notifications import Notification
from models.teammates import Role
from tests.conftest import NOW, make_conversation, make_teammate

LATER = NOW + timedelta(minutes=3)


@pytest.fixture
def team(workspace, other_workspace):
    make_teammate(other_workspace, "Stan", Role.OWNER)
    return SimpleNamespace(
        olga=make_teammate(workspace, "Olga", Role.OWNER),
        sue=make_teammate(workspace, "Sue", Role.SUPPORT),
        rita=make_teammate(workspace, "Rita", Role.VIEWER),
    )


def told(teammate, *, unseen_only=True):
    rows = db.session.scalars(db.select(Notification).where(Notification.teammate_id == teammate.id))
    return sorted(row.kind for row in rows if not (unseen_only and row.seen_at))


def happen(kind, conversation, *, at=NOW, **more):
    with transaction():
        occurrences.tell(Occurrence(kind, conversation, at, **more))


class TestWho:
    def test_everybody_who_may_answer_hears_of_a_customer_who_waits(self, conversation, team):
        conversations.request_person(conversation, reason="asked for a person", now=NOW)
        assert (told(team.olga), told(team.sue), told(team.rita)) == (["waiting"], ["waiting"], [])
        assert db.session.query(Notification).count() == 2

    def test_who_takes_it_ends_the_waiting_for_all_and_is_not_told_of_it(self, conversation, team):
        conversations.request_person(conversation, reason="asked for a person", now=NOW)
        conversations.take_over(conversation, team.sue, now=LATER)
        assert told(team.olga) == told(team.sue) == []

    def test_who_has_it_hears_of_the_customers_words_once_a_burst(self, conversation, team):
        conversations.take_over(conversation, team.sue, now=NOW)
        for number, at in enumerate((NOW, NOW + timedelta(minutes=1), LATER)):
            conversations.ask(conversation, client_id=str(number), text="Hello?", now=at)
        row = db.session.query(Notification).one()
        assert (row.teammate_id, row.kind, row.created_at) == (team.sue.id, "message", LATER)

    def test_an_answer_takes_it_from_the_bell(self, conversation, team):
        conversations.take_over(conversation, team.sue, now=NOW)
        conversations.ask(conversation, client_id="one", text="Hello?", now=NOW)
        conversations.write_as_person(conversation, team.sue, text="Hi", now=LATER)
        assert told(team.sue) == []

    def test_while_the_agent_answers_nobody_hears_anything(self, conversation, team):
        conversations.ask(conversation, client_id="one", text="Hello?", now=NOW)
        assert db.session.query(Notification).count() == 0

    def test_who_is_mentioned_hears_it_but_never_of_their_own_doing(self, conversation, team):
        notes.add(conversation, text="@Sue can you look? @Olga too", by=team.olga, now=NOW)
        assert (told(team.sue), told(team.olga)) == (["mention"], [])

    def test_who_is_given_one_hears_it(self, conversation, team):
        conversation.teammate_id = team.sue.id
        db.session.commit()
        happen(Happened.ASSIGNED, conversation, by=team.olga)
        assert (told(team.sue), told(team.olga)) == (["assigned"], [])

    def test_a_late_one_is_told_to_who_has_it_else_to_all(self, agent, team):
        happen(Happened.LATE, make_conversation(agent, teammate_id=team.sue.id))
        assert (told(team.sue), told(team.olga)) == (["late"], [])
        happen(Happened.LATE, make_conversation(agent))
        assert told(team.olga) == ["late"]

    @pytest.mark.parametrize(("score", "kinds"), [(1, ["rated_badly"]), (2, ["rated_badly"]), (3, [])])
    def test_a_bad_rating_is_told_to_who_had_answered(self, conversation, team, score, kinds):
        conversations.ask(conversation, client_id="one", text="Hello", now=NOW)
        conversations.write_as_person(conversation, team.sue, text="Hi", now=NOW)
        conversations.resolve(conversation, now=NOW)
        (question,) = ratings.of_conversation(conversation)
        ratings.rate(conversation, question, score=score, comment=None, now=LATER)
        assert (told(team.sue), told(team.olga)) == (kinds, [])


class TestSeeing:
    def test_a_look_at_one_conversation_leaves_the_others(self, agent, team):
        first, second = make_conversation(agent), make_conversation(agent)
        for conversation in (first, second):
            conversations.request_person(conversation, reason="asked for a person", now=NOW)
        notifications.see(first.id, team.sue, now=LATER)
        assert (notifications.unseen(team.sue.id), notifications.unseen(team.olga.id)) == (1, 2)
        notifications.see_all(team.sue, now=LATER)
        assert notifications.unseen(team.sue.id) == 0
        assert len(notifications.latest(team.sue)) == 2


def own(ways=frozenset(Way), **changes):
    return Choices(ways=dict.fromkeys(Kind, ways), **changes)


class TestChoosing:
    def test_what_is_chosen_is_kept(self, team):
        chosen = own(frozenset({Way.MAIL}), pace=Pace.DAILY, time_zone="Europe/Berlin")
        notifications.change(team.sue, chosen, now=NOW)
        assert notifications.of(team.sue.id) == chosen
        assert notifications.of(team.olga.id) == Choices()

    @pytest.mark.parametrize("wrong", [{"time_zone": "Moon/Base"}, {"quiet": QuietHours("08:00", "08:00", "UTC")}])
    def test_what_cannot_be_is_refused(self, team, wrong):
        with pytest.raises(Invalid):
            notifications.change(team.sue, own(**wrong), now=NOW)

    @pytest.mark.parametrize(
        ("begins", "ends", "hour", "holds"),
        [
            ("22:00", "07:00", 22, True),
            ("22:00", "07:00", 3, True),
            ("22:00", "07:00", 7, False),
            ("12:00", "13:00", 12, True),
            ("12:00", "13:00", 13, False),
        ],
    )
    def test_quiet_hours_go_by_their_own_clock(self, begins, ends, hour, holds):
        # In July, Berlin is two hours ahead of UTC.
        then = datetime(2026, 7, 10, tzinfo=UTC) + timedelta(hours=hour - 2)
        assert QuietHours(begins, ends, "Europe/Berlin").hold(then) is holds


class TestPushing:
    @pytest.fixture(autouse=True)
    def unhurried(self, monkeypatch):
        """The queue of tests works at once, before anybody has claimed anything here."""
        monkeypatch.setattr("core.notifications.telling._hand_on", lambda *_: None)

    def waiting(self, conversation, teammate):
        conversations.request_person(conversation, reason="asked for a person", now=NOW)
        return db.session.scalar(db.select(Notification.id).where(Notification.teammate_id == teammate.id))

    def test_it_is_taken_on_once(self, conversation, team):
        number = self.waiting(conversation, team.sue)
        assert notifications.claim_push(number, now=NOW).id == number
        assert notifications.claim_push(number, now=NOW) is None

    def test_not_what_is_seen_too_old_not_wanted_or_quiet(self, agent, team):
        seen = self.waiting(make_conversation(agent), team.sue)
        notifications.see_all(team.sue, now=NOW)
        assert notifications.claim_push(seen, now=NOW) is None
        for choices, at in (
            (own(), NOW + timedelta(minutes=11)),
            (own(frozenset({Way.MAIL})), NOW),
            (own(quiet=QuietHours("11:00", "13:00", "UTC")), NOW),
        ):
            notifications.change(team.sue, choices, now=NOW)
            conversation = make_conversation(agent)
            conversations.request_person(conversation, reason="asked for a person", now=NOW)
            number = db.session.scalar(
                db.select(Notification.id).where(
                    Notification.teammate_id == team.sue.id, Notification.conversation_id == conversation.id
                )
            )
            assert notifications.claim_push(number, now=at) is None


class TestMailing:
    def due(self, at):
        return {letter.teammate.name: len(letter.notifications) for letter in notifications.due_letters(now=at)}

    def mentioned(self, agent, team):
        for _ in range(2):
            notes.add(make_conversation(agent), text="@Sue look", by=team.olga, now=NOW)

    def test_what_is_not_seen_in_two_minutes_comes_in_one_mail_and_once(self, agent, team):
        self.mentioned(agent, team)
        assert self.due(NOW + timedelta(minutes=1)) == {}
        assert self.due(LATER) == {"Sue": 2}
        (letter,) = notifications.due_letters(now=LATER)
        with transaction():
            assert notifications.mailed(letter, now=LATER)
            assert not notifications.mailed(letter, now=LATER)
        assert self.due(LATER + timedelta(hours=1)) == {}

    @pytest.mark.parametrize(("pace", "minutes"), [(Pace.AT_ONCE, 6), (Pace.HOURLY, 61), (Pace.DAILY, 20 * 60 + 1)])
    def test_the_next_one_comes_as_often_as_they_want_it(self, agent, team, pace, minutes):
        notifications.change(team.sue, own(pace=pace), now=NOW)
        self.mentioned(agent, team)
        (letter,) = notifications.due_letters(now=LATER)
        with transaction():
            notifications.mailed(letter, now=LATER)
        notes.add(make_conversation(agent), text="@Sue again", by=team.olga, now=LATER)
        assert self.due(LATER + timedelta(minutes=min(minutes - 5, 3))) == {}
        assert self.due(LATER + timedelta(minutes=minutes)) == {"Sue": 1}

    def test_nothing_comes_in_quiet_hours_and_all_of_it_afterwards(self, agent, team):
        notifications.change(team.sue, own(quiet=QuietHours("11:00", "13:00", "UTC")), now=NOW)
        self.mentioned(agent, team)
        assert self.due(LATER) == {}
        assert self.due(NOW + timedelta(minutes=61)) == {"Sue": 2}

    def test_who_has_left_gets_none(self, agent, team):
        self.mentioned(agent, team)
        team.sue.removed_at = NOW
        db.session.commit()
        assert self.due(LATER) == {}

    def test_of_a_customer_who_waits_only_those_who_want_it_are_mailed_at_once(self, conversation, team):
        notifications.change(team.sue, own(frozenset({Way.PUSH})), now=NOW)
        conversations.request_person(conversation, reason="asked for a person", now=NOW)
        assert notifications.to_mail_at_once([team.olga, team.sue], conversation, now=NOW) == [team.olga]
        assert self.due(LATER) == {}


def test_what_is_long_over_is_forgotten(conversation, team):
    conversations.request_person(conversation, reason="asked for a person", now=NOW)
    notifications.clear_old(now=NOW + timedelta(days=61))
    assert db.session.query(Notification).count() == 0
