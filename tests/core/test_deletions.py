"""The end of a workspace: asked for by name and password, put off, taken back, then whole."""

from datetime import timedelta

import pytest

from core import accounts, deletions, jobs, passwords, setup_codes
from core.errors import Conflict, Invalid
from gateways.files import current_files
from models import db
from models.mails import Mail
from models.teammates import Role, Teammate, Workspace
from tests.conftest import NOW, make_teammate
from tests.shops import empty_tables, fingerprint, make_shop

pytestmark = pytest.mark.usefixtures("files")

PASSWORD = "a long password of olga"


@pytest.fixture
def owner(workspace):
    olga = make_teammate(workspace, "Olga", Role.OWNER)
    olga.password_hash = passwords.hash_password(PASSWORD)
    db.session.commit()
    return olga


def ask(workspace, owner, **changes):
    deletions.request(workspace, **({"name": workspace.name, "password": PASSWORD, "by": owner, "now": NOW} | changes))


def test_it_is_asked_for_by_name_and_password(workspace, owner):
    for changes in ({"name": "Another"}, {"password": "wrong"}):
        with pytest.raises(Invalid):
            ask(workspace, owner, **changes)
    assert workspace.deletes_at is None
    ask(workspace, owner)
    assert workspace.deletes_at == NOW + deletions.WAIT
    with pytest.raises(Conflict):
        ask(workspace, owner)


def test_until_then_it_can_be_taken_back(workspace, owner):
    with pytest.raises(Conflict):
        deletions.take_back(workspace, by=owner, now=NOW)
    ask(workspace, owner)
    deletions.start_due(now=NOW + deletions.WAIT - timedelta(minutes=1))
    assert db.session.get(Workspace, workspace.id)
    deletions.take_back(workspace, by=owner, now=NOW)
    deletions.start_due(now=NOW + deletions.WAIT * 2)
    assert db.session.get(Workspace, workspace.id)


def test_once_its_time_has_come_it_cannot(workspace, owner):
    ask(workspace, owner)
    with pytest.raises(Conflict):
        deletions.take_back(workspace, by=owner, now=NOW + deletions.WAIT)


def test_everything_goes_and_nothing_of_others(app):
    mine, theirs = make_shop("Brambleby"), make_shop("Quillfeather")
    before = fingerprint(theirs.workspace)
    workspace = db.session.get_one(Workspace, mine.workspace.id)
    workspace.deletes_at = NOW
    db.session.commit()
    files = set(current_files().keys("attachments"))
    tables = len(empty_tables(mine.workspace))
    deletions.start_due(now=NOW)
    assert [row.id for row in db.session.query(Workspace)] == [theirs.workspace.id]
    assert tables == 0
    assert fingerprint(theirs.workspace) == before
    left = set(current_files().keys("attachments"))
    assert {f"attachments/{theirs.id_of(kind)}" for kind in ("attachment", "second_attachment")} == left < files
    assert db.session.query(Teammate).filter_by(workspace_id=mine.workspace.id).count() == 0
    assert [mail.kind for mail in db.session.query(Mail) if mail.kind == "deleted"] == ["deleted"]


def test_after_the_last_one_only_who_runs_the_server_begins_anew(app, vera):
    assert setup_codes.current() == ""
    first, second = make_shop("Brambleby"), make_shop("Quillfeather")
    for shop, is_last in ((first, False), (second, True)):
        db.session.get_one(Workspace, shop.workspace.id).deletes_at = NOW
        db.session.commit()
        deletions.start_due(now=NOW)
        assert bool(setup_codes.current()) is is_last
    code = setup_codes.current()
    data = {"name": "Mallory", "email": "m@example.com", "password": "a warm lamp", "website": "example.com"}
    assert "Code of this server" in vera.get("/welcome").text
    for wrong in ({}, {"setup_code": code[:-1]}, {"setup_code": "ü"}):
        assert vera.post("/welcome", data=data | wrong).status_code == 422
    with pytest.raises(Invalid):
        accounts.register_first(**data, now=NOW)
    assert db.session.query(Teammate).count() == 0
    assert vera.post("/welcome", data=data | {"setup_code": f" {code.upper()} "}).status_code == 303
    assert setup_codes.current() == ""


def test_what_was_taken_back_while_the_job_waited_stays(workspace, monkeypatch):
    started = []
    monkeypatch.setattr("core.jobs.start", lambda *arguments, **_named: started.append(arguments))
    workspace.deletes_at = NOW
    db.session.commit()
    deletions.start_due(now=NOW)
    monkeypatch.undo()
    workspace.deletes_at = None
    db.session.commit()
    [(workspace_id, kind, subject)] = started
    jobs.start(workspace_id, kind, subject, now=NOW)
    assert db.session.get(Workspace, workspace.id)
