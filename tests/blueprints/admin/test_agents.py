"""The agents' pages: the list, making one, its page with the live status, archiving with undo."""

import pytest

from blueprints.admin.agents.changes import stream_changes
from core import agents, sightings, websites
from core.clock import utc_now
from gateways.bus import current_bus
from models import db
from models.agents import Agent
from models.conversations import Outcome
from tests.conftest import make_agent
from tests.core.test_figures import add_conversation

HTMX = {"HX-Request": "true"}
STRANGER = "00000000-0000-7000-8000-000000000000"


def load(agent, origin="https://example.com"):
    sightings.record_load(agent, origin, is_allowed=websites.is_allowed(agent, origin), now=utc_now())


def fresh(agent):
    return db.session.get(Agent, agent.id, populate_existing=True)


def test_with_no_agent_the_list_says_what_to_do_next(olga, rita):
    assert "Make your first agent" in olga.get("/admin/").text
    assert "Make your first agent" not in rita.get("/admin/").text


def test_a_single_agent_is_gone_straight_to(olga, agent):
    answer = olga.get("/admin/")
    assert (answer.status_code, answer.location) == (303, f"/admin/agents/{agent.id}")
    assert "Lumi" in olga.get("/admin/?all=1").text


def test_several_agents_are_cards_with_their_status(olga, workspace, agent, other_agent):
    make_agent(workspace, "Nox")
    load(agent)
    page = olga.get("/admin/").text
    assert "Lumi" in page
    assert "Nox" in page
    assert "Elsewhere" not in page
    assert "Live on 1 site, last seen just now" in page
    assert "Not on your site yet" in page


def test_an_agent_is_made_with_its_website(eddy, workspace):
    answer = eddy.post("/admin/agents", data={"name": "Nox", "website": "www.shop.com"})
    [agent] = agents.listed(workspace)
    assert (answer.status_code, answer.location) == (303, f"/admin/agents/{agent.id}")
    assert (agent.name, websites.patterns(agent)) == ("Nox", ["shop.com", "*.shop.com"])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": ""}, "Give the agent a name"),
        ({"name": "x" * 61}, "61"),
        ({"name": "Nox", "website": "no site"}, "Write the address of your website"),
    ],
)
def test_an_agent_that_cannot_be_made_is_told_beside_the_field(eddy, workspace, wrong, told):
    answer = eddy.post("/admin/agents", data=wrong)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert told in answer.text or "60 characters" in answer.text
    assert agents.listed(workspace) == []


def test_a_reader_makes_no_agent(rita, sue):
    assert rita.get("/admin/agents/new").status_code == 403
    assert sue.post("/admin/agents", data={"name": "Nox"}).status_code == 403


def test_the_page_of_a_new_agent_is_a_check_list(rita, agent):
    page = rita.get(f"/admin/agents/{agent.id}").text
    assert "Not on your site yet" in page
    assert "0 of 4 done" in page
    assert "No conversations yet" in page
    assert "Nothing is missing" in page
    assert "Archive" not in page


def test_what_an_agent_reads_says_and_reaches_is_found_from_its_page(adam, rita, agent):
    page = f"/admin/agents/{agent.id}"
    own = [f'href="{page}/{part}"' for part in ("sources", "answering/", "people")]
    connections = 'href="/admin/settings/connections"'
    assert all(link in adam.get(page).text for link in [*own, connections])
    assert all(link in rita.get(page).text for link in own)
    assert connections not in rita.get(page).text


def test_an_agent_that_any_website_may_show_is_pointed_out(adam, eddy, workspace, agent):
    anywhere = make_agent(workspace, "Nox", websites=("*",))
    assert "Any website in the world may show Nox" in adam.get(f"/admin/agents/{anywhere.id}").text
    assert "in the world" not in eddy.get(f"/admin/agents/{anywhere.id}").text
    assert "in the world" not in adam.get(f"/admin/agents/{agent.id}").text


def test_the_page_shows_names_as_text(olga, workspace):
    agent = make_agent(workspace, "<b>Lumi</b>")
    page = olga.get(f"/admin/agents/{agent.id}").text
    assert "<b>Lumi" not in page
    assert "&lt;b&gt;Lumi" in page


