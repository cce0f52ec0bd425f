"""Settings → Your data: a copy, the way back in, the end and its taking back; for owners only."""

import io
import zipfile

import pytest

from core import archives, passwords
from core.clock import utc_now
from gateways.files import current_files
from models import db
from models.archives import WorkspaceArchive
from models.audits import AuditEntry
from models.mails import Mail
from models.teammates import Teammate, TeammateSession, Workspace
from tests.conftest import NOW, keep
from web.confirmations import GOOD_FOR

pytestmark = pytest.mark.usefixtures("files")

HTMX = {"HX-Request": "true"}
ROOT = "/admin/settings/data"
PASSWORD = "a long password of olga"


def copy_of(client):
    assert client.post(f"{ROOT}/archives").status_code == 303
    archive = db.session.query(WorkspaceArchive).one()
    return archive, client.get(f"{ROOT}/archives/{archive.id}")


def test_an_owner_takes_a_copy_and_deletes_it_again(olga, agent):
    archive, fetched = copy_of(olga)
    assert fetched.headers["Cache-Control"] == "private, no-store"
    assert int(fetched.headers["Content-Length"]) == len(fetched.data)
    with zipfile.ZipFile(io.BytesIO(fetched.data)) as content:
        assert agent.name in content.read("tables/agents.jsonl").decode()
    page = olga.get(ROOT).text
    assert "Download" in page
    assert db.session.query(AuditEntry).filter_by(action="archive.download").count() == 1
    olga.post(f"{ROOT}/archives/{archive.id}/removal")
    assert olga.get(f"{ROOT}/archives/{archive.id}").status_code == 404
    assert current_files().keys("archives") == []


def test_a_copy_is_brought_into_an_empty_workspace(olga, stan, agent):
    _archive, fetched = copy_of(olga)
    sent = {"file": (io.BytesIO(fetched.data), "copy.zip")}
    assert stan.post(f"{ROOT}/imports", data=sent).status_code == 303
    assert "Brought in" in stan.get(ROOT).text
    assert db.session.query(type(agent)).filter_by(name=agent.name).count() == 2


def test_what_cannot_be_brought_in_is_said_in_words(olga, stan, conversation):
    assert "Choose a file" in olga.post(f"{ROOT}/imports", data={}).text
    refused = olga.post(f"{ROOT}/imports", data={"file": (io.BytesIO(b"x"), "copy.zip")})
    assert (refused.status_code, "already" in refused.text) == (422, True)
    assert stan.post(f"{ROOT}/imports", data={"file": (io.BytesIO(b"x"), "copy.zip")}).status_code == 303
    assert "cannot be read" in stan.get(ROOT).text


def test_one_under_way_shows_how_far_it_is(olga, workspace, monkeypatch):
    monkeypatch.setattr("core.jobs._handlers", {archives.EXPORT: lambda _job: (_ for _ in ()).throw(KeyError)})
    olga.post(f"{ROOT}/archives")
    for options in ({}, {"headers": HTMX}):
        page = olga.get(ROOT, **options).text
        assert "<progress" in page
        assert 'hx-trigger="every 2s"' in page
    assert "already" in olga.post(f"{ROOT}/archives", follow_redirects=True).text


def test_a_workspace_is_deleted_in_two_weeks_unless_it_is_kept(olga, adam, workspace):
    teammate = db.session.query(Teammate).filter_by(name="Olga").one()
    teammate.password_hash = passwords.hash_password(PASSWORD)
    db.session.commit()
    for sent, told in (
        ({"name": "Another", "password": PASSWORD}, "not the name"),
        ({"name": workspace.name, "password": "wrong"}, "password"),
        ({"name": "", "password": ""}, "Write its name"),
    ):
        for options in ({}, {"headers": HTMX}):
            answer = olga.post(f"{ROOT}/deletion", data=sent, **options)
            assert answer.status_code == 422
            assert told in answer.text
    olga.post(f"{ROOT}/deletion", data={"name": workspace.name, "password": PASSWORD})
    assert db.session.get(Workspace, workspace.id).deletes_at
    assert db.session.query(Mail).filter_by(kind="deletion").count() == 2
    assert "Keep it" in olga.get("/admin/settings/websites/").text
    assert "An owner can still keep it" in adam.get("/admin/settings/websites/").text
    assert "Keep the workspace" in olga.get(ROOT).text
    assert "stays" in olga.post(f"{ROOT}/deletion/end", follow_redirects=True).text
    assert db.session.get(Workspace, workspace.id).deletes_at is None
    assert "not going to be" in olga.post(f"{ROOT}/deletion/end", follow_redirects=True).text


@pytest.mark.parametrize("person", ["adam", "eddy", "sue", "rita"])
def test_others_may_not(request, workspace, person):
    client = request.getfixturevalue(person)
    archive = keep(WorkspaceArchive(workspace_id=workspace.id, created_at=NOW, expires_at=NOW))
    assert client.get(ROOT).status_code == 403
    assert client.get(f"{ROOT}/archives/{archive.id}").status_code == 403
    for what in ("archives", f"archives/{archive.id}/removal", "imports", "deletion", "deletion/end"):
        assert client.post(f"{ROOT}/{what}").status_code == 403


def test_a_stranger_finds_nothing(stan, workspace):
    archive = keep(WorkspaceArchive(workspace_id=workspace.id, created_at=NOW, expires_at=NOW))
    assert stan.get(f"{ROOT}/archives/{archive.id}").status_code == 404
    assert stan.post(f"{ROOT}/archives/{archive.id}/removal").status_code == 404


def test_who_has_not_proved_lately_that_it_is_them_is_asked_first(olga, workspace):
    session = db.session.query(TeammateSession).one()
    session.confirmed_at = utc_now() - GOOD_FOR
    db.session.commit()
    archive = keep(WorkspaceArchive(workspace_id=workspace.id, created_at=NOW, expires_at=NOW))
    assert "/confirmation" in olga.get(f"{ROOT}/archives/{archive.id}").headers["Location"]
    for what in ("archives", "imports", "deletion"):
        assert "/confirmation" in olga.post(f"{ROOT}/{what}").headers["Location"]
