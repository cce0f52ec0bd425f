"""The frame in each language: its words, its direction, and what the server says in it."""

import html
import json
import re

import pytest

from core import tickets, widget_configs, widget_words
from core.clock import utc_now
from core.widget_words import LANGUAGES, say
from models import db
from models.conversations import Conversation

HOSTILE = "</script><script>alert(1)</script>\"'<b>"


def configure(agent, **settings):
    draft = widget_configs.draft(agent)
    config, problems = widget_configs.check(settings, base=widget_configs.drafted(agent))
    assert problems == {}
    widget_configs.save_draft(agent, config, revision=draft.revision, by=None, now=utc_now())
    widget_configs.publish(agent, by=None, now=utc_now())


def root_of(page):
    return re.search(r'<html lang="(\w+)" dir="(\w+)"', page).groups()


def words_in(page):
    return json.loads(re.search(r'id="words"[^>]*>(.*?)</script>', page)[1])


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_frame_speaks_each_language(vera, agent, language):
    page = vera.get(f"/widget/{agent.public_id}?locale={language}").text
    assert root_of(page) == (language, "rtl" if widget_words.is_rtl(language) else "ltr")
    assert html.escape(say(language, "placeholder"), quote=False) in html.unescape(page)
    assert words_in(page) == json.loads(json.dumps(widget_words.group(language, "frame")))


@pytest.mark.parametrize(
    ("setting", "query", "header", "spoken"),
    [
        ("page", "?locale=pt-BR", "de", "pt"),
        ("page", "", "de-CH,fr;q=0.5", "de"),
        ("browser", "?locale=ar", "tr", "tr"),
        ("ja", "?locale=ar", "tr", "ja"),
        ("page", "?locale=%3Cscript%3E", "", "en"),
    ],
)
def test_the_language_is_as_set(vera, agent, setting, query, header, spoken):
    configure(agent, language=setting)
    page = vera.get(f"/widget/{agent.public_id}{query}", headers={"Accept-Language": header}).text
    assert root_of(page)[0] == spoken


def test_own_words_stand_as_text(vera, agent):
    configure(agent, words={"de": {"placeholder": HOSTILE, "more_below": HOSTILE, "data_title": HOSTILE}})
    page = vera.get(f"/widget/{agent.public_id}?locale=de").text
    assert "<script>alert" not in page
    assert "<b>" not in page
    words = words_in(page)
    assert words["more_below"] == HOSTILE
    # Of a part only what is one's own stands in the page; the rest is fetched with the part.
    assert words["data_title"] == HOSTILE
    assert "data_back" not in words


def test_the_words_of_a_part_are_kept_for_ever(vera, agent):
    page = vera.get(f"/widget/{agent.public_id}?locale=he").text
    parts = json.loads(html.unescape(re.search(r'data-parts="([^"]+)"', page)[1]))
    answer = vera.get(parts["own-data.json"])
    assert answer.json == json.loads(json.dumps(widget_words.group("he", "own_data")))
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    stale = re.sub(r"-\w+\.json", "-0.json", parts["own-data.json"])
    assert vera.get(stale).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/widget/words/xx/own_data-1.json", "/widget/words/de/nothing-1.json"])
def test_there_are_no_other_words(vera, agent, address):
    assert vera.get(address).status_code == 404


def test_the_closed_page_speaks_too(vera, agent):
    agent.allows_link = False
    db.session.commit()
    page = vera.get(f"/chat/{agent.public_id}?locale=ar").text
    assert root_of(page) == ("ar", "rtl")
    assert say("ar", "only_on_website") in page


def open_chat(client, agent, language):
    ticket = tickets.issue(agent, origin=None, channel="web", language=language)
    body = {"agentId": agent.public_id, "parentOrigin": "https://example.com", "ticket": ticket}
    answer = client.post("/api/v1/widget/sessions", json=body).json
    return answer["token"], answer["conversation"]["id"]


def test_the_server_answers_in_the_language_of_the_chat(vera, agent):
    configure(agent, words={"it": {"said_person_comes": "Arriviamo!"}})
    token, _conversation = open_chat(vera, agent, "it")
    headers = {"X-Widget-Token": token}
    vera.post("/api/v1/widget/messages", json={"clientId": "1", "text": "xyzzy"}, headers=headers)
    vera.post("/api/v1/widget/messages", json={"clientId": "2", "text": "ciao"}, headers=headers)
    vera.post("/api/v1/widget/handoffs", json={}, headers=headers)
    assert db.session.query(Conversation).one().language == "it"
    said = [
        message["text"] for message in vera.get("/api/v1/widget/messages?after=0", headers=headers).json["messages"]
    ]
    assert say("it", "reply_unknown_but_person") in said
    assert say("it", "talk_hello") in said
    assert said[-1] == "Arriviamo!"


def test_a_refusal_comes_in_the_language_of_the_chat(vera, agent):
    path = "/api/v1/widget/messages"
    refused = vera.post(path, json={}, headers={"Accept-Language": "nl"})
    assert refused.json["error"]["message"] == say("nl", "refused_token_required")
    assert vera.post(path, json={}).json["error"]["message"] == "Open the chat first."


def test_without_scripts_the_language_stays(vera, agent):
    page = vera.get(f"/chat/{agent.public_id}?locale=pl").text
    ticket = re.search(r'name="ticket" value="([^"]+)"', page)[1]
    form = {"ticket": ticket, "clientId": "one", "text": "xyzzy"}
    answer = vera.post(f"/widget/{agent.public_id}/messages", data=form, headers={"Accept-Language": "fr"})
    assert root_of(answer.text) == ("pl", "ltr")
    assert say("pl", "reply_unknown_but_person") in answer.text
