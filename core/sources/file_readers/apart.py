"""Reading a file in a process of its own, that knows no secret and may take only so much time and memory."""

import json
import subprocess  # nosec B404
import sys
import tempfile
from pathlib import Path
from threading import BoundedSemaphore
from typing import Literal

from core.sources.file_readers.reading import FileRead, Unreadable
from core.texts import clean

_SECONDS = 90
# A container of 1 GB has room for two of them.
_at_once = BoundedSemaphore(2)
_HOME = Path(__file__).parents[3]


def read_apart(reader: Literal["pdf", "word"], content: bytes) -> FileRead:
    """Read a file in a child process.

    Raises:
        Unreadable: when it cannot be read, or not within the bounds.
    """
    with _at_once, tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as question:
        question.write(content)
        question.seek(0)
        try:
            status = subprocess.run(  # noqa: S603 # nosec B603
                [sys.executable, "-m", "core.sources.file_readers.child", reader],
                stdin=question,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=_SECONDS,
                cwd=_HOME,
                # Nothing of ours: neither keys nor the address of the database.
                env={"PYTHONIOENCODING": "utf-8"},
                check=False,
            ).returncode
        except subprocess.TimeoutExpired:
            status = -1
        answer.seek(0)
        return _understood(answer.read() if status == 0 else b"")


def _understood(answer: bytes) -> FileRead:
    if not answer:
        raise Unreadable(
            "Reading this file takes too much time or memory, so it was stopped. It may be damaged: open it, "
            "save it anew with text only, and add that."
        )
    found = json.loads(answer)
    if "refusal" in found:
        raise Unreadable(found["refusal"])
    # Fonts can make any letters of theirs NULs and half characters, which no database keeps.
    return FileRead(clean(found["markdown"]), found["note"])
