"""The commands of design.md 5.1: JSON on standard output and nothing else, words on standard error."""

import json

import pytest
from sqlalchemy import func, select

from core import agents, identity_keys, second_factors
from core.clock import utc_now
from models import db
from models.agents import Agent
from models.audits import AuditEntry
from models.customers import IdentityKey
from models.teammates import Role, Teammate
from tests.conftest import make_teammate
from tests.factors import Phone
from tests.letters import letters
from tests.web.test_knowledge_commands import ROWS, lines

pytestmark = pytest.mark.usefixtures("words_alone")


def test_a_forgotten_option_is_a_usage_error(refused):
    assert "--name" in refused("agents", "create", status=2)
    assert "--file" in refused("ask", "someone", status=2)
    assert refused("ask", "someone", "--file", "x", "--wrong", "y", status=2)


def test_a_key_of_the_site_is_made_live(run, write, agent):
    key = {"alg": "HS256", "secret": "a secret of more than thirty-two bytes", "required": True}
    [made] = run("identity", "configure", agent.public_id, "--file", write(key))
    assert str(db.session.scalars(select(IdentityKey.id)).one()) == made["key_id"]
    assert identity_keys.is_required(agent.workspace_id)


@pytest.mark.parametrize(
    "key",
    [
        {},
        {"alg": "none"},
        {"alg": "HS256", "secret": "short"},
        {"alg": "HS256", "secret": 5},
        {"alg": "HS256", "secret": "\ud800" * 40},
        {"alg": "RS256", "public_key": "-----BEGIN"},
        {"alg": ["HS256"], "secret": "a secret of more than thirty-two bytes"},
        {"alg": "ES256", "jwks": {"keys": [1, None]}},
        {"alg": "HS256", "secret": "a secret of more than thirty-two bytes", "required": "yes"},
    ],
)
def test_a_key_that_could_not_check_anything_is_refused(refused, write, agent, key):
    refused("identity", "configure", agent.public_id, "--file", write(key))
    assert db.session.scalar(select(func.count()).select_from(IdentityKey)) == 0


@pytest.mark.parametrize("public_id", ["-GfyR8B6S7GjvKEJW44JOQ", "--fileB6S7GjvKEJW44JOQ_", "-f-file6S7GjvKEJW44JOQ"])
def test_an_id_that_looks_like_an_option_is_an_id(run, write, agent, public_id):
    agent.public_id = public_id
    db.session.commit()
    assert run("knowledge", "import", public_id, write(ROWS)) == [{"imported": 3}]
    assert run("agents", "configure", public_id, "--file", write({"greeting": "Hi"})) == [{"version": 2}]
    assert len(run("ask", "--file", write(lines({"id": 1, "text": "x"})), public_id)) == 1


def test_an_archived_agent_is_unknown(refused, write, agent):
    agents.archive(agent, by=None, now=utc_now())
    assert "no agent" in refused("knowledge", "import", agent.public_id, write(ROWS))


def test_the_demo_command_tells_how_to_get_in(app, run):
    [made] = run("demo")
    assert set(made) == {"email", "password", "agent_id", "admin_url", "demo_url"}
    assert made["admin_url"] == "http://localhost/admin/"
    assert made["demo_url"] == "http://localhost/demo"
    browser = app.test_client()
    answer = browser.post("/sign-in", data={"email": made["email"], "password": made["password"]})
    assert answer.status_code == 303
    assert browser.get("/admin/").status_code in (200, 303)


def test_the_demo_command_twice_says_what_it_did(app, run):
    [made] = run("demo")
    result = app.test_cli_runner().invoke(args=["demo"])
    again = json.loads(result.stdout)
    assert again["agent_id"] == made["agent_id"]
    assert again["password"] != made["password"]
    assert "new password" in result.stderr
    assert db.session.scalar(select(func.count()).select_from(Teammate)) == 3
    assert db.session.scalar(select(func.count()).select_from(Agent)) == 1


def test_a_second_factor_is_reset_by_who_runs_the_server(app, run, refused, workspace):
    una = make_teammate(workspace, "Una", Role.OWNER)
    assert "Nobody signs in" in refused("teammates", "reset-second-factor", "eve@example.com")
    assert "No code is needed" in refused("teammates", "setup-code")
    assert "has no second factor" in refused("teammates", "reset-second-factor", una.email)
    Phone(una)
    letters(app)
    [told] = run("teammates", "reset-second-factor", " UNA@example.com")
    assert told == {"email": "una@example.com", "reset": True}
    assert not second_factors.has_one(una)
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.who, entry.subject_name) == ("second_factor.reset_on_server", "", "Una")
    assert [letter["To"] for letter in letters(app)] == ["una@example.com"]


def test_a_key_for_a_program_is_made(run, refused, vera):
    [made] = run("keys", "create", "--name", "Warehouse", "--scope", "agents:write", "--days", "30")
    assert made["scopes"] == ["agents:read", "agents:write"]
    assert vera.get("/api/v1/agents", headers={"Authorization": f"Bearer {made['key']}"}).status_code == 200
    assert "no scope everything" in refused("keys", "create", "--name", "Warehouse", "--scope", "everything")
