"""The pages on which keys for programs are made and revoked, and calls tried."""

import re

import pytest

from core import api_keys
from core.clock import utc_now
from models import db
from models.api_keys import ApiKey

FRAGMENT = {"HX-Request": "true"}
INDEX = "/admin/settings/api-keys"
WANTED = {"name": "Warehouse", "may_agents": "write", "may_events": "read", "days": "30"}


@pytest.fixture
def key(workspace) -> ApiKey:
    return api_keys.make(workspace, name="Warehouse", scopes=["agents:write"], days=30, by=None, now=utc_now()).row


def test_a_key_is_made_shown_once_and_used(olga, vera):
    assert "No key yet" in olga.get(INDEX).text
    assert "<form" in olga.get(f"{INDEX}/new").text
    made = olga.post(INDEX, data=WANTED)
    assert made.status_code == 201
    secret = re.search(r"pl_[\w-]{43}", made.text)[0]
    assert vera.get("/api/v1/agents", headers={"Authorization": f"Bearer {secret}"}).status_code == 200
    page = olga.get(INDEX).text
    assert secret not in page
    assert "Changes agents and reads events" in page


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "Give the key a name"),
        ({"name": "x" * 61}, "at most 60"),
        ({"may_agents": "", "may_events": ""}, "Choose at least one thing"),
        ({"may_events": "write"}, "Not a valid choice"),
        ({"days": "9999"}, "Not a valid choice"),
    ],
)
def test_a_form_that_cannot_be_taken_comes_back(olga, changes, words):
    answer = olga.post(INDEX, data=WANTED | changes, headers=FRAGMENT)
    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.query(ApiKey).count() == 0


def test_a_key_for_ever(olga):
    assert olga.post(INDEX, data=WANTED | {"days": ""}).status_code == 201
    assert "Good until it is revoked" in olga.get(INDEX).text


def test_a_key_is_revoked(olga, key):
    address = f"{INDEX}/{key.id}/revocation"
    assert "<h1>Revoke Warehouse</h1>" in olga.get(address).text
    assert "<dialog" in olga.get(address, headers=FRAGMENT).text
    assert olga.post(address).status_code == 303
    assert "1 key that is over" in olga.get(INDEX).text
    assert key.revoked_at is not None


def test_only_who_manages_security_sees_keys(eddy, sue, rita, stan, key):
    for client in (eddy, sue, rita):
        for address in (INDEX, f"{INDEX}/new", f"{INDEX}/trial", f"{INDEX}/{key.id}/revocation"):
            assert client.get(address).status_code == 403
        assert client.post(INDEX, data=WANTED).status_code == 403
    assert stan.get(f"{INDEX}/{key.id}/revocation").status_code == 404
    assert stan.post(f"{INDEX}/{key.id}/revocation").status_code == 404
    assert key.revoked_at is None


def test_calls_can_be_tried(olga):
    page = olga.get(f"{INDEX}/trial").text
    assert 'data-document="/api/v1/openapi.json"' in page


def test_there_are_not_more_keys_than_anybody_needs(olga, workspace, monkeypatch):
    monkeypatch.setattr(api_keys, "MOST_KEYS", 1)
    assert olga.post(INDEX, data=WANTED).status_code == 201
    assert olga.post(INDEX, data=WANTED).status_code == 422
