"""What a workspace does with personal data that its customers write, and how long it keeps what."""

import enum
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from core import audits
from core.errors import Invalid
from core.privacy import Kind, Span, marked, mask
from models import db, revisions, transaction
from models.privacy import PrivacySettings
from models.teammates import Role, Teammate, Workspace

MOST_DAYS = 3_650
MOST_EVENT_DAYS = 400
"""Longer than any figure looks back."""
LEAST_AUDIT_DAYS = 90
"""Whoever misuses the admin must not be able to let the traces of it run out at once."""

MOST_DELIVERY_DAYS = 30
"""For so long it is known at most what a webhook was told."""
BOUNDS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "conversation_days": (1, MOST_DAYS),
        "customer_days": (1, MOST_DAYS),
        "event_days": (1, MOST_EVENT_DAYS),
        "audit_days": (LEAST_AUDIT_DAYS, MOST_DAYS),
        "note_days": (1, MOST_DAYS),
        "rating_days": (1, MOST_DAYS),
        "delivery_days": (1, MOST_DELIVERY_DAYS),
    }
)
"""The fewest and the most days of each."""


class Handling(enum.StrEnum):
    """What is done with one kind of personal data."""

    KEEP = "keep"
    """It is stored as it was written."""
    MASK = "mask"
    """A mark is stored in its place, and what was written is kept nowhere."""
    SEAL = "seal"
    """A mark is stored in its place, and what was written is kept encrypted, for some roles to see."""
    REFUSE = "refuse"
    """Nothing is stored; the customer is asked to leave it out."""


# An e-mail or a telephone number is what somebody needs to answer; nobody in a chat needs the others.
_DEFAULTS: Mapping[Kind, Handling] = MappingProxyType(
    dict.fromkeys(Kind, Handling.MASK) | {Kind.EMAIL: Handling.SEAL, Kind.PHONE: Handling.SEAL}
)
NAMES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.EMAIL: "e-mail addresses",
        Kind.PHONE: "telephone numbers",
        Kind.CARD: "card numbers",
        Kind.IBAN: "bank account numbers",
        Kind.NATIONAL_ID: "identity numbers",
        Kind.IP: "internet addresses",
        Kind.MAC: "device addresses",
        Kind.BIRTH_DATE: "dates of birth",
        Kind.PASSWORD: "passwords",
        Kind.CODE: "one-time codes or PINs",
        Kind.SECRET: "keys or tokens",
    }
)
"""Each kind in the plural, as it stands in a sentence."""


@dataclass(frozen=True)
class Retention:
    """For how many days each thing is kept; None for ever."""

    conversation_days: int | None = None
    customer_days: int | None = None
    event_days: int | None = None
    audit_days: int | None = None
    note_days: int | None = None
    rating_days: int | None = None
    delivery_days: int | None = None

    def as_json(self) -> dict[str, int | None]:
        """For the audit log."""
        return dict(vars(self))


@dataclass(frozen=True)
class Decisions:
    """All that a workspace has decided, or the defaults where it has not."""

    handling: Mapping[Kind, Handling] = field(default_factory=lambda: _DEFAULTS)
    revealed_to: Role = Role.SUPPORT
    """The least role that may see what was kept encrypted."""
    retention: Retention = Retention()

    def as_json(self) -> dict[str, Any]:
        """What is decided about what is written, for the audit log."""
        return {
            "handling": {kind.value: self.handling[kind].value for kind in Kind},
            "revealed_to": self.revealed_to.value,
        }


@dataclass(frozen=True)
class Stored:
    """A customer's words as they may be stored, searched, shown and answered."""

    text: str
    spans: list[Span]
    """What was found, at its place in the words as they were written; also what is kept."""
    hidden: list[Kind]
    """The kinds that marks stand for in the text."""
    original: str | None = field(default=None, repr=False)
    """What to keep encrypted, where some of it is: what is only ever masked is masked here too."""


class Refused(Invalid):
    """The words hold something that this workspace does not want to have."""

    code = "personal_data_refused"


def of(workspace_id: uuid.UUID) -> Decisions:
    """What a workspace has decided."""
    return revisions.kept("privacy", workspace_id, workspace_id, lambda: _read(workspace_id))


