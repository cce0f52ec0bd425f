"""The answers that are owed: each is produced once, by whoever is there, and honestly given up."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import answers, conversations, merges, pieces, replies
from core.clock import utc_now
from core.replies import Reply
from gateways.bus import current_bus
from models import db
from models.conversations import Answer, Conversation, Message, Outcome, Sender, State
from models.customers import Customer, Standing
from models.knowledge import Entry
from models.teammates import Role
from tests.conftest import keep, make_conversation, make_customer, make_teammate

LONG = "One lamp, two lamps.\n\n" + "Every lantern has a story of its own, and this one is long. " * 12 + "\n- end"


@pytest.fixture
def question(conversation):
    return conversations.ask(conversation, client_id="one", text="Where is my lamp?", now=utc_now())


@pytest.fixture
def composer(monkeypatch):
    """Says what the test wants to the question, and counts how often it was asked."""

    class Composer:
        reply = Reply("In the post.", Outcome.ANSWERED, {"name": "Lumi"}, score=0.9)
        problem: Exception | None = None
        meanwhile = staticmethod(lambda: None)
        asked = 0

        def compose(self, _agent, _question, **_further):
            self.asked += 1
            self.meanwhile()
            if self.problem:
                raise self.problem
            return self.reply

    made = Composer()
    monkeypatch.setattr(replies, "compose", made.compose)
    monkeypatch.setattr(pieces, "_PAUSE", 0)
    return made


def owed(question) -> Answer:
    return db.session.scalars(
        select(Answer).where(Answer.message_id == question.id).execution_options(populate_existing=True)
    ).one()


def replied(question):
    db.session.expire_all()
    messages = conversations.messages_after(question.conversation_id, 0)
    return [message.text for message in messages if message.sender is Sender.AGENT]


def elsewhere(app, action):
    """Do something as another process would: in an app context and a thread of its own."""

    def run():
        with app.app_context():
            try:
                action()
            finally:
                db.session.remove()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(20)


def pass_the_lease(question):
    owed(question).claimed_until = utc_now() - timedelta(seconds=1)
    db.session.commit()


def test_the_answer_is_stored_with_what_became_of_the_question(agent, question, composer):
    entry = keep(
        Entry(
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            question="Where?",
            answer="In the post.",
            created_at=utc_now(),
            updated_at=utc_now(),
        )
    )
    composer.reply = Reply("In the post.", Outcome.ANSWERED, {"name": "Lumi"}, entry_id=entry.id, score=0.9)
    answers.produce(question.id)
    answer = owed(question)
    assert replied(question) == ["In the post."]
    assert db.session.get(Message, answer.reply_id).text == "In the post."
    assert (answer.outcome, answer.entry_id, answer.score) == (Outcome.ANSWERED, entry.id, 0.9)
    assert answer.finished_at is not None
    assert answer.milliseconds > 0


def test_of_many_who_want_to_produce_it_at_once_one_does(app, question, composer):
    question_id, start = question.id, threading.Barrier(6)

    def produce(_):
        with app.app_context():
            try:
                start.wait(10)
                answers.produce(question_id)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(produce, range(6)))
    assert composer.asked == 1
    assert replied(question) == ["In the post."]


def test_what_is_done_is_not_done_again(question, composer):
    for _ in range(2):
        answers.produce(question.id)
    pass_the_lease(question)
    answers.produce(question.id)
    assert composer.asked == 1


def test_a_message_to_which_nothing_is_owed_is_left_alone(conversation, composer):
    reply = conversations.reply(conversation, text="Hm.", details={}, now=utc_now())
    answers.produce(reply.id)
    assert composer.asked == 0


# Crashes


def test_what_a_process_owed_when_it_died_is_produced_by_another(question, composer, monkeypatch):
    class Killed(BaseException):
        """As the end of a process: nothing in between takes care of it."""

    composer.problem = Killed()
    with pytest.raises(Killed):
        answers.produce(question.id)
    composer.problem = None
    dispatched = []
    monkeypatch.setattr(answers, "_dispatch", dispatched.append)
    answers.requeue_overdue(now=utc_now())
    assert dispatched == []
    answers.requeue_overdue(now=utc_now() + timedelta(seconds=31))
    assert dispatched == [question.id]
    answers.produce(question.id)
    assert replied(question) == []
    pass_the_lease(question)
    answers.produce(question.id)
    assert replied(question) == ["In the post."]
    assert owed(question).attempts == 2
    answers.requeue_overdue(now=utc_now() + timedelta(days=1))
    assert dispatched == [question.id]


@pytest.fixture
def taken_on(conversation):
    """A question that was stored by whoever answers it at once."""
    text, now = "Where is my lamp?", utc_now()
    return conversations.ask_once(conversation, client_id="own", text=text, answers_itself=True, now=now).message


def test_what_is_answered_at_once_needs_no_claim_and_is_nobody_elses(taken_on, composer):
    answers.produce(taken_on.id)
    assert replied(taken_on) == []
    answers.produce(taken_on.id, is_claimed=True)
    answers.produce(taken_on.id, is_claimed=True)
    assert replied(taken_on) == ["In the post."]
    assert (composer.asked, owed(taken_on).attempts) == (1, 1)


def test_a_server_that_is_alone_goes_on_with_what_it_had_begun_as_it_starts(taken_on, composer, monkeypatch):
    monkeypatch.setattr(answers, "_dispatch", answers.produce)
    answers.resume_begun(is_alone=False, now=utc_now())
    assert replied(taken_on) == [], "another process may be at it"
    answers.resume_begun(is_alone=True, now=utc_now())
    assert replied(taken_on) == ["In the post."]
    answers.resume_begun(is_alone=True, now=utc_now())
    assert composer.asked == 1


def test_what_a_dead_process_had_taken_on_is_produced_by_somebody_else(taken_on, composer, monkeypatch):
    dispatched = []
    monkeypatch.setattr(answers, "_dispatch", dispatched.append)
    answers.requeue_overdue(now=utc_now())
    assert dispatched == []
    later = utc_now() + timedelta(seconds=31)
    answers.requeue_overdue(now=later)
    assert dispatched == [taken_on.id]
    monkeypatch.setattr(answers, "utc_now", lambda: later)
    answers.produce(taken_on.id)
    # Its first owner was only slow, and comes to it now.
    answers.produce(taken_on.id, is_claimed=True)
    assert replied(taken_on) == ["In the post."]
    assert owed(taken_on).attempts == 2


def test_whoever_waited_too_long_for_a_thread_claims_it_anew(taken_on, composer, monkeypatch):
    monkeypatch.setattr(answers, "utc_now", lambda: utc_now() + timedelta(seconds=31))
    answers.produce(taken_on.id, is_claimed=True)
    assert (replied(taken_on), owed(taken_on).attempts) == (["In the post."], 2)


def test_what_was_asked_for_and_never_begun_is_produced_later(question, composer, monkeypatch):
    dispatched = []
    monkeypatch.setattr(answers, "_dispatch", dispatched.append)
    answers.requeue_overdue(now=utc_now() + timedelta(seconds=29))
    assert dispatched == []
    answers.requeue_overdue(now=utc_now() + timedelta(seconds=31))
    assert dispatched == [question.id]


def test_two_failures_are_tried_again_and_the_third_is_admitted(agent, question, composer):
    composer.problem = RuntimeError("the index is broken")
    for _ in range(2):
        with pytest.raises(RuntimeError):
            answers.produce(question.id)
        assert replied(question) == []
        pass_the_lease(question)
    answers.produce(question.id)
    assert replied(question) == ["I could not work out an answer just now, so I am fetching a person for you."]
    assert owed(question).outcome is Outcome.HANDOFF
    conversation = db.session.get(Conversation, question.conversation_id)
    assert (conversation.state, conversation.handoff_cause) == (State.WAITING, "failure")


def test_a_slow_process_that_was_given_up_does_not_answer_twice(app, question, composer):
    question_id = question.id

    def overtake():
        composer.meanwhile = lambda: None
        elsewhere(app, lambda: pass_the_lease(db.session.get(Message, question_id)))
        elsewhere(app, lambda: answers.produce(question_id))

    composer.meanwhile = overtake
    answers.produce(question.id)
    assert composer.asked == 2
    assert replied(question) == ["In the post."]


# People


def test_once_a_person_is_there_the_agent_is_silent(workspace, conversation, question, composer):
    conversations.take_over(conversation, make_teammate(workspace, "Sue", Role.SUPPORT), now=utc_now())
    answers.produce(question.id)
    assert composer.asked == 0
    assert replied(question) == []
    assert owed(question).finished_at is not None


def test_a_person_who_takes_over_while_the_agent_thinks_is_not_talked_over(
    app, workspace, conversation, question, composer
):
    sue, conversation_id = make_teammate(workspace, "Sue", Role.SUPPORT), conversation.id
    sue_id = sue.id

    def take_over():
        mine = db.session.get(type(conversation), conversation_id)
        conversations.take_over(mine, db.session.get(type(sue), sue_id), now=utc_now())

    composer.meanwhile = lambda: elsewhere(app, take_over)
    with current_bus().listener(conversations.topic(conversation_id)) as listener:
        answers.produce(question.id)
        notes = list(listener.waiting())
    assert composer.asked == 1
    assert replied(question) == []
    assert owed(question).finished_at is not None
    assert [note["typing"]["on"] for note in notes if note["kind"] == "typing"] == [True, False]


# Merged away meanwhile


def merge_away(app, conversation, target, sue):
    ids = [(type(row), row.id) for row in (conversation, target, sue)]

    def merge():
        one, other, by = (db.session.get(kind, number) for kind, number in ids)
        for message in conversations.merge_into(one, other, by=by, now=utc_now()):
            answers.request(message)

    elsewhere(app, merge)


@pytest.fixture
def target(conversation):
    """Another conversation of the same customer, in which something was said."""
    other = make_conversation(conversation.agent, conversation.customer)
    conversations.ask(other, client_id="other", text="Do you sell shades?", now=utc_now())
    conversations.reply(other, text="We do.", details={}, now=utc_now())
    return other


def said_in(conversation):
    db.session.rollback()
    return [message.text for message in conversations.messages_after(conversation.id, 0)]


def test_a_question_is_answered_where_its_conversation_goes_on(
    app, workspace, conversation, target, question, composer, monkeypatch
):
    sue, requested = make_teammate(workspace, "Sue", Role.SUPPORT), []
    monkeypatch.setattr(answers, "_dispatch", lambda message_id, **_how: requested.append(message_id))

    def merge_once():
        composer.meanwhile = lambda: None
        merge_away(app, conversation, target, sue)

    composer.meanwhile = merge_once
    answers.produce(question.id)
    assert said_in(conversation) == ["Where is my lamp?"]
    assert said_in(target) == ["Do you sell shades?", "We do.", "Where is my lamp?"]
    for message_id in requested:
        answers.produce(message_id)
    assert said_in(target)[2:] == ["Where is my lamp?", "In the post."]
    # What was worked out for nobody is owed no more; a browser that sends it once more asks nothing new.
    assert owed(question).finished_at is not None
    conversations.ask(conversation, client_id="one", text="Where is my lamp?", now=utc_now())
    assert said_in(target)[2:] == ["Where is my lamp?", "In the post."]


def test_a_person_who_answers_there_is_not_talked_over(app, workspace, conversation, target, question, composer):
    sue = make_teammate(workspace, "Sue", Role.SUPPORT)
    conversations.take_over(target, sue, now=utc_now())
    before = said_in(target)
    composer.meanwhile = lambda: merge_away(app, conversation, target, sue)
    answers.produce(question.id)
    assert said_in(target) == before
    assert owed(question).finished_at is not None


def test_an_answer_in_progress_reaches_a_visitor_who_signs_in(app, workspace, conversation, question, composer):
    known = make_customer(workspace.id, "Vera", standing=Standing.VERIFIED, external_id="v1")
    ids = conversation.id, known.id

    def sign_in():
        mine, customer = db.session.get(Conversation, ids[0]), db.session.get(Customer, ids[1])
        conversations.join(mine, customer, now=utc_now())

    composer.meanwhile = lambda: elsewhere(app, sign_in)
    answers.produce(question.id)
    assert said_in(conversation)[-1] == "In the post."


def test_an_answer_in_progress_reaches_a_customer_who_becomes_another(app, workspace, conversation, question, composer):
    known = make_customer(workspace.id, "Vera", standing=Standing.VERIFIED, external_id="v1")
    ids = conversation.customer_id, known.id

    def merge():
        merges.merge(*(db.session.get(Customer, number) for number in ids), by=None, now=utc_now())

    composer.meanwhile = lambda: elsewhere(app, merge)
    answers.produce(question.id)
    assert said_in(conversation)[-1] == "In the post."
    assert conversation.customer_id == known.id


def test_a_wish_for_a_person_is_granted_with_the_reply(conversation, question, composer):
    composer.reply = Reply("I am fetching a person.", Outcome.HANDOFF, {"name": "Lumi"}, wants_person=True)
    answers.produce(question.id)
    db.session.expire_all()
    assert conversation.state is State.WAITING
    senders = [message.sender for message in conversations.messages_after(conversation.id, 0)]
    assert senders == [Sender.CUSTOMER, Sender.AGENT, Sender.SYSTEM]


# How it arrives


def told(question, composer):
    with current_bus().listener(conversations.topic(question.conversation_id)) as listener:
        answers.produce(question.id)
        return list(listener.waiting())


def test_a_short_answer_arrives_whole(question, composer):
    assert [note["kind"] for note in told(question, composer)] == ["typing", "message", "typing"]


def test_a_long_answer_arrives_in_pieces_that_join_to_it(question, composer):
    composer.reply = Reply(LONG, Outcome.ANSWERED, {"name": "Lumi"})
    notes = told(question, composer)
    deltas = [note["delta"] for note in notes if note["kind"] == "delta"]
    assert len(deltas) > 5
    assert "".join(delta["text"] for delta in deltas) == LONG
    kinds = [note["kind"] for note in notes]
    assert kinds == ["typing", *["delta"] * len(deltas), "message", "typing"]
    final = next(note["message"] for note in notes if note["kind"] == "message")
    assert {delta["id"] for delta in deltas} == {final["id"]}
    assert deltas[-1]["html"] == final["html"]


def test_a_long_answer_is_safe_before_its_first_piece_is_told(app, question, composer, monkeypatch):
    composer.reply = Reply(LONG, Outcome.ANSWERED, {"name": "Lumi"})
    stored = []
    monkeypatch.setattr(pieces.time, "sleep", lambda _: stored.append(replied(question)))
    answers.produce(question.id)
    assert stored[0] == [LONG]
