"""Asking customers how content they were, and taking what they answer."""

from datetime import timedelta

import pytest

from core import conversations, customer_exports, occurrences, ratings
from core.errors import Conflict, Invalid, NotFound
from core.occurrences import Kind
from core.ratings import Asked, Decisions
from core.resolutions import Resolution
from models import db
from models.conversations import Message, Sender
from models.inbox import Rating
from models.teammates import Role
from tests.conftest import NOW, make_conversation, make_teammate

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def sue_herself(workspace):
    return make_teammate(workspace, "Sue", Role.SUPPORT)


@pytest.fixture
def told(monkeypatch):
    heard = []
    monkeypatch.setattr(occurrences, "_listeners", dict(occurrences._listeners))
    occurrences.listen("test", frozenset({Kind.RATED}), heard.append)
    return heard


def ask_and_resolve(conversation, *, number="one", now=NOW):
    conversations.ask(conversation, client_id=number, text="Where is my lamp?", now=now)
    conversations.resolve(conversation, now=now)
    return notice_of(conversation)


def notice_of(conversation):
    return db.session.scalars(
        db.select(Message)
        .where(Message.conversation_id == conversation.id, Message.sender == Sender.SYSTEM)
        .order_by(Message.seq.desc())
    ).first()


class TestAsking:
    def test_the_notice_that_it_is_closed_asks(self, conversation):
        notice = ask_and_resolve(conversation)
        assert conversations.as_json(notice)["extras"] == {"rating": {"id": str(notice.id)}}
        assert db.session.get(Rating, notice.id).teammate_id is None

    def test_who_has_answered_last_is_remembered(self, conversation, sue_herself):
        conversations.ask(conversation, client_id="one", text="Hello", now=NOW)
        conversations.write_as_person(conversation, sue_herself, text="Hi", now=NOW)
        conversations.resolve(conversation, now=NOW)
        assert db.session.query(Rating).one().teammate_id == sue_herself.id

    def test_who_has_said_nothing_since_is_not_asked_again(self, conversation):
        ask_and_resolve(conversation)
        conversation.state = "agent"
        db.session.commit()
        conversations.resolve(conversation, now=LATER)
        assert db.session.query(Rating).count() == 1
        assert "rating" not in notice_of(conversation).details

    def test_who_sends_spam_is_not_asked(self, conversation, sue_herself):
        conversations.ask(conversation, client_id="one", text="Buy followers", now=NOW)
        conversations.resolve(conversation, by=sue_herself, reason=Resolution.SPAM, now=NOW)
        assert "rating" not in notice_of(conversation).details
        assert db.session.query(Rating).count() == 0

    def test_who_comes_back_is_asked_again(self, conversation):
        ask_and_resolve(conversation)
        ask_and_resolve(conversation, number="two", now=LATER)
        assert db.session.query(Rating).count() == 2

    def test_who_has_never_said_anything_is_not_asked(self, conversation):
        conversations.resolve(conversation, now=NOW)
        assert db.session.query(Rating).count() == 0

    def test_a_teammate_who_tries_the_agent_is_not_asked(self, agent):
        ask_and_resolve(make_conversation(agent, channel=conversations.PREVIEW))
        assert db.session.query(Rating).count() == 0


class TestDeciding:
    def test_switched_off_nobody_is_asked(self, workspace, conversation, sue_herself):
        ratings.decide(workspace, Decisions(is_on=False), by=sue_herself, now=NOW)
        assert "rating" not in ask_and_resolve(conversation).details

    def test_only_those_who_talked_with_a_person_are_asked(self, workspace, agent, sue_herself):
        ratings.decide(workspace, Decisions(asked=Asked.PEOPLE), by=sue_herself, now=NOW)
        assert "rating" not in ask_and_resolve(make_conversation(agent)).details
        served = make_conversation(agent)
        conversations.ask(served, client_id="one", text="Hello", now=NOW)
        conversations.write_as_person(served, sue_herself, text="Hi", now=NOW)
        conversations.resolve(served, now=NOW)
        assert "rating" in notice_of(served).details

    def test_the_workspaces_own_question_goes_along(self, workspace, conversation, sue_herself):
        ratings.decide(workspace, Decisions(question=" Happy\nnow? "), by=sue_herself, now=NOW)
        assert ask_and_resolve(conversation).details["rating"]["question"] == "Happy now?"

    def test_a_question_without_end_is_refused(self, workspace, sue_herself):
        with pytest.raises(Invalid):
            ratings.decide(workspace, Decisions(question="x" * 161), by=sue_herself, now=NOW)


class TestTaking:
    def test_it_is_stored_masked_and_told(self, conversation, told):
        notice = ask_and_resolve(conversation)
        ratings.rate(conversation, notice.id, score=2, comment="Write to nia@example.com", now=LATER)
        rating = db.session.get(Rating, notice.id)
        assert (rating.score, rating.comment, rating.rated_at) == (2, "Write to [email]", LATER)
        assert [dict(one.details) for one in told] == [{"score": 2, "comment": "Write to [email]"}]
        assert notice_of(conversation).details["rating"]["score"] == 2

    def test_the_same_again_is_the_same_rating_and_another_is_refused(self, conversation, told):
        notice = ask_and_resolve(conversation)
        for _ in range(2):
            ratings.rate(conversation, notice.id, score=5, comment=None, now=LATER)
        with pytest.raises(Conflict):
            ratings.rate(conversation, notice.id, score=1, comment=None, now=LATER)
        assert len(told) == 1

    def test_after_a_month_it_is_too_late(self, conversation):
        notice = ask_and_resolve(conversation)
        with pytest.raises(Conflict):
            ratings.rate(
                conversation, notice.id, score=5, comment="", now=NOW + ratings.OPEN_FOR + timedelta(seconds=1)
            )

    def test_the_question_of_another_conversation_is_unknown(self, agent, conversation):
        notice = ask_and_resolve(conversation)
        with pytest.raises(NotFound):
            ratings.rate(make_conversation(agent), notice.id, score=5, comment="", now=LATER)

    @pytest.mark.parametrize(
        ("score", "comment"), [(0, ""), (6, ""), (True, ""), ("5", ""), (4.5, ""), (None, ""), (5, 7), (5, "x" * 1001)]
    )
    def test_anything_else_is_refused(self, conversation, score, comment):
        notice = ask_and_resolve(conversation)
        with pytest.raises(Invalid):
            ratings.rate(conversation, notice.id, score=score, comment=comment, now=LATER)


def test_the_figures_of_an_agent(agent):
    for number, score in enumerate((5, 4, 1, None)):
        conversation = make_conversation(agent)
        notice = ask_and_resolve(conversation, number=str(number))
        if score:
            ratings.rate(conversation, notice.id, score=score, comment=None, now=LATER)
    found = ratings.figures(agent, since=NOW - timedelta(days=7))
    assert (found.asked, found.rated, found.content, found.share) == (4, 3, 2, 67)
    assert found.average == pytest.approx(10 / 3)
    assert ratings.figures(agent, since=LATER).share is None


def test_it_is_in_what_a_customer_may_take_along(conversation):
    notice = ask_and_resolve(conversation)
    ratings.rate(conversation, notice.id, score=4, comment="Kind", now=LATER)
    (exported,) = customer_exports.own(conversation.customer, now=LATER)["conversations"]
    assert [(one["score"], one["comment"]) for one in exported["ratings"]] == [(4, "Kind")]
    assert ratings.of_customer(conversation.customer)[conversation.id].score == 4
