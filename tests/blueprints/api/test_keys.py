"""Who comes in with a key, and how far."""

from datetime import timedelta

import pytest

from blueprints.api import caller
from blueprints.api.operations import OPERATIONS
from core import api_keys
from core.clock import utc_now
from models import db
from models.api_keys import ApiKey
from models.teammates import Role
from tests.blueprints.api.conftest import Program, make_program
from tests.conftest import make_teammate
from tests.shops import make_shop


def test_a_key_says_what_it_is_good_for(app, workspace):
    shown = make_program(app, workspace, "agents:write", days=30).get("/key")
    assert shown.json["scopes"] == ["agents:read", "agents:write"]
    assert shown.json["workspaceName"] == "Lantern & Loom"
    assert shown.json["expiresAt"] is not None


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "key_required"),
        ("Basic b2xnYTpwdw==", "key_required"),
        ("Bearer ", "key_required"),
        ("Bearer pl_" + "x" * 43, "key_invalid"),
        ("Bearer " + "x" * 5_000, "key_invalid"),
    ],
)
def test_without_a_good_key_nobody_comes_in(app, vera, header, code):
    answer = vera.get("/api/v1/key", headers={"Authorization": header} if header else {})
    assert (answer.status_code, answer.json["error"]["code"]) == (401, code)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_signed_in_browser_is_no_key(olga):
    assert olga.get("/api/v1/agents").status_code == 401


def test_a_key_that_is_over_is_told_apart(app, workspace, program):
    row = db.session.query(ApiKey).one()
    row.expires_at = utc_now() - timedelta(seconds=1)
    db.session.commit()
    assert program.get("/key").json["error"]["code"] == "key_expired"
    api_keys.revoke(row, by=None, now=utc_now())
    assert program.get("/key").json["error"]["code"] == "key_revoked"


def test_each_scope_opens_its_own_calls_only(app):
    shop = make_shop("Brambleby", is_staffed=False)
    workspace = db.session.merge(shop.workspace)
    for scope in api_keys.SCOPES:
        if scope.endswith(":write"):
            continue
        program = make_program(app, workspace, scope)
        for operation in OPERATIONS:
            answer = getattr(program, operation.method.lower())(_path(operation.path, shop), json={})
            may = operation.scope in (None, scope)
            assert (answer.status_code != 403) is may, (scope, operation.name, answer.status_code)


def test_a_key_of_another_workspace_reaches_nothing(app, other_program):
    shop = make_shop("Brambleby", is_staffed=False)
    for operation in OPERATIONS:
        if "<" not in operation.path:
            continue
        # A body that would be taken, so that the refusal is about the id.
        body = {"from": "customer", "text": "Mine now."} if operation.name == "create_message" else {}
        body = {"question": "Why?", "answer": "So."} if operation.name == "create_entry" else body
        body = {"kind": "text", "title": "T", "text": "T"} if operation.name == "create_source" else body
        answer = getattr(other_program, operation.method.lower())(_path(operation.path, shop), json=body)
        assert answer.status_code == 404, (operation.name, answer.text)
        assert shop.marker not in answer.text.lower()


def test_ids_of_another_workspace_in_a_body_are_unknown(app, other_workspace):
    shop = make_shop("Brambleby", is_staffed=False)
    mine = make_shop("Quillfeather", is_staffed=False)
    program = make_program(app, db.session.merge(mine.workspace), by=db.session.merge(mine.rows["owner"]))
    own = {"agentId": str(mine.id_of("agent")), "customerId": str(mine.id_of("customer"))}
    said = {"from": "person", "text": "Hello."}
    for foreign in (
        own | {"agentId": str(shop.id_of("agent"))},
        own | {"customerId": str(shop.id_of("customer"))},
    ):
        assert program.post("/conversations", json=foreign | {"message": said}).status_code == 404
    address = f"/conversations/{mine.id_of('conversation')}"
    other = str(shop.id_of("owner"))
    assert program.post(f"{address}/messages", json=said | {"teammateId": other}).status_code == 404
    assert program.patch(address, json={"teammateId": other}).status_code == 404
    assert program.patch(address, json={"teamId": str(shop.id_of("team"))}).status_code == 404
    assert program.patch(address, json={"tags": [shop.rows["tag"].name]}).status_code == 422


def test_a_key_is_told_what_is_left_to_it(program, monkeypatch):
    monkeypatch.setattr(caller, "CALLS", 2)
    first = program.get("/key")
    assert first.headers["RateLimit-Policy"] == '"key";q=2;w=60'
    assert first.headers["RateLimit"].startswith('"key";r=1;t=')
    program.get("/key")
    refused = program.get("/key")
    assert (refused.status_code, refused.json["error"]["code"]) == (429, "rate_limited")
    assert int(refused.headers["Retry-After"]) == refused.json["error"]["retryAfter"] > 0


def test_it_is_noted_when_a_key_was_used(app, workspace, program):
    assert db.session.query(ApiKey).one().last_used_at is None
    program.get("/key")
    db.session.expire_all()
    assert db.session.query(ApiKey).one().last_used_at is not None


def test_what_a_key_does_stands_in_the_audit_log_as_such(app, workspace, adam):
    olga = make_teammate(workspace, "Olga", Role.OWNER)
    program = make_program(app, workspace, by=olga)
    program.post("/agents", json={"name": "Wick"})
    page = adam.get("/admin/settings/audit").text
    assert "Olga, by the API key “Warehouse”" in page
    assert "made the API key Warehouse" in page


def test_unknown_calls_and_methods_answer_in_json(program):
    assert program.get("/nothing").json["error"]["code"] == "not_found"
    assert program.put("/agents").json["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize(
    ("options", "status", "code"),
    [
        ({"data": "{", "content_type": "application/json"}, 400, "json_invalid"),
        ({"data": "name=Wick"}, 415, "unsupported_media_type"),
        ({"json": {"name": "Wick", "more": 1}}, 422, "invalid"),
        ({"json": {"name": 5}}, 422, "invalid"),
        ({"json": ["Wick"]}, 422, "invalid"),
        ({"data": b'{"name": "\\u0000"}', "content_type": "application/json"}, 422, "invalid"),
        ({"data": b'{"name": "\\ud800"}', "content_type": "application/json"}, 400, "json_invalid"),
        ({"data": b"[" * 100_000, "content_type": "application/json"}, 400, "json_invalid"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(program, options, status, code):
    answer = program.post("/agents", **options)
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code)
    assert answer.json["error"]["message"]


def test_fields_that_cannot_be_used_are_named(program):
    error = program.post("/customers", json={"name": "", "attributes": {"plan": 1.5}}).json["error"]
    assert error["fields"][0]["name"] == "name"
    assert program.get("/customers?limit=5&limit=6").status_code == 422
    assert program.get("/customers?cursor=made-up").status_code == 422


def _path(path: str, shop: object) -> str:
    for name, kind in {
        "customer_id": "customer",
        "conversation_id": "conversation",
        "agent_id": "agent",
        "entry_id": "entry",
        "source_id": "source",
        "webhook_id": "webhook",
    }.items():
        path = path.replace(f"<uuid:{name}>", str(shop.id_of(kind)))
    return path


def test_programs_are_not_kept_apart_by_cookies(program):
    assert isinstance(program, Program)
    assert "Set-Cookie" not in program.get("/key").headers
