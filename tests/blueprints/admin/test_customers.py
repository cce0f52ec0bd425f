"""The pages of customers: who sees them, finds them, merges, hands out and erases them."""

import json
import re
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import conversations, memory, refresh_secrets
from core.clock import utc_now
from core.customers import tell, verified
from models import db
from models.audits import AuditEntry
from models.conversations import State
from models.customers import Customer, Fact, FactSource, RefreshFamily, Standing, WidgetSession
from models.teammates import TeammateSession
from tests.conftest import keep, make_conversation, make_customer
from tests.core.test_customers import identity
from web.confirmations import GOOD_FOR

pytestmark = pytest.mark.both_databases

HTMX = {"HX-Request": "true"}
INDEX = "/admin/customers/"


@pytest.fixture
def marta(workspace) -> Customer:
    return make_customer(workspace.id, "Marta Novak", email="marta@example.com", told_id="C-17")


@pytest.fixture
def signed(workspace) -> Customer:
    return verified(workspace, identity("c-1", name="Jonas", plan="Gold"), now=utc_now())


def address(customer, rest="") -> str:
    return f"{INDEX}{customer.id}{rest}"


def remember(customer, text="Prefers brass", source=FactSource.CUSTOMER, **changes):
    return memory.remember(customer, text, source=source, now=utc_now(), **changes)


def names(page) -> list[str]:
    return re.findall(r'class="customer-row-name">\s*<a [^>]*><bdi>(.*?)</bdi></a>', page.text)


def chatted(agent, customer, **changes):
    return make_conversation(agent, customer, last_message_at=utc_now(), **changes)


def in_a_browser(agent, customer):
    family = refresh_secrets.begin(agent, customer, lifetime=timedelta(days=3), now=utc_now()).family
    conversation = chatted(agent, customer)
    return keep(
        WidgetSession(
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            customer_id=customer.id,
            conversation_id=conversation.id,
            family_id=family.id,
            parent_origin="https://example.com",
            browser="Firefox on Linux",
            address="203.0.113.7",
            context={},
            created_at=utc_now(),
            expires_at=utc_now() + timedelta(days=1),
        )
    )


def grow_stale():
    for session in db.session.scalars(select(TeammateSession)):
        session.confirmed_at -= GOOD_FOR + timedelta(seconds=1)
    db.session.commit()


# The list


def test_without_customers_it_says_what_will_come(rita, workspace):
    make_customer(workspace.id)
    page = rita.get(INDEX)
    assert page.status_code == 200
    assert "No customers yet" in page.text
    assert 'type="search"' not in page.text


def test_it_lists_ones_own_customers_with_their_standing(rita, agent, marta, signed, other_workspace):
    make_customer(other_workspace.id, "Elsewhere")
    chatted(agent, marta, state=State.WAITING)
    chatted(agent, marta)
    page = rita.get(INDEX)
    assert set(names(page)) == {"Marta Novak", "Jonas"}
    assert "Told by your website, not verified" in page.text
    assert "2 conversations" in page.text
    assert ">Waiting for a person</span>" in page.text
    assert '<a class="main-menu-item" href="/admin/customers/" aria-current="page">' in page.text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("search=NOVAK", ["Marta Novak"]),
        ("search=c-17", ["Marta Novak"]),
        ("search=MARTA%40EXAMPLE", ["Marta Novak"]),
        ("standing=verified", ["Jonas"]),
        ("standing=king", ["Jonas", "Marta Novak"]),
        ("waiting=1", []),
        ("seen=7", ["Jonas"]),
        ("seen=x&search=%00", ["Jonas", "Marta Novak"]),
        ("search=nobody", []),
    ],
)
def test_it_is_searched_and_filtered(rita, marta, signed, query, found):
    marta.last_seen_at = utc_now() - timedelta(days=9)
    db.session.commit()
    page = rita.get(f"{INDEX}?{query}")
    assert page.status_code == 200
    assert names(page) == found
    assert ("Nobody found" in page.text) == (found == [])
    fragment = rita.get(f"{INDEX}?{query}", headers=HTMX)
    assert "<h1" not in fragment.text
    assert names(fragment) == found


def test_more_of_them_come_on_demand(rita, workspace):
    for number in range(35):
        make_customer(workspace.id, f"No {number:02}", last_seen_at=utc_now() - timedelta(minutes=number))
    first = rita.get(INDEX)
    assert len(names(first)) == 30
    more = re.search(r'hx-get="([^"]+)" hx-target="#customers-more"', first.text)[1].replace("&amp;", "&")
    rest = rita.get(more, headers=HTMX)
    assert names(rest) == [f"No {number:02}" for number in range(30, 35)]
    assert "customers-more" not in rest.text
    assert len(names(rita.get(more))) == 5


