"""Settings → Customer sign-in: modes, keys, who may chat, the code and the debugger."""

import html
import json
import re

import pytest
from sqlalchemy import select

from core import identity_keys, jwks, sessions, tickets
from core.clock import utc_now
from core.customer_tokens import verify
from core.errors import Unauthenticated
from models import db
from models.audits import AuditEntry
from models.customers import IdentityKey, WidgetSession
from models.teammates import TeammateSession
from tests.conftest import make_agent, make_conversation, make_customer
from tests.core.customer_token_forge import EC, RSA, hs256, pem, signed
from web.confirmations import GOOD_FOR

PAGE = "/admin/settings/sign-in"
SECRET = {"source": "secret", "name": "Live shop"}
HTMX = {"HX-Request": "true"}


def make_key(client, **changes):
    return client.post(f"{PAGE}/keys", data=SECRET | changes)


def rows(workspace):
    return identity_keys.live(workspace)


def secret_in(answer):
    return re.search(r'id="new-secret"[^>]*>([0-9a-f]{64})<', answer.text)[1]


def token(secret, **claims):
    now = utc_now().timestamp()
    return hs256({"sub": "c-1", "exp": now + 600, **claims}, secret=secret)


def audited():
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def staled(client):
    """A browser in which nobody has confirmed lately that it is them."""
    for session in db.session.scalars(select(TeammateSession)):
        session.confirmed_at -= 2 * GOOD_FOR
    db.session.commit()
    return client


# The page


def test_the_page_explains_the_three_modes_and_leads_to_the_first_key(adam):
    page = adam.get(PAGE)
    assert page.status_code == 200
    for words in ("Anonymous", "Identified", "Verified", "Needs a key", "Make the first key", "not verified"):
        assert words in page.text
    assert "disabled>Only let verified customers chat" in page.text


def test_each_mode_tells_how_many_are_in_it(adam, agent, workspace):
    customer = make_customer(workspace.id, last_seen_at=utc_now())
    make_conversation(agent, customer, last_message_at=utc_now())
    assert "1 customer in the last 30 days" in adam.get(PAGE).text


@pytest.mark.parametrize("path", ["", "/keys/new", "/sign-out", "/code", "/code/django", "/check"])
def test_only_who_decides_about_security_sees_it(path, adam, eddy, sue, rita, vera):
    assert adam.get(PAGE + path).status_code == 200
    for other in (eddy, sue, rita):
        assert other.get(PAGE + path).status_code == 403
    assert vera.get(PAGE + path).status_code == 303


@pytest.mark.parametrize("path", ["/requirement", "/keys", "/sign-out", "/check", "/trial"])
def test_only_who_decides_about_security_changes_it(path, eddy, sue, rita, vera, workspace):
    for other in (eddy, sue, rita):
        assert other.post(PAGE + path, data=SECRET | {"is_on": "1", "token": "x"}).status_code == 403
    assert vera.post(PAGE + path).status_code == 303
    assert rows(workspace) == []


@pytest.mark.parametrize("action", ["reading", "retirement", "trial"])
def test_a_key_of_another_workspace_does_not_exist(action, adam, stan, agent, workspace):
    make_key(adam)
    [row] = rows(workspace)
    address = f"{PAGE}/keys/{row.id}/{action}"
    assert stan.post(address).status_code == 404
    if action == "retirement":
        assert stan.get(address).status_code == 404
    assert rows(workspace) == [row]


@pytest.mark.parametrize(
    ("method", "path"), [("get", "/keys/new"), ("post", "/keys"), ("post", "/requirement"), ("post", "/sign-out")]
)
def test_what_is_dangerous_asks_again_who_it_is(method, path, adam, workspace):
    answer = getattr(staled(adam), method)(PAGE + path, data=SECRET if method == "post" else None)
    assert answer.status_code == 303
    assert "/admin/confirmation" in answer.location
    assert rows(workspace) == []


# Keys


