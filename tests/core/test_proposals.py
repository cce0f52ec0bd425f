import uuid

import pytest

from core import conversations, customer_exports, knowledge, proposals, unanswered
from core.errors import Invalid, NotFound
from core.proposals import Lesson, Said, lessons
from models import db
from models.audits import AuditEntry
from models.conversations import Message, Outcome, Sender, State
from models.knowledge import Proposal, ProposalKind
from tests.conftest import NOW, keep, make_agent

ENTRY = uuid.uuid4()
ANSWER = "Yes, we repair every lamp that we have sold."


def customer(text, outcome=Outcome.UNANSWERED, entry_id=None):
    return Said(Sender.CUSTOMER, text, outcome, entry_id)


def person(text):
    return Said(Sender.PERSON, text)


def test_what_was_answered_in_other_words_is_a_phrasing():
    said = [
        customer("my lamp is kaputt"),
        Said(Sender.AGENT, "I do not know."),
        customer("do you repair a broken lamp", Outcome.ANSWERED, ENTRY),
    ]
    assert list(lessons(said)) == [Lesson("my lamp is kaputt", entry_id=ENTRY)]


def test_what_was_chosen_from_an_offer_is_a_phrasing_whatever_its_words():
    said = [
        customer("kaputt thing, help", Outcome.SUGGESTED),
        customer("Do you repair lamps?", Outcome.ANSWERED, ENTRY),
    ]
    assert list(lessons(said)) == [Lesson("kaputt thing, help", entry_id=ENTRY)]


def test_a_change_of_subject_teaches_nothing():
    assert not list(lessons([customer("my lamp is kaputt"), customer("opening hours?", Outcome.ANSWERED, ENTRY)]))


def test_what_a_person_wrote_is_the_answer():
    said = [
        customer("Do you repair lamps?"),
        customer("talk to a human", Outcome.HANDOFF),
        person("Hello Anna, one moment."),
        person(ANSWER),
        customer("That is good to hear from you.", None),
        customer("thanks!", None),
        person("You are welcome, have a nice day over there."),
    ]
    assert list(lessons(said)) == [Lesson("Do you repair lamps?", answer=f"one moment.\n\n{ANSWER}")]


@pytest.mark.parametrize(
    "said",
    [
        [customer("Do you repair lamps?"), person("Yes.")],
        [customer("hello", Outcome.SMALL_TALK), person(ANSWER)],
        [customer("Do you repair lamps?", Outcome.ANSWERED, ENTRY), person(ANSWER)],
        [customer("I would rather wait for a good one.", None), person(ANSWER)],
        [person(ANSWER)],
        [],
    ],
)
def test_where_there_is_no_lesson_there_is_none(said):
    assert not list(lessons(said))


def test_nobody_else_reads_what_was_meant_for_one_customer():
    [lesson] = lessons(
        [customer("Where is my parcel 1?"), person("We sent it to anna@example.com, and it comes on Friday.")]
    )
    assert "anna@example.com" not in lesson.answer


def say(conversation, seq, sender, text):
    keep(
        Message(
            workspace_id=conversation.workspace_id,
            conversation_id=conversation.id,
            seq=seq,
            sender=sender,
            text=text,
            details={},
            created_at=NOW,
        )
    )


@pytest.fixture
def closed(agent, conversation):
    say(conversation, 1, Sender.CUSTOMER, "Do you repair lamps?")
    say(conversation, 2, Sender.PERSON, ANSWER)
    conversation.last_seq, conversation.state = 2, State.PERSON
    db.session.commit()
    conversations.resolve(conversation, now=NOW)
    return conversation


def test_a_closed_conversation_is_looked_through_and_teaches_nothing_by_itself(agent, closed):
    [proposal] = proposals.listed(agent)
    assert (proposal.kind, proposal.question, proposal.answer) == (ProposalKind.ENTRY, "Do you repair lamps?", ANSWER)
    assert knowledge.count_live(agent) == 0


def test_what_is_known_or_was_proposed_is_not_proposed_again(agent, closed):
    closed.state = State.PERSON
    db.session.commit()
    conversations.resolve(closed, now=NOW)
    assert proposals.count(agent) == 1


def test_a_trial_of_a_teammates_teaches_nothing(agent, conversation):
    conversation.channel = conversations.PREVIEW
    say(conversation, 1, Sender.CUSTOMER, "Do you repair lamps?")
    say(conversation, 2, Sender.PERSON, ANSWER)
    conversation.last_seq, conversation.state = 2, State.PERSON
    db.session.commit()
    conversations.resolve(conversation, now=NOW)
    assert proposals.count(agent) == 0


def test_what_is_approved_is_learned_in_the_teammates_words(agent, closed):
    [proposal] = proposals.listed(agent)
    entry = proposals.approve(agent, proposal, question="Which repairs?", answer="All lamps.", by=None, now=NOW)
    assert (entry.question, entry.answer) == ("Which repairs?", "All lamps.")
    assert proposals.listed(agent) == []
    assert db.session.get(Proposal, proposal.id).is_approved
    assert db.session.query(AuditEntry).filter_by(action="proposal.approve").count() == 1


def test_an_approved_phrasing_belongs_to_its_entry(agent, closed):
    entry = knowledge.add(agent, question="Repairs?", answer="Yes.", by=None, now=NOW)
    [proposal] = proposals.listed(agent)
    proposal.kind, proposal.entry_id = ProposalKind.PHRASING, entry.id
    db.session.commit()
    with pytest.raises(Invalid):
        proposals.approve(agent, proposal, question=" ", by=None, now=NOW)
    proposals.approve(agent, proposal, question="Do you mend lamps?", by=None, now=NOW)
    db.session.refresh(entry)
    assert [phrasing.text for phrasing in entry.phrasings] == ["Do you mend lamps?"]


def test_an_approval_that_fails_changes_nothing(agent, closed):
    [proposal] = proposals.listed(agent)
    with pytest.raises(Invalid):
        proposals.approve(agent, proposal, question="Which repairs?", answer="", by=None, now=NOW)
    db.session.expire_all()
    assert proposals.count(agent) == 1


def test_what_is_refused_is_gone_for_good(agent, workspace, closed):
    [proposal] = proposals.listed(agent)
    with pytest.raises(NotFound):
        proposals.find(make_agent(workspace, name="Other"), proposal.id)
    proposals.refuse(agent, proposal, by=None, now=NOW)
    assert (proposals.count(agent), knowledge.count_live(agent), unanswered.listed(agent)) == (0, 0, [])
    with pytest.raises(NotFound):
        proposals.find(agent, proposal.id)


def test_a_customer_is_told_what_their_words_led_to(closed):
    [told] = customer_exports.whole(closed.customer, now=NOW)["conversations"]
    assert [one["question"] for one in told["proposals"]] == ["Do you repair lamps?"]
    assert told["proposals"][0]["approved"] is False
