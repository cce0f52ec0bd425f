"""An admin's own test questions, asked after every change of what an agent knows: what got better, and what worse."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import aliased

from core import audits, jobs, knowledge
from core.answering import Index, Ranking, wishes
from core.clock import utc_now
from core.errors import Conflict, Invalid, NotFound
from core.knowledge.wording import LONGEST_QUESTION, folded
from core.texts import clean_line
from models import db, transaction
from models.agents import Agent
from models.jobs import Job
from models.knowledge import Entry, Evaluation, EvaluationQuestion
from models.teammates import Teammate

JOB = "evaluation"
MOST_QUESTIONS = 300
MOST_KEPT = 20
_MOST_DUE = 50


@dataclass(frozen=True)
class Result:
    """What came of one test question, and what came of it the time before."""

    question_id: uuid.UUID
    text: str
    expected_id: uuid.UUID | None
    """None: it is to stay unanswered."""
    expected: str
    outcome: str
    got: str
    """The title of the entry that was given."""
    is_right: bool
    is_offered: bool
    """Not answered, but the right question was among those offered."""
    was_right: bool | None = None

    @property
    def change(self) -> str:
        """`better`, `worse`, or nothing."""
        if self.was_right is None or self.was_right == self.is_right:
            return ""
        return "better" if self.is_right else "worse"


@dataclass(frozen=True)
class Report:
    """The newest run beside the one before it; `at` is None where there was none yet."""

    results: Sequence[Result]
    at: datetime | None = None
    before: datetime | None = None
    is_current: bool = False
    """Whether nothing has changed since."""

    @property
    def passed(self) -> int:
        return sum(result.is_right for result in self.results)

    @property
    def better(self) -> list[Result]:
        return [result for result in self.results if result.change == "better"]

    @property
    def worse(self) -> list[Result]:
        return [result for result in self.results if result.change == "worse"]


def questions(agent: Agent) -> Sequence[EvaluationQuestion]:
    """The test questions in the order in which they were added."""
    return db.session.scalars(
        select(EvaluationQuestion)
        .where(EvaluationQuestion.agent_id == agent.id)
        .order_by(EvaluationQuestion.position, EvaluationQuestion.created_at, EvaluationQuestion.id)
    ).all()


def count(agent: Agent) -> int:
    counted = select(func.count()).select_from(EvaluationQuestion).where(EvaluationQuestion.agent_id == agent.id)
    return db.session.scalar(counted) or 0


def find(agent: Agent, question_id: uuid.UUID) -> EvaluationQuestion:
    """One test question of this agent.

    Raises:
        NotFound: when there is none of this id, or it is another agent's.
    """
    question = db.session.scalar(
        select(EvaluationQuestion).where(EvaluationQuestion.id == question_id, EvaluationQuestion.agent_id == agent.id)
    )
    if question is None:
        raise NotFound("There is no such test question, or it belongs to another agent.")
    return question


def add(agent: Agent, text: str, *, expected: Entry | None, by: Teammate | None, now: datetime) -> EvaluationQuestion:
    """Keep a question to be asked after every change.

    Args:
        expected: what is to be given; None: nothing is.

    Raises:
        Invalid: when it is empty, too long, or one too many.
        Conflict: when it is among the test questions already.
    """
    text = clean_line(text)
    if not text or len(text) > LONGEST_QUESTION:
        raise Invalid(f"Write a question of up to {LONGEST_QUESTION} characters.")
    known = questions(agent)
    if len(known) >= MOST_QUESTIONS:
        raise Invalid(f"There are {MOST_QUESTIONS} test questions already. Remove one that says nothing any more.")
    if folded(text) in {folded(question.text) for question in known}:
        raise Conflict("This is one of your test questions already.")
    with transaction():
        question = EvaluationQuestion(
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            text=text,
            entry_id=expected.id if expected else None,
            position=max((one.position for one in known), default=0) + 1,
            created_at=now,
        )
        db.session.add(question)
        _record(agent, "add", text, by=by, now=now)
        start(agent, now=now)
    return question


def remove(agent: Agent, question: EvaluationQuestion, *, by: Teammate | None, now: datetime) -> None:
    """Ask it no more."""
    with transaction():
        _record(agent, "remove", question.text, by=by, now=now)
        db.session.delete(question)


def start(agent: Agent, *, now: datetime) -> Job:
    """Ask for a run, in the transaction of what makes it necessary."""
    return jobs.start(agent.workspace_id, JOB, agent.id, now=now)


def start_due(*, now: datetime) -> None:
    """Run the test questions of the agents whose knowledge has changed since they were asked."""
    newest = (
        select(Evaluation.agent_id, func.max(Evaluation.revision).label("revision"))
        .where(Evaluation.agent_id.in_(select(EvaluationQuestion.agent_id)))
        .group_by(Evaluation.agent_id)
        .subquery()
    )
    due = db.session.scalars(
        select(Agent)
        .outerjoin(newest, newest.c.agent_id == Agent.id)
        .where(
            select(EvaluationQuestion.id).where(EvaluationQuestion.agent_id == Agent.id).exists(),
            func.coalesce(newest.c.revision, -1) < Agent.knowledge_revision,
        )
        .limit(_MOST_DUE)
    ).all()
    for agent in due:
        start(agent, now=now)


def run(job: Job) -> None:
    """Ask the job's agent all its test questions, and keep what came of them."""
    agent = db.session.get(Agent, job.subject_id, populate_existing=True)
    if agent is None:
        return
    wanted, revision, workspace_id = list(questions(agent)), agent.knowledge_revision, agent.workspace_id
    if not wanted:
        return
    titles = _titles(agent)
    index = knowledge.index_for(agent, complete=True)
    results = [_asked(index, question, titles) for question in wanted]
    with transaction():
        db.session.add(
            Evaluation(
                workspace_id=workspace_id,
                agent_id=agent.id,
                revision=revision,
                passed=sum(result["right"] for result in results),
                total=len(results),
                results=results,
                created_at=utc_now(),
            )
        )
        _drop_old(agent)