def test_a_secret_is_made_shown_once_and_signs(adam, workspace):
    answer = make_key(adam)
    assert answer.status_code == 201
    secret = secret_in(answer)
    assert identity_keys.verify(workspace.id, token(secret), now=utc_now()).customer_id == "c-1"
    later = adam.get(PAGE).text
    assert secret not in later
    assert "Live shop" in later
    assert "Used just now" in later
    assert audited() == ["identity_key.add"]
    assert secret not in str(db.session.scalars(select(AuditEntry.after)).all())


def test_htmx_gets_the_secret_in_the_open_dialog(adam):
    dialog = adam.get(f"{PAGE}/keys/new", headers=HTMX)
    assert "<dialog" in dialog.text
    assert "<html" not in dialog.text
    answer = adam.post(f"{PAGE}/keys", data=SECRET, headers=HTMX)
    assert answer.status_code == 201
    assert answer.text.lstrip().startswith('<div id="choices"')
    assert secret_in(answer)


def test_the_list_behind_the_dialog_shows_the_new_key(adam):
    here = {"HX-Current-URL": f"http://localhost{PAGE}"}
    answer = adam.post(f"{PAGE}/keys", data=SECRET, headers=HTMX | here)
    assert 'id="overview" hx-swap-oob="innerHTML"' in answer.text
    assert "Retire Live shop" in answer.text
    elsewhere = {"HX-Current-URL": f"http://localhost{PAGE}/keys/new"}
    assert "hx-swap-oob" not in adam.post(f"{PAGE}/keys", data=SECRET, headers=HTMX | elsewhere).text


def test_a_public_key_says_itself_what_it_is_for(adam, workspace):
    answer = make_key(adam, source="public_key", pasted=pem(EC), audience=" shop-chat ", issuer="")
    assert answer.status_code == 303
    description = identity_keys.described(rows(workspace)[0])
    assert (description.algorithm, description.audiences, description.issuer) == ("ES256", ("shop-chat",), None)
    page = adam.get(PAGE).text
    assert "Public key, ES256" in page
    assert "asks for aud shop-chat" in page
    assert make_key(adam, source="public_key", pasted=pem(RSA)).status_code == 303


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"source": "public_key"}, "Paste the public key here"),
        ({"source": "public_key", "pasted": "hello"}, "cannot be read"),
        ({"source": "public_key", "pasted": RSA.as_pem(private=True).decode()}, "private key"),
        ({"source": "jwks_url"}, "Write the address"),
        ({"source": "jwks_url", "address": "http://example.com/keys", "algorithm": "RS256"}, "has to begin with https"),
        ({"source": "jwks_url", "address": "https://127.0.0.1/keys", "algorithm": "RS256"}, "could not be read"),
        ({"source": "jwks_url", "address": "https://example.com", "algorithm": "HS256"}, "Not a valid choice"),
        ({"source": "oops"}, "Not a valid choice"),
        ({"name": "x" * 61}, "at most 60"),
        ({"audience": "x" * 301}, "at most 300"),
    ],
)
def test_what_is_no_key_is_told_at_its_field_and_kept(adam, workspace, changes, told):
    for headers in ({}, HTMX):
        answer = adam.post(f"{PAGE}/keys", data=SECRET | changes, headers=headers)
        assert answer.status_code == 422
        assert told in html.unescape(answer.text)
    assert rows(workspace) == []


def test_what_was_pasted_is_still_there_after_a_mistake(adam):
    answer = make_key(adam, source="public_key", pasted="-----BEGIN PUBLIC KEY-----\nbroken")
    assert "broken</textarea>" in answer.text
    assert 'value="public_key" checked' in answer.text


def test_a_third_key_asks_which_one_makes_room(adam, workspace):
    make_key(adam, name="First")
    make_key(adam, name="Second")
    assert "Which one makes room?" in adam.get(f"{PAGE}/keys/new").text
    for chosen in ({}, {"instead_of": "nonsense"}, {"instead_of": str(workspace.id)}):
        refused = make_key(adam, name="Third", **chosen)
        assert refused.status_code == 422
        assert "Choose which of the two keys" in refused.text
    second = rows(workspace)[1]
    assert make_key(adam, name="Third", instead_of=str(second.id)).status_code == 201
    assert [row.name for row in rows(workspace)] == ["First", "Third"]
    assert "1 retired key" in adam.get(PAGE).text