def test_a_place_that_is_not_ours_is_told(rita, marta):
    assert rita.get(f"{INDEX}?before=nonsense").status_code == 422


def test_names_are_shown_as_text(rita, workspace):
    bo = make_customer(workspace.id, "<b>Bo</b>", email='"<i>@example.com', attributes={"<u>": "<s>"})
    for page in (rita.get(INDEX), rita.get(address(bo))):
        assert "&lt;b&gt;Bo&lt;/b&gt;" in page.text
        assert not re.search(r"<(b|i|u|s)>", page.text)


# The page of one


def test_a_page_tells_what_was_signed_from_what_was_told(rita, signed):
    tell(signed, {"email": "j@example.com", "customAttributes": {"plan": "Free", "cart": 3}}, now=utc_now())
    page = rita.get(address(signed)).text
    assert "Your website has signed who this is." in page
    assert len(re.findall("proof-signed", page)) == 3
    assert len(re.findall(">Not verified</span>", page)) == 2
    assert "<bdi>Gold</bdi>" in page
    assert "Free" not in page


def test_a_page_has_conversations_browsers_and_memory(rita, agent, marta):
    session = in_a_browser(agent, marta)
    remember(marta)
    page = rita.get(address(marta)).text
    assert f'href="/admin/conversations/{session.conversation_id}"' in page
    assert "Firefox on Linux" in page
    assert "203.0.113.7" in page
    assert ">Live</span>" in page
    assert "Prefers brass" in page
    assert "From the customer" in page
    assert "Blocking" in page


def test_many_and_long_details_are_shown_on_demand(rita, workspace):
    attributes = {f"field {number}": "x" * 1000 for number in range(200)}
    page = rita.get(address(make_customer(workspace.id, "Marta", attributes=attributes))).text
    assert "188 more" in page
    assert page.count('class="long-value"') == 200


def test_a_reader_changes_nothing(rita, agent, marta):
    in_a_browser(agent, marta)
    remember(marta)
    page = rita.get(address(marta)).text
    for forbidden in ("Remember something", "fact-change", "Sign out everywhere", "Erase", "Download", "Merge"):
        assert forbidden not in page


def test_support_keeps_the_memory_and_no_more(sue, agent, marta):
    in_a_browser(agent, marta)
    page = sue.get(address(marta)).text
    assert "Remember something" in page
    for forbidden in ("Sign out everywhere", "Erase", "Download", "Merge"):
        assert forbidden not in page


@pytest.mark.parametrize("rest", ["", "/merge", "/erasure"])
def test_a_stranger_finds_nobody(stan, olga, marta, rest):
    assert stan.get(address(marta, rest)).status_code == 404
    assert olga.get(f"{INDEX}{uuid.uuid4()}{rest}").status_code == 404


# Memory


def test_a_fact_is_added(sue, marta):
    answer = sue.post(address(marta, "/memory"), data={"text": " Has a\n dog ", "days": "30"})
    assert (answer.status_code, answer.location) == (303, f"{address(marta)}#memory")
    [fact] = memory.facts_of(marta, now=utc_now())
    assert (fact.text, fact.source, fact.teammate.name) == ("Has a dog", FactSource.TEAMMATE, "Sue")
    assert timedelta(days=29) < fact.expires_at - utc_now() <= timedelta(days=30)
    assert "kept until" in sue.get(address(marta)).text


def test_htmx_gets_the_memory_alone(sue, marta):
    answer = sue.post(address(marta, "/memory"), data={"text": "Has a dog", "days": "0"}, headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section id="memory"')
    assert "Has a dog" in answer.text
    assert "From Sue" in answer.text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"text": ""}, "What to remember is empty."),
        ({"text": "x" * 301}, "at most 300 characters"),
        ({"text": "fine", "days": "7"}, "Not a valid choice"),
    ],
)
def test_a_fact_that_cannot_be_is_told_at_its_field(sue, marta, data, told):
    for headers in (HTMX, {}):
        answer = sue.post(address(marta, "/memory"), data={"days": "0"} | data, headers=headers)
        assert answer.status_code == 422
        assert told in answer.text or "days" in data
    assert memory.facts_of(marta, now=utc_now()) == []


def test_a_full_memory_is_told(sue, marta):
    for number in range(memory.MOST):
        remember(marta, f"Fact {number}")
    answer = sue.post(address(marta, "/memory"), data={"text": "One too many", "days": "0"}, headers=HTMX)
    assert answer.status_code == 422
    assert "50 facts are remembered already" in answer.text
    assert "One too many</textarea>" in answer.text


