from datetime import timedelta

import pytest

from core import evaluations, knowledge
from core.errors import Conflict, Invalid, NotFound
from models import db
from models.jobs import Job
from models.knowledge import Evaluation
from tests.conftest import NOW, keep, make_agent

PRICE, DELIVERY = "What does a lamp cost?", "How long does delivery take?"


@pytest.fixture
def entry(agent):
    return knowledge.add(agent, question=DELIVERY, answer="3 to 5 working days.", by=None, now=NOW)


def run(agent):
    db.session.refresh(agent)
    job = Job(workspace_id=agent.workspace_id, kind=evaluations.JOB, subject_id=agent.id, created_at=NOW)
    job.next_try_at = NOW
    evaluations.run(keep(job))
    return evaluations.report(agent)


def test_each_question_is_asked_and_told(agent, entry):
    evaluations.add(agent, "how many days does delivery take", expected=entry, by=None, now=NOW)
    evaluations.add(agent, "Do you repair bicycles?", expected=None, by=None, now=NOW)
    report = run(agent)
    assert [(result.is_right, result.got) for result in report.results] == [(True, DELIVERY), (True, "")]
    assert (report.passed, report.is_current, report.better, report.worse) == (2, True, [], [])


def test_what_got_better_and_worse_is_told(agent, entry):
    evaluations.add(agent, "how many days does delivery take", expected=entry, by=None, now=NOW)
    evaluations.add(agent, "What does a lamp cost?", expected=None, by=None, now=NOW)
    run(agent)
    knowledge.archive(agent, entry, by=None, now=NOW)
    report = run(agent)
    assert [result.text for result in report.worse] == ["how many days does delivery take"]
    knowledge.restore(agent, entry, by=None, now=NOW)
    assert [result.text for result in run(agent).better] == ["how many days does delivery take"]
    knowledge.add(agent, question=PRICE, answer="40 euros.", by=None, now=NOW)
    report = run(agent)
    assert [(result.text, result.got) for result in report.worse] == [("What does a lamp cost?", PRICE)]


def test_asking_twice_hides_nothing_of_what_changed(agent, entry):
    evaluations.add(agent, "how many days does delivery take", expected=entry, by=None, now=NOW)
    run(agent)
    knowledge.archive(agent, entry, by=None, now=NOW)
    run(agent)
    assert len(run(agent).worse) == 1


def test_a_change_of_knowledge_has_them_asked_again(agent, entry):
    evaluations.add(agent, DELIVERY, expected=entry, by=None, now=NOW)
    run(agent)
    assert evaluations.report(agent).is_current
    started = db.session.query(Job).filter_by(kind=evaluations.JOB).count()
    evaluations.start_due(now=NOW)
    assert db.session.query(Job).filter_by(kind=evaluations.JOB).count() == started
    knowledge.archive(agent, entry, by=None, now=NOW)
    assert not evaluations.report(agent).is_current
    evaluations.start_due(now=NOW)
    db.session.expire_all()
    assert evaluations.report(agent).is_current
    assert evaluations.report(agent).passed == 0


def test_who_wants_a_person_gets_one_and_no_entry(agent):
    entry = knowledge.add(agent, question="Can I talk to a human?", answer="Call us.", by=None, now=NOW)
    evaluations.add(agent, "Can I talk to a human?", expected=entry, by=None, now=NOW)
    [result] = run(agent).results
    assert (result.outcome, result.is_right) == ("handoff", False)


@pytest.mark.parametrize("text", ["", "  ", "x" * 301])
def test_what_is_no_question_is_refused(agent, text):
    with pytest.raises(Invalid):
        evaluations.add(agent, text, expected=None, by=None, now=NOW)


def test_the_same_question_is_kept_once(agent):
    evaluations.add(agent, "Where are you?", expected=None, by=None, now=NOW)
    with pytest.raises(Conflict):
        evaluations.add(agent, "where  are you?", expected=None, by=None, now=NOW)


def test_a_question_of_another_agent_is_not_found(agent, workspace):
    question = evaluations.add(agent, "Where are you?", expected=None, by=None, now=NOW)
    with pytest.raises(NotFound):
        evaluations.find(make_agent(workspace, name="Other"), question.id)


def test_only_the_newest_runs_are_kept(agent, monkeypatch):
    monkeypatch.setattr(evaluations, "MOST_KEPT", 3)
    evaluations.add(agent, "Where are you?", expected=None, by=None, now=NOW)
    for day in range(1, 6):
        at = NOW - timedelta(days=day)
        made = Evaluation(agent_id=agent.id, revision=0, passed=0, total=1, results=[], created_at=at)
        made.workspace_id = agent.workspace_id
        keep(made)
    run(agent)
    assert len(evaluations.history(agent)) == 3
    assert evaluations.history(agent)[0].total == 1


def test_a_question_that_is_removed_is_not_told_of(agent):
    question = evaluations.add(agent, "Where are you?", expected=None, by=None, now=NOW)
    run(agent)
    evaluations.remove(agent, question, by=None, now=NOW)
    assert evaluations.report(agent).results == []
