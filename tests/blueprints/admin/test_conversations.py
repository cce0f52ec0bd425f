"""The pages of the inbox: who sees what, and how people answer."""

import re
import uuid
from datetime import timedelta

import pytest

from core import conversations
from core.clock import utc_now
from models import db
from models.conversations import Answer, Conversation, Message, Outcome, Sender, State
from models.customers import Customer, Standing
from models.teammates import Teammate
from tests.conftest import make_conversation, make_customer

pytestmark = pytest.mark.both_databases

HTMX = {"HX-Request": "true"}
INDEX = "/admin/conversations/"


@pytest.fixture
def chat(agent) -> Conversation:
    """Marta, whom the website names without proof, has asked something."""
    customer = make_customer(agent.workspace_id, "Marta Novak", email="marta@example.com", attributes={"orders": 7})
    begun = make_conversation(agent, customer)
    conversations.ask(begun, client_id="one", text="Do you deliver to **Norway**?", now=utc_now())
    return begun


@pytest.fixture
def waiting(chat) -> Conversation:
    conversations.request_person(chat, reason="asked for a person", now=utc_now())
    return chat


def address(chat, *rest):
    return "/".join(("/admin/conversations", str(chat.id), *rest))


def fresh(chat) -> Conversation:
    db.session.expire_all()
    return db.session.get(Conversation, chat.id)


def said(chat, sender):
    messages = conversations.messages_after(chat.id, 0)
    return [message.text for message in messages if message.sender is sender]


# Reading


def test_the_page_lists_and_the_fragment_is_the_list_alone(rita, chat):
    page = rita.get(INDEX)
    assert page.text.count("<h1>") == 1
    assert "Marta Novak" in page.text
    fragment = rita.get(INDEX, headers=HTMX).text
    assert "Marta Novak" in fragment
    assert "<html" not in fragment


def test_an_empty_inbox_says_what_will_appear_and_what_to_do(olga):
    page = olga.get(INDEX).text
    assert "No conversations yet" in page
    assert "Go to your agent" in page


def test_those_who_wait_are_shown_first_and_counted_in_the_menu(olga, waiting):
    page = olga.get(INDEX).text
    assert 'href="/admin/conversations/?view=waiting" title="Waiting for a person" aria-current="page"' in page
    assert "1 conversation waits for a person" in page
    assert "1 conversation waits for a person" in olga.get("/admin/team/").text


def test_with_nobody_waiting_all_are_shown_and_the_menu_is_quiet(olga, chat):
    page = olga.get(INDEX).text
    assert 'href="/admin/conversations/?view=all" title="All conversations" aria-current="page"' in page
    assert "wait for a person" not in page


def test_the_count_refreshes_itself(rita, waiting):
    badge = rita.get("/admin/conversations/waiting", headers=HTMX).text
    assert 'hx-swap-oob="true"' in badge
    assert "1 conversation waits" in badge
    assert rita.get("/admin/conversations/waiting").location == "/admin/conversations/?view=waiting"


def test_a_view_that_is_none_is_not_found(olga):
    assert olga.get(INDEX, query_string={"view": "everything"}).status_code == 404


def test_a_page_mark_that_is_not_ours_is_refused(olga, chat):
    assert olga.get(INDEX, query_string={"before": "nonsense"}).status_code == 422


def test_more_rows_come_after_those_that_are_there(olga, agent):
    for number in range(32):
        begun = make_conversation(agent)
        conversations.ask(begun, client_id="a", text=f"Number {number}.", now=utc_now() + timedelta(seconds=number))
    first = olga.get(INDEX).text
    link = re.search(r'hx-get="([^"]*before=[^"]*)"', first).group(1).replace("&amp;", "&")
    rest = olga.get(link, headers=HTMX).text
    assert [text in first for text in ("Number 31.", "Number 2.", "Number 1.")] == [True, True, False]
    assert [text in rest for text in ("Number 2.", "Number 1.", "Number 0.")] == [False, True, True]
    assert 'name="shown" value="32"' in rest
    # What refreshes itself keeps as many rows as were opened.
    assert olga.get(INDEX, query_string={"view": "all", "shown": 32}, headers=HTMX).text.count("inbox-row-head") == 32


