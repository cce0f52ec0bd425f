"""Every kind of token in every place that takes one: taken in its own, refused in all the others.

The signed kinds are forged with all that any other kind says, so that only their salt tells them apart.
"""

import base64
import hashlib
import json
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pyotp
import pytest
from flask import session
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import update

from core import challenges, passkey_challenges, passkeys, second_factors, signing
from core.clock import utc_now
from core.signing import Kind
from models import db
from models.agents import Handover, PreviewLink
from models.customers import RefreshFamily, WidgetSession
from models.teammates import Invitation, PasswordReset, Role, Teammate, TeammateSession
from tests.core.customer_token_forge import b64, encoded, hs256
from tests.shops import APP_SECRET, SECRET, Shop, make_shop, sign_in
from web import attempts
from web.extensions import limiter
from web.sign_ins import begin_second_step

API = "/api/v1/widget"
OWN_FRAME = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def shop(app, monkeypatch) -> Shop:
    monkeypatch.setattr(limiter, "enabled", False)
    return make_shop("Brambleby")


@dataclass(frozen=True)
class Place:
    """Somewhere that takes a token."""

    takes: str
    """The kind of token that belongs here."""
    present: Callable[[FlaskClient, Shop, str], Any]
    is_taken: Callable[[Any], bool]
    also: str = ""
    """Another kind that belongs here."""


def by_session_header(client: FlaskClient, _shop: Shop, token: str) -> Any:
    return client.get(f"{API}/messages", headers={"X-Widget-Token": token})


def by_session_field(client: FlaskClient, shop: Shop, token: str) -> Any:
    address = f"/widget/{shop.rows['agent'].public_id}/messages"
    return client.post(address, data={"session": token, "text": "Hello.", "clientId": "a"})


def by_ticket_field(client: FlaskClient, shop: Shop, token: str) -> Any:
    address = f"/widget/{shop.rows['agent'].public_id}/messages"
    return client.post(address, data={"ticket": token, "text": "Hello.", "clientId": "a"})


def by_ticket(client: FlaskClient, shop: Shop, token: str) -> Any:
    return client.post(f"{API}/sessions", json=beginning(shop) | {"ticket": token})


def by_refresh_field(client: FlaskClient, shop: Shop, token: str) -> Any:
    body = {"agentId": shop.rows["agent"].public_id, "refreshSecret": token}
    return client.post(f"{API}/sessions/refresh", json=body)


def by_refresh_cookie(client: FlaskClient, shop: Shop, token: str) -> Any:
    agent, plain = shop.rows["agent"].public_id, client.application.test_client(use_cookies=False)
    headers = OWN_FRAME | {"Cookie": f"porchlight-{agent}={token}"}
    return plain.post(f"{API}/sessions/refresh", json={"agentId": agent}, headers=headers)


def by_customer_token(client: FlaskClient, shop: Shop, token: str) -> Any:
    body = beginning(shop) | {"ticket": ticket_for(client, shop), "customerToken": token}
    return client.post(f"{API}/sessions", json=body)


def by_preview(client: FlaskClient, shop: Shop, token: str) -> Any:
    return client.get(f"/widget/{shop.rows['agent'].public_id}", query_string={"preview": token})


def by_invitation(client: FlaskClient, _shop: Shop, token: str) -> Any:
    return client.get("/invitations/" + token)


def by_reset(client: FlaskClient, _shop: Shop, token: str) -> Any:
    return client.get("/reset-password/" + token)


def by_handover(client: FlaskClient, _shop: Shop, token: str) -> Any:
    return client.get("/handovers/" + token)


def by_preview_link(client: FlaskClient, _shop: Shop, token: str) -> Any:
    return client.get("/preview/" + token)


def by_signed_in_cookie(client: FlaskClient, _shop: Shop, token: str) -> Any:
    """As the inside of an honestly signed admin cookie."""
    with client.session_transaction() as kept:
        kept["_user_id"] = token
        kept["_fresh"] = True
    return client.get("/admin/team/")


def by_whole_cookie(client: FlaskClient, _shop: Shop, token: str) -> Any:
    plain = client.application.test_client(use_cookies=False)
    return plain.get("/admin/team/", headers={"Cookie": f"porchlight_admin={token}"})


def by_form_token(client: FlaskClient, shop: Shop, token: str) -> Any:
    app, browser = client.application, sign_in(client.application, shop, Role.OWNER)
    with browser.session_transaction() as kept:
        kept["csrf_token"] = "of this browser"
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        return browser.post("/admin/account/name", data={"name": "Olga", "csrf_token": token})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def by_half_signed_in_cookie(client: FlaskClient, _shop: Shop, token: str) -> Any:
    plain = client.application.test_client(use_cookies=False)
    return plain.get("/sign-in/second-factor", headers={"Cookie": f"porchlight_admin={token}"})


