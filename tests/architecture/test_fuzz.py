"""Thousands of nonsense requests over every route: refused in words, never answered with a crash."""

import json
import random
import re
import uuid

import pytest
from werkzeug.routing import Rule

SEEDS = range(4)
REQUESTS = 260
"""Requests of one seed on one database: 2,080 in all."""

TEXTS = [
    "",
    "0",
    "-1",
    "999999999999999999999",
    "a" * 5000,
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "../../../etc/passwd",
    "null",
    "true",
    "\x00",
    "\ud800",
    "🏮" * 40,
    "٣",
    "e" + "\u0301" * 300,
    "https://example.com",
    "javascript:alert(1)",
    "%00%ff",
    "[]",
    '{"a": NaN}',
    "2026-02-30T25:61:00Z",
]
NAMES = [
    "agentId", "ticket", "parentOrigin", "text", "clientId", "customer", "customerToken", "context", "events", "keep",
    "refreshSecret", "name", "email", "password", "website", "role", "question", "answer", "phrasings", "revision",
    "accent", "greeting", "position", "search", "page", "before", "view", "after", "next", "pattern", "patterns",
    "forget", "version", "file", "token", "mode", "preview",
]  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_nonsense_never_crashes_a_route(app, agent, olga, vera, seed):
    chance = random.Random(f"{seed}-{app.config['SQLALCHEMY_DATABASE_URI'][:6]}")
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint not in ("static", "auth.sign_out")]
    for _ in range(REQUESTS):
        rule = chance.choice(rules)
        client = chance.choice([olga, vera])
        request = nonsense(chance, rule, agent)
        answer = client.open(**request, buffered=False)
        answer.close()
        assert answer.status_code < 500, (request, answer.status_code)


def nonsense(chance: random.Random, rule: Rule, agent) -> dict:
    # Built by hand: what the rule's own converters would not build has to be refused by the server.
    path = re.sub(r"<(?:[^:<>]+:)?[^<>]+>", lambda _place: str(value_for(chance, agent)), rule.rule)
    request = {
        "path": path,
        "method": chance.choice([*sorted(rule.methods), "POST", "PUT"]),
        "query_string": {chance.choice(NAMES): encodable(text(chance)) for _ in range(chance.randrange(3))},
        "headers": {
            "HX-Request": chance.choice(["true", "", "nonsense"]),
            "X-Widget-Token": chance.choice(["", "a.b.c", "x" * 3000]),
            "Origin": chance.choice(["https://example.com", "null", "http://localhost", "x" * 400]),
            "Last-Event-ID": chance.choice(["", "-1", "9" * 30, "abc"]),
        },
    }
    return request | body(chance)


def value_for(chance: random.Random, agent) -> object:
    known = [agent.id, agent.public_id, uuid.uuid4(), 1, 0]
    return chance.choice([*known, *known, "nonsense", "a" * 300, "%00", "..%2f", "🏮"])


def body(chance: random.Random) -> dict:
    kind = chance.randrange(4)
    if kind == 0:
        return {}
    if kind == 1:
        fields = {chance.choice(NAMES): text(chance) for _ in range(chance.randrange(6))}
        return {"data": {name: encodable(value) for name, value in fields.items()}}
    if kind == 2:
        return {"data": json.dumps(thing(chance, 0)), "content_type": "application/json"}
    return {
        "data": chance.randbytes(chance.randrange(200)),
        "content_type": chance.choice(["text/plain", "application/json", "multipart/form-data; boundary=x"]),
    }


def thing(chance: random.Random, depth: int) -> object:
    if depth < 3 and chance.random() < 0.5:
        return {chance.choice(NAMES): thing(chance, depth + 1) for _ in range(chance.randrange(6))}
    return chance.choice([None, True, -1, 10**30, 1e308, [], [{}], text(chance)])


def text(chance: random.Random) -> str:
    return chance.choice(TEXTS)


def encodable(text: str) -> str:
    """The text without half characters, which no browser can put in a form or an address."""
    return text.encode("utf-8", "replace").decode()