def test_a_fact_is_put_right(sue, marta):
    fact = remember(marta)
    answer = sue.post(address(marta, f"/memory/{fact.id}"), data={"text": "Prefers copper"}, headers=HTMX)
    assert answer.status_code == 200
    assert db.session.get(Fact, fact.id, populate_existing=True).text == "Prefers copper"
    assert sue.post(address(marta, f"/memory/{fact.id}"), data={"text": "Prefers steel"}).status_code == 303
    refused = sue.post(address(marta, f"/memory/{fact.id}"), data={"text": " "}, headers=HTMX)
    assert refused.status_code == 422
    assert f'id="fact-{fact.id}-problem"' in refused.text


def test_a_fact_is_forgotten(sue, marta):
    fact = remember(marta)
    assert sue.post(address(marta, f"/memory/{fact.id}/removal"), headers=HTMX).status_code == 200
    assert sue.post(address(marta, f"/memory/{fact.id}/removal")).status_code == 404
    assert db.session.scalars(select(Fact)).all() == []


def test_the_memory_is_for_who_answers(rita, stan, sue, marta, workspace):
    fact = remember(marta)
    other = make_customer(workspace.id, "Jonas")
    for rest in ("/memory", f"/memory/{fact.id}", f"/memory/{fact.id}/removal"):
        assert rita.post(address(marta, rest), data={"text": "Mine", "days": "0"}).status_code == 403
        assert stan.post(address(marta, rest), data={"text": "Mine", "days": "0"}).status_code == 404
    assert sue.post(address(other, f"/memory/{fact.id}"), data={"text": "Mine"}).status_code == 404
    assert sue.post(address(other, f"/memory/{fact.id}/removal")).status_code == 404
    assert [fact.text for fact in memory.facts_of(marta, now=utc_now())] == ["Prefers brass"]


def test_the_memory_stands_beside_a_conversation(sue, agent, marta):
    remember(marta)
    page = sue.get(f"/admin/conversations/{chatted(agent, marta).id}").text
    assert "Prefers brass" in page
    assert f'hx-post="{address(marta)}/memory"' in page
    assert f'href="{address(marta)}"' in page


# Signing out


def test_a_customer_is_signed_out_of_every_browser(adam, agent, marta):
    session = in_a_browser(agent, marta)
    assert adam.post(address(marta, "/sign-out")).location == address(marta)
    assert db.session.get(WidgetSession, session.id, populate_existing=True).revoked_at is not None
    page = adam.get(address(marta)).text
    assert "Signed out of one browser." in page
    assert ">Ended</span>" in page
    assert "session.end" in set(db.session.scalars(select(AuditEntry.action)))


def test_signing_out_is_for_admins(sue, stan, agent, marta):
    in_a_browser(agent, marta)
    assert sue.post(address(marta, "/sign-out")).status_code == 403
    assert stan.post(address(marta, "/sign-out")).status_code == 404
    assert db.session.scalars(select(RefreshFamily.revoked_at)).all() == [None]


# Merging


def test_the_other_one_is_suggested_or_searched(adam, workspace, marta, signed):
    twin = make_customer(workspace.id, "M. Novak", email="MARTA@example.com")
    page = adam.get(address(marta, "/merge"))
    assert address(marta, f"/merge/{twin.id}") in page.text
    assert address(marta, f"/merge/{signed.id}") not in page.text
    fragment = adam.get(address(marta, "/merge?search=jonas"), headers=HTMX)
    assert fragment.text.lstrip().startswith('<section id="candidates"')
    assert address(marta, f"/merge/{signed.id}") in fragment.text
    assert "Nobody else is found" in adam.get(address(marta, "/merge?search=c-17")).text


def test_one_sees_what_merging_does_and_then_does_it(adam, agent, marta, signed):
    conversation = chatted(agent, marta)
    remember(marta)
    page = adam.get(address(marta, f"/merge/{signed.id}")).text
    assert re.search(r"This one stays</h2>.*?Jonas.*?This one goes</h2>.*?Marta Novak", page, re.DOTALL)
    assert "1 conversation moves" in page
    assert "1 remembered fact moves" in page
    assert "because it is missing: e-mail" in page
    done = adam.post(address(marta, f"/merge/{signed.id}"))
    assert (done.status_code, done.location) == (303, address(signed))
    kept = adam.get(address(signed)).text
    assert f"/admin/conversations/{conversation.id}" in kept
    assert "These two are one customer now." in kept
    assert adam.get(address(marta)).status_code == 404