def by_recovery_code(_client: FlaskClient, shop: Shop, token: str) -> bool:
    return second_factors.take_recovery_code(owner_of(shop), token, now=utc_now())


def by_code_of_the_app(_client: FlaskClient, shop: Shop, token: str) -> bool:
    return second_factors.take_code(owner_of(shop), token, now=utc_now())


def by_solution(_client: FlaskClient, shop: Shop, token: str) -> bool:
    return challenges.is_solved(shop.tokens["session"], token, now=utc_now())


def by_passkey_challenge(_client: FlaskClient, _shop: Shop, token: str) -> bool:
    return passkey_challenges.take(passkeys.SIGN_IN, bytes_of(token), now=utc_now())


def by_api_key(client: FlaskClient, _shop: Shop, token: str) -> Any:
    # A header takes no line ends: a client would refuse to send them.
    sent = "".join(token.split()).encode("utf-8", "replace").decode("latin-1")
    return client.get("/api/v1/key", headers={"Authorization": f"Bearer {sent}"})


def bytes_of(text: str) -> bytes:
    return bytes.fromhex(text) if re.fullmatch("(?:[0-9a-f]{2})+", text) else text.encode("utf-8", "replace")


def is_good(answer: Any) -> bool:
    if answer.status_code >= 500:
        raise AssertionError(f"{answer.request.path} crashed.")
    return bool(answer.status_code < 300)


def is_previewed(answer: Any) -> bool:
    return "drafts." in answer.text


def is_done(answer: Any) -> bool:
    return bool(answer.status_code != 400)


PLACES = {
    "the session header": Place("session", by_session_header, is_good),
    "the form's session": Place("session", by_session_field, is_good),
    "the form's ticket": Place("ticket", by_ticket_field, is_good),
    "the ticket": Place("ticket", by_ticket, is_good),
    "the refresh secret": Place("refresh", by_refresh_field, is_good),
    "the refresh cookie": Place("refresh", by_refresh_cookie, is_good),
    "the customer token": Place("customer token", by_customer_token, is_good),
    "the preview": Place("preview", by_preview, is_previewed, also="preview link"),
    "the preview of a link": Place("preview link", by_preview, is_previewed, also="preview"),
    "a preview link's address": Place("preview link", by_preview_link, is_good),
    "an invitation's address": Place("invitation", by_invitation, is_good),
    "a reset's address": Place("reset", by_reset, is_good),
    "a handover's address": Place("handover", by_handover, is_good),
    "the admin's session": Place("admin session", by_signed_in_cookie, is_good),
    "the admin's cookie": Place("admin cookie", by_whole_cookie, is_good),
    "a form's token": Place("form token", by_form_token, is_done),
    "the second step": Place("half signed in", by_half_signed_in_cookie, is_good),
    "a recovery code": Place("recovery code", by_recovery_code, bool),
    "a code of the app": Place("code of the app", by_code_of_the_app, bool),
    "a challenge": Place("solution", by_solution, bool),
    "an API key": Place("api key", by_api_key, is_good),
    "a passkey's challenge": Place("passkey challenge", by_passkey_challenge, bool),
}


def tokens_of(app: Any, shop: Shop) -> dict[str, str]:
    """One good token of each kind."""
    browser = sign_in(app, shop, Role.OWNER)
    with browser.session_transaction() as kept:
        kept["csrf_token"] = "of this browser"
    return {
        "ticket": ticket_for(app.test_client(), shop),
        "preview": signing.sign(Kind.PREVIEW, {"agent": str(shop.id_of("agent"))}),
        "customer token": customer_token(),
        "admin session": shop.browsers[Role.OWNER],
        "admin cookie": browser.get_cookie("porchlight_admin").value,
        "form token": URLSafeTimedSerializer(app.secret_key, salt="wtf-csrf-token").dumps("of this browser"),
        "known browser": known_browser(shop),
        "half signed in": half_signed_in(app, shop),
        "recovery code": second_factors.renew_codes(owner_of(shop), now=utc_now())[0],
        "code of the app": pyotp.TOTP(APP_SECRET).now(),
        "solution": solution_for(shop.tokens["session"]),
        "solution of somebody else": solution_for(shop.tokens["second_session"]),
        "passkey challenge": passkey_challenges.issue(passkeys.SIGN_IN, now=utc_now()).hex(),
        "passkey challenge for something else": passkey_challenges.issue("new", now=utc_now()).hex(),
        "sealed": base64.urlsafe_b64encode(signing.seal(b"a secret")).decode(),
        "public id": shop.rows["agent"].public_id,
        "row id": shop.id_of("widget_session").hex,
        "hash": signing.hash_secret(shop.tokens["refresh"]),
        **{
            name: shop.tokens[name]
            for name in ("session", "refresh", "invitation", "reset", "handover", "preview link", "api key")
        },
    }


