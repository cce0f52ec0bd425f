"""A copy of the whole server, made while others write, and everything put back from it."""

import json
import sqlite3
import threading
import zipfile
from contextlib import closing
from datetime import timedelta

import pytest

from core import backups
from core.errors import Conflict, Invalid, NotFound
from tests.conftest import NOW


@pytest.fixture
def house(tmp_path):
    """A server with a database, two files and a secret."""
    data = tmp_path / "data"
    (data / "files" / "pictures").mkdir(parents=True)
    (data / "files" / "pictures" / "one").write_bytes(b"first")
    (data / "secret_key").write_text("the secret of this server")
    database = data / "porchlight.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('now')")
        connection.execute("CREATE TABLE pairs (number INTEGER, twin INTEGER)")
        connection.commit()
    return backups.House(database=database, files=data / "files", data=data, revisions=["now", "before"])


def write(house, *numbers):
    with closing(sqlite3.connect(house.database, timeout=10)) as connection:
        for number in numbers:
            connection.execute("INSERT INTO pairs VALUES (?, ?)", (number, number))
        connection.commit()


def numbers(path):
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT number FROM pairs ORDER BY number")]


def test_everything_comes_back_as_it_was(house, tmp_path):
    write(house, 1, 2)
    made = backups.make(house, tmp_path / "copy.zip", now=NOW)
    assert made.stat().st_mode & 0o077 == 0
    write(house, 3)
    (house.files / "pictures" / "one").write_bytes(b"changed")
    (house.data / "secret_key").write_text("another")
    with closing(sqlite3.connect(house.database)) as reader:
        # Somebody who reads meanwhile sees the one or the other.
        assert reader.execute("SELECT count(*) FROM pairs").fetchone() == (3,)
        before = backups.restore(house, made, now=NOW)
        assert reader.execute("SELECT count(*) FROM pairs").fetchone() == (2,)
    assert numbers(house.database) == [1, 2]
    assert (house.files / "pictures" / "one").read_bytes() == b"first"
    assert (house.data / "secret_key").read_text() == "the secret of this server"
    assert (house.data / "secret_key").stat().st_mode & 0o077 == 0
    # What was there is not lost either.
    backups.restore(house, before, now=NOW + timedelta(seconds=1))
    assert numbers(house.database) == [1, 2, 3]
    assert (house.files / "pictures" / "one").read_bytes() == b"changed"


def test_a_copy_made_while_others_write_is_of_one_moment(house, tmp_path):
    write(house, *range(5_000))
    is_over = threading.Event()

    def go_on():
        with closing(sqlite3.connect(house.database, timeout=10)) as connection:
            while not is_over.is_set():
                connection.execute("UPDATE pairs SET number = number + 1, twin = twin + 1")
                connection.commit()

    writer = threading.Thread(target=go_on)
    writer.start()
    try:
        made = backups.make(house, tmp_path / "copy.zip", now=NOW)
    finally:
        is_over.set()
        writer.join()
    with zipfile.ZipFile(made) as archive:
        archive.extract("porchlight.db", tmp_path / "out")
    with closing(sqlite3.connect(tmp_path / "out" / "porchlight.db")) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT count(*), count(DISTINCT number - rowid) FROM pairs").fetchone() == (5_000, 1)
        assert copy.execute("SELECT count(*) FROM pairs WHERE number != twin").fetchone() == (0,)


def test_no_file_is_overwritten_and_none_left_half(house, tmp_path, monkeypatch):
    taken = tmp_path / "copy.zip"
    taken.write_text("mine")
    with pytest.raises(Conflict):
        backups.make(house, taken, now=NOW)
    monkeypatch.setattr(backups, "_pack", lambda *_: (_ for _ in ()).throw(OSError("full")))
    with pytest.raises(OSError, match="full"):
        backups.make(house, tmp_path / "other.zip", now=NOW)
    assert [path.name for path in tmp_path.iterdir() if path.name != "data"] == ["copy.zip"]


def test_a_full_disk_is_told_before(house, tmp_path, monkeypatch):
    monkeypatch.setattr(backups, "_SPARE", 2**60)
    with pytest.raises(Conflict, match="too little room"):
        backups.make(house, tmp_path, now=NOW)


def made_of(house, tmp_path, **changes):
    """A copy in which some parts are others."""
    good = backups.make(house, tmp_path / "good.zip", now=NOW)
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w") as new:
        for name in old.namelist():
            content = changes.get(name.partition(".")[0], old.read(name))
            if content is not None:
                new.writestr(name, content)
    return bad


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"manifest": None}, "no backup"),
        ({"manifest": b"{}"}, "no backup"),
        ({"manifest": json.dumps({"format": backups.FORMAT, "version": 99}).encode()}, "later version"),
        (
            {"manifest": json.dumps({"format": backups.FORMAT, "version": 1, "revision": "later"}).encode()},
            "later version",
        ),
        ({"porchlight": b"not a database"}, "database"),
        ({"porchlight": None}, "no backup"),
    ],
)
def test_what_is_no_copy_of_ours_changes_nothing(house, tmp_path, changes, words):
    write(house, 1)
    with pytest.raises(Invalid, match=words):
        backups.restore(house, made_of(house, tmp_path, **changes), now=NOW)
    assert numbers(house.database) == [1]


def test_a_damaged_file_changes_nothing(house, tmp_path):
    made = backups.make(house, tmp_path / "copy.zip", now=NOW)
    content = bytearray(made.read_bytes())
    content[200:400] = bytes(200)
    made.write_bytes(content)
    with pytest.raises(Invalid):
        backups.restore(house, made, now=NOW)
    with pytest.raises(NotFound):
        backups.restore(house, tmp_path / "nothing.zip", now=NOW)


def test_one_a_night_and_the_latest_are_kept(house):
    folder = house.data / "backups"
    assert not backups.is_due(folder, now=NOW.replace(hour=1))
    for day in range(4):
        now = NOW + timedelta(days=day)
        assert backups.is_due(folder, now=now)
        backups.make_daily(house, folder, keep=2, now=now)
        assert not backups.is_due(folder, now=now)
    assert [path.name[:21] for path in backups.known(folder)] == ["porchlight-2026-11-24", "porchlight-2026-11-25"]
    assert folder.stat().st_mode & 0o077 == 0
