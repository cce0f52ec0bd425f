"""The commands of design.md 5.1: JSON on standard output and nothing else, words on standard error."""

import json

import pytest
from sqlalchemy import func, select

from core import agents, identity_keys, second_factors, websites, widget_configs
from core.clock import utc_now
from core.widget_words import say
from models import db
from models.agents import Agent
from models.audits import AuditEntry
from models.customers import IdentityKey
from models.knowledge import Entry
from models.teammates import Role, Teammate, Workspace
from tests.conftest import make_teammate
from tests.factors import Phone
from tests.letters import letters

ROWS = [
    {"id": "returns", "question": "How do I return something?", "answer": "Send it back within **30 days**."},
    {
        "id": "delivery",
        "question": "How long does delivery take?",
        "answer": "Two days.",
        "alt": ["When will it come?"],
    },
    {"question": "Do you sell gift cards?", "answer": "Yes, from £20."},
]


@pytest.fixture(autouse=True)
def words_alone(monkeypatch):
    """The commands are looked at here, not the model."""
    monkeypatch.setattr("gateways.embeddings.load", lambda: None)


@pytest.fixture
def run(app):
    """Run a command that succeeds; what it printed, one value a line."""

    def run(*arguments):
        result = app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])
        assert result.exit_code == 0, result.stderr
        return [json.loads(line) for line in result.stdout.splitlines()]

    return run


@pytest.fixture
def refused(app):
    """Run a command that is refused; what it said."""

    def refused(*arguments, status=1):
        result = app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])
        assert result.exit_code == status, result.output
        assert result.stdout == ""
        assert isinstance(result.exception, SystemExit)
        assert result.stderr.strip()
        return result.stderr

    return refused


