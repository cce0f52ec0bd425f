"""Settings → Protection, Blocked visitors, and blocking from a conversation."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import blocks, networks, protection_settings, risks, stops
from core.clock import utc_now
from core.protection_settings import Action, Limit, Scope, Step
from models import db
from models.agents import Agent
from models.audits import AuditEntry
from models.customers import Standing, WidgetSession
from models.protection import Block, Signal
from tests.conftest import keep, make_conversation, make_customer

PAGE = "/admin/settings/protection/"
BLOCKED = "/admin/settings/protection/blocked/"
HTMX = {"HX-Request": "true"}


def limits_form(**changes) -> dict[str, object]:
    kept = {f"{action}_{scope}": limit.count for (action, scope), limit in protection_settings.LIMITS.items()}
    return {**kept, **changes}


def actions() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def block_range(workspace, text="203.0.113.0/24", **changes) -> Block:
    chosen = {"reason": "Spam", "until": None, "by": None, "now": utc_now()} | changes
    return blocks.block_network(workspace, text, **chosen)


@pytest.fixture
def visited(agent):
    """A conversation of an anonymous visitor who came from 203.0.113.7."""
    return visit(agent, make_conversation(agent, last_message_at=utc_now()), "203.0.113.7")


def visit(agent, conversation, address):
    from core import refresh_secrets

    now = utc_now()
    rotation = refresh_secrets.begin(agent, conversation.customer, lifetime=timedelta(days=1), now=now)
    keep(
        WidgetSession(
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            customer_id=conversation.customer_id,
            conversation_id=conversation.id,
            family_id=rotation.family.id,
            parent_origin="https://example.com",
            address=address,
            context={},
            created_at=now,
            expires_at=now + timedelta(days=1),
        )
    )
    return conversation


# Who may


@pytest.mark.parametrize("path", [PAGE, BLOCKED])
def test_only_admins_and_owners_see_the_pages(olga, adam, eddy, sue, rita, vera, path):
    assert [client.get(path).status_code for client in (olga, adam, eddy, sue, rita)] == [200, 200, 403, 403, 403]
    assert vera.get(path).status_code == 303


def test_only_admins_and_owners_change_anything(eddy, sue, workspace):
    block = block_range(workspace)
    for path in (
        "mode",
        "limits",
        "steps",
        "answers",
        "blocked/",
        f"blocked/{block.id}/lifting",
        f"blocked/{block.id}/return",
    ):
        assert eddy.post(PAGE + path).status_code == 403
        assert sue.post(PAGE + path).status_code == 403


def test_a_stranger_finds_no_block_of_others(stan, workspace):
    block = block_range(workspace)
    assert stan.post(f"{BLOCKED}{block.id}/lifting").status_code == 404
    assert stan.post(f"{BLOCKED}{block.id}/return", data={"duration": "day"}).status_code == 404
    assert "Nobody is blocked" in stan.get(BLOCKED).text
    assert blocks.is_active(block, utc_now())


# Settings


def test_limits_are_sentences_with_numbers(adam, agent):
    page = adam.get(PAGE).text
    assert "One visitor may send" in page
    assert 'name="messages_session"' in page
    assert 'value="40"' in page
    assert page.count("<h1") == 1


def test_limits_are_saved_and_noted(adam, workspace):
    answer = adam.post(PAGE + "limits", data=limits_form(messages_session="7", messages_agent=""))
    assert answer.location == f"{PAGE}#limits"
    shield = protection_settings.of(workspace.id)
    assert shield.limits[Action.MESSAGES, Scope.SESSION] == Limit(7, 60)
    assert shield.limits[Action.MESSAGES, Scope.AGENT] == Limit(None, 60)
    assert shield.limits[Action.HANDOFFS, Scope.SESSION] == protection_settings.LIMITS[Action.HANDOFFS, Scope.SESSION]
    entry = db.session.scalars(select(AuditEntry)).one()
    assert entry.action == "limits.change"
    assert entry.after == {
        "limits": {"messages:session": {"count": 7, "seconds": 60}, "messages:agent": {"count": None, "seconds": 60}}
    }


def test_what_is_saved_unchanged_is_no_news(adam, workspace):
    adam.post(PAGE + "limits", data=limits_form())
    adam.post(PAGE + "mode", data={"mode": "stop"})
    assert actions() == []


def test_htmx_gets_the_section_and_that_it_is_saved(adam):
    answer = adam.post(PAGE + "limits", data=limits_form(messages_session="7"), headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section class="card card-body" id="limits"')
    assert "Saved" in answer.text


@pytest.mark.parametrize("number", ["0", "-1", "many", "1.5", "241", "9" * 30])
def test_a_number_that_cannot_be_is_told_at_its_field(adam, workspace, number):
    for headers in ({}, HTMX):
        answer = adam.post(PAGE + "limits", data=limits_form(messages_session=number), headers=headers)
        assert answer.status_code == 422
        assert "Write a whole number from 1 to 240, or leave the field empty." in answer.text
        assert ("<html" in answer.text) is not bool(headers)
    assert protection_settings.of(workspace.id).limits == protection_settings.LIMITS


def test_only_noting_is_switched_on_and_off(adam, workspace, agent):
    assert adam.post(PAGE + "mode", data={"mode": "note"}).status_code == 303
    assert protection_settings.of(workspace.id).is_log_only
    stops.note(agent, "messages:address", "203.0.113.7", is_enforced=False, now=utc_now())
    page = adam.get(PAGE).text
    assert "Who would have been stopped" in page
    assert "203.0.113.7" in page
    assert adam.post(PAGE + "mode", data={"mode": "loud"}).status_code == 422
    adam.post(PAGE + "mode", data={"mode": "stop"}, headers=HTMX)
    assert not protection_settings.of(workspace.id).is_log_only
    assert actions() == ["protection.switch", "protection.switch"]


def test_steps_have_their_points(adam, workspace):
    form = {"watch": "10", "slow": "30", "challenge": "", "block": "90"}
    assert adam.post(PAGE + "steps", data=form).status_code == 303
    shield = protection_settings.of(workspace.id)
    assert shield.steps == {Step.WATCH: 10, Step.SLOW: 30, Step.CHALLENGE: None, Step.BLOCK: 90}
    assert actions() == ["steps.change"]


def test_a_harder_step_never_comes_first(adam, workspace):
    answer = adam.post(PAGE + "steps", data={"watch": "10", "slow": "80", "challenge": "70", "block": "90"})
    assert answer.status_code == 422
    assert "A harder step needs at least as many points" in answer.text
    assert protection_settings.of(workspace.id).steps == protection_settings.STEPS


def test_answers_a_day_are_set_for_each_agent(adam, workspace, agent, other_agent):
    field, foreign = f"answers_{agent.id.hex}", f"answers_{other_agent.id.hex}"
    assert f"{agent.name} may answer" in adam.get(PAGE).text
    assert adam.post(PAGE + "answers", data={field: "200", foreign: "1"}).status_code == 303
    db.session.expire_all()
    assert db.session.get(Agent, agent.id).daily_answers == 200
    assert db.session.get(Agent, other_agent.id).daily_answers is None
    assert actions() == ["budget.change"]
    assert adam.post(PAGE + "answers", data={field: "0"}, headers=HTMX).status_code == 422
    adam.post(PAGE + "answers", data={field: ""})
    db.session.expire_all()
    assert db.session.get(Agent, agent.id).daily_answers is None


def test_without_an_agent_the_next_step_is_offered(adam):
    assert "Make an agent" in adam.get(PAGE).text


def test_who_looks_suspicious_is_listed_with_reasons(adam, workspace, agent, visited):
    customer = risks.of_customer(visited.customer_id)
    risks.mark(workspace.id, customer, Signal.TOKEN_REUSE, "", now=utc_now())
    risks.mark(workspace.id, "address:9.9.9.9", Signal.ORIGIN_MISMATCH, "<b>x</b>", now=utc_now())
    risks.mark(workspace.id, "address:9.9.9.8", Signal.AUTOMATION, "too few points to be watched", now=utc_now())
    page = adam.get(PAGE).text
    assert visited.customer.nickname in page
    assert "A key of the browser came a second time" in page
    assert f"/admin/conversations/{visited.id}" in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "address=9.9.9.9" in page
    assert "9.9.9.8" not in page


def test_stops_name_whom_they_are_about(adam, agent, visited):
    session = db.session.scalars(select(WidgetSession)).one()
    for scope, subject in (
        ("messages:session", session.id.hex),
        ("messages:slow:customer", visited.customer_id.hex),
        ("sessions:website", "https://shop.example"),
        ("reports:agent", agent.id.hex),
        ("messages:address", "unknown"),
        ("messages:customer", "0" * 32),
        ("handoffs:session", "0" * 32),
    ):
        stops.note(agent, scope, subject, is_enforced=True, now=utc_now())
    page = adam.get(PAGE).text
    assert page.count(visited.customer.nickname) == 2
    for words in (
        "shop.example",
        "Everybody who talks with Lumi",
        "An unknown address",
        "who was erased",
        "who is gone",
    ):
        assert words in page


def test_a_proxy_that_nobody_told_of_is_noticed(adam):
    assert "A proxy seems to stand in front" in adam.get(PAGE, headers={"X-Forwarded-For": "9.9.9.9"}).text
    assert "A proxy seems to stand in front" not in adam.get(PAGE).text


# Blocked visitors


def test_an_address_is_blocked_in_its_one_spelling(adam, workspace):
    form = {"address": " ::ffff:203.0.113.7 ", "duration": "month", "reason": "Sends  spam"}
    assert adam.post(BLOCKED, data=form).location == BLOCKED
    block = db.session.scalars(select(Block)).one()
    assert (block.network, block.reason) == ("203.0.113.7/32", "Sends spam")
    assert timedelta(days=29) < block.expires_at - utc_now() <= timedelta(days=30)
    page = adam.get(BLOCKED).text
    assert "203.0.113.7" in page
    assert "Sends spam" in page
    assert "By Adam" in page
    assert "Has not tried" in page
    assert actions() == ["block.add"]


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"address": ""}, "Write an address or a range."),
        ({"address": "shop.example"}, "Write an address like 203.0.113.7"),
        ({"address": "0.0.0.0/0"}, "a large part of the internet"),
        ({"address": "::/0"}, "a large part of the internet"),
        ({"address": "1" * 61}, "This is no address."),
        ({"reason": "x" * 201}, "Use at most 200 letters"),
        ({"duration": "eternity"}, "Not a valid choice"),
    ],
)
def test_what_cannot_be_blocked_is_told(adam, form, told):
    form = {"address": "203.0.113.7", "duration": "day"} | form
    for headers in ({}, HTMX):
        answer = adam.post(BLOCKED, data=form, headers=headers)
        assert answer.status_code == 422
        assert told in answer.text
    assert db.session.scalars(select(Block)).all() == []


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.0/8", "fd00::1", "198.51.100.0/24"])
def test_ones_own_address_is_blocked_only_by_who_means_it(adam, address):
    form = {"address": address, "duration": "hour"}
    me = {"environ_base": {"REMOTE_ADDR": "198.51.100.9"}}
    answer = adam.post(BLOCKED, data=form, **me)
    assert answer.status_code == 422
    assert "Block it all the same" in answer.text
    assert db.session.scalars(select(Block)).all() == []
    assert adam.post(BLOCKED, data=form | {"is_understood": "y"}, **me).status_code == 303
    assert db.session.scalars(select(Block)).one().network == networks.canonical(address)


def test_a_block_is_lifted_and_made_again(adam, workspace):
    block = block_range(workspace)
    answer = adam.post(f"{BLOCKED}{block.id}/lifting", headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section id="blocks"')
    assert "203.0.113.0/24 can chat again." in answer.text
    assert not blocks.is_active(block, utc_now())
    assert "Nobody is blocked" in adam.get(BLOCKED).text
    over = adam.get(f"{BLOCKED}?list=over").text
    assert "Block 203.0.113.0/24 again" in over
    assert adam.post(f"{BLOCKED}{block.id}/return", data={"duration": "week"}).status_code == 422
    assert adam.post(f"{BLOCKED}{block.id}/return", data={"duration": "always"}).status_code == 303
    page = adam.get(BLOCKED).text
    assert "For good" in page
    assert "Spam" in page
    assert actions() == ["block.add", "block.lift", "block.add"]


def test_five_hundred_blocks_have_pages_and_a_search(adam, workspace):
    now = utc_now()
    keep_all = [
        Block(workspace_id=workspace.id, network=f"203.0.{number // 256}.{number % 256}/32", reason="", created_at=now)
        for number in range(500)
    ]
    db.session.add_all(keep_all)
    db.session.commit()
    page = adam.get(BLOCKED).text
    assert "Page 1 of 20" in page
    assert "500 blocks" in page
    assert page.count("Lift the block of") == 25
    last = adam.get(f"{BLOCKED}?page=99", headers=HTMX).text
    assert "Page 20 of 20" in last
    assert "<html" not in last
    assert adam.get(f"{BLOCKED}?page=x").status_code == 200
    assert adam.get(f"{BLOCKED}?search=203.0.1.17").text.count("Lift the block of") == 11
    assert "Nothing fits" in adam.get(f"{BLOCKED}?search=%25").text


def test_an_address_finds_the_range_it_is_in(adam, workspace):
    block_range(workspace, "203.0.113.0/24")
    assert "203.0.113.0/24" in adam.get(f"{BLOCKED}?search=203.0.113.99").text


# From a conversation


def test_the_visitor_is_blocked_in_one_click(sue, workspace, visited):
    path = f"/admin/conversations/{visited.id}"
    page = sue.get(path).text
    assert "Block this visitor" in page
    assert "203.0.113.7" in page
    form = {"this_customer": "y", "their_address": "y", "duration": "day", "reason": "Rude"}
    answer = sue.post(f"{path}/block", data=form, headers=HTMX)
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<section id="visitor-block"')
    assert "Let them chat again" in answer.text
    found = db.session.scalars(select(Block).order_by(Block.network)).all()
    assert {(block.network, block.customer_id) for block in found} == {
        ("203.0.113.7/32", None),
        (None, visited.customer_id),
    }
    assert all(block.created_by.name == "Sue" for block in found)
    assert sue.post(f"{path}/block/lifting").location == f"{path}#customer"
    assert not any(blocks.is_active(block, utc_now()) for block in found)
    assert actions() == ["block.add", "block.add", "block.lift", "block.lift"]


def test_of_ipv6_the_household_is_blocked(sue, agent):
    conversation = visit(agent, make_conversation(agent), "2001:db8:1:2:3:4:5:6")
    sue.post(f"/admin/conversations/{conversation.id}/block", data={"their_address": "y", "duration": "day"})
    assert db.session.scalars(select(Block)).one().network == "2001:db8:1:2::/64"


def test_readers_and_strangers_block_nobody(rita, stan, visited):
    for client, status in ((rita, 403), (stan, 404)):
        for path in ("block", "block/lifting"):
            assert (
                client.post(f"/admin/conversations/{visited.id}/{path}", data={"this_customer": "y"}).status_code
                == status
            )
    assert "Block this visitor" not in rita.get(f"/admin/conversations/{visited.id}").text
    assert db.session.scalars(select(Block)).all() == []


def test_somebody_has_to_be_chosen(sue, visited):
    for headers in ({}, HTMX):
        answer = sue.post(f"/admin/conversations/{visited.id}/block", data={"duration": "day"}, headers=headers)
        assert answer.status_code == 422
        assert "Choose whom to block" in answer.text


def test_an_address_of_ones_own_network_is_not_offered(sue, agent):
    conversation = visit(agent, make_conversation(agent), "10.0.0.7")
    path = f"/admin/conversations/{conversation.id}"
    assert "Their internet address" not in sue.get(path).text
    assert sue.post(f"{path}/block", data={"their_address": "y", "duration": "day"}).status_code == 422


def test_support_cannot_block_the_office_even_if_they_say_so(sue, adam, visited):
    path, form = f"/admin/conversations/{visited.id}/block", {"their_address": "y", "duration": "day"}
    me = {"environ_base": {"REMOTE_ADDR": "203.0.113.7"}, "headers": HTMX}
    refused = sue.post(path, data=form | {"is_understood": "y"}, **me)
    assert refused.status_code == 422
    assert "Block it all the same" not in refused.text
    assert "Block it all the same" in adam.post(path, data=form, **me).text
    assert adam.post(path, data=form | {"is_understood": "y"}, **me).status_code == 200


def test_a_range_that_holds_others_is_lifted_by_admins_only(sue, workspace, visited):
    block = block_range(workspace)
    page = sue.get(f"/admin/conversations/{visited.id}").text
    assert "203.0.113.0/24 is blocked" in page
    assert "An admin can lift it" in page
    sue.post(f"/admin/conversations/{visited.id}/block/lifting")
    assert blocks.is_active(block, utc_now())


def test_the_panel_says_why_somebody_looks_suspicious(rita, workspace, visited):
    risks.mark(workspace.id, risks.of_customer(visited.customer_id), Signal.REPEATED_TEXT, "9 times <i>", now=utc_now())
    page = rita.get(f"/admin/conversations/{visited.id}").text
    assert "Looks suspicious: 20 points" in page
    assert "Sent the same text over and over: 9 times &lt;i&gt;." in page


def test_a_verified_customers_address_is_not_chosen_beforehand(sue, agent):
    for standing, chosen in ((Standing.VERIFIED, False), (Standing.ANONYMOUS, True)):
        customer = make_customer(agent.workspace_id, standing=standing)
        conversation = visit(agent, make_conversation(agent, customer), "203.0.113.7")
        page = sue.get(f"/admin/conversations/{conversation.id}").text
        box = page[page.index('name="their_address"') - 200 :][:400]
        assert ("checked" in box.split("their_address")[0].rpartition("<input")[2]) is chosen