def test_a_short_list_grows(olga, chat, agent):
    shown = re.search(r'name="shown" value="(\d+)"', olga.get(INDEX).text).group(1)
    conversations.ask(make_conversation(agent), client_id="a", text="Another one", now=utc_now())
    assert "Another one" in olga.get(INDEX, query_string={"view": "all", "shown": shown}, headers=HTMX).text


def test_a_search_keeps_what_was_looked_for(olga, chat):
    found = olga.get(INDEX, query_string={"search": "norway"}).text
    assert "Marta Novak" in found
    assert 'value="norway"' in found
    nothing = olga.get(INDEX, query_string={"search": "<b>%"}).text
    assert "Nothing found for “&lt;b&gt;%”" in nothing


def test_a_conversation_shows_who_said_what(rita, chat, agent):
    question = db.session.query(Message).one()
    reply = conversations.reply(
        chat, text="*Yes.*", details={"name": "Lumi", "sources": [{"title": "Where do you deliver?"}]}, now=utc_now()
    )
    answer = db.session.get(Answer, question.id)
    answer.reply_id, answer.outcome = reply.id, Outcome.ANSWERED
    db.session.commit()
    page = rita.get(address(chat)).text
    assert page.count("<h1>") == 1
    assert "<strong>Marta Novak</strong> <span>Customer, not verified</span>" in page
    assert "<strong>Lumi</strong> <span>Agent, automatic</span>" in page
    assert "deliver to **Norway**?" in page
    assert "<em>Yes.</em>" in page
    assert "Answered from “Where do you deliver?”" in page


@pytest.mark.parametrize(
    ("outcome", "details", "words"),
    [
        (Outcome.SUGGESTED, {"suggestions": ["Do you ship?"]}, "Was not sure, and suggested “Do you ship?”"),
        (Outcome.UNANSWERED, {}, "Could not answer"),
        (Outcome.HANDOFF, {}, "Fetched a person"),
        (Outcome.SMALL_TALK, {}, "Small talk"),
    ],
)
def test_what_became_of_a_question_stands_beside_the_reply(eddy, rita, chat, outcome, details, words):
    question = db.session.query(Message).one()
    reply = conversations.reply(chat, text="Hm.", details=details, now=utc_now())
    answer = db.session.get(Answer, question.id)
    answer.reply_id, answer.outcome = reply.id, outcome
    db.session.commit()
    assert words in rita.get(address(chat)).text
    # Whoever may teach gets the way to it; the question comes along.
    assert ("question=Do+you+deliver" in eddy.get(address(chat)).text) == (outcome is Outcome.UNANSWERED)
    assert "question=Do+you+deliver" not in rita.get(address(chat)).text


@pytest.mark.parametrize(
    ("standing", "words"),
    [
        (Standing.ANONYMOUS, "Nothing is known about who this is."),
        (Standing.IDENTIFIED, "without proof"),
        (Standing.VERIFIED, "Your website has signed who this is."),
    ],
)
def test_how_sure_it_is_who_writes_is_told_in_words(rita, chat, standing, words):
    chat.customer.standing = standing
    if standing is Standing.ANONYMOUS:
        chat.customer.name = chat.customer.email = chat.customer.told_id = None
        chat.customer.attributes = {}
    db.session.commit()
    page = rita.get(address(chat)).text
    assert words in page
    assert (">not verified</span>" in page) == (standing is Standing.IDENTIFIED)
    assert ("Not verified" in page) == (standing is Standing.IDENTIFIED)


