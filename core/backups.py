"""Copies of the whole server, of the embedded default: its database, its files and its secret, while it runs."""

import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from core.errors import Conflict, Invalid, NotFound

FORMAT = "porchlight-backup"
VERSION = 1
DATABASE = "porchlight.db"
SECRETS = ("secret_key", "secret_key_previous")
NAME = "porchlight-{:%Y-%m-%d-%H%M%S}.zip"

_AT_NIGHT = 2
"""The hour, in UTC, from which on the daily one is made."""
_LARGEST_MANIFEST = 64 * 1024
_SPARE = 256 * 1024 * 1024


@dataclass(frozen=True)
class House:
    """Where everything of a server lies."""

    database: Path
    files: Path
    data: Path
    revisions: Sequence[str]
    """Of the database, that this version of the product knows, the newest first."""


def make(house: House, to: Path, *, now: datetime) -> Path:
    """Write a copy of everything, while others go on reading and writing.

    Args:
        to: a file that is not there yet, or a folder.

    Returns:
        where it is.

    Raises:
        Conflict: when the file is there already, or the disk has too little room.
    """
    target = to / NAME.format(now) if to.is_dir() else to
    if target.exists():
        raise Conflict(f"{target} is there already. Name another file.")
    _check_room(house, target.parent)
    draft = target.with_name(f".{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(prefix="porchlight-", dir=target.parent) as folder:
            copy = Path(folder) / DATABASE
            _copy_database(house.database, copy)
            draft.touch(mode=0o600)
            _pack(draft, house, copy, now)
        # Under its name it is whole, also when the machine stops in between.
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target


def restore(house: House, backup: Path, *, now: datetime) -> Path:
    """Put everything back as it was in a copy, also while the server runs: it has to be started anew afterwards.

    What was there before is kept as a copy of its own.

    Returns:
        where the copy of before is.

    Raises:
        NotFound: when there is no such file.
        Invalid: when it is no copy of ours, damaged, or of a later version.
    """
    if not backup.is_file():
        raise NotFound(f"There is no file {backup}.")
    with _unpacked(backup, house) as folder:
        before = make(house, house.data / f"before-restore-{now:%Y-%m-%d-%H%M%S}.zip", now=now)
        # First the files: a row always has its file. What the old rows had besides is swept at night.
        _put_files_back(folder / "files", house.files)
        _put_secrets_back(folder, house.data)
        _copy_database(folder / DATABASE, house.database)
    return before


def is_due(folder: Path, *, now: datetime) -> bool:
    """Whether the daily copy of today is still to be made."""
    if now.hour < _AT_NIGHT:
        return False
    today = f"porchlight-{now:%Y-%m-%d}-"
    return not any(path.name.startswith(today) for path in known(folder))


def known(folder: Path) -> list[Path]:
    """The daily copies in a folder, the oldest first."""
    return sorted(folder.glob("porchlight-*.zip"))


def make_daily(house: House, folder: Path, *, keep: int, now: datetime) -> Path:
    """Make the copy of the day, and delete what is more than is kept.

    Raises:
        Conflict: when the disk has too little room.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for left in (*folder.glob(".porchlight-*.part"), *folder.glob("porchlight-*/")):
        # Of one that was broken off.
        if now.timestamp() - left.stat().st_mtime > timedelta(hours=6).total_seconds():
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    made = make(house, folder, now=now)
    for old in known(folder)[:-keep]:
        old.unlink()
    return made


def _copy_database(source: Path, target: Path) -> None:
    """Copy a database through SQLite's own backup, while others write to it.

    In one step: it sees everything as it was when it began. In several, each write would have it begin anew.
    """
    with closing(sqlite3.connect(source, timeout=30)) as reading, closing(sqlite3.connect(target, timeout=30)) as there:
        reading.backup(there)


def _check_room(house: House, folder: Path) -> None:
    if not folder.is_dir():
        raise Conflict(f"There is no folder {folder}.")
    files = sum(path.stat().st_size for path in _files_of(house.files))
    needed = 2 * house.database.stat().st_size + files + _SPARE
    if shutil.disk_usage(folder).free < needed:
        raise Conflict(f"There is too little room in {folder}: {needed / 2**20:.0f} MB are needed.")


def _pack(path: Path, house: House, database: Path, now: datetime) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        archive.write(database, DATABASE)
        for name in SECRETS:
            if (house.data / name).is_file():
                archive.write(house.data / name, name)
        count = 0
        for file in _files_of(house.files):
            try:
                # Pictures and documents are packed already.
                archive.write(file, f"files/{file.relative_to(house.files).as_posix()}", zipfile.ZIP_STORED)
                count += 1
            except FileNotFoundError:
                # Deleted since: its row is gone, too, or will be.
                continue
        manifest = {"format": FORMAT, "version": VERSION, "made_at": now.isoformat(), "files": count}
        archive.writestr("manifest.json", json.dumps(manifest | {"revision": house.revisions[0]}))


def _files_of(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*")) if path.is_file()) if folder.is_dir() else iter(())


@contextmanager
def _unpacked(backup: Path, house: House) -> Iterator[Path]:
    """A folder with what is in a copy, once all of it is known to be whole."""
    with tempfile.TemporaryDirectory(prefix="porchlight-", dir=house.data) as folder:
        try:
            with zipfile.ZipFile(backup) as archive:
                _check_manifest(archive, house)
                if archive.testzip() is not None:
                    raise Invalid("This file is damaged.")
                # Neither absolute paths nor `..` lead out of the folder: zipfile drops them.
                archive.extractall(folder)
        except (zipfile.BadZipFile, OSError, EOFError, RuntimeError, NotImplementedError) as error:
            raise Invalid(f"This file cannot be read: {error}.") from error
        _check_database(Path(folder) / DATABASE)
        yield Path(folder)


def _check_manifest(archive: zipfile.ZipFile, house: House) -> None:
    try:
        with archive.open("manifest.json") as file:
            manifest: Any = json.loads(file.read(_LARGEST_MANIFEST))
    except (KeyError, ValueError):
        raise Invalid("This file is no backup of Porchlight.") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT or DATABASE not in archive.namelist():
        raise Invalid("This file is no backup of Porchlight.")
    if manifest.get("version") != VERSION or manifest.get("revision") not in house.revisions:
        raise Invalid("This file was made by a later version of Porchlight. Update this one first.")


def _check_database(path: Path) -> None:
    try:
        with closing(sqlite3.connect(path)) as connection:
            # nosemgrep: raw-sql - a file beside the database, which the query builder does not know
            [answer] = connection.execute("PRAGMA integrity_check(1)").fetchone()
            # nosemgrep: raw-sql - as above
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise Invalid(f"The database in this file cannot be read: {error}.") from None
    if answer != "ok":
        raise Invalid("The database in this file is damaged.")


def _put_files_back(kept: Path, files: Path) -> None:
    for file in _files_of(kept):
        target = files / file.relative_to(kept)
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.part")
        shutil.copyfile(file, draft)
        draft.replace(target)


def _put_secrets_back(folder: Path, data: Path) -> None:
    for name in SECRETS:
        if (folder / name).is_file():
            draft = data / f".{name}.part"
            descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write((folder / name).read_bytes())
            draft.replace(data / name)
