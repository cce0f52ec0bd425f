"""Settings → Customer sign-in: tokens looked at, and a customer to try it with."""

import html
import json
import re

import pytest
from sqlalchemy import select

from core import identity_keys, jwks, tickets
from core.clock import utc_now
from core.customer_tokens import verify
from models import db
from models.customers import IdentityKey
from tests.blueprints.admin.test_sign_in import HTMX, PAGE, audited, make_key, rows, secret_in, token
from tests.conftest import make_agent
from tests.core.customer_token_forge import EC, RSA, pem, signed


def check(client, shown, **options):
    return client.post(f"{PAGE}/check", data={"token": shown}, **options)


def test_a_good_token_passes_every_check(adam):
    secret = secret_in(make_key(adam))
    answer = check(adam, token(secret, name="Ann <b>"), headers=HTMX)
    assert answer.status_code == 200
    assert "This token is fine" in answer.text
    assert "Ann &lt;b&gt;" in answer.text
    assert answer.text.count("is-good") == 12
    assert "<html" not in answer.text
    assert "Live shop" in answer.text


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({"exp": 1}, "The token has expired"),
        ({"exp": "soon"}, "is a number of seconds since 1970"),
        ({"sub": 7}, "is a text of 1 to 255 characters"),
        ({"nbf": 9e9}, "not valid yet"),
        ({"iat": 9e9}, "made in the future"),
        ({"sub": None}, "is a text"),
    ],
)
def test_a_refused_token_says_which_check_failed_and_how_to_mend_it(adam, claims, told):
    secret = secret_in(make_key(adam))
    answer = check(adam, token(secret, **claims))
    assert answer.status_code == 200
    assert told in html.unescape(answer.text)
    assert answer.text.count("check-line is-bad") == 1
    assert "This token is fine" not in answer.text


def test_the_distance_of_a_time_is_told_in_words(adam):
    secret = secret_in(make_key(adam))
    answer = check(adam, token(secret, exp=utc_now().timestamp() - 7205))
    assert "2 hours ago" in answer.text


def test_a_token_is_checked_with_the_key_that_it_belongs_to(adam):
    first = secret_in(make_key(adam, name="First"))
    make_key(adam, name="Second")
    assert "Checked with First" in check(adam, token(first)).text
    assert "Signature:</strong>" in check(adam, token("x" * 40)).text


@pytest.mark.parametrize("shown", ["", " ", "x" * 40_000])
def test_what_is_no_token_at_all_is_told(adam, shown):
    make_key(adam)
    assert check(adam, shown).status_code == 422


@pytest.mark.parametrize(
    "shown", ["a.b.c", "<script>alert(1)</script>", "ä" * 50, "a.b.c.d.e", "e30.e30.", "\x00.\x00.\x00"]
)
def test_nonsense_is_explained_and_shown_as_text(adam, shown):
    make_key(adam)
    answer = check(adam, shown)
    assert answer.status_code == 200
    assert "Shape:</strong>" in answer.text or "Algorithm:</strong>" in answer.text
    assert "<script>alert" not in answer.text


def test_line_ends_of_a_terminal_are_no_mistake(adam):
    secret = secret_in(make_key(adam))
    shown = token(secret)
    assert "This token is fine" in check(adam, f"  {shown[:60]}\r\n{shown[60:]}\n").text


def test_without_a_key_there_is_nothing_to_check_with(adam):
    answer = check(adam, "a.b.c")
    assert answer.status_code == 422
    assert "There is no key yet" in answer.text


def test_a_token_is_looked_at_and_not_kept(adam, workspace):
    secret = secret_in(make_key(adam))
    shown = token(secret, name="Zebediah")
    check(adam, shown)
    assert audited() == ["identity_key.add"]
    assert db.session.scalars(select(IdentityKey.last_used_at)).one() is None
    assert "Zebediah" not in adam.get(f"{PAGE}/check").text


def test_looking_at_tokens_is_limited(adam):
    make_key(adam)
    assert [check(adam, "a.b.c").status_code for _ in range(31)][-1] == 429


def handed_over(answer):
    assert answer.status_code == 200
    return html.unescape(re.search(r'<customer-trial[^>]* data-token="([^"]*)"', answer.text)[1])


