"""The commands `backup` and `restore`, on a server of their own, and the backup of each night."""

import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from app import create_app
from core.clock import utc_now
from gateways import queue
from gateways.files import current_files, use_files
from models import db
from models.agents import Agent
from models.teammates import Role, Workspace
from tests.conftest import NOW, keep, make_agent, make_teammate, settings_for
from web import backups


@pytest.fixture
def server(tmp_path):
    """A server on SQLite with one workspace; others are as before afterwards."""
    files, tasks = current_files() if queue._queue else None, queue._queue
    app = create_app(settings_for(tmp_path / "data", backup_dir=tmp_path / "data" / "backups"))
    (tmp_path / "data" / "files").mkdir(parents=True, exist_ok=True)
    with app.app_context():
        db.create_all()
        with db.engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE alembic_version (version_num TEXT)")
            connection.exec_driver_sql("INSERT INTO alembic_version VALUES ('people_answer')")
        keep(Workspace(name="Lantern & Loom", created_at=NOW))
        yield app
        db.session.remove()
        db.engine.dispose()
    if files is not None:
        use_files(files)
    if tasks is not None:
        queue.use_queue(tasks)


def run(app, *arguments):
    return app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])


def test_a_server_comes_back_as_it_was(server, tmp_path):
    done = run(server, "backup", "--to", tmp_path / "copy.zip")
    told = json.loads(done.stdout)
    assert (done.exit_code, told["file"]) == (0, str(tmp_path / "copy.zip"))
    with server.app_context():
        db.session.query(Workspace).one().name = "Changed"
        db.session.commit()
        db.session.remove()
    done = run(server, "restore", tmp_path / "copy.zip")
    assert done.exit_code == 0, done.stderr
    assert json.loads(done.stdout)["before"]
    assert "Start the server anew" in done.stderr
    assert db.session.query(Workspace).one().name == "Lantern & Loom"


def test_without_a_place_it_goes_where_the_daily_ones_are(server):
    folder = server.config["PORCHLIGHT"].backup_dir
    assert run(server, "backup").exit_code == 0
    assert len(list(folder.iterdir())) == 1


def test_a_refusal_is_a_sentence_and_a_status(server, tmp_path):
    done = run(server, "restore", tmp_path / "nothing.zip")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "There is no file" in done.stderr


def test_postgresql_has_its_own_tool(server, tmp_path):
    server.config["PORCHLIGHT"] = replace(server.config["PORCHLIGHT"], database_url="postgresql+psycopg://db/x")
    for arguments in (["backup"], ["restore", tmp_path / "x"]):
        done = run(server, *arguments)
        assert (done.exit_code, "pg_dump" in done.stderr) == (1, True)


def test_one_is_made_each_night_unless_it_is_switched_off(server):
    settings = server.config["PORCHLIGHT"]
    tonight = utc_now().replace(hour=2, minute=11)
    backups.start_due(now=tonight.replace(hour=1))
    server.config["PORCHLIGHT"] = replace(settings, backup_keep=0)
    backups.start_due(now=tonight)
    assert not settings.backup_dir.exists()
    server.config["PORCHLIGHT"] = settings
    backups.start_due(now=tonight)
    backups.start_due(now=tonight)
    [made] = settings.backup_dir.iterdir()
    with zipfile.ZipFile(made) as archive:
        assert "porchlight.db" in archive.namelist()


def test_a_full_disk_is_logged_and_tried_again(server, monkeypatch):
    monkeypatch.setattr("core.backups._SPARE", 2**60)
    problems = []
    noting = SimpleNamespace(error=lambda _event, problem: problems.append(problem))
    monkeypatch.setattr("web.backups.log", noting)
    backups.start_due(now=utc_now().replace(hour=3) - timedelta(days=1))
    assert "too little room" in problems[0]


def test_a_workspace_is_taken_out_and_brought_in_by_commands(server, tmp_path):
    olga = make_teammate(db.session.query(Workspace).one(), "Olga", Role.OWNER)
    nora = make_teammate(keep(Workspace(name="New", created_at=NOW)), "Nora", Role.OWNER)
    make_agent(olga.workspace, name="Lamp")
    file = tmp_path / "copy.zip"
    done = run(server, "archive", "export", file, "--owner", olga.email)
    assert json.loads(done.stdout) == {"file": str(file), "size": file.stat().st_size}
    assert run(server, "archive", "export", file, "--owner", olga.email).exit_code == 1
    assert run(server, "archive", "import", file, "--owner", nora.email).exit_code == 0
    assert db.session.query(Agent).filter_by(name="Lamp", workspace_id=nora.workspace_id).count() == 1
    file.write_text("nonsense")
    done = run(server, "archive", "import", file, "--owner", nora.email)
    assert (done.exit_code, "cannot be read" in done.stderr) == (1, True)
    assert "No owner" in run(server, "archive", "import", file, "--owner", "vera@elsewhere.example").stderr
