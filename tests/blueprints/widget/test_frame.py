"""The frame's page: who may embed it, what stands in it, and the way through without scripts."""

import html
import json
import re

import pytest
from sqlalchemy import select

from core import agents, signing, tickets, widget_configs
from core.clock import utc_now
from core.signing import Kind
from models import db
from models.agents import Event, EventKind

OWN_FRAME = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


def open_chat(client, agent, **body):
    """Open the chat on the agent's website, say hello and leave the refresh cookie."""
    ticket = tickets.issue(agent, origin=None, channel="web")
    body = {"agentId": agent.public_id, "parentOrigin": "https://example.com", "ticket": ticket} | body
    token = client.post("/api/v1/widget/sessions", json=body, headers=OWN_FRAME).json["token"]
    hello = {"clientId": "one", "text": "Hello from before"}
    client.post("/api/v1/widget/messages", json=hello, headers={"X-Widget-Token": token})


def csp(answer):
    return dict(part.partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split("; "))


def test_the_frame_stands_on_its_own(vera, agent):
    answer = vera.get(f"/widget/{agent.public_id}")
    assert answer.status_code == 200
    assert re.search(r'data-ticket="[^"]{40,}"', answer.text)
    assert 'name="text"' in answer.text
    policy = csp(answer)
    assert policy["default-src"] == "'none'"
    assert policy["script-src"].startswith("'nonce-")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "Set-Cookie" not in answer.headers
    assert "X-Frame-Options" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_only_the_listed_websites_may_embed_it(vera, agent):
    policy = csp(vera.get(f"/widget/{agent.public_id}"))
    assert policy["frame-ancestors"] == "https://example.com:* http://example.com:*"


def test_a_known_website_is_the_only_one_named(vera, agent):
    answer = vera.get(f"/widget/{agent.public_id}", headers={"Referer": "https://example.com/shop?a=b"})
    assert csp(answer)["frame-ancestors"] == "https://example.com"


def test_an_unknown_website_is_never_named(vera, agent):
    answer = vera.get(f"/widget/{agent.public_id}", headers={"Referer": "https://evil.example/"})
    assert "evil" not in answer.headers["Content-Security-Policy"]


def test_nobody_embeds_the_direct_link(vera, agent):
    answer = vera.get(f"/chat/{agent.public_id}")
    assert answer.status_code == 200
    assert csp(answer)["frame-ancestors"] == "'none'"


def agent_name(agent):
    return widget_configs.published(agent)[0].name


class TestClosedLink:
    @pytest.fixture
    def closed(self, agent, olga):
        agents.allow_link(agent, is_allowed=False, by=None, now=utc_now())
        db.session.refresh(agent)
        return agent

    def test_the_direct_link_says_where_the_chat_is(self, vera, closed):
        answer = vera.get(f"/chat/{closed.public_id}")
        assert answer.status_code == 403
        assert agent_name(closed) in answer.text
        assert "on our website only" in answer.text
        assert "data-ticket" not in answer.text
        assert csp(answer)["frame-ancestors"] == "'none'"
        assert "Set-Cookie" not in answer.headers

    def test_the_frame_by_itself_is_the_direct_link(self, vera, closed):
        answer = vera.get(f"/widget/{closed.public_id}", headers={"Sec-Fetch-Dest": "document"})
        assert answer.status_code == 403

    def test_websites_go_on_showing_it(self, vera, closed):
        answer = vera.get(f"/widget/{closed.public_id}", headers={"Sec-Fetch-Dest": "iframe"})
        assert answer.status_code == 200
        assert "data-ticket" in answer.text


class TestHistory:
    def test_a_visitor_without_a_name_sees_what_was_said_before_any_script_runs(self, vera, agent):
        open_chat(vera, agent)
        page = vera.get(f"/widget/{agent.public_id}").text
        assert "Hello from before" in page
        assert 'data-resumable="1"' in page

    def test_of_whom_the_website_named_nothing_is_shown_until_it_names_them_again(self, vera, agent):
        open_chat(vera, agent, customer={"id": "4711"})
        page = vera.get(f"/widget/{agent.public_id}").text
        assert "Hello from before" not in page
        assert 'data-resumable="1"' in page


def test_what_few_need_is_named_and_can_be_fetched(vera, agent):
    page = vera.get(f"/widget/{agent.public_id}").text
    parts = json.loads(html.unescape(re.search(r'data-parts="([^"]+)"', page)[1]))
    assert {"challenge.js", "hand-over.js", "menu.js", "own-data.js"} <= set(parts)
    for name, address in parts.items():
        with vera.get(address) as answer:
            assert answer.status_code == 200
            assert "immutable" in answer.headers["Cache-Control"], name


def test_the_whole_page_weighs_20_kb_as_it_is_sent(vera, agent):
    answer = vera.get(f"/widget/{agent.public_id}", headers={"Accept-Encoding": "br"})
    assert answer.headers["Content-Encoding"] == "br"
    assert len(answer.get_data()) <= 20_000


