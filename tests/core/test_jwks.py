"""Key sets by address: read once for everybody, read again in time, and kept for when the address is silent."""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Response

from core import identity_keys, jwks
from core.clock import utc_now
from core.errors import Invalid, Unauthenticated
from models import db
from models.customers import IdentityKey
from models.teammates import Workspace
from tests.core.customer_token_forge import EC, OTHER_RSA, RSA, SMALL_RSA, b64, signed

NOW = utc_now()
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def published(*keys, **changes):
    return {"keys": [{**key.as_dict(private=False), "kid": kid, **changes} for kid, key in keys]}


class Site:
    """A sign-in service that publishes its keys."""

    def __init__(self, server: HTTPServer) -> None:
        self.address = server.url_for("/keys")
        self.document = published(("one", RSA))
        self.status = 200
        self.asked = 0
        self.seconds = 0.0
        server.expect_request("/keys").respond_with_handler(self._answer)

    def _answer(self, _request):
        self.asked += 1
        time.sleep(self.seconds)
        body = self.document if isinstance(self.document, bytes) else json.dumps(self.document)
        return Response(body, self.status, content_type="application/json")


@pytest.fixture
def site(httpserver: HTTPServer) -> Iterator[Site]:
    jwks.reach(allow_private=True)
    yield Site(httpserver)
    jwks.reach(allow_private=False)


@pytest.fixture
def row(workspace, site):
    made = identity_keys.add(workspace, {"alg": "RS256", "jwks_url": site.address}, by=None, now=NOW)
    site.asked = 0
    return made


def token(kid="one", key=RSA, now=NOW):
    return signed("RS256", key, {"sub": "c-1", "exp": now.timestamp() + 600}, kid=kid)


def sub(row, *, kid="one", key=RSA, now=NOW):
    """Who the token names, or why it is refused."""
    try:
        return identity_keys.verify(row.workspace_id, token(kid, key, now), now=now).customer_id
    except Unauthenticated as refused:
        return refused.message


def test_the_address_is_read_once_for_ten_minutes(site, row):
    assert [sub(row, now=NOW + minutes * MINUTE) for minutes in range(10)] == ["c-1"] * 10
    assert site.asked == 0
    assert sub(row, now=NOW + 10 * MINUTE) == "c-1"
    assert site.asked == 1
    assert row.jwks_read_at == NOW + 10 * MINUTE


def test_a_key_that_was_added_is_found_without_waiting(site, row):
    site.document = published(("one", RSA), ("two", OTHER_RSA))
    assert sub(row, kid="two", key=OTHER_RSA, now=NOW + 31 * SECOND) == "c-1"
    assert site.asked == 1


def test_made_up_names_do_not_make_us_ask_without_end(site, row):
    for number in range(50):
        assert "names no key" in sub(row, kid=f"made-up-{number}", now=NOW + (31 + number % 10) * SECOND)
    assert site.asked == 1
    sub(row, kid="made-up", now=NOW + 2 * MINUTE)
    assert site.asked == 2


@pytest.mark.parametrize(
    "shown", ["", "a.b.c", signed("RS256", RSA, {"sub": "c-1"}), signed("ES256", EC, kid="other"), 7]
)
def test_what_could_be_no_token_of_this_address_asks_nothing(site, row, shown):
    with pytest.raises(Unauthenticated):
        identity_keys.verify(row.workspace_id, shown, now=NOW + 5 * MINUTE)
    assert site.asked == 0


def test_a_key_that_is_taken_off_is_refused_from_the_next_reading_on(site, row):
    site.document = published(("two", OTHER_RSA))
    assert sub(row, now=NOW + 9 * MINUTE) == "c-1"
    assert "names no key" in sub(row, now=NOW + 11 * MINUTE)


@pytest.mark.parametrize("answer", [(500, published(("one", RSA))), (200, b"oops"), (200, {"keys": []}), (404, {})])
def test_the_last_good_copy_serves_for_a_day_while_the_address_does_not(site, row, answer):
    site.status, site.document = answer
    hours = [NOW + timedelta(hours=hour) for hour in (1, 12, 23)]
    assert [sub(row, now=moment) for moment in hours] == ["c-1"] * 3
    assert "does not answer" in sub(row, now=NOW + timedelta(hours=24))


def test_a_silent_address_is_asked_twice_a_minute_at_most(site, row):
    site.status = 500
    for seconds in range(0, 60, 2):
        assert sub(row, now=NOW + 11 * MINUTE + seconds * SECOND) == "c-1"
    assert site.asked == 2


def test_it_recovers_by_itself(site, row):
    site.status = 500
    assert "does not answer" in sub(row, now=NOW + timedelta(hours=25))
    site.status = 200
    later = NOW + timedelta(hours=25) + 31 * SECOND
    assert sub(row, now=later) == "c-1"


def test_another_live_key_works_while_the_address_is_silent(site, row, workspace):
    identity_keys.add(workspace, {"alg": "ES256", "public_key": EC.as_dict(private=False)}, by=None, now=NOW)
    site.status = 500
    later = NOW + timedelta(hours=30)
    shown = signed("ES256", EC, {"sub": "c-2", "exp": later.timestamp() + 60})
    assert identity_keys.verify(workspace.id, shown, now=later).customer_id == "c-2"


