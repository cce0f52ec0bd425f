"""Triggers and greetings on the way to browsers: the loader, the rules beside it, the frame, and what is reported."""

import json
import re
from itertools import pairwise

import pytest
from sqlalchemy import select

from core.clock import utc_now
from core.widget_configs import Greeting, Hours, Trigger, WidgetConfig
from models import db
from models.agents import Event, EventKind, WidgetVersion
from tests.conftest import NOW, keep

SCROLLED = Trigger(scrolled=50, pages="/pricing/*", text="Hi {{customer.first_name|there}}")


def publish(agent, **settings):
    config = WidgetConfig(**settings)
    keep(WidgetVersion(agent_id=agent.id, number=2, settings=config.as_settings(), published_at=NOW))


def look_in(answer):
    return json.loads(re.search(r'"look":(\{.*?\}),"preview"', answer.text)[1])


def told_in(answer):
    return json.loads(re.search(r'<script type="application/json" id="look"[^>]*>(.*?)</script>', answer.text)[1])


def test_a_delay_stays_in_the_loader(vera, agent):
    publish(agent, triggers=(Trigger(after_seconds=20),), greeting="Hello, I am {{agent.name}}", name="Lumi")
    look = look_in(vera.get(f"/widget/{agent.public_id}.js"))
    assert look["rules"] is not None
    publish_again = WidgetConfig(triggers=(Trigger(after_seconds=20),), greeting="Hello")
    keep(WidgetVersion(agent_id=agent.id, number=3, settings=publish_again.as_settings(), published_at=NOW))
    look = look_in(vera.get(f"/widget/{agent.public_id}.js"))
    assert (look.get("rules"), look["trigger"], look["greeting"]) == (None, 20, "Hello")


def test_a_greeting_in_many_languages_is_fetched_when_it_is_due(vera, agent):
    publish(agent, triggers=(Trigger(after_seconds=20),))
    look = look_in(vera.get(f"/widget/{agent.public_id}.js"))
    assert look["trigger"] == 20
    assert "greeting" not in look
    assert "Hallo. Wobei kann ich Ihnen helfen?" in vera.get(look["rules"]).text


def test_everything_else_is_a_module_that_every_website_may_keep(vera, agent):
    publish(agent, triggers=(SCROLLED,))
    look = look_in(vera.get(f"/widget/{agent.public_id}.js"))
    assert "trigger" not in look
    assert "greeting" not in look
    assert look["rules"].startswith(f"http://localhost/widget/{agent.public_id}/rules-")
    answer = vera.get(look["rules"])
    assert answer.status_code == 200
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "immutable" in answer.headers["Cache-Control"]
    assert '"stems":["/pricing/"]' in answer.text
    assert "Set-Cookie" not in answer.headers


def test_an_old_address_gives_what_counts_now_and_is_not_kept(vera, agent):
    publish(agent, triggers=(SCROLLED,))
    answer = vera.get(f"/widget/{agent.public_id}/rules-0123456789ab.js")
    assert answer.headers["Cache-Control"] == "no-store"
    assert '"scrolled":50' in answer.text


def test_nobody_gets_rules_of_an_agent_that_is_not_there(vera, agent):
    assert vera.get("/widget/q3x9Zk1m7vB2nL8pR4tYwA/rules-0123456789ab.js").status_code == 404


def test_words_of_a_trigger_cannot_end_the_script(vera, agent):
    publish(agent, triggers=(Trigger(scrolled=1, text="</script>\u2028<b>"),))
    text = vera.get(f"/widget/{agent.public_id}/rules-x.js").text
    assert "</script>" not in text
    assert "\u2028" not in text


@pytest.mark.parametrize(
    ("event", "kept"),
    [
        ({"kind": "greet", "page": "/", "trigger": 2}, 2),
        ({"kind": "greet", "page": "/", "trigger": 99}, None),
        ({"kind": "greet", "page": "/", "trigger": True}, None),
        ({"kind": "greet", "page": "/", "trigger": "2"}, None),
        ({"kind": "greet", "page": "/"}, None),
    ],
)
def test_a_greeting_is_counted_with_its_trigger(vera, agent, event, kept):
    body = json.dumps({"agentId": agent.public_id, "events": [event]})
    answer = vera.post("/api/v1/widget/track", data=body, headers={"Origin": "https://example.com"})
    assert answer.status_code == 204
    (noted,) = db.session.scalars(select(Event))
    assert (noted.kind, noted.details.get("trigger")) == (EventKind.GREET, kept)


def test_the_frame_never_shows_a_brace(vera, agent):
    publish(agent, greeting="Hi {{customer.first_name|there}}, I am {{agent.name}}", name="Lumi <b>")
    answer = vera.get(f"/widget/{agent.public_id}")
    assert re.search(r'id="greeting"[^>]*>Hi there, I am Lumi &lt;b&gt;<', answer.text)
    assert told_in(answer)["greetings"] == [{"text": "Hi {{customer.first_name|there}}, I am {{agent.name}}"}]


def test_a_greeting_for_everybody_costs_the_frame_nothing(vera, agent):
    assert told_in(vera.get(f"/widget/{agent.public_id}")) == {"name": "Lumi"}


def test_special_greetings_are_left_to_the_browser(vera, agent):
    publish(agent, greetings=(Greeting("Welcome back", visitor="returning"),), greeting="Hello")
    answer = vera.get(f"/widget/{agent.public_id}")
    assert told_in(answer)["greetings"] == [{"text": "Welcome back", "visitor": "returning"}, {"text": "Hello"}]
    assert 'id="greeting" dir="auto">Hello<' in answer.text


def test_the_frame_says_when_nobody_is_there(vera, agent):
    assert 'id="away"></p>' in vera.get(f"/widget/{agent.public_id}").text
    publish(agent, hours=Hours(is_on=True, days=dict.fromkeys(Hours().days, ()), away="We are <out> today."))
    answer = vera.get(f"/widget/{agent.public_id}")
    assert 'id="away">We are &lt;out&gt; today.</p>' in answer.text
    assert "away" not in told_in(answer)


def test_an_open_chat_knows_when_hours_begin_and_end(vera, agent):
    publish(agent, hours=Hours(is_on=True, days=dict.fromkeys(Hours().days, (("00:00", "12:00"),))))
    away = told_in(vera.get(f"/widget/{agent.public_id}"))["away"]
    assert "{time}" in away["text"]
    assert abs(away["at"] - utc_now().timestamp()) < 60
    assert [late - early for early, late in pairwise(away["turns"])] == [43_200] * (len(away["turns"]) - 1)
    assert away["at"] < away["turns"][0] <= away["at"] + 43_200