def test_what_is_known_of_the_customer_is_shown_and_nothing_of_it_is_markup(rita, chat):
    chat.customer.name = "<img src=x>"
    chat.customer.attributes = {"<b>plan</b>": "<i>Gold</i>", "member": True, "orders": 1, "note": None}
    db.session.commit()
    page = rita.get(address(chat)).text
    assert "<img src=x>" not in page
    assert "<b>plan" not in page
    for name, content in {
        "&lt;b&gt;plan&lt;/b&gt;": "&lt;i&gt;Gold&lt;/i&gt;",
        "Member": "Yes",
        "Orders": "1",
        "Note": "–",
    }.items():
        field = re.search(f"<dt>.{{0,20}}{re.escape(name)}(.*?)</dt>\\s*<dd>(.*?)</dd>", page, re.DOTALL)
        assert "Not verified" in field[1], name
        assert re.sub("</?bdi>", "", field[2]).strip() == content


def test_opening_one_beside_the_list_answers_with_the_panel_alone(rita, chat):
    fragment = rita.get(address(chat), headers=HTMX).text
    assert 'id="conversation"' in fragment
    assert 'id="inbox-list"' not in fragment


def test_the_thread_refreshes_by_itself_and_has_no_page_of_its_own(rita, chat):
    fragment = rita.get(address(chat, "messages"), headers=HTMX).text
    assert "message-words" in fragment
    assert "<textarea" not in fragment
    assert rita.get(address(chat, "messages")).location == address(chat)


def test_ids_are_unique_on_the_page(olga, waiting):
    ids = re.findall(r'\sid="([^"]+)"', olga.get(address(waiting)).text)
    assert len(ids) == len(set(ids))


# Answering


def test_a_reply_is_stored_and_takes_the_conversation_over(sue, waiting):
    answer = sue.post(address(waiting, "messages"), data={"text": " Yes, we do. "}, headers=HTMX)
    assert answer.status_code == 200
    assert "Yes, we do." in answer.text
    assert "You are answering." in answer.text
    assert said(waiting, Sender.PERSON) == ["Yes, we do."]
    assert fresh(waiting).state is State.PERSON
    assert fresh(waiting).teammate.name == "Sue"


def test_a_reply_without_scripts_leads_back_to_the_page(sue, chat):
    answer = sue.post(address(chat, "messages"), data={"text": "Yes."})
    assert (answer.status_code, answer.location) == (303, address(chat))


def test_the_same_reply_sent_twice_is_stored_once(sue, chat):
    for _ in range(2):
        sue.post(address(chat, "messages"), data={"text": "Yes.", "client_id": "0123456789abcdef"}, headers=HTMX)
    assert said(chat, Sender.PERSON) == ["Yes."]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        ({"text": " \n "}, "Your reply is empty."),
        ({}, "Your reply has to be a text."),
        ({"text": "x" * 4001}, "Your reply is too long: at most 4,000 characters."),
        ({"text": "Yes.", "client_id": "no spaces"}, "Reload the page."),
    ],
)
def test_a_reply_that_cannot_be_taken_is_told_beside_what_was_typed(sue, chat, data, problem):
    answer = sue.post(address(chat, "messages"), data=data, headers=HTMX)
    assert answer.status_code == 422
    assert answer.headers["HX-Retarget"] == "#reply-problem"
    assert answer.text.strip() == problem
    page = sue.post(address(chat, "messages"), data=data)
    assert page.status_code == 422
    assert problem in page.text
    assert said(chat, Sender.PERSON) == []
    assert fresh(chat).state is State.AGENT


def test_what_no_screen_shows_is_left_out_of_a_reply(sue, chat):
    sue.post(address(chat, "messages"), data={"text": "Yes\x00 \x1b[2J."}, headers=HTMX)
    assert said(chat, Sender.PERSON) == ["Yes [2J."]


