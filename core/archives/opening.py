"""Opens an archive that somebody hands in, and looks at all of it before any of it is stored."""

import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.archives import lines, tables, taking
from core.errors import Invalid

_MOST_ROWS = 20_000_000
_MOST_FILES = 1_000_000
_MOST_UNPACKED = 20 * 1024**3
_LARGEST_FILE = 64 * 1024 * 1024
_LARGEST_MANIFEST = 64 * 1024
_FILE = re.compile(r"files/((attachments|pictures|sources)/([0-9a-f-]{36}))")
_UNREADABLE = "This file cannot be read. Choose one that was downloaded here, as it is."


class Opened:
    """An archive that can be read, row by row and file by file."""

    def __init__(self, archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
        self._archive = archive
        self.manifest = manifest

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table, as they stand there.

        Raises:
            Invalid: when it is no table of rows.
        """
        try:
            file = self._archive.open(f"tables/{table}.jsonl")
        except KeyError:
            return
        with file:
            while line := self._line(file):
                yield lines.read(line)

    def files(self) -> Iterator[tuple[str, str, str, bytes]]:
        """Each file: its key, of what kind it is, the id in its key, and its content."""
        for info in self._archive.infolist():
            found = _FILE.fullmatch(info.filename)
            if found is None:
                continue
            with self._archive.open(info) as file:
                content = file.read(_LARGEST_FILE + 1)
            if len(content) <= _LARGEST_FILE:
                yield found[1], found[2], found[3], content

    def count(self) -> int:
        """How many rows it says that it has, for a bar of progress."""
        told = self.manifest.get("tables")
        counts = told.values() if isinstance(told, dict) else ()
        return sum(count for count in counts if isinstance(count, int) and 0 < count < _MOST_ROWS)

    @staticmethod
    def _line(file: Any) -> bytes:
        line: bytes = file.readline(lines.LONGEST_LINE + 1)
        if len(line) > lines.LONGEST_LINE:
            raise Invalid("A line of this file is too long.")
        return line


@contextmanager
def opened(path: Path) -> Iterator[Opened]:
    """An archive, for as long as it is read.

    Raises:
        Invalid: when it is none of ours, of a later version, or larger than anything that we make.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            _check_size(archive)
            yield Opened(archive, _manifest(archive))
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise Invalid(_UNREADABLE) from error


def _check_size(archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > _MOST_FILES or sum(part.file_size for part in parts) > _MOST_UNPACKED:
        raise Invalid("This file is larger than anything that can be brought in.")
    if len({part.filename for part in parts}) != len(parts):
        raise Invalid(_UNREADABLE)
    # With its size written down, no part unpacks to more than that: zipfile stops there, and checks the sum.
    known = {f"tables/{table.name}.jsonl" for table in tables.taken()}
    if not known & {part.filename for part in parts}:
        raise Invalid(_UNREADABLE)


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    try:
        with archive.open("manifest.json") as file:
            manifest = json.loads(file.read(_LARGEST_MANIFEST))
    except (KeyError, ValueError, RecursionError):
        raise Invalid(_UNREADABLE) from None
    if not isinstance(manifest, dict) or manifest.get("format") != taking.FORMAT:
        raise Invalid(_UNREADABLE)
    version = manifest.get("version")
    if not isinstance(version, int) or not 1 <= version <= taking.VERSION:
        raise Invalid("This file was made by a later version of Porchlight. Update this one first.")
    return manifest