@pytest.mark.parametrize("place", PLACES)
def test_a_place_takes_its_own_kind(app, shop, place):
    where = PLACES[place]
    assert where.is_taken(where.present(app.test_client(), shop, tokens_of(app, shop)[where.takes]))


@pytest.mark.parametrize("place", PLACES)
def test_a_place_refuses_every_other_kind(app, shop, place):
    where, refused = PLACES[place], 0
    for kind, token in {**tokens_of(app, shop), **dict(forged(shop))}.items():
        if kind in (where.takes, where.also, f"signed as {where.takes}", f"signed as {where.also}"):
            continue
        assert not where.is_taken(where.present(app.test_client(), shop, token)), f"{place} takes a {kind}."
        refused += 1
    assert refused > 20


@pytest.mark.parametrize("place", PLACES)
def test_a_place_refuses_a_token_that_was_changed(app, shop, place):
    where = PLACES[place]
    token = tokens_of(app, shop)[where.takes]
    for changed in changes(token):
        if as_typed(changed) == as_typed(token):
            continue
        assert not where.is_taken(where.present(app.test_client(), shop, changed)), f"{place} takes {changed}."


@pytest.mark.parametrize("place", ["the session header", "the ticket", "the preview", "the admin's cookie"])
def test_a_signed_token_of_another_server_is_refused(app, shop, place, monkeypatch):
    where = PLACES[place]
    signing.use_secret("the secret of somebody else's server")
    foreign = tokens_under(app, shop, "the secret of somebody else's server")[where.takes]
    signing.use_secret(app.secret_key)
    assert not where.is_taken(where.present(app.test_client(), shop, foreign))


@pytest.mark.parametrize(
    ("place", "seconds"), [("the session header", 86_400), ("the ticket", 60), ("the preview", 86_400)]
)
def test_a_signed_token_runs_out(app, shop, place, seconds, monkeypatch):
    where = PLACES[place]
    token = tokens_of(app, shop)[where.takes]
    now = time.time()
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + seconds + 2)
    assert not where.is_taken(where.present(app.test_client(), shop, token))


@pytest.mark.parametrize(
    ("place", "table"),
    [
        ("the session header", WidgetSession),
        ("the form's session", WidgetSession),
        ("the refresh secret", RefreshFamily),
        ("the refresh cookie", RefreshFamily),
        ("an invitation's address", Invitation),
        ("a reset's address", PasswordReset),
        ("a handover's address", Handover),
        ("the preview of a link", PreviewLink),
        ("a preview link's address", PreviewLink),
        ("the admin's session", TeammateSession),
        ("the admin's cookie", TeammateSession),
    ],
)
def test_a_token_ends_with_its_row(app, shop, place, table):
    where = PLACES[place]
    token = tokens_of(app, shop)[where.takes]
    db.session.execute(update(table).values(expires_at=utc_now()))
    db.session.commit()
    assert not where.is_taken(where.present(app.test_client(), shop, token))


def test_a_ticket_is_good_once(app, shop):
    ticket = ticket_for(app.test_client(), shop)
    assert by_ticket(app.test_client(), shop, ticket).status_code == 201
    assert by_ticket(app.test_client(), shop, ticket).status_code == 401
    assert by_ticket_field(app.test_client(), shop, ticket).status_code == 422


@pytest.mark.parametrize("alg", ["none", "None", "NONE", "", "HS384", "RS256"])
def test_a_customer_token_without_the_agreed_signature_is_refused(app, shop, alg):
    claims = {"sub": "mallory", "exp": time.time() + 600}
    unsigned = f"{encoded({'alg': alg, 'typ': 'JWT'})}.{encoded(claims)}."
    for token in (unsigned, unsigned + b64(b"signature"), hs256(claims, header={"alg": alg}, secret=SECRET)):
        assert by_customer_token(app.test_client(), shop, token).status_code == 401


def test_no_answer_repeats_a_token_that_was_refused(app, shop):
    secret = customer_token()[:-3] + "AAA"
    for where in PLACES.values():
        answer = where.present(app.test_client(), shop, secret)
        if isinstance(answer, bool):
            continue
        assert secret not in answer.text
        assert secret not in str(answer.headers)