@pytest.fixture
def write(tmp_path):
    def write(content, name="file.json"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    return write


def lines(*questions):
    return b"\n".join(json.dumps(question).encode() for question in questions)


def test_the_first_agent_makes_the_first_workspace(run):
    [made] = run("agents", "create", "--name", "Lumi")
    assert set(made) == {"agent_id", "workspace_id"}
    agent = agents.by_public_id(made["agent_id"])
    assert str(agent.workspace_id) == made["workspace_id"]
    assert websites.patterns(agent) == ["*"]
    [other] = run("agents", "create", "--name", "Second", "--domain", "a.example.com", "--domain", "*.example.org")
    assert other["workspace_id"] == made["workspace_id"]
    assert websites.patterns(agents.by_public_id(other["agent_id"])) == ["a.example.com", "*.example.org"]


def test_an_agent_with_a_site_is_allowed_there(run):
    [made] = run("agents", "create", "--name", "Lumi", "--site", "https://www.shop.com")
    agent = agents.by_public_id(made["agent_id"])
    assert agent.site_url == "https://www.shop.com"
    assert websites.is_allowed(agent, "https://www.shop.com")
    assert not websites.is_allowed(agent, "https://elsewhere.com")


@pytest.mark.parametrize(
    "options",
    [["--name", " "], ["--name", "x" * 100], ["--name", "A", "--domain", "*.co.uk"], ["--name", "A", "--site", ":"]],
)
def test_an_agent_that_cannot_be_made_leaves_nothing_behind(refused, options):
    refused("agents", "create", *options)
    assert db.session.scalar(select(func.count()).select_from(Workspace)) == 0


def test_a_forgotten_option_is_a_usage_error(refused):
    assert "--name" in refused("agents", "create", status=2)
    assert "--file" in refused("ask", "someone", status=2)
    assert refused("ask", "someone", "--file", "x", "--wrong", "y", status=2)


def test_configuring_publishes_and_keeps_the_rest(run, write, agent):
    settings = {
        "allowed_domains": ["shop.example.org"],
        "theme": {"accent": "#123456", "scheme": "dark"},
        "position": "top-left",
        "greeting": "Good evening",
        "features": {"handoff": False},
        "triggers": [{"after_seconds": 5}],
        "custom_css": ".x { color: red }",
    }
    assert run("agents", "configure", agent.public_id, "--file", write(settings)) == [{"version": 2}]
    assert run("agents", "configure", agent.public_id, "--file", write({"theme": {"accent": "#654321"}})) == [
        {"version": 3}
    ]
    db.session.expire_all()
    config, version = widget_configs.published(agent)
    assert version == 3
    assert (config.theme.accent, config.theme.scheme) == ("#654321", "dark")
    assert (config.position, config.greeting, config.features["handoff"]) == ("top-left", "Good evening", False)
    assert websites.patterns(agent) == ["shop.example.org"]


def test_configuring_leaves_an_unpublished_draft_unpublished(run, write, agent):
    draft, _problems = widget_configs.check({"greeting": "Half finished", "name": "Lumi"})
    revision = widget_configs.draft(agent).revision
    widget_configs.save_draft(agent, draft, revision=revision, by=None, now=utc_now())
    run("agents", "configure", agent.public_id, "--file", write({"position": "top-left"}))
    assert widget_configs.published(agent)[0].greeting != "Half finished"
    assert widget_configs.drafted(agent).greeting == "Half finished"
    assert widget_configs.drafted(agent).position == "top-left"


def test_an_empty_list_of_websites_means_nowhere(run, write, agent):
    run("agents", "configure", agent.public_id, "--file", write({"allowed_domains": []}))
    db.session.expire_all()
    assert websites.patterns(agent) == []


def test_css_that_is_left_out_is_told(app, write, agent):
    path = write({"custom_css": ".x { background: url(https://evil.example/) }"})
    result = app.test_cli_runner().invoke(args=["agents", "configure", agent.public_id, "--file", str(path)])
    assert json.loads(result.stdout) == {"version": 2}
    assert "custom_css, line 1" in result.stderr


@pytest.mark.parametrize(
    "settings",
    [
        {"colour": "red"},
        {"theme": {"accent": "nothing"}},
        {"theme": 5},
        {"position": ["top-left"]},
        {"position": "nowhere"},
        {"features": {"handoff": "yes"}},
        {"triggers": [{"after_seconds": 1e300}]},
        {"triggers": "soon"},
        {"greeting": 7},
        {"greeting": "x" * 10_000},
        {"custom_css": {"a": 1}},
        {"allowed_domains": "example.com"},
        {"allowed_domains": [1]},
        {"allowed_domains": ["*.co.uk"], "greeting": "Hi"},
        {"allowed_domains": ["exa\ud800mple.com"]},
        {"allowed_domains": ["\x00"]},
    ],
)
def test_settings_that_cannot_be_used_change_nothing(refused, write, agent, settings):
    refused("agents", "configure", agent.public_id, "--file", write(settings))
    db.session.expire_all()
    assert widget_configs.published(agent)[1] == 1
    assert websites.patterns(agent) == ["example.com"]


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


def test_an_import_counts_its_rows_and_replaces_by_id(run, write, agent):
    assert run("knowledge", "import", agent.public_id, write(ROWS)) == [{"imported": 3}]
    changed = [{"id": "returns", "question": "How do I send something back?", "answer": "By parcel."}]
    assert run("knowledge", "import", agent.public_id, write(changed)) == [{"imported": 1}]
    entries = db.session.scalars(select(Entry).where(Entry.agent_id == agent.id)).all()
    assert len(entries) == 3
    assert {entry.question for entry in entries if entry.external_id == "returns"} == {"How do I send something back?"}


def test_an_import_takes_whole_articles(run, write, agent):
    kb = [
        {"id": f"kb{number}", "question": f"Topic {number} " + "t" * 150, "answer": "word " * 480, "alt": ["a", "b"]}
        for number in range(20)
    ]
    assert run("knowledge", "import", agent.public_id, write(kb)) == [{"imported": 20}]


def test_one_bad_row_keeps_all_out_and_is_named(refused, write, agent):
    said = refused("knowledge", "import", agent.public_id, write([*ROWS, {"id": "x", "question": "", "answer": "A"}]))
    assert "Row 4" in said
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 0


@pytest.mark.parametrize(
    "rows",
    [
        [],
        {},
        "text",
        5,
        [5],
        [[]],
        [{"question": "Q"}],
        [{"question": 1, "answer": 2}],
        [{"question": "Q", "answer": "A", "alt": 9}],
        [{"question": "Q", "answer": "A", "alt": [9]}],
        [{"question": "Q", "answer": "A", "alt": {"a": 1}}],
        [{"id": {"a": 1}, "question": "Q", "answer": "A"}],
        [{"id": "a\x00b", "question": "Q", "answer": "A"}],
        [{"id": "\ud800", "question": "Q", "answer": "A"}],
        [{"id": "x" * 1000, "question": "Q", "answer": "A"}],
        [{"question": "Q" * 1000, "answer": "A"}],
        [{"question": "Q", "answer": "A" * 200_000}],
        [{"id": "a", "question": "Q", "answer": "A"}, {"id": "a", "question": "R", "answer": "B"}],
    ],
)
def test_rows_that_cannot_be_used_are_refused(refused, write, agent, rows):
    refused("knowledge", "import", agent.public_id, write(rows))
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 0


def test_half_characters_and_nuls_in_a_text_do_no_harm(run, write, agent):
    rows = [{"id": "a", "question": "What\x00 is \ud800this?", "answer": "It is\x00 fine \udfff", "alt": ["\x00"]}]
    assert run("knowledge", "import", agent.public_id, write(rows)) == [{"imported": 1}]
    [answer] = run("ask", agent.public_id, "--file", write(lines({"id": 1, "text": "\ud800What is this?\x00"})))
    assert answer["entry_id"] == "a"


def test_each_question_gets_a_line_in_its_order(run, write, agent):
    run("knowledge", "import", agent.public_id, write(ROWS))
    questions = lines(
        {"id": "q1", "text": "How do I return something?"},
        {"id": 2, "text": "hello"},
        {"id": "q3", "text": "Who painted the ceiling of the chapel?"},
        {"id": "q4", "text": ""},
        {"id": "q5", "text": "I want to talk to a human"},
    )
    answers = run("ask", agent.public_id, "--file", write(b"\xef\xbb\xbf" + questions + b"\r\n\n"))
    assert [answer["id"] for answer in answers] == ["q1", 2, "q3", "q4", "q5"]
    for answer in answers:
        assert set(answer) == {"id", "entry_id", "answer", "abstained", "suggestions", "ranking", "score", "ms"}
        assert answer["abstained"] == (answer["entry_id"] is None)
        assert len(answer["suggestions"]) <= 3
        assert answer["answer"]
        assert answer["ms"] >= 0
    returned, hello, unknown, empty, human = answers
    assert returned["entry_id"] == returned["ranking"][0] == "returns"
    assert returned["answer"] == ROWS[0]["answer"]
    assert returned["score"] > 0.5
    assert hello["entry_id"] is None
    assert hello["answer"] not in (say("en", "reply_unknown"), say("en", "reply_unknown_but_person"))
    assert unknown["answer"] == empty["answer"] == say("en", "reply_unknown_but_person")
    assert human["answer"] == say("en", "reply_fetching")


def test_an_entry_without_a_name_goes_by_its_own_id(run, write, agent):
    run("knowledge", "import", agent.public_id, write(ROWS))
    [answer] = run("ask", agent.public_id, "--file", write(lines({"id": 1, "text": "Do you sell gift cards?"})))
    assert answer["entry_id"] == str(db.session.scalars(select(Entry.id).where(Entry.external_id.is_(None))).one())


def test_an_agent_that_knows_nothing_says_so(run, write, agent):
    [answer] = run("ask", agent.public_id, "--file", write(lines({"id": 1, "text": "Do you sell gift cards?"})))
    assert answer["abstained"]
    assert answer["ranking"] == answer["suggestions"] == []
    assert answer["score"] == 0


def test_line_ends_of_unicode_stay_within_their_line(run, write, agent):
    line = '{"id": "a\u2028b", "text": "one\u2028two\x85three"}'.encode()
    [answer] = run("ask", agent.public_id, "--file", write(line))
    assert answer["id"] == "a\u2028b"


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b'"text"',
        b'{"id": 1}',
        b'{"text": "x"}',
        b'{"id": 1, "text": 5}',
        b'{"id": null, "text": "x"}',
        b'{"id": true, "text": "x"}',
        b'{"id": 1e999, "text": "x"}',
        b'{"id": NaN, "text": "x"}',
        b'{"id": ' + b"9" * 5000 + b', "text": "x"}',
        b'{"id": 1, "text": "x", "more": ' + b"[" * 100_000 + b"}",
        b"\xff\xfe",
        b"\x00",
    ],
)
def test_a_bad_line_is_named_before_anything_is_asked(refused, write, agent, line):
    good = lines({"id": 1, "text": "x"})
    said = refused("ask", agent.public_id, "--file", write(good + b"\n" + line))
    assert "line 2" in said or "UTF-8" in said