def test_taking_over_handing_back_and_resolving(sue, waiting):
    steps = [
        ("assignment", "You are answering.", State.PERSON),
        ("return", "The agent is answering.", State.AGENT),
        ("resolution", "Resolved", State.RESOLVED),
        ("assignment", "You are answering.", State.PERSON),
    ]
    for noun, words, state in steps:
        answer = sue.post(address(waiting, noun), headers=HTMX)
        assert answer.status_code == 200
        assert words in answer.text
        assert fresh(waiting).state is state
    assert sue.post(address(waiting, "resolution")).location == address(waiting)


def test_two_teammates_cannot_answer_unawares(olga, sue, chat):
    sue.post(address(chat, "assignment"))
    for noun in ("messages", "assignment"):
        refused = olga.post(address(chat, noun), data={"text": "Me too."}, headers=HTMX)
        assert refused.status_code == 409
        assert "Sue has taken this conversation over already." in refused.text
        assert refused.headers["HX-Retarget"] == "#notices"
    assert said(chat, Sender.PERSON) == []


def test_one_can_be_relieved_by_somebody_who_knows_whom(olga, sue, chat):
    sue.post(address(chat, "assignment"))
    page = olga.get(address(chat)).text
    assert "Take over from Sue" in page
    relieved = re.search(r'name="instead_of" value="([^"]+)"', page).group(1)
    assert olga.post(address(chat, "assignment"), data={"instead_of": str(uuid.uuid4())}).status_code == 409
    assert olga.post(address(chat, "assignment"), data={"instead_of": relieved}).status_code == 303
    assert fresh(chat).teammate.name == "Olga"


def test_handing_back_what_the_agent_has_is_told(sue, chat):
    answer = sue.post(address(chat, "return"), headers=HTMX)
    assert answer.status_code == 409
    assert "The agent is answering in this conversation already." in answer.text


@pytest.mark.parametrize("noun", ["messages", "assignment", "return", "resolution"])
def test_a_viewer_reads_and_does_not_answer(rita, waiting, noun):
    assert rita.post(address(waiting, noun), data={"text": "Hi"}).status_code == 403
    page = rita.get(address(waiting)).text
    assert "<textarea" not in page
    assert "Take over" not in page
    assert fresh(waiting).state is State.WAITING


@pytest.mark.parametrize("noun", ["messages", "assignment", "return", "resolution"])
def test_a_stranger_changes_nothing(stan, waiting, noun):
    assert stan.post(address(waiting, noun), data={"text": "Hi"}).status_code == 404
    assert fresh(waiting).state is State.WAITING


@pytest.mark.parametrize("rest", [(), ("messages",)])
def test_a_stranger_sees_nothing(stan, chat, rest):
    assert stan.get(address(chat, *rest)).status_code == 404
    assert "Novak" not in stan.get(INDEX, query_string={"search": "Marta"}).text


@pytest.mark.parametrize("path", ["", "waiting", "shortcuts", "events"])
def test_who_is_not_signed_in_is_asked_to(vera, path):
    assert vera.get(INDEX + path).status_code == 303


def test_the_keys_are_listed_in_a_dialog_and_on_a_page(rita):
    assert "<dialog" in rita.get("/admin/conversations/shortcuts", headers=HTMX).text
    page = rita.get("/admin/conversations/shortcuts").text
    assert "<h1>Keyboard shortcuts</h1>" in page
    assert "<dialog" not in page


def test_a_former_teammate_is_still_somebody(olga, sue, chat):
    sue.post(address(chat, "messages"), data={"text": "Yes."})
    db.session.delete(db.session.query(Teammate).filter_by(name="Sue").one())
    db.session.commit()
    db.session.expunge_all()
    page = olga.get(address(chat)).text
    assert "<strong>A former teammate</strong>" in page
    assert "A teammate is answering." in page


def test_an_erased_customer_takes_their_conversation_along(olga, chat):
    db.session.delete(db.session.get(Customer, chat.customer_id))
    db.session.commit()
    db.session.expunge_all()
    assert olga.get(address(chat)).status_code == 404
