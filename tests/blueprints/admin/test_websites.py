"""Settings → Websites: the list as chips, read while typing, two switches, and the box that tries an address."""

import html
import re

import pytest

from core import sightings, websites
from core.clock import utc_now
from models import db
from models.agents import Agent
from models.audits import AuditEntry
from tests.conftest import make_agent

HTMX = {"HX-Request": "true"}
HERE = "/admin/settings/websites/"
STRANGER = "00000000-0000-7000-8000-000000000000"


def post(client, agent, path, headers=HTMX, **values):
    return client.post(f"{HERE}{agent.id}/{path}", data=values, headers=headers)


def text_of(answer):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def fresh(agent):
    return db.session.get(Agent, agent.id, populate_existing=True)


def test_without_an_agent_the_page_says_what_to_do_next(olga, rita):
    assert "Make your first agent" in olga.get(HERE).text
    assert "Make your first agent" not in rita.get(HERE).text


def test_the_first_agent_is_shown_and_the_others_can_be_chosen(olga, workspace, agent, other_agent):
    assert olga.get(HERE).location == f"{HERE}{agent.id}"
    assert 'aria-label="Agents"' not in olga.get(f"{HERE}{agent.id}").text
    nox = make_agent(workspace, "Nox")
    page = olga.get(f"{HERE}{nox.id}").text
    assert f'href="{HERE}{agent.id}"' in page
    assert "Elsewhere" not in page
    assert "where Nox may appear" in page


def test_the_settings_lead_here(olga, agent):
    assert f'href="{HERE}"' in olga.get("/admin/team/").text


def test_only_admins_and_owners_change_the_list(rita, sue, eddy, adam, agent):
    [website] = agent.websites
    for client in (rita, sue, eddy):
        page = client.get(f"{HERE}{agent.id}").text
        assert "Add a website" not in page
        assert "chip-remove" not in page
        assert post(client, agent, "list", addresses="shop.com").status_code == 403
        assert post(client, agent, f"list/{website.id}/removal").status_code == 403
        assert post(client, agent, "local-pages", is_on="1").status_code == 403
        assert post(client, agent, "direct-link").status_code == 403
    assert "Add a website" in adam.get(f"{HERE}{agent.id}").text
    assert websites.patterns(fresh(agent)) == ["example.com"]


def test_a_stranger_finds_nothing(stan, vera, agent):
    [website] = agent.websites
    for path in ("", "/reading?addresses=a.com", "/check?page=a.com"):
        assert stan.get(f"{HERE}{agent.id}{path}").status_code == 404
        assert stan.get(f"{HERE}{STRANGER}{path}").status_code == 404
        assert vera.get(f"{HERE}{agent.id}{path}").status_code == 303
    for path in ("list", f"list/{website.id}/removal", "local-pages", "direct-link"):
        assert post(stan, agent, path, addresses="shop.com").status_code == 404
    assert websites.patterns(fresh(agent)) == ["example.com"]


def test_a_website_of_another_agent_is_not_removed(adam, workspace, agent):
    [website] = make_agent(workspace, "Nox").websites
    assert post(adam, agent, f"list/{website.id}/removal").status_code == 404


def test_what_is_typed_is_read_in_words(adam, agent):
    part = adam.get(f"{HERE}{agent.id}/reading?addresses=shop.com,*.co.uk+*", headers=HTMX)
    assert "<html" not in part.text
    told = text_of(part)
    assert "shop.com and any page of it; not www.shop.com" in told
    assert "Also *.shop.com" in told
    assert "*.co.uk would allow websites of everybody" in told
    assert "Any website in the world may show your agent" in told
    page = adam.get(f"{HERE}{agent.id}/reading?addresses=shop.com")
    assert "<h1>Websites</h1>" in page.text
    assert 'value="shop.com"' in page.text


def test_what_is_allowed_already_is_said(adam, workspace):
    agent = make_agent(workspace, websites=("*.shop.com",))
    told = text_of(adam.get(f"{HERE}{agent.id}/reading?addresses=www.shop.com", headers=HTMX))
    assert "“*.shop.com” on your list allows this already" in told
    assert "Also *.shop.com" not in told


