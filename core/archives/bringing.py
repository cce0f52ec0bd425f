"""Brings an archive into an empty workspace. What stands in it is a stranger's word: checked whole, then row by row."""

import hmac
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import Table, delete, exists, select, update

from core import attachments, audits, inbox_settings, jobs, pictures, signing
from core.archives import fitting, lines, tables
from core.archives.keeping import pieces_of
from core.archives.opening import Opened, opened
from core.clock import utc_now
from core.errors import Conflict, DomainError, Invalid
from core.knowledge.serving import JOB as LEARN
from core.sources.file_readers import kind_of_file
from gateways.files import current_files
from models import db, insert_into, transaction
from models.agents import Agent
from models.archives import WorkspaceArchive
from models.conversations import Conversation, Sender
from models.customers import Customer
from models.files import Attachment, Picture
from models.inbox import CannedReply, Tag, Team
from models.jobs import Job
from models.knowledge import Source
from models.search_texts import SearchText, search_words, words_of_message
from models.teammates import Teammate, Workspace

log = structlog.get_logger()

_AT_ONCE = 200
_LEASE = timedelta(minutes=15)
_ALONE = ("inbox_settings", "privacy_settings", "protection_settings")
"""Of these, a workspace has one row: that of the archive takes its place."""


def check(workspace: Workspace) -> None:
    """Refuse a workspace in which somebody works already.

    Raises:
        Conflict: naming what is in it.
    """
    for table, words in ((Conversation, "conversations"), (Customer, "customers"), (Tag, "tags"), (Team, "teams")):
        if db.session.scalar(select(exists().where(table.workspace_id == workspace.id))):
            raise Conflict(f"There are {words} here already. Bring a copy into a new workspace.")
    if db.session.scalar(select(exists().where(CannedReply.workspace_id == workspace.id))):
        raise Conflict("There are canned replies here already. Bring a copy into a new workspace.")


def run_import(job: Job) -> None:
    """Bring in the archive that a job is about. Begun anew when it was broken off: the same rows get the same ids."""
    archive = db.session.get(WorkspaceArchive, job.subject_id)
    if archive is None or archive.finished_at is not None:
        return
    try:
        # Once some of it is in, the workspace is not empty any more.
        if job.done == 0:
            check(db.session.get_one(Workspace, archive.workspace_id))
        with tempfile.TemporaryDirectory(prefix="porchlight-") as folder:
            path = Path(folder) / "archive.zip"
            _fetch(archive, path)
            with opened(path) as found:
                counts = _Bringing(archive, job, found).run()
    except DomainError as refusal:
        _end(archive, problem=refusal.message)
        return
    _end(archive, counts=counts)


def _fetch(archive: WorkspaceArchive, path: Path) -> None:
    with path.open("wb") as file:
        for piece in pieces_of(archive):
            file.write(piece)


def _end(archive: WorkspaceArchive, *, problem: str | None = None, counts: dict[str, int] | None = None) -> None:
    now = utc_now()
    with transaction():
        archive.finished_at, archive.problem = now, problem
        if counts:
            workspace = db.session.get_one(Workspace, archive.workspace_id)
            subject = ("archive", archive.id, workspace.name)
            audits.record(workspace.id, "archive.brought", by=None, subject=subject, after=counts, now=now)