def test_retiring_says_what_happens_and_happens(adam, workspace):
    secret = secret_in(make_key(adam))
    [row] = rows(workspace)
    address = f"{PAGE}/keys/{row.id}/retirement"
    told = adam.get(address).text
    assert "No customer has signed in with it" in told
    assert "It is your last key" in told
    assert adam.post(address).status_code == 303
    with pytest.raises(Unauthenticated):
        identity_keys.verify(workspace.id, token(secret), now=utc_now())
    assert adam.post(address).status_code == 404
    assert audited() == ["identity_key.add", "identity_key.retire"]


def test_names_of_keys_are_shown_as_text(adam):
    make_key(adam, name="<b>Bo</b>")
    assert "&lt;b&gt;Bo&lt;/b&gt;" in adam.get(PAGE).text


def test_keys_at_an_address_are_read_and_read_again(app, adam, workspace, httpserver):
    jwks.reach(allow_private=True)
    try:
        httpserver.expect_request("/keys").respond_with_json({"keys": [{**RSA.as_dict(private=False), "kid": "one"}]})
        made = make_key(adam, source="jwks_url", address=httpserver.url_for("/keys"), algorithm="RS256")
        assert made.status_code == 303
        assert "1 key found" in adam.get(PAGE).text
        address = f"{PAGE}/keys/{rows(workspace)[0].id}/reading"
        assert "The address answers" in adam.post(address, headers=HTMX).text
        httpserver.clear()
        silent = adam.post(address)
        assert silent.status_code == 422
        assert "What was read before is still used" in silent.text
    finally:
        jwks.reach(allow_private=False)


def test_a_key_without_an_address_cannot_be_read_again(adam, workspace):
    make_key(adam)
    answer = adam.post(f"{PAGE}/keys/{rows(workspace)[0].id}/reading")
    assert answer.status_code == 422


# Who may chat


def test_only_verified_customers_may_chat_once_that_is_switched_on(adam, agent, workspace):
    refused = adam.post(f"{PAGE}/requirement", data={"is_on": "1"})
    assert refused.status_code == 409
    make_key(adam)
    assert adam.post(f"{PAGE}/requirement", data={"is_on": "1"}).status_code == 303
    page = adam.get(PAGE).text
    assert "Required: nobody else may chat" in page
    assert page.count("Off: only verified customers may chat") == 2
    assert identity_keys.is_required(workspace.id)
    adam.post(f"{PAGE}/requirement", data={})
    assert not identity_keys.is_required(workspace.id)
    assert audited() == ["identity_key.add", "customer_sign_in.require", "customer_sign_in.require"]


def test_everyone_is_signed_out_after_asking(adam, agent, other_agent):
    for one in (agent, other_agent):
        ticket = tickets.issue(one, origin=None, channel="web")
        visit = sessions.Visit(parent_origin="https://example.com", own_origin="http://localhost")
        sessions.start(one, ticket, visit, now=utc_now())
    assert "in every browser, at once" in adam.get(f"{PAGE}/sign-out").text
    adam.post(f"{PAGE}/sign-out")
    assert "1 browser was" in adam.get(PAGE).text
    ended = {session.agent_id: session.revoked_at is not None for session in db.session.scalars(select(WidgetSession))}
    assert ended == {agent.id: True, other_agent.id: False}


# Code


@pytest.mark.parametrize("place", ["flask", "django", "node", "php", "rails", "shopify"])
def test_there_is_code_for_each_place_with_the_line_of_the_agent(adam, agent, place):
    page = html.unescape(adam.get(f"{PAGE}/code/{place}").text)
    assert f'<script async src="http://localhost/widget/{agent.public_id}.js"></script>' in page
    assert "HS256" in page
    assert '[["logout"]]' in page


def test_the_code_says_what_a_key_asks_for(adam):
    make_key(adam, audience="shop-chat")
    assert "asks for aud shop-chat: add that" in adam.get(f"{PAGE}/code").text
    assert adam.get(f"{PAGE}/code/cobol").status_code == 404


# The debugger


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


# Signing in as a test customer


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