def test_a_test_customer_is_signed_as_the_site_would_sign_it(adam, agent, workspace):
    secret = secret_in(make_key(adam, audience="shop", issuer="https://shop.example"))
    [row] = rows(workspace)
    answer = adam.post(f"{PAGE}/keys/{row.id}/trial", headers=HTMX)
    assert f"/widget/{agent.public_id}?mode=preview&amp;preview=" in answer.text
    key = {"alg": "HS256", "secret": secret, "audience": "shop", "issuer": "https://shop.example"}
    customer = verify(handed_over(answer), key, now=utc_now().timestamp())
    assert (customer.customer_id, customer.name) == (identity_keys.TEST_SUBJECT, "Test customer")
    assert audited()[-1] == "identity_key.test"


def test_a_key_set_with_a_secret_signs_under_its_name(adam, agent, workspace):
    jwk = {"kty": "oct", "kid": "2026", "k": "c" * 48}
    row = identity_keys.configure(workspace, {"alg": "HS256", "jwks": {"keys": [jwk]}}, now=utc_now())
    shown = handed_over(adam.post(f"{PAGE}/keys/{row.id}/trial"))
    assert identity_keys.verify(workspace.id, shown, now=utc_now()).customer_id == identity_keys.TEST_SUBJECT


def test_where_only_the_site_can_sign_that_is_said(adam, agent, workspace):
    make_key(adam, source="public_key", pasted=pem(EC))
    page = adam.get(f"{PAGE}/check").text
    assert "can check tokens, not make them" in page
    assert "Sign me in with" not in page
    refused = adam.post(f"{PAGE}/keys/{rows(workspace)[0].id}/trial")
    assert refused.status_code == 409
    shown = signed("ES256", EC, {"sub": "c-9", "exp": utc_now().timestamp() + 60})
    assert "Open the chat as this customer" in check(adam, shown).text
    assert handed_over(adam.post(f"{PAGE}/trial", data={"token": shown})) == shown


def test_the_agent_to_chat_with_is_one_of_ours(adam, agent, other_agent, workspace):
    second = make_agent(workspace, name="Second")
    make_key(adam)
    address = f"{PAGE}/keys/{rows(workspace)[0].id}/trial"
    assert second.public_id in adam.post(address, data={"agent": str(second.id)}).text
    for wrong in (str(other_agent.id), "nonsense"):
        assert agent.public_id in adam.post(address, data={"agent": wrong}).text


def test_without_an_agent_there_is_nobody_to_chat_with(adam, workspace):
    make_key(adam)
    assert adam.post(f"{PAGE}/keys/{rows(workspace)[0].id}/trial").status_code == 409


def test_the_test_customer_is_believed_by_the_chat(app, adam, vera, agent, workspace):
    make_key(adam)
    answer = adam.post(f"{PAGE}/keys/{rows(workspace)[0].id}/trial")
    ticket = tickets.issue(agent, origin=None, channel="preview")
    body = {
        "agentId": agent.public_id,
        "parentOrigin": "http://localhost",
        "ticket": ticket,
        "customerToken": handed_over(answer),
    }
    begun = vera.post("/api/v1/widget/sessions", data=json.dumps(body), content_type="application/json")
    assert begun.status_code == 201
    assert begun.json["customer"]["standing"] == "verified"
    assert begun.json["customer"]["name"] == "Test customer"


def test_an_unreadable_address_is_what_failed(app, adam, workspace, httpserver):
    jwks.reach(allow_private=True)
    try:
        httpserver.expect_request("/keys").respond_with_json({"keys": [{**RSA.as_dict(private=False), "kid": "one"}]})
        make_key(adam, source="jwks_url", address=httpserver.url_for("/keys"), algorithm="RS256")
        httpserver.clear()
        [row] = rows(workspace)
        row.jwks_read_at = utc_now() - 2 * jwks.LONGEST
        db.session.commit()
        now = utc_now().timestamp()
        answer = check(adam, signed("RS256", RSA, {"sub": "c-1", "exp": now + 60}, kid="one"))
        assert "Key:</strong> The address of the key set does not answer" in answer.text
    finally:
        jwks.reach(allow_private=False)
