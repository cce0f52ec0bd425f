"""The audit log: complete, bounded, and part of the change itself."""

import pytest
from sqlalchemy import select

from core import audits
from core.clock import utc_now
from models import db, transaction
from models.audits import AuditEntry


def entries(workspace):
    return db.session.scalars(select(AuditEntry).where(AuditEntry.workspace_id == workspace.id)).all()


def test_a_change_is_noted_with_what_was_and_what_is(workspace):
    audits.record(
        workspace.id,
        "workspace.rename",
        by=None,
        subject=("workspace", workspace.id, "Nordlicht"),
        before={"name": "Nord"},
        after={"name": "Nordlicht"},
        now=utc_now(),
    )
    [entry] = entries(workspace)
    assert (entry.action, entry.before, entry.after) == ("workspace.rename", {"name": "Nord"}, {"name": "Nordlicht"})
    assert entry.who == ""


def test_a_change_that_did_not_happen_leaves_no_entry(workspace):
    def fail_afterwards():
        with transaction():
            audits.record(workspace.id, "workspace.rename", by=None, subject=("workspace", None, ""), now=utc_now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_afterwards()
    assert entries(workspace) == []