def test_two_signed_customers_are_not_offered_and_not_merged(adam, workspace, signed):
    other = verified(workspace, identity("c-2", name="Jonas"), now=utc_now())
    assert "Compare" not in adam.get(address(signed, "/merge?search=jonas")).text
    for answer in (adam.get(address(signed, f"/merge/{other.id}")), adam.post(address(signed, f"/merge/{other.id}"))):
        assert answer.status_code == 409
        assert "two different customers" in answer.text
    assert db.session.query(Customer).count() == 2


def test_merging_is_for_admins_of_the_same_shop(eddy, stan, adam, marta, signed, other_workspace):
    elsewhere = make_customer(other_workspace.id, "Elsewhere")
    for rest in (f"/merge/{signed.id}", "/merge"):
        assert eddy.get(address(marta, rest)).status_code == 403
        assert stan.get(address(marta, rest)).status_code == 404
    assert eddy.post(address(marta, f"/merge/{signed.id}")).status_code == 403
    assert stan.post(address(marta, f"/merge/{signed.id}")).status_code == 404
    assert stan.post(address(elsewhere, f"/merge/{marta.id}")).status_code == 404
    assert adam.post(address(marta, f"/merge/{elsewhere.id}")).status_code == 404
    assert db.session.query(Customer).count() == 3


# Handing out and erasing


def test_everything_is_handed_out_as_a_file(adam, agent, marta):
    conversation = make_conversation(agent, marta)
    conversations.ask(conversation, client_id="a-1", text="Where is my lamp?", now=utc_now())
    remember(marta)
    answer = adam.post(address(marta, "/export"))
    assert answer.mimetype == "application/json"
    assert re.fullmatch(
        r"attachment; filename=customer-[0-9a-f]{4}-\d{4}-\d\d-\d\d\.json", answer.headers["Content-Disposition"]
    )
    export = json.loads(answer.get_data(as_text=True))
    assert export["conversations"][0]["messages"][0]["text"] == "Where is my lamp?"
    assert (export["memory"][0]["text"], export["blocks"]) == ("Prefers brass", [])
    [entry] = db.session.scalars(select(AuditEntry))
    assert (entry.action, entry.who, entry.subject_id) == ("customer.export", "Adam", str(marta.id))
    assert "Marta" not in entry.subject_name


def test_one_sees_what_erasing_does_and_then_does_it(adam, agent, marta):
    in_a_browser(agent, marta)
    remember(marta)
    page = adam.get(address(marta, "/erasure")).text
    assert "1 conversation with every message" in page
    assert "1 browser that is signed in" in page
    done = adam.post(address(marta, "/erasure"))
    assert (done.status_code, done.location) == (303, INDEX)
    assert db.session.query(Customer).count() == 0
    after = adam.get(INDEX).text
    assert "The customer is erased" in after
    assert "Marta" not in after
    assert adam.post(address(marta, "/erasure")).status_code == 404


@pytest.mark.parametrize(("method", "rest"), [("POST", "/export"), ("GET", "/erasure"), ("POST", "/erasure")])
def test_data_is_for_admins_of_the_same_shop(eddy, stan, marta, method, rest):
    assert eddy.open(address(marta, rest), method=method).status_code == 403
    assert stan.open(address(marta, rest), method=method).status_code == 404
    assert db.session.query(Customer).count() == 1


@pytest.mark.parametrize(
    ("method", "rest"),
    [("POST", "/export"), ("GET", "/erasure"), ("POST", "/erasure"), ("GET", "/merge/{}"), ("POST", "/merge/{}")],
)
def test_whoever_left_the_browser_open_is_asked_again(adam, marta, signed, method, rest):
    adam.get(INDEX)
    grow_stale()
    answer = adam.open(address(marta, rest.format(signed.id)), method=method)
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/admin/confirmation")
    assert db.session.query(Customer).count() == 2
    assert db.session.scalars(select(AuditEntry)).all() == []


def test_a_name_that_was_told_is_marked_wherever_it_is_listed(sue, agent, marta, signed):
    chatted(agent, marta)
    chatted(agent, signed)
    inbox = sue.get("/admin/conversations/?view=all").text
    assert re.search(r"Marta Novak</strong> <span class=\"proof\">not verified", inbox)
    assert not re.search(r"Jonas</strong> <span class=\"proof\">", inbox)
    dashboard = sue.get(f"/admin/agents/{agent.id}").text
    assert "Marta Novak (not verified)" in dashboard
    assert marta.standing is Standing.IDENTIFIED
