"""How people get into the admin: the first one, and those who sign in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, text
from sqlalchemy.exc import IntegrityError

from core import agents, audits, brands, passwords, setup_codes, websites
from core.errors import Conflict, Invalid, NotFound
from core.texts import clean_line
from models import db, transaction
from models.agents import Agent
from models.teammates import Role, Teammate, Workspace


@dataclass(frozen=True)
class FirstRun:
    """What the first page makes."""

    owner: Teammate
    agent: Agent


def is_first_run() -> bool:
    """Whether nobody has an account yet."""
    return not db.session.scalar(select(exists().select_from(Teammate)))


def register_first(
    *, name: str, email: str, password: str, website: str, setup_code: str = "", now: datetime
) -> FirstRun:
    """Make the first account, its workspace and its agent; of two who try at once, one succeeds.

    Args:
        website: the address as people write it, like `www.shop.com`.
        setup_code: as `core.setup_codes` has it, after everything was deleted.

    Raises:
        Invalid: the password or the address of the website cannot be used, or the code is not the one.
        NotFound: somebody has an account already.
    """
    name, email, site_url = clean_line(name), normal_email(email), websites.read_site(website)
    passwords.check_new(password, email=email)
    password_hash = passwords.hash_password(password)
    brand = brands.name_of(site_url)
    with transaction():
        _lock_teammates()
        if not is_first_run():
            raise NotFound("This page does not exist.")
        setup_codes.check(setup_code)
        workspace = _first_workspace(brand or f"{name[:60]}’s workspace", now=now)
        owner = Teammate(
            workspace=workspace, name=name, email=email, password_hash=password_hash, role=Role.OWNER, created_at=now
        )
        db.session.add(owner)
        db.session.flush()
        agent_name = f"{brand} assistant" if brand else "Assistant"
        agent = agents.create(workspace, name=agent_name, site_url=site_url, patterns=[], by=owner, now=now)
    return FirstRun(owner, agent)


def authenticate(email: str, password: str) -> Teammate | None:
    """The teammate with this e-mail and password; it takes equally long whether or not there is one."""
    teammate = find_by_email(email)
    if not passwords.verify_password(teammate.password_hash if teammate else None, password) or teammate is None:
        return None
    if passwords.needs_rehash(teammate.password_hash):
        fresh = passwords.hash_password(password)
        with transaction():
            teammate.password_hash = fresh
    return teammate


def find_by_email(email: str) -> Teammate | None:
    """The active teammate who signs in with this e-mail."""
    return db.session.scalar(
        select(Teammate).where(Teammate.email == normal_email(email), Teammate.removed_at.is_(None))
    )


def rename(teammate: Teammate, name: str, *, now: datetime) -> None:
    before, name = teammate.name, clean_line(name)
    if name == before:
        return
    with transaction():
        teammate.name = name
        _record(teammate, "account.rename", before={"name": before}, after={"name": name}, now=now)


def change_email(teammate: Teammate, email: str, *, password: str, now: datetime) -> None:
    """Sign in with another e-mail from now on.

    Raises:
        Invalid: the password is not theirs.
        Conflict: somebody else signs in with this e-mail.
    """
    check_password(teammate, password)
    before, email = teammate.email, normal_email(email)
    if email == before:
        return
    try:
        with transaction():
            teammate.email = email
            _record(teammate, "account.change_email", before={"e-mail": before}, after={"e-mail": email}, now=now)
    except IntegrityError:
        db.session.refresh(teammate)
        raise Conflict("This e-mail cannot be used. Choose another.") from None


def check_password(teammate: Teammate, password: str) -> None:
    """Make sure that it is really the teammate who sits there.

    Raises:
        Invalid: the password is not theirs.
    """
    if not passwords.verify_password(teammate.password_hash, password):
        raise Invalid("That is not your current password.")


def note_guesses(email: str, *, address: str, now: datetime) -> Teammate | None:
    """Note that somebody who guesses the password or codes of this e-mail is held up.

    Returns:
        whose e-mail it is, if it is anybody's.
    """
    teammate = find_by_email(email)
    if teammate is not None:
        _record(teammate, "sign_in.hold_up", by=None, address=address, now=now)
    return teammate


def normal_email(email: str) -> str:
    """One mailbox is one person, however it was typed."""
    return clean_line(email).lower()


def _record(teammate: Teammate, action: str, *, now: datetime, **details: Any) -> None:
    details.setdefault("by", teammate)
    subject = ("teammate", teammate.id, teammate.name)
    audits.record(teammate.workspace_id, action, subject=subject, now=now, **details)


def _first_workspace(name: str, *, now: datetime) -> Workspace:
    # The command line may have made agents before anybody opened the page: they are this person's.
    # nosemgrep: query-of-everybody - there is one workspace at most before the first account
    workspace = db.session.scalar(select(Workspace).order_by(Workspace.created_at).limit(1))
    if workspace is None:
        workspace = Workspace(name=name, created_at=now)
        db.session.add(workspace)
    return workspace


def _lock_teammates() -> None:
    # On SQLite the transaction alone keeps everybody else from writing.
    if db.session.connection().dialect.name == "postgresql":
        # nosemgrep: raw-sql - the builder has no word for a lock; nothing of anybody is in this text
        db.session.execute(text("LOCK TABLE teammates IN SHARE ROW EXCLUSIVE MODE"))