def test_the_style_of_a_conversation_waits_until_there_is_one(vera, agent):
    assert 'id="later" media="not all"' in vera.get(f"/widget/{agent.public_id}").text
    open_chat(vera, agent)
    page = vera.get(f"/widget/{agent.public_id}").text
    assert 'id="later">' in page


def test_a_preview_shows_the_draft_to_ourselves_only(vera, agent):
    token = signing.sign(Kind.PREVIEW, {"agent": str(agent.id)})
    answer = vera.get(f"/widget/{agent.public_id}?preview={token}")
    assert csp(answer)["frame-ancestors"] == "'self'"


def test_another_agents_preview_token_shows_what_is_published(vera, agent, other_agent):
    token = signing.sign(Kind.PREVIEW, {"agent": str(other_agent.id)})
    answer = vera.get(f"/widget/{agent.public_id}?preview={token}")
    assert csp(answer)["frame-ancestors"] != "'self'"


@pytest.mark.parametrize("path", ["/widget/nobody", "/widget/nobody.js", "/chat/nobody", "/widget/nobody/custom.css"])
def test_an_unknown_agent_is_not_found(vera, app, path):
    assert vera.get(path).status_code == 404


class TestLoader:
    def test_it_carries_the_published_look(self, vera, agent):
        answer = vera.get(f"/widget/{agent.public_id}.js")
        assert answer.status_code == 200
        assert answer.mimetype == "text/javascript"
        assert "max-age=60" in answer.headers["Cache-Control"]
        assert f'"agent":"{agent.public_id}"' in answer.text
        assert '"__CONFIG__"' not in answer.text

    def test_it_is_not_sent_again_unchanged(self, vera, agent):
        first = vera.get(f"/widget/{agent.public_id}.js")
        again = vera.get(f"/widget/{agent.public_id}.js", headers={"If-None-Match": first.headers["ETag"]})
        assert again.status_code == 304


class TestWithoutScripts:
    def form(self, page, **fields):
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
        return hidden | fields

    def test_a_plain_form_chats_on_the_direct_link(self, vera, agent):
        page = vera.get(f"/chat/{agent.public_id}").text
        said = vera.post(f"/widget/{agent.public_id}/messages", data=self.form(page, text="Hello"))
        assert said.status_code == 200
        assert 'data-from="customer"' in said.text
        assert 'data-from="agent"' in said.text
        again = vera.post(f"/widget/{agent.public_id}/messages", data=self.form(said.text, text="Thanks"))
        assert again.text.count('data-from="customer"') == 2

    def test_the_same_form_sent_twice_is_one_message(self, vera, agent):
        page = vera.get(f"/chat/{agent.public_id}").text
        first = vera.post(f"/widget/{agent.public_id}/messages", data=self.form(page, text="Hello")).text
        form = self.form(first, text="Again")
        vera.post(f"/widget/{agent.public_id}/messages", data=form)
        twice = vera.post(f"/widget/{agent.public_id}/messages", data=form)
        assert twice.text.count('data-from="customer"') == 2
        assert sorted(db.session.scalars(select(Event.kind))) == [EventKind.MESSAGE, EventKind.MESSAGE]

    def test_an_empty_message_says_so_and_keeps_the_chat(self, vera, agent):
        page = vera.get(f"/chat/{agent.public_id}").text
        answer = vera.post(f"/widget/{agent.public_id}/messages", data=self.form(page, text=" "))
        assert answer.status_code == 422
        assert "The message is empty." in answer.text

    def test_who_takes_longer_than_a_ticket_lasts_keeps_what_they_wrote(self, vera, agent):
        page = vera.get(f"/chat/{agent.public_id}").text
        form = self.form(page, text="I was thinking")
        vera.post(f"/widget/{agent.public_id}/messages", data=form)
        late = vera.post(f"/widget/{agent.public_id}/messages", data=form)
        assert late.status_code == 422
        assert ">I was thinking</textarea>" in late.text
        again = vera.post(f"/widget/{agent.public_id}/messages", data=self.form(late.text, text="I was thinking"))
        assert again.status_code == 200

    def test_the_chat_is_there_the_next_time(self, vera, agent):
        page = vera.get(f"/chat/{agent.public_id}").text
        own = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
        vera.post(f"/widget/{agent.public_id}/messages", data=self.form(page, text="Hello again"), headers=own)
        assert "Hello again" in vera.get(f"/chat/{agent.public_id}").text


@pytest.mark.parametrize("path", ["/widget/{}.js", "/widget/{}", "/widget/{}/custom.css", "/widget.js"])
def test_a_teammates_cookie_never_comes_with_what_caches_keep(olga, agent, path):
    answer = olga.get(path.format(agent.public_id))
    assert answer.status_code == 200
    assert "porchlight_admin" not in str(answer.headers)
    assert "Cookie" not in answer.headers.get("Vary", "")
