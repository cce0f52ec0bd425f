"""Five thousand nonsense requests over every route: refused in words, never answered with a crash.

What is asked is read from the URL map, and what it is asked with from the names that the blueprints read, so that what
comes later is tried, too. A seed always makes the same requests of the same routes.
"""

import functools
import io
import json
import random
import re
import socket
import uuid
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from config.settings import ROOT
from models import db
from models.teammates import Role
from tests.shops import Shop, make_shop, sign_in
from web.extensions import limiter

SEEDS = range(5)
REQUESTS = 520
"""Requests of one seed on one database: 5,200 in all."""

A_NEW_SHOP_AFTER = 130
"""Requests: by then somebody has signed out, or erased what the others ask for."""

TEXTS = [
    "",
    " ",
    "0",
    "-1",
    "1e999",
    "NaN",
    "999999999999999999999",
    "-9223372036854775809",
    "a" * 5000,
    "a" * 255,
    "' OR 1=1 --",
    "%' ESCAPE '",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "${7*7}",
    "../../../etc/passwd",
    "null",
    "true",
    "on",
    "\x00",
    "a\x00b",
    "\ud800",
    "\udfff@example.com",
    "🏮" * 40,
    "٣",
    "\u202etxt",
    "e" + "\u0301" * 300,
    "\r\nX-Injected: 1",
    "=cmd|' /C calc'!A0",
    "https://example.com",
    "http://[::1",
    "https://" + "a." * 200 + "example.com",
    "javascript:alert(1)",
    "*.example.com",
    "*",
    "xn--",
    "203.0.113.7/32",
    "::/0",
    "0.0.0.0/33",
    "fe80::1%eth0",
    "somebody@example.com",
    "%00%ff",
    "[]",
    "{",
    '{"a": NaN}',
    '{"keys": [{"kty": "RSA"}]}',
    "eyJhbGciOiJub25lIn0.e30.",
    "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
    "2026-02-30T25:61:00Z",
    "9999-12-31",
    "0001-01-01T00:00",
    "owner",
    "viewer",
    "mask",
    "HS256",
]
BYTES = [b"\xff\xfe\x00", b"\xc0\x80", b"\xed\xa0\x80", b"\x00" * 50, b"\x1f\x8b\x08\x00", b"PK\x03\x04"]
TYPES = [
    "text/plain",
    "application/json",
    "application/json; charset=nonsense",
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-16",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "multipart/form-data; boundary=" + "x" * 300,
    "application/xml",
    "/",
    "",
]
HEADERS = {
    "Accept": ["*/*", "application/json", "nonsense;q=x"],
    "Accept-Language": ["de", "x" * 500, "*;q=nonsense", "zz-Latn-\xff"],
    "Authorization": ["Bearer x", "Basic !!!", "Digest a=b"],
    "Cookie": [
        "porchlight_admin=x",
        "porchlight_admin=.eJw.x.y",
        "porchlight_browser=.",
        "=;=;;;",
        "a" * 6000,
        "\xff=\xfe",
    ],
    "HX-Request": ["true", "", "nonsense"],
    "HX-Current-URL": ["//evil.example", "http://[", "javascript:x", "\xff"],
    "If-Modified-Since": ["yesterday", "Mon, 99 Foo 2026 00:00:00 GMT"],
    "If-None-Match": ['W/"', "*", "\xff"],
    "Last-Event-ID": ["", "-1", "9" * 30, "abc", "٣"],
    "Origin": ["https://example.com", "null", "http://localhost", "x" * 400, "https://\xff"],
    "Range": ["bytes=0-", "bytes=-1", "bytes=9-1,0-x", "lines=1"],
    "Referer": ["https://example.com/", "http://[", "about:blank", "https://" + "a" * 5000, "\xff"],
    "Sec-Fetch-Dest": ["document", "iframe", "nonsense"],
    "Sec-Fetch-Site": ["same-origin", "cross-site", "nonsense"],
    "User-Agent": ["", "x" * 4000, "\xff\xfe", "() { :; }; echo"],
    "X-Forwarded-For": ["127.0.0.1", "nonsense", "1.2.3.4, " * 100, "\xff"],
    "X-Forwarded-Host": ["evil.example", "\xff"],
    "X-Widget-Challenge": ["", "x", "e30=", "bnVsbA==", "\xff", "x" * 6000],
    "X-Widget-Token": ["", "a.b.c", "x" * 3000, "\xff.\xfe"],
}
READ_BY_NAME = re.compile(
    r"""(?:form|args|values|body|files|signals|told|event)(?:\.get|\.getlist)?[(\[]"(\w+)"|"""
    r"""^    (\w+) = [\w.]*[Ff]ield\(""",
    re.MULTILINE,
)