def report(agent: Agent) -> Report:
    """What came of the questions that are asked now; one that was added since has no result yet."""
    runs = history(agent)
    if not runs:
        return Report([])
    newest = runs[0]
    # The run before with other knowledge: asking twice changes nothing, and says nothing of what got better.
    before = next((one for one in runs[1:] if one.revision != newest.revision), None)
    earlier = {result["id"]: result["right"] for result in before.results} if before else {}
    kept = {str(question.id) for question in questions(agent)}
    results = [_read(result, earlier) for result in newest.results if result["id"] in kept]
    is_current = newest.revision == agent.knowledge_revision and len(results) == len(kept)
    return Report(results, newest.created_at, before.created_at if before else None, is_current)


def history(agent: Agent) -> Sequence[Evaluation]:
    """The runs that are kept, the newest first."""
    return db.session.scalars(
        select(Evaluation)
        .where(Evaluation.agent_id == agent.id)
        .order_by(Evaluation.created_at.desc(), Evaluation.id.desc())
        .execution_options(populate_existing=True)
    ).all()


def titles(agent: Agent, *, most: int) -> Sequence[str]:
    """Questions that the agent can answer, to choose what is expected from."""
    return db.session.scalars(
        select(Entry.question)
        .where(Entry.agent_id == agent.id, Entry.archived_at.is_(None))
        .order_by(Entry.position, Entry.id)
        .limit(most)
    ).all()


def _asked(index: Index, question: EvaluationQuestion, titles: dict[str, str]) -> dict[str, Any]:
    # Whoever wants a person gets one, whatever the entries say.
    found = None if wishes.asks_for_person(question.text) else index.search(question.text)
    expected = str(question.entry_id) if question.entry_id else None
    got = found.entry_id if found else None
    return {
        "id": str(question.id),
        "text": question.text,
        "expected": expected,
        "expected_title": titles.get(expected or "", ""),
        "outcome": found.outcome if found else "handoff",
        "got": got,
        "got_title": titles.get(got or "", ""),
        "right": got == expected,
        "offered": _is_offered(found, expected),
    }


def _is_offered(found: Ranking | None, expected: str | None) -> bool:
    return found is not None and found.outcome == "suggested" and expected in found.suggestions


def _read(result: dict[str, Any], earlier: dict[str, bool]) -> Result:
    return Result(
        question_id=uuid.UUID(result["id"]),
        text=result["text"],
        expected_id=uuid.UUID(result["expected"]) if result["expected"] else None,
        expected=result["expected_title"],
        outcome=result["outcome"],
        got=result["got_title"],
        is_right=result["right"],
        is_offered=result["offered"],
        was_right=earlier.get(result["id"]),
    )


def _titles(agent: Agent) -> dict[str, str]:
    rows = db.session.execute(select(Entry.id, Entry.question).where(Entry.agent_id == agent.id))
    return {str(entry_id): title for entry_id, title in rows}


def _drop_old(agent: Agent) -> None:
    db.session.flush()
    kept = aliased(Evaluation)
    newest = (
        select(kept.id)
        .where(kept.agent_id == agent.id)
        .order_by(kept.created_at.desc(), kept.id.desc())
        .limit(MOST_KEPT)
    )
    db.session.execute(
        delete(Evaluation)
        .where(Evaluation.agent_id == agent.id, Evaluation.id.not_in(newest))
        .execution_options(synchronize_session=False)
    )


def _record(agent: Agent, verb: str, text: str, *, by: Teammate | None, now: datetime) -> None:
    subject = ("test_question", agent.id, agent.name)
    audits.record(agent.workspace_id, f"test_question.{verb}", by=by, subject=subject, now=now, after={"text": text})