def test_the_state_is_refreshed_alone(olga, agent):
    load(agent)
    part = olga.get(f"/admin/agents/{agent.id}/state", headers=HTMX).text
    assert "Live on 1 site, last seen just now" in part
    assert "1 of 4 done" in part
    assert "<html" not in part
    plain = olga.get(f"/admin/agents/{agent.id}/state")
    assert (plain.status_code, plain.location) == (303, f"/admin/agents/{agent.id}")


def test_trying_it_is_a_dialog_or_a_page(rita, agent):
    dialog = rita.get(f"/admin/agents/{agent.id}/trial", headers=HTMX).text
    assert "<dialog" in dialog
    assert "<html" not in dialog
    page = rita.get(f"/admin/agents/{agent.id}/trial").text
    assert "<h1>Try Lumi</h1>" in page
    for text in (dialog, page):
        assert f"/widget/{agent.public_id}?mode=inline&amp;preview=" in text


@pytest.mark.parametrize("part", ["", "/state", "/trial", "/stream"])
def test_a_stranger_sees_nothing(stan, vera, agent, part):
    assert stan.get(f"/admin/agents/{agent.id}{part}").status_code == 404
    assert stan.get(f"/admin/agents/{STRANGER}{part}").status_code == 404
    assert vera.get(f"/admin/agents/{agent.id}{part}").status_code == 303


def test_archiving_can_be_undone(eddy, agent):
    answer = eddy.post(f"/admin/agents/{agent.id}/archive")
    assert (answer.status_code, answer.location) == (303, f"/admin/?archived={agent.id}")
    page = eddy.get(answer.location).text
    assert "Lumi is archived and off every website" in page
    assert "Undo" in page
    assert eddy.get(f"/admin/agents/{agent.id}").status_code == 404
    assert eddy.post(f"/admin/agents/{agent.id}/restoration").location == f"/admin/agents/{agent.id}"
    assert fresh(agent).archived_at is None


def test_only_editors_of_the_workspace_archive(rita, stan, agent):
    for verb in ("archive", "restoration"):
        assert rita.post(f"/admin/agents/{agent.id}/{verb}").status_code == 403
        assert stan.post(f"/admin/agents/{agent.id}/{verb}").status_code == 404
    assert fresh(agent).archived_at is None


def test_an_agent_at_work_is_not_brought_back(eddy, agent):
    assert eddy.post(f"/admin/agents/{agent.id}/restoration").status_code == 404


def test_the_stream_tells_of_each_change(rita, agent):
    answer = rita.get(f"/admin/agents/{agent.id}/stream", buffered=False)
    assert answer.mimetype == "text/event-stream"
    events = answer.iter_encoded()
    assert next(events) == b"event: change\ndata: \n\n"
    load(agent)
    load(agent)
    assert next(events) == b"event: change\ndata: \n\n"
    current_bus().close()
    assert list(events) == []
    answer.close()


def test_the_stream_beats_while_nothing_happens_and_ends_in_time():
    beats = list(stream_changes("agent:none", heartbeat=0.02, longest=0.05))
    assert beats[0].startswith("event: change")
    assert set(beats[1:]) == {":\n\n"}


def test_a_question_without_an_answer_leads_to_where_it_is_answered(rita, eddy, agent):
    add_conversation(agent, text="Do you ship to the moon?", outcome=Outcome.UNANSWERED)
    page = eddy.get(f"/admin/agents/{agent.id}").text
    assert "Add an answer" in page
    assert f"/admin/agents/{agent.id}/knowledge/new?question=Do+you+ship+to+the+moon?" in page
    assert "Do you ship to the moon?" in rita.get(f"/admin/agents/{agent.id}").text
    assert "Add an answer" not in rita.get(f"/admin/agents/{agent.id}").text


def test_the_latest_conversations_lead_to_themselves(rita, agent):
    conversation = add_conversation(agent, text="<i>Hello</i>")
    page = rita.get(f"/admin/agents/{agent.id}").text
    assert f'href="/admin/conversations/{conversation.id}"' in page
    assert "&lt;i&gt;Hello&lt;/i&gt;" in page
