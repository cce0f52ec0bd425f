"""Send to my developer: a link that shows the snippet and the status, and nothing else, for a while."""

import re
from datetime import timedelta

from core import handovers, sightings
from core.clock import utc_now
from models import db
from models.agents import Handover
from models.mails import Mail

HTMX = {"HX-Request": "true"}


def send(client, agent, email="dev@studio.example", **options):
    return client.post(f"/admin/agents/{agent.id}/deploy/handovers", data={"email": email, "place": "wix"}, **options)


def link_in(answer):
    return re.search(r"/handovers/[\w-]+", answer.text)[0]


def test_a_developer_sees_the_line_the_steps_and_whether_it_works(eddy, vera, agent):
    link = link_in(send(eddy, agent, headers=HTMX))
    assert db.session.query(Mail).count() == 1
    page = vera.get(link)
    assert f"/widget/{agent.public_id}.js" in page.text
    assert "Add Custom Code" in page.text
    assert "Waiting for the site" in page.text
    assert '"/admin/' not in page.text
    assert "theme.liquid" in vera.get(f"{link}?place=shopify", headers=HTMX).text
    sightings.record_load(agent, "https://example.com", is_allowed=True, now=utc_now())
    assert "Working on <strong>example.com</strong>" in vera.get(f"{link}/health", headers=HTMX).text
    assert vera.get(f"{link}/health").status_code == 303


def test_a_refused_website_is_not_told_to_strangers(eddy, vera, agent):
    link = link_in(send(eddy, agent, headers=HTMX))
    sightings.record_load(agent, "https://secret.example", is_allowed=False, now=utc_now())
    assert "secret.example" not in vera.get(link).text


def test_a_link_taken_back_or_run_out_opens_nothing(eddy, vera, agent):
    link = link_in(send(eddy, agent, headers=HTMX))
    [handover] = handovers.listed(agent, now=utc_now())
    taken = eddy.post(f"/admin/agents/{agent.id}/deploy/handovers/{handover.id}/withdrawal", headers=HTMX)
    assert "dev@studio.example" not in taken.text
    assert vera.get(link).status_code == 404
    second = link_in(send(eddy, agent, headers=HTMX))
    db.session.query(Handover).update({"expires_at": utc_now() - timedelta(days=2)})
    db.session.commit()
    assert vera.get(second).status_code == 404
    handovers.clear_expired(now=utc_now())
    assert db.session.query(Handover).count() == 0
    assert vera.get("/handovers/made-up").status_code == 404


def test_a_second_link_to_the_same_address_ends_the_first(eddy, vera, agent):
    first, second = (link_in(send(eddy, agent, headers=HTMX)) for _ in range(2))
    assert vera.get(first).status_code == 404
    assert vera.get(second).status_code == 200


def test_an_archived_agent_is_shown_to_nobody(eddy, vera, agent):
    link = link_in(send(eddy, agent, headers=HTMX))
    agent.archived_at = utc_now()
    db.session.commit()
    assert vera.get(link).status_code == 404


def test_bad_addresses_and_too_many_are_told_at_the_field(eddy, agent):
    assert "email-problem" in send(eddy, agent, "nobody", headers=HTMX).text
    for number in range(20):
        assert send(eddy, agent, f"dev{number}@studio.example").status_code == 200
    refused = send(eddy, agent, "one-more@studio.example", headers=HTMX)
    assert refused.status_code == 422
    assert "tomorrow" in refused.text


def test_only_editors_and_above_send_links(rita, sue, stan, agent, eddy):
    for client, status in ((rita, 403), (sue, 403), (stan, 404)):
        assert send(client, agent).status_code == status
    send(eddy, agent)
    [handover] = handovers.listed(agent, now=utc_now())
    withdrawal = f"/admin/agents/{agent.id}/deploy/handovers/{handover.id}/withdrawal"
    assert stan.post(withdrawal).status_code == 404
    assert rita.post(withdrawal).status_code == 403
    assert handovers.listed(agent, now=utc_now())