def test_an_offer_that_was_taken_stays_taken_while_typing(adam, agent):
    part = adam.get(f"{HERE}{agent.id}/reading?addresses=shop.com&also=*.shop.com", headers=HTMX).text
    assert re.search(r'value="\*\.shop\.com" checked', part)


def test_several_are_added_at_once_with_what_was_offered(adam, agent):
    answer = post(adam, agent, "list", addresses="https://www.shop.com/de, Other.com", also="*.shop.com")
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert answer.headers["HX-Trigger"] == "websites-changed"
    assert "www.shop.com, other.com, *.shop.com are allowed now." in text_of(answer)
    assert websites.patterns(fresh(agent)) == ["example.com", "www.shop.com", "other.com", "*.shop.com"]
    entry = db.session.query(AuditEntry).one()
    assert (entry.who, entry.action) == ("Adam", "websites.allow")


def test_without_scripts_the_same_page_tells_what_happened_once(adam, agent):
    answer = post(adam, agent, "list", headers={}, addresses="shop.com")
    assert (answer.status_code, answer.location) == (303, f"{HERE}{agent.id}")
    assert "shop.com is allowed now." in text_of(adam.get(answer.location))
    assert "is allowed now." not in text_of(adam.get(answer.location))


def test_what_is_on_the_list_already_is_not_added_twice(adam, agent):
    assert "That is on the list already." in text_of(post(adam, agent, "list", addresses="EXAMPLE.com"))


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"addresses": ""}, "Write the address of a website"),
        ({"addresses": "good.com *.co.uk"}, "“*.co.uk”: *.co.uk would allow websites of everybody"),
        ({"addresses": "good.com", "also": "not a pattern"}, "“not a pattern”"),
        ({"addresses": " ".join(f"shop{number}.com" for number in range(101))}, "Up to 100 websites"),
        ({"addresses": "x" * 30_000}, "too long"),
        ({"addresses": "good.com", "position": "-1"}, ""),
    ],
)
def test_nothing_is_added_when_one_cannot_be_read(adam, agent, values, told):
    part = post(adam, agent, "list", **values)
    assert part.status_code == 422
    assert told in text_of(part)
    page = post(adam, agent, "list", headers={}, **values)
    assert page.status_code == 422
    assert "<h1>Websites</h1>" in page.text
    assert websites.patterns(fresh(agent)) == ["example.com"]


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_removal_is_undone_in_its_place(adam, workspace, headers):
    agent = make_agent(workspace, websites=("a.com", "b.com", "c.com"))
    answer = post(adam, agent, f"list/{agent.websites[1].id}/removal", headers=headers)
    shown = answer.text if headers else adam.get(answer.location).text
    assert "b.com</strong> is off the list" in shown
    assert websites.patterns(fresh(agent)) == ["a.com", "c.com"]
    [position] = re.findall(r'name="position" value="(\d+)"', shown)
    [pattern] = re.findall(r'name="addresses" value="([^"]+)" autofocus', shown)
    post(adam, agent, "list", addresses=pattern, position=position)
    assert websites.patterns(fresh(agent)) == ["a.com", "b.com", "c.com"]
    assert [entry.action for entry in db.session.query(AuditEntry).order_by(AuditEntry.id)] == [
        "websites.remove",
        "websites.allow",
    ]


def test_a_removal_is_told_at_its_own_agent_only(adam, workspace, agent):
    nox = make_agent(workspace, "Nox")
    post(adam, agent, f"list/{agent.websites[0].id}/removal", headers={})
    assert "is off the list" not in adam.get(f"{HERE}{nox.id}").text


def test_an_open_list_is_warned_of(adam, workspace):
    agent = make_agent(workspace, websites=("*",))
    told = text_of(adam.get(f"{HERE}{agent.id}"))
    assert "Any website in the world may show Lumi." in told
    assert "because no website was given when it was made" in told
    post(adam, agent, "list", addresses="shop.com")
    assert "change nothing until you remove it" in text_of(adam.get(f"{HERE}{agent.id}"))
    assert "in the world" not in text_of(adam.get(f"{HERE}{make_agent(workspace).id}"))