@pytest.fixture
def no_limits(monkeypatch):
    monkeypatch.setattr(limiter, "enabled", False)

    def unreachable(*_arguments: Any, **_options: Any) -> Any:
        raise socket.gaierror("There is no network in the tests.")

    monkeypatch.setattr(socket, "getaddrinfo", unreachable)


@pytest.mark.parametrize("seed", SEEDS)
def test_nonsense_never_crashes_a_route(app, no_limits, seed):
    chance, crashes = random.Random(f"{seed}-{app.config['SQLALCHEMY_DATABASE_URI'][:6]}"), {}
    rules = sorted((rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"), key=str)
    names = names_read()
    for number in range(REQUESTS):
        if number % A_NEW_SHOP_AFTER == 0:
            db.session.rollback()
            shop = make_shop(f"Shop{number}")
            clients = browsers(app, shop)
        rule = chance.choice(rules)
        request = nonsense(chance, rule, shop, names)
        if problem := crash_of(chance.choice(clients), request):
            crashes[rule.endpoint, problem] = str(request)[:1000]
    assert not crashes, "\n".join(f"{about}: {request}" for about, request in crashes.items())


def test_the_names_that_forms_and_bodies_have_are_found():
    assert {"agentId", "ticket", "password", "question", "search", "refreshSecret", "email"} <= set(names_read())


def names_read() -> list[str]:
    """Every name under which a blueprint reads something of a request."""
    files = (ROOT / "blueprints").rglob("*.py")
    return sorted(
        {name for file in files for found in READ_BY_NAME.findall(file.read_text()) for name in found if name}
    )


def browsers(app: Flask, shop: Shop) -> list[FlaskClient]:
    """An owner more often than the others, for nobody else comes as far."""
    owner, viewer = sign_in(app, shop, Role.OWNER), sign_in(app, shop, Role.VIEWER)
    return [owner, owner, owner, viewer, app.test_client(use_cookies=False)]


def crash_of(client: FlaskClient, request: dict[str, Any]) -> str | None:
    try:
        answer = client.open(**request, buffered=False)
        answer.close()
    except Exception as error:
        return f"{type(error).__name__}: {error}"[:300]
    finally:
        # As at the end of a request on a server; the tests hold one app context over all of them.
        db.session.remove()
    return f"status {answer.status_code}" if answer.status_code >= 500 else None


def nonsense(chance: random.Random, rule: Rule, shop: Shop, names: list[str]) -> dict[str, Any]:
    # Built by hand: what the rule's own converters would not build has to be refused by the server.
    path = re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda place: str(value_for(chance, place[1], shop)), rule.rule)
    methods = sorted(rule.methods or ())
    headers = {name: chance.choice(values) for name, values in HEADERS.items() if chance.random() < 0.12}
    if path.startswith("/api/") and chance.random() < 0.7:
        headers["X-Widget-Token"] = shop.tokens["session"]
    request = {
        "path": path.replace("\x00", "%00"),
        "method": chance.choice([*methods, *methods, "POST", "PUT"]),
        "query_string": "&".join(
            f"{chance.choice(names)}={encodable(text(chance))}" for _ in range(chance.randrange(3))
        ),
        "headers": headers,
    }
    return request | body(chance, shop, names, is_api=path.startswith("/api/"))


def value_for(chance: random.Random, name: str, shop: Shop) -> object:
    """What stands in an address: mostly the id of a row that could be meant, else anything."""
    if chance.random() < 0.25:
        return chance.choice(
            [uuid.uuid4(), 0, -1, 10**20, "nonsense", "a" * 300, "%00", "..%2f", "🏮", "%ff", "%F0%9F"]
        )
    if name == "agent_id" and chance.random() < 0.5:
        return shop.rows["agent"].public_id
    if name in ("token", "secret"):
        return shop.tokens[chance.choice(["invitation", "reset", "handover", "preview link"])]
    kind = name.removesuffix("_id")
    meant = [row for word, row in shop.rows.items() if kind in word]
    return getattr(chance.choice(meant or list(shop.rows.values())), "id", 1)


def body(chance: random.Random, shop: Shop, names: list[str], *, is_api: bool) -> dict[str, Any]:
    kind = chance.choice(["json", "json", "json", "raw"] if is_api else ["none", "form", "form", "form", "file", "raw"])
    if kind == "form":
        return {"data": form(chance, shop, names)}
    if kind == "file":
        file = (io.BytesIO(some_bytes(chance)), encodable(text(chance)).replace("\x00", "") or "list.csv")
        return {"data": form(chance, shop, names) | {chance.choice(names): file, "file": file}}
    if kind == "json":
        return {"data": odd_json(chance, shop, names), "content_type": "application/json"}
    if kind == "raw":
        return {"data": some_bytes(chance), "content_type": chance.choice(TYPES)}
    return {}


def form(chance: random.Random, shop: Shop, names: list[str]) -> dict[str, Any]:
    """Many fields at once, so that some forms find all that they need."""
    return {name: encodable(word(chance, shop)) for name in names if chance.random() < 0.4}


def odd_json(chance: random.Random, shop: Shop, names: list[str]) -> str:
    shape = chance.randrange(10)
    if shape == 0:
        return "[" * 100_000
    if shape == 1:
        return '{"a":' * 5_000 + "1" + "}" * 5_000
    if shape == 2:
        odd = ("1", "null", '"\\ud800"', "1e999", "9" * 5_000, "-0")
        return "{" + ",".join(f'"{chance.choice(names)}": {value}' for value in odd) + "}"
    if shape == 3:
        return json.dumps(thing(chance, shop, names, 0))
    return json.dumps({name: thing(chance, shop, names, 1) for name in names if chance.random() < 0.4})


def thing(chance: random.Random, shop: Shop, names: list[str], depth: int) -> object:
    if depth < 3 and chance.random() < 0.3:
        return {chance.choice(names): thing(chance, shop, names, depth + 1) for _ in range(chance.randrange(6))}
    if depth < 3 and chance.random() < 0.15:
        return [thing(chance, shop, names, depth + 1) for _ in range(chance.randrange(4))]
    return chance.choice([None, True, -1, 10**30, 1e308, 0.5, [], [{}], {}, word(chance, shop), word(chance, shop)])


def word(chance: random.Random, shop: Shop) -> str:
    """Now and then something that would be taken, so that what comes after it is reached."""
    return chance.choice(known_of(shop)) if chance.random() < 0.3 else text(chance)


@functools.lru_cache(maxsize=1)
def known_of(shop: Shop) -> list[str]:
    ids = [str(row.id) for row in shop.rows.values() if hasattr(row, "id")]
    agent, session = shop.rows["agent"], shop.rows["widget_session"]
    return [*shop.tokens.values(), *ids, agent.public_id, session.parent_origin]


def some_bytes(chance: random.Random) -> bytes:
    return chance.choice([*BYTES, chance.randbytes(chance.randrange(200)), text(chance).encode("utf-8", "replace")])


def text(chance: random.Random) -> str:
    return chance.choice(TEXTS)


def encodable(text: str) -> str:
    """The text without half characters, which no browser can put in a form or an address."""
    return text.encode("utf-8", "replace").decode()
