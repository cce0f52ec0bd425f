"""Files with questions and answers: read, looked at before anything happens, then taken over or dropped."""

import json
import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from core import sheets
from core.errors import Invalid, NotFound
from core.knowledge import ImportResult, Plan, plan_import
from core.knowledge.bulk import carry_out
from core.knowledge.rows import Row, read_rows
from core.texts import clean_line
from models import db, transaction
from models.agents import Agent
from models.knowledge import KnowledgeImport
from models.teammates import Teammate

LARGEST_FILE = 5 * 1024 * 1024
_KEPT_FOR = timedelta(days=1)
_OTHER_KINDS = {
    b"PK\x03\x04": "This is a workbook. In Excel choose “Save as”, in Numbers “Export”, then CSV, and send that file.",
    b"\xd0\xcf\x11\xe0": "This is an Excel workbook. In Excel choose “Save as”, then “CSV UTF-8”, and send that file.",
    b"%PDF": "This is a PDF. Send a CSV or JSON file.",
}


def keep(agent: Agent, content: bytes, *, filename: str, now: datetime) -> KnowledgeImport:
    """Read a file and keep its rows for a day, so that somebody can look before they agree.

    Raises:
        Invalid: when the file as a whole cannot be used.
    """
    rows = read_file(content)
    kept = KnowledgeImport(
        workspace_id=agent.workspace_id,
        agent_id=agent.id,
        filename=clean_line(filename)[:120] or "your list",
        rows=[row.as_dict() for row in rows],
        created_at=now,
    )
    with transaction():
        db.session.execute(delete(KnowledgeImport).where(KnowledgeImport.created_at < now - _KEPT_FOR))
        db.session.add(kept)
    return kept


def find(agent: Agent, import_id: uuid.UUID) -> KnowledgeImport:
    """A list that waits for somebody's yes.

    Raises:
        NotFound: when there is none of this id, or it is another agent's, or it has been taken over already.
    """
    kept = db.session.scalar(
        select(KnowledgeImport).where(
            KnowledgeImport.id == import_id,
            KnowledgeImport.agent_id == agent.id,
            KnowledgeImport.workspace_id == agent.workspace_id,
        )
    )
    if kept is None:
        raise NotFound("This list has been imported or dropped already, or it waited for more than a day.")
    return kept


def plan(agent: Agent, kept: KnowledgeImport) -> Plan:
    """What importing the list would do now."""
    return plan_import(agent, rows_of(kept))


def finish(
    agent: Agent,
    kept: KnowledgeImport,
    *,
    expected: str,
    only_good: bool,
    by: Teammate | None,
    now: datetime,
) -> ImportResult:
    """Import the list as it was shown, all of it or nothing.

    Args:
        expected: the fingerprint of the plan that was shown.
        only_good: leave out the rows with problems.

    Raises:
        Invalid: when there are rows with problems and they were not to be left out.
        Conflict: when the list would no longer do what was shown.
    """
    with transaction():
        result = carry_out(agent, rows_of(kept), by=by, now=now, only_good=only_good, expected=expected)
        drop(kept)
    return result


def drop(kept: KnowledgeImport) -> None:
    """Forget a list; what the agent knows stays as it is."""
    with transaction():
        db.session.execute(delete(KnowledgeImport).where(KnowledgeImport.id == kept.id))


def rows_of(kept: KnowledgeImport) -> list[Row]:
    return [Row.from_dict(row) for row in kept.rows]


def read_file(content: bytes) -> list[Row]:
    """Read a CSV table (any usual delimiter and encoding) or a JSON list.

    Raises:
        Invalid: when it is something else, empty or too large. Problems of single rows stand in them.
    """
    if len(content) > LARGEST_FILE:
        raise Invalid(f"The file has {len(content) / 1024 / 1024:.1f} MB. At most 5 MB can be imported at once.")
    text = decode(content).strip("\ufeff \r\n")
    if not text:
        raise Invalid("The file is empty.")
    if text[0] in "[{":
        return read_rows(_json_list(text))
    listing, numbers = sheets.read(text)
    return read_rows(listing, numbers=numbers)


def decode(content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 or, when it is neither, Windows-1252.

    Raises:
        Invalid: when it is no text.
    """
    for signature, advice in _OTHER_KINDS.items():
        if content.startswith(signature):
            raise Invalid(advice)
    text = _decoded(content)
    if "\x00" in text:
        raise Invalid("This is not a text file. Send a CSV or JSON file.")
    return text


def _decoded(content: bytes) -> str:
    try:
        return content.decode(_utf_16(content) or "utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _utf_16(content: bytes) -> str | None:
    """Which UTF-16 it is: by its mark, or because every other byte of the beginning is zero."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    beginning = content[:200]
    for encoding, zeros in (("utf-16-le", beginning[1::2]), ("utf-16-be", beginning[::2])):
        if len(beginning) > 3 and zeros.count(0) > 0.7 * len(zeros):
            return encoding
    return None


def _json_list(text: str) -> Sequence[object]:
    try:
        content = json.loads(text)
    except json.JSONDecodeError as error:
        raise Invalid(f"The file is not JSON: there is a mistake in line {error.lineno:,}.") from None
    except (ValueError, RecursionError):
        raise Invalid("The file is not JSON that can be read.") from None
    if not isinstance(content, list):
        raise Invalid("The JSON file has to hold a list of questions: [{“question”: …, “answer”: …}, …].")
    return content