def _read(workspace_id: uuid.UUID) -> Decisions:
    row = db.session.get(PrivacySettings, workspace_id)
    if row is None:
        return Decisions()
    retention = Retention(**{name: getattr(row, name) for name in BOUNDS})
    return Decisions(_handling(row.handling), row.revealed_to, retention)


def for_storage(workspace_id: uuid.UUID, text: str) -> Stored:
    """Make a customer's words fit to be stored; every path that stores them calls this, and stores nothing else.

    Raises:
        Refused: naming the kinds that the workspace refuses, never what was written.
    """
    return applied(of(workspace_id), text)


def applied(decisions: Decisions, text: str) -> Stored:
    """As `for_storage`, for decisions that may not be saved yet."""
    spans = mask(text).spans
    by_handling: dict[Handling, list[Span]] = {handling: [] for handling in Handling}
    for span in spans:
        by_handling[decisions.handling[Kind(span.kind)]].append(span)
    if by_handling[Handling.REFUSE]:
        raise Refused(_refusal(Kind(span.kind) for span in by_handling[Handling.REFUSE]))
    masked, sealed = by_handling[Handling.MASK], by_handling[Handling.SEAL]
    hidden = sorted([*masked, *sealed], key=lambda span: span.start)
    return Stored(
        text=marked(text, hidden),
        spans=spans,
        hidden=list(dict.fromkeys(Kind(span.kind) for span in hidden)),
        original=marked(text, masked) if sealed else None,
    )


def decide(
    workspace: Workspace, *, handling: Mapping[Kind, Handling], revealed_to: Role, by: Teammate | None, now: datetime
) -> None:
    """Say what is done with each kind from now on; what is stored already stays as it is."""
    with transaction():
        row = _locked(workspace, now=now)
        before = of(workspace.id)
        row.handling = {kind.value: handling.get(kind, before.handling[kind]).value for kind in Kind}
        row.revealed_to = revealed_to
        _record(workspace, "privacy.decide", before.as_json(), of(workspace.id).as_json(), by=by, now=now)


def keep_for(workspace: Workspace, retention: Retention, *, by: Teammate | None, now: datetime) -> None:
    """Say how long things are kept.

    Raises:
        Invalid: for a number of days that cannot be.
    """
    _check(retention)
    with transaction():
        row = _locked(workspace, now=now)
        before = of(workspace.id).retention
        for name, days in retention.as_json().items():
            setattr(row, name, days)
        _record(workspace, "privacy.keep", before.as_json(), retention.as_json(), by=by, now=now)


def _handling(stored: Mapping[str, Any]) -> Mapping[Kind, Handling]:
    known = {kind: stored.get(kind.value) for kind in Kind}
    return {kind: Handling(word) if word in list(Handling) else _DEFAULTS[kind] for kind, word in known.items()}


def _refusal(kinds: Iterable[Kind]) -> str:
    names = [NAMES[kind] for kind in dict.fromkeys(kinds)]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
    return f"For your own safety, please do not send {listed} here. Nothing was sent: take it out and send it again."


def _check(retention: Retention) -> None:
    for name, days in retention.as_json().items():
        least, most = BOUNDS[name]
        if days is not None and not least <= days <= most:
            raise Invalid(f"Choose a whole number of days from {least} to {most:,}.")


def _locked(workspace: Workspace, *, now: datetime) -> PrivacySettings:
    # Two admins who save at once take turns, also while there is no row yet.
    db.session.refresh(workspace, with_for_update={"key_share": True})
    row = db.session.get(PrivacySettings, workspace.id, populate_existing=True)
    if row is None:
        row = PrivacySettings(workspace_id=workspace.id, handling={}, revealed_to=Decisions().revealed_to)
        row.updated_at = now
        db.session.add(row)
        db.session.flush()
    return row


def _record(
    workspace: Workspace,
    action: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    by: Teammate | None,
    now: datetime,
) -> None:
    row = db.session.get_one(PrivacySettings, workspace.id)
    row.updated_at, row.updated_by_id = now, by.id if by else None
    if before != after:
        subject = ("workspace", workspace.id, workspace.name)
        audits.record(workspace.id, action, by=by, subject=subject, before=before, after=after, now=now)