COMMANDS = [
    ["agents", "configure", "AGENT", "--file"],
    ["identity", "configure", "AGENT", "--file"],
    ["knowledge", "import", "AGENT"],
    ["ask", "AGENT", "--file"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"{", b"\x00" * 50, b"[" * 100_000, b'{"a": NaN}', b"9" * 6000, b'"\xed\xa0\x80"', b"nul"],
)
def test_no_file_brings_a_traceback(refused, write, agent, command, content):
    refused(*(agent.public_id if part == "AGENT" else part for part in command), write(content))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("path", ["", ".", "/", "missing.json", "a\x00b", "x" * 5000, "/dev/null/x"])
def test_no_path_brings_a_traceback(refused, agent, command, path):
    refused(*(agent.public_id if part == "AGENT" else part for part in command), path)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("agent_id", ["", "nobody", "../x", "\x00", "\udcff", "x" * 5000])
def test_an_unknown_agent_is_refused(refused, write, agent, command, agent_id):
    path = write(ROWS if command[0] == "knowledge" else lines({"id": 1, "text": "x"}))
    said = refused(*(agent_id if part == "AGENT" else part for part in command), path)
    assert "no agent" in said


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


def test_what_endless_devices_give_is_not_read_for_ever(refused, agent, monkeypatch):
    monkeypatch.setattr("web.command_files._LARGEST", 1000)
    assert "larger than" in refused("knowledge", "import", agent.public_id, "/dev/zero")


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