def test_every_signed_kind_is_tried():
    assert {kind.name.lower() for kind in Kind} <= {place.takes for place in PLACES.values()}


def forged(shop: Shop) -> Iterator[tuple[str, str]]:
    """All that any kind says, honestly signed as each kind."""
    row, agent = shop.rows["widget_session"], shop.rows["agent"]
    content = {"session": row.id.hex, "id": "a" * 22, "channel": "web", "origin": row.parent_origin}
    for name, agent_id in (("hex", agent.id.hex), ("text", str(agent.id)), ("public", agent.public_id)):
        for kind in Kind:
            if name == {Kind.SESSION: "hex", Kind.PREVIEW: "text", Kind.TICKET: "public"}.get(kind):
                yield f"signed as {kind.name.lower()}", signing.sign(kind, content | {"agent": agent_id})
            else:
                yield f"signed as {kind.name.lower()}, {name}", signing.sign(kind, content | {"agent": agent_id})


def changes(token: str) -> Iterator[str]:
    """The token with bits flipped, cut short, and made longer."""
    for place in sorted({0, len(token) // 3, len(token) // 2, 2 * len(token) // 3, len(token) - 3}):
        other = chr(ord(token[place]) ^ 1)
        yield token[:place] + (other if other.isalnum() else "Q") + token[place + 1 :]
    yield token[:-2]
    yield token[1:]
    yield token + token[-1]
    yield token + "."
    yield token.swapcase()
    yield token * 400


def as_typed(token: str) -> str:
    """A short code is the same however it was typed; of everything else each character counts."""
    return re.sub(r"\W", "", token).lower() if len(token) < 20 else token


def tokens_under(app: Any, shop: Shop, secret: str) -> dict[str, str]:
    """The signed tokens as a server with another secret would make them."""
    row, agent = shop.rows["widget_session"], shop.rows["agent"]
    cookie = URLSafeTimedSerializer(secret, salt="cookie-session", signer_kwargs={"key_derivation": "hmac"}).dumps(
        {"_user_id": shop.browsers[Role.OWNER], "_fresh": True}
    )
    origin = row.parent_origin
    return {
        "session": signing.sign(Kind.SESSION, {"session": row.id.hex, "agent": agent.id.hex, "origin": origin}),
        "ticket": signing.sign(
            Kind.TICKET, {"id": "a" * 22, "agent": agent.public_id, "origin": origin, "channel": "web"}
        ),
        "preview": signing.sign(Kind.PREVIEW, {"agent": str(agent.id)}),
        "admin cookie": str(cookie),
    }


def owner_of(shop: Shop) -> Teammate:
    return db.session.get_one(Teammate, shop.id_of("owner"), populate_existing=True)


def half_signed_in(app: Any, shop: Shop) -> str:
    """The cookie of a browser in which the password was right, and nothing else was shown yet."""
    browser = app.test_client()
    with app.test_request_context():
        begin_second_step(owner_of(shop))
        content = dict(session)
    with browser.session_transaction() as kept:
        kept.update(content)
    return browser.get_cookie("porchlight_admin").value


def known_browser(shop: Shop) -> str:
    """The cookie of a browser in which the owner has signed in before."""
    return f"{'a' * 22}.{attempts._seal('a' * 22, owner_of(shop).email)}"


def solution_for(binding: str) -> str:
    """What a browser works out of a challenge."""
    asked = challenges.issue(binding, now=utc_now())
    tried = (hashlib.sha256(f"{asked['salt']}{number}".encode()).hexdigest() for number in range(challenges.NUMBERS))
    number = next(number for number, found in enumerate(tried) if found == asked["challenge"])
    solved = {name: asked[name] for name in ("algorithm", "challenge", "salt", "signature")} | {"number": number}
    return base64.b64encode(json.dumps(solved).encode()).decode()


def customer_token() -> str:
    return hs256({"sub": "ines", "exp": time.time() + 600}, secret=SECRET)


def beginning(shop: Shop) -> dict[str, Any]:
    return {
        "agentId": shop.rows["agent"].public_id,
        "parentOrigin": shop.rows["widget_session"].parent_origin,
    }


def ticket_for(client: FlaskClient, shop: Shop) -> str:
    headers = {"Referer": shop.rows["widget_session"].parent_origin + "/"}
    page = client.get(f"/widget/{shop.rows['agent'].public_id}", headers=headers).text
    return re.search(r'data-ticket="([^"]+)"', page)[1]