class _Bringing:
    """One archive on its way into one workspace."""

    def __init__(self, archive: WorkspaceArchive, job: Job, found: Opened) -> None:
        self._workspace_id = archive.workspace_id
        self._job = job
        self._found = found
        self._now = utc_now()
        self._key = signing.derived_key("archive-import") + archive.id.bytes
        self._people: dict[uuid.UUID, uuid.UUID] = {}
        self._total = found.count()
        self._done = 0
        self._left_out = 0

    def run(self) -> dict[str, int]:
        """Check everything, then store it.

        Returns:
            how many rows and files were brought in, and how many were not.

        Raises:
            Invalid: naming what cannot be read; nothing is stored then.
        """
        self._know_people()
        for table in tables.taken():
            for row in self._found.rows(table.name):
                self._values(table, row)
        # From here on some of it is in: begun anew, the workspace need not be empty.
        jobs.progress(self._job, done=1, total=self._total + 1, lease=_LEASE)
        for table in tables.taken():
            self._bring(table)
        files = self._bring_files()
        self._finish()
        return {"rows": self._done, "files": files, "left out": self._left_out}

    def renumber(self, number: uuid.UUID) -> uuid.UUID:
        """The id that a row has here: as old as it was, so that orders stay, and not to be chosen by anybody."""
        told = self._people.get(number)
        if told is not None:
            return told
        secret = int.from_bytes(hmac.digest(self._key, number.bytes, "sha256")[:8], "big") >> 2
        # Time and order of the old id, the version, the variant, and 62 bits that only this server can tell.
        kept = (number.int >> 64) & ~(0xF << 12) | (7 << 12)
        return uuid.UUID(int=kept << 64 | 0b10 << 62 | secret)

    def _know_people(self) -> None:
        """Find those of the archive who are in this team: what was theirs is theirs again."""
        here = {
            teammate.email: teammate.id
            for teammate in db.session.scalars(
                select(Teammate).where(Teammate.workspace_id == self._workspace_id, Teammate.removed_at.is_(None))
            )
        }
        for row in self._found.rows("teammates"):
            email, number = row.get("email"), row.get("id")
            if isinstance(email, str) and isinstance(number, str) and email in here and not row.get("removed_at"):
                self._people[_id_of(number)] = here[email]

    def _bring(self, table: Table) -> None:
        rows = self._found.rows(table.name)
        if table.name in _ALONE:
            rows = self._in_place(table, rows)
        while part := list(islice(rows, _AT_ONCE)):
            self._store(table, [self._values(table, row) for row in part])
            self._done += len(part)
            jobs.progress(self._job, done=1 + min(self._done, self._total), total=self._total + 1, lease=_LEASE)
        for column in table.columns:
            if tables.target(column) is table:
                self._tie(table, column.name)

    def _in_place(self, table: Table, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        found = list(islice(rows, 1))
        if found:
            with transaction():
                db.session.execute(delete(table).where(table.c.workspace_id == self._workspace_id))
        return iter(found)

    def _values(self, table: Table, row: dict[str, Any]) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for column in tables.columns(table):
            owner = tables.target(column)
            if owner is not None and owner.name == "workspaces":
                values[column.name] = self._workspace_id
                continue
            value = lines.value_of(column, row, self.renumber)
            if owner is not None and owner.name in tables.LEFT_OUT:
                value = None
            if value is None and not column.nullable:
                if column.default is None and column.server_default is None:
                    raise Invalid(f"“{column.name}” of {table.name} is missing.")
                continue
            values[column.name] = value
        fitting.fit(table.name, values, people=self._people, now=self._now)
        return values

    def _store(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        rows = [row for row in rows if not (table.name == "teammates" and row["id"] in self._people.values())]
        for column in table.columns:
            owner = tables.target(column)
            if owner is not None and owner.name != "workspaces":
                rows = self._with_owner(column, owner, rows)
        with transaction():
            for row in rows:
                # What is there already was brought in before the server stopped.
                db.session.execute(insert_into(table).values(row).on_conflict_do_nothing())
            for text in _searched(table.name, rows):
                db.session.execute(insert_into(SearchText).values(text).on_conflict_do_nothing())

    def _with_owner(self, column: Any, owner: Table, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
        """The rows that refer to something that was brought in; the others refer to nothing, or are left out."""
        if owner is column.table:
            return [row | {column.name: None} for row in rows]
        wanted = {row[column.name] for row in rows if row.get(column.name) is not None}
        [key] = [key.column for key in column.foreign_keys]
        belongs = tables.of_workspace(owner, self._workspace_id)
        known = set(db.session.scalars(select(key).where(key.in_(wanted), belongs))) if wanted else set()
        kept = []
        for row in rows:
            if row.get(column.name) in known or row.get(column.name) is None:
                kept.append(row)
            elif column.nullable:
                kept.append(row | {column.name: None})
            else:
                self._left_out += 1
        return kept

    def _tie(self, table: Table, name: str) -> None:
        """Let rows refer to others of their own table, now that all of them are there."""
        for row in self._found.rows(table.name):
            other = lines.value_of(table.c[name], row, self.renumber)
            if other is None:
                continue
            with transaction():
                is_here = select(table.c.id).where(table.c.id == other, table.c.workspace_id == self._workspace_id)
                db.session.execute(
                    update(table)
                    .where(
                        table.c.id == lines.value_of(table.c.id, row, self.renumber),
                        table.c.workspace_id == self._workspace_id,
                        exists(is_here.correlate(None)),
                    )
                    .values({name: other})
                )

    def _bring_files(self) -> int:
        count = 0
        for key, kind, number, content in self._found.files():
            try:
                self._bring_file(key, kind, self.renumber(_id_of(number)), content)
                count += 1
            except DomainError:
                # Such as one that a scanner refuses; the message says that it is not kept any more.
                self._left_out += 1
            jobs.progress(self._job, done=self._job.done, total=self._total + 1, lease=_LEASE)
        return count

    def _bring_file(self, key: str, kind: str, number: uuid.UUID, content: bytes) -> None:
        if kind == "sources":
            self._bring_document(lines.renumbered(key, self.renumber), content)
            return
        row = db.session.get(Attachment, number) if kind == "attachments" else db.session.get(Picture, number)
        if row is None or row.workspace_id != self._workspace_id:
            raise Invalid("This file belongs to nothing.")
        # What was read so far must not keep the database waiting for a picture.
        db.session.commit()
        if isinstance(row, Attachment):
            attachments.put_back(row, content)
        else:
            pictures.put_back(row, content)
        with transaction():
            db.session.merge(row)

    def _bring_document(self, key: str, content: bytes) -> None:
        row = db.session.scalar(select(Source).where(Source.workspace_id == self._workspace_id, Source.file_key == key))
        if row is None:
            raise Invalid("This file belongs to nothing.")
        kind = kind_of_file(content, row.title)
        current_files().write(key, content, media_type=kind.media_type)

    def _finish(self) -> None:
        inbox_settings.forget(self._workspace_id)
        db.session.expire_all()
        for agent_id in db.session.scalars(select(Agent.id).where(Agent.workspace_id == self._workspace_id)).all():
            jobs.start(self._workspace_id, LEARN, agent_id, now=utc_now())


def _searched(table: str, rows: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """What messages and notes are found by, which is made where they are stored one by one."""
    for row in rows:
        of_it = {"workspace_id": row.get("workspace_id"), "conversation_id": row.get("conversation_id")}
        if table == "messages" and row["sender"] is not Sender.SYSTEM:
            yield of_it | {"message_id": row["id"], "words": words_of_message(row["text"], row["details"])}
        elif table == "notes":
            yield of_it | {"note_id": row["id"], "words": search_words(row["text"])}


def _id_of(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Invalid("An id in this file is none.") from None
