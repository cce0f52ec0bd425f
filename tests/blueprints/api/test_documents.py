"""What the documents say is what the server does."""

import importlib.util
import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from werkzeug.serving import make_server

from blueprints.api.operations import OPERATIONS
from config.settings import ROOT
from models import db
from models.customers import Customer
from tests.blueprints.api.conftest import make_program

DOCS = (ROOT / "docs" / "api.md").read_text()


def test_every_call_stands_in_the_docs_with_its_scope():
    told = {
        (call, scope)
        for calls, scope in re.findall(r"^\| (`(?:GET|POST|PATCH|DELETE) .*?) \| (\S+) \|", DOCS, re.MULTILINE)
        for call in re.findall(r"`([^`]+)`", calls)
    }
    real = {
        (f"{operation.method} {_path(operation.path)}", f"`{operation.scope}`" if operation.scope else "any")
        for operation in OPERATIONS
    }
    assert told == real


def _path(path: str) -> str:
    return re.sub(r"<uuid:(\w+)_id>", r"{\1Id}", path)


@pytest.fixture
def example() -> Any:
    spec = importlib.util.spec_from_file_location("api_client", ROOT / "docs" / "examples" / "api_client.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def address(app) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_example_asks_and_is_answered(app, workspace, agent, address, example):
    porchlight = example.Porchlight(address, make_program(app, workspace).secret)
    assert example.ask(porchlight, "When do you open?")
    assert db.session.query(Customer).one().external_id == "example-1"
    assert [one["id"] for one in porchlight.each("/agents", limit=1)] == [str(agent.id)]


def test_the_example_says_why_it_was_refused(address, example):
    with pytest.raises(example.ApiError, match="API key is not known") as refused:
        example.Porchlight(address, "pl_made-up").get("/agents")
    assert (refused.value.status, refused.value.code) == (401, "key_invalid")
