"""How sessions end: by the customer, by a teammate, or by age."""

from datetime import datetime

from core import audits, conversations, customers, refresh_secrets, return_links, tickets
from models import db, transaction
from models.customers import Customer, RefreshFamily, WidgetSession
from models.teammates import Teammate, Workspace


def end(session: WidgetSession, *, now: datetime) -> None:
    """End a session and its browser's right to come back."""
    family = db.session.get_one(RefreshFamily, session.family_id)
    refresh_secrets.revoke(family, because="ended", now=now)


def end_of_customer(customer: Customer, *, by: Teammate | None, now: datetime) -> int:
    """Sign a visitor out of every browser, at once; whoever can prove to be them may sign in again.

    Returns:
        in how many browsers.
    """
    with transaction():
        ended = refresh_secrets.revoke_all(customer.workspace_id, customer=customer, because="signed out", now=now)
        return_links.take_back_of(customer)
        audits.record(
            customer.workspace_id,
            "session.end",
            by=by,
            subject=("customer", customer.id, customers.neutral_name(customer)),
            after={"browsers": ended},
            now=now,
        )
    return ended


def end_all(workspace: Workspace, *, by: Teammate | None, now: datetime) -> int:
    """Sign every visitor of a workspace out, at once.

    Returns:
        of how many browsers.
    """
    with transaction():
        ended = refresh_secrets.revoke_all(workspace.id, because="everyone signed out", now=now)
        return_links.take_back_of_workspace(workspace)
        audits.record(
            workspace.id,
            "session.end_all",
            by=by,
            subject=("workspace", workspace.id, workspace.name),
            after={"browsers": ended},
            now=now,
        )
    return ended


def clear_expired(*, now: datetime) -> None:
    """Forget tickets and families that have run out, and chats that were opened and never used."""
    tickets.clear_expired(now=now)
    refresh_secrets.clear_expired(now=now)
    conversations.clear_silent(now=now)