def test_an_empty_list_is_warned_of(adam, workspace):
    agent = make_agent(workspace, websites=())
    assert "No website is allowed, so Lumi appears nowhere" in text_of(adam.get(f"{HERE}{agent.id}"))
    post(adam, agent, "local-pages", is_on="1")
    assert "Only pages on your own computer show Lumi" in text_of(adam.get(f"{HERE}{agent.id}"))


def test_the_own_computer_is_a_switch(adam, agent):
    on = post(adam, agent, "local-pages", is_on="1")
    assert websites.patterns(fresh(agent)) == ["example.com", "localhost", "127.0.0.1"]
    assert "Remove localhost" not in on.text
    assert re.search(r'id="local-pages"[^>]* checked', on.text)
    off = post(adam, agent, "local-pages")
    assert websites.patterns(fresh(agent)) == ["example.com"]
    assert not re.search(r'id="local-pages"[^>]* checked', off.text)


def test_half_of_the_own_computer_is_a_chip(adam, workspace):
    page = adam.get(f"{HERE}{make_agent(workspace, websites=('localhost',)).id}").text
    assert "Remove localhost" in page
    assert not re.search(r'id="local-pages"[^>]* checked', page)


def test_the_direct_link_is_a_switch(adam, agent):
    off = post(adam, agent, "direct-link")
    assert not fresh(agent).allows_link
    assert not re.search(r'id="direct-link"[^>]* checked', off.text)
    post(adam, agent, "direct-link", headers={}, is_on="1")
    assert fresh(agent).allows_link


def test_a_page_is_tried(adam, rita, agent):
    there = f"{HERE}{agent.id}/check"
    part = adam.get(f"{there}?page=https://example.com/contact", headers=HTMX)
    assert "<html" not in part.text
    assert "Yes. “example.com” allows https://example.com" in text_of(part)
    assert part.text.count('aria-label="Yes:"') == 4
    refused = adam.get(f"{there}?page=www.example.com")
    assert "<h1>Websites</h1>" in refused.text
    assert "No. The list does not allow https://www.example.com." in text_of(refused)
    assert "Add *.example.com" in text_of(refused)
    assert "Add *.example.com" not in text_of(rita.get(f"{there}?page=www.example.com"))
    post(adam, agent, "list", addresses="*.example.com")
    assert "Yes. “*.example.com”" in text_of(adam.get(f"{there}?page=www.example.com", headers=HTMX))


def test_what_cannot_be_tried_is_told(adam, agent):
    there = f"{HERE}{agent.id}/check"
    part = adam.get(f"{there}?page=file:///x", headers=HTMX)
    assert part.status_code == 422
    assert "belongs to no website" in text_of(part)
    assert "Write any address" in text_of(adam.get(f"{there}?page=+", headers=HTMX))


def test_who_was_refused_is_allowed_in_one_click(adam, agent):
    sightings.record_load(agent, "https://other.com", is_allowed=False, now=utc_now())
    sightings.record_load(agent, "null", is_allowed=False, now=utc_now())
    page = adam.get(f"{HERE}{agent.id}").text
    assert "other.com</strong>" in page
    assert re.findall(r'aria-label="Allow ([^"]+)"', page) == ["other.com"]
    assert "were refused" not in text_of(post(adam, agent, "list", addresses="other.com"))


def test_names_are_shown_as_their_owners_write_them(adam, workspace):
    page = adam.get(f"{HERE}{make_agent(workspace, websites=('*.xn--bcher-kva.de', 'exa mple')).id}").text
    assert ">*.bücher.de</span>" in page
    assert "Allows nothing." in page


def test_an_address_is_shown_as_text(adam, agent):
    for path in ("reading?addresses=", "check?page="):
        page = adam.get(f"{HERE}{agent.id}/{path}<script>alert(1)</script>").text
        assert "<script>alert" not in page
