"""Settings → Customer sign-in: modes, keys, who may chat, the code and the debugger."""

import html
import re

import pytest
from sqlalchemy import select

from core import identity_keys, jwks, sessions, tickets
from core.clock import utc_now
from core.errors import Unauthenticated
from models import db
from models.audits import AuditEntry
from models.customers import WidgetSession
from models.teammates import TeammateSession
from tests.conftest import make_conversation, make_customer
from tests.core.customer_token_forge import EC, RSA, hs256, pem
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
