"""Why somebody looks suspicious: points that fade, each with a sentence that says where it comes from."""

import math
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import String, bindparam, delete, select

from core import networks
from core.texts import clean_line
from gateways.counters import current_counters
from models import Prepared, db, insert_into, new_id, transaction
from models.protection import RiskMark, Signal


@dataclass(frozen=True)
class Kind:
    """What one signal weighs."""

    points: int
    most: int
    """What it can grow to when it comes again."""
    lasts: timedelta
    pause: int
    """Seconds for which the same signal of the same visitor counts as one."""
    words: str


KINDS: Mapping[Signal, Kind] = {
    Signal.VELOCITY: Kind(20, 60, timedelta(hours=6), 300, "Went on although a limit was reached"),
    Signal.TOKEN_REUSE: Kind(30, 80, timedelta(days=2), 0, "A key of the browser came a second time, as if copied"),
    Signal.ADDRESS_SPREAD: Kind(25, 50, timedelta(hours=12), 600, "Came from many networks within an hour"),
    Signal.AUTOMATION: Kind(15, 15, timedelta(hours=6), 1800, "Looks like a program"),
    Signal.DISPOSABLE_MAIL: Kind(15, 15, timedelta(days=2), 1800, "Uses an e-mail address made to be thrown away"),
    Signal.REPEATED_TEXT: Kind(20, 60, timedelta(hours=6), 300, "Sent the same text over and over"),
    Signal.ORIGIN_MISMATCH: Kind(20, 40, timedelta(hours=12), 300, "Claimed to be on another website"),
}
_MOST_LOOKED_AT = 5_000


@dataclass(frozen=True)
class Reason:
    """One part of a score, in words."""

    signal: Signal
    points: int
    sentence: str
    since: datetime


@dataclass(frozen=True)
class Score:
    """How suspicious somebody looks, and why; the reasons add up to the points."""

    points: int = 0
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Suspect:
    """A subject of marks with its score."""

    subject: str
    score: Score


class _Mark(NamedTuple):
    """What of a mark makes up a score."""

    signal: Signal
    points: int
    detail: str
    created_at: datetime
    expires_at: datetime


def of_customer(customer_id: uuid.UUID) -> str:
    """The subject of a customer's marks."""
    return f"customer:{customer_id}"


def of_address(address: str | None) -> str | None:
    """The subject of an address's marks; None for one's own machines: behind a proxy that nobody told of, all
    visitors have the proxy's address."""
    return None if networks.is_inside(address) else f"address:{networks.counted(address)}"


def mark(workspace_id: uuid.UUID, subject: str | None, signal: Signal, detail: str, *, now: datetime) -> None:
    """Note a reason to look twice at a visitor; the same one again weighs more.

    Args:
        subject: as `of_customer` or `of_address` say it; nothing is noted of None.
        detail: what was seen, for the people who read it; no text of messages, no secrets.
    """
    kind = KINDS[signal]
    if subject is None or not _is_due(workspace_id, subject, signal, kind.pause):
        return
    row = {
        "id": new_id(),
        "workspace_id": workspace_id,
        "subject": subject,
        "signal": signal,
        "points": kind.points,
        "detail": clean_line(detail)[:200],
        "created_at": now,
        "expires_at": now + kind.lasts,
    }
    with transaction():
        made = insert_into(RiskMark).values(**row).on_conflict_do_nothing().returning(RiskMark.id)
        if db.session.execute(made).first() is None:
            _weigh_again(row, kind, now=now)


def score_of(workspace_id: uuid.UUID, subject: str | None, other: str | None = None, *, now: datetime) -> Score:
    """The score of a visitor who may be known as a customer and by an address; each signal counts once."""
    if subject is None and other is None:
        return Score()
    found = _OF_SUBJECTS.all(workspace_id=workspace_id, subject=subject, other=other, now=now)
    return _scored([_Mark(*row) for row in found], now)


_OF_SUBJECTS = Prepared(
    select(RiskMark.signal, RiskMark.points, RiskMark.detail, RiskMark.created_at, RiskMark.expires_at).where(
        RiskMark.workspace_id == bindparam("workspace_id"),
        RiskMark.subject.in_([bindparam("subject", type_=String), bindparam("other", type_=String)]),
        RiskMark.expires_at > bindparam("now"),
    )
)


def suspicious(workspace_id: uuid.UUID, *, at_least: int, now: datetime, limit: int = 50) -> list[Suspect]:
    """Whoever has at least so many points, the most suspicious first."""
    by_subject: dict[str, list[RiskMark]] = {}
    for found in _latest(workspace_id, now):
        by_subject.setdefault(found.subject, []).append(found)
    scored = [Suspect(subject, _scored(marks, now)) for subject, marks in by_subject.items()]
    suspects = [suspect for suspect in scored if suspect.score.points >= at_least]
    return sorted(suspects, key=lambda suspect: -suspect.score.points)[:limit]


def faded(points: int, begun: datetime, ends: datetime, now: datetime) -> int:
    """What is left of points that fade evenly from `begun` to `ends`."""
    if now >= ends or ends <= begun:
        return 0
    return math.ceil(points * min(1.0, (ends - now) / (ends - begun)))


def clear_old(*, now: datetime) -> None:
    """Forget marks that have faded."""
    with transaction():
        db.session.execute(delete(RiskMark).where(RiskMark.expires_at <= now))


def _is_due(workspace_id: uuid.UUID, subject: str, signal: Signal, pause: int) -> bool:
    return not pause or current_counters().first(pause, "mark", workspace_id.hex, signal, subject)


def _weigh_again(row: Mapping[str, object], kind: Kind, *, now: datetime) -> None:
    found = db.session.scalars(
        select(RiskMark)
        .where(
            RiskMark.workspace_id == row["workspace_id"],
            RiskMark.subject == row["subject"],
            RiskMark.signal == row["signal"],
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is not None:
        left = faded(found.points, found.created_at, found.expires_at, now)
        found.points, found.detail = min(kind.most, left + kind.points), str(row["detail"])
        found.created_at, found.expires_at = now, now + kind.lasts


def _latest(workspace_id: uuid.UUID, now: datetime) -> Sequence[RiskMark]:
    return db.session.scalars(
        select(RiskMark)
        .where(RiskMark.workspace_id == workspace_id, RiskMark.expires_at > now)
        .order_by(RiskMark.created_at.desc())
        .limit(_MOST_LOOKED_AT)
    ).all()


def _scored(marks: Iterable[RiskMark | _Mark], now: datetime) -> Score:
    strongest: dict[Signal, Reason] = {}
    for found in marks:
        reason = _reason(found, now)
        earlier = strongest.get(found.signal)
        if reason.points and (earlier is None or reason.points > earlier.points):
            strongest[found.signal] = reason
    reasons = tuple(sorted(strongest.values(), key=lambda reason: -reason.points))
    return Score(sum(reason.points for reason in reasons), reasons)


def _reason(found: RiskMark | _Mark, now: datetime) -> Reason:
    points = faded(found.points, found.created_at, found.expires_at, now)
    words = KINDS[found.signal].words
    sentence = f"{words}: {found.detail}." if found.detail else f"{words}."
    return Reason(found.signal, points, sentence, found.created_at)