def together(app, count, now, kid="one", key=RSA):
    workspace_id = db.session.query(Workspace.id).scalar()
    db.session.remove()

    def one(_):
        with app.app_context():
            try:
                return identity_keys.verify(workspace_id, token(kid, key, now), now=now).customer_id
            except Unauthenticated as refused:
                return refused.message
            finally:
                db.session.remove()

    with ThreadPoolExecutor(count) as pool:
        return set(pool.map(one, range(count)))


def test_many_at_once_ask_once(app, site, row):
    site.seconds = 0.3
    site.document = published(("one", RSA), ("two", OTHER_RSA))
    assert together(app, 8, NOW + MINUTE, "two", OTHER_RSA) == {"c-1"}
    assert site.asked == 1


def test_who_has_a_copy_does_not_wait_for_a_slow_address(app, site, row):
    site.seconds = 1.0
    workspace_id, now = row.workspace_id, NOW + 11 * MINUTE
    db.session.remove()

    def one(pause):
        time.sleep(pause)
        began = time.monotonic()
        with app.app_context():
            try:
                identity_keys.verify(workspace_id, token(now=now), now=now)
            finally:
                db.session.remove()
        return time.monotonic() - began

    with ThreadPoolExecutor(2) as pool:
        asking, served = pool.map(one, (0, 0.3))
    assert asking > 0.9
    assert served < 0.6
    assert site.asked == 1


# What an address may give


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"<html>",
        [],
        {},
        {"keys": {}},
        {"keys": []},
        b'{"keys": [], "keys": []}',
        published(("one", EC)),
        published(("one", RSA), use="enc"),
        published(("one", RSA), alg="RS512"),
        {"keys": [{**RSA.as_dict(private=True), "kid": "one"}]},
        {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "one", "alg": "RS256"}]},
        {"keys": [RSA.as_dict(private=False) | {"kid": None}]},
        b'{"keys": [' + b"[" * 100_000 + b"]}",
        b"{" + b" " * 300_000 + b"}",
    ],
)
def test_what_is_no_usable_key_set_is_not_taken(workspace, site, document):
    site.document = document
    with pytest.raises(Invalid, match="could not be read from this address"):
        identity_keys.add(workspace, {"alg": "RS256", "jwks_url": site.address}, by=None, now=NOW)
    assert db.session.query(IdentityKey).count() == 0


def test_of_each_key_only_what_is_public_is_kept(workspace, site):
    site.document = published(("one", RSA), x5c=["…"], x5u="https://evil.example", jku="https://evil.example", oth=[])
    site.document["keys"].append({**OTHER_RSA.as_dict(private=True), "kid": "leaked"})
    row = identity_keys.add(workspace, {"alg": "RS256", "jwks_url": site.address}, by=None, now=NOW)
    assert [set(key) for key in row.jwks["keys"]] == [{"kty", "kid", "n", "e"}]


def test_a_key_of_another_size_or_kind_beside_the_good_one_checks_nothing(workspace, site):
    numbers = SMALL_RSA.public_key().public_numbers()
    small = {"kty": "RSA", "kid": "small", "e": "AQAB", "n": b64(numbers.n.to_bytes(128))}
    site.document = published(("one", RSA), ("curve", EC))
    site.document["keys"].append(small)
    row = identity_keys.add(workspace, {"alg": "RS256", "jwks_url": site.address}, by=None, now=NOW)
    assert sub(row) == "c-1"
    for kid in ("small", "curve"):
        assert "cannot be used" in sub(row, kid=kid)


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1/keys", "https://127.0.0.1/keys", "https://localhost/keys", "ftp://example.com", "", "x"],
)
def test_without_leave_nothing_of_the_own_network_is_asked(workspace, address):
    with pytest.raises(Invalid, match="could not be read"):
        identity_keys.add(workspace, {"alg": "RS256", "jwks_url": address}, by=None, now=NOW)


def test_a_person_may_read_it_again_at_any_time(site, row):
    site.document = published(("two", OTHER_RSA))
    identity_keys.reread(row, now=NOW + SECOND)
    assert [key["kid"] for key in row.jwks["keys"]] == ["two"]
    site.status = 500
    with pytest.raises(Invalid, match=r"status 500.*still used"):
        identity_keys.reread(row, now=NOW + 2 * SECOND)
    assert [key["kid"] for key in row.jwks["keys"]] == ["two"]


def test_only_what_has_an_address_is_read_again(workspace):
    row = identity_keys.add(workspace, {"alg": "HS256", "secret": "s" * 32}, by=None, now=NOW)
    with pytest.raises(Invalid, match="not read from an address"):
        identity_keys.reread(row, now=NOW)


def test_a_retired_address_is_asked_no_more_and_still_named(site, row):
    identity_keys.retire(row, by=None, now=NOW)
    assert "no key" in sub(row, now=NOW + timedelta(hours=1))
    assert site.asked == 0
    assert identity_keys.described(row).address == site.address
    assert row.jwks is None
