"""The process in which a stranger's file is read. It limits itself before it looks at the first byte."""

import json
import resource
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from core.sources.file_readers.reading import FileRead

_SECONDS_OF_WORK = 60
_MEMORY = 1024 * 1024 * 1024
_LARGEST_ANSWER = 32 * 1024 * 1024


def main(reader: str) -> None:
    """Read the file that comes in, and write what it says as JSON."""
    _limit()
    from core.sources.file_readers.reading import Unreadable

    content = sys.stdin.buffer.read()
    try:
        found = _read(reader, content)
        answer = {"markdown": found.markdown, "note": found.note}
    except Unreadable as refusal:
        answer = {"refusal": str(refusal)}
    except MemoryError:
        sys.exit(1)
    except Exception:
        answer = {
            "refusal": "This file is damaged, or not what its name says, and cannot be read. Save it anew and add that."
        }
    json.dump(answer, sys.stdout)


def _read(reader: str, content: bytes) -> "FileRead":
    if reader == "pdf":
        from core.sources.file_readers.pdf import read_pdf

        return read_pdf(content)
    from core.sources.file_readers.word import read_word

    return read_word(content)


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_CPU, _SECONDS_OF_WORK),
        (resource.RLIMIT_FSIZE, _LARGEST_ANSWER),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))


if __name__ == "__main__":
    main(sys.argv[1])
