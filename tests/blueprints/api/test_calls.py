"""What programs do: customers, conversations, knowledge, agents, webhooks."""

import io
import uuid

import pytest

from core import answers, attachments, conversations, tags
from core.clock import utc_now
from models import db
from models.conversations import Conversation, Message, Sender, State
from models.customers import Customer, Standing
from models.teammates import Role
from models.webhooks import Webhook
from tests.blueprints.api.conftest import make_program
from tests.conftest import make_conversation, make_customer, make_teammate

pytestmark = pytest.mark.both_databases


@pytest.fixture
def sue_herself(workspace):
    return make_teammate(workspace, "Sue", Role.SUPPORT)


def test_a_customer_of_the_site_is_there_once(program, workspace):
    first = program.post("/customers", json={"externalId": "c-1", "name": "Ines", "attributes": {"plan": "gold"}})
    again = program.post("/customers", json={"externalId": "c-1", "email": "ines@example.com"})
    assert first.json["id"] == again.json["id"]
    assert again.json | {"lastSeenAt": ""} == first.json | {"email": "ines@example.com", "lastSeenAt": ""}
    assert again.json["standing"] == "verified"
    assert program.get("/customers?externalId=c-1").json["data"] == [again.json]
    cleared = program.patch(f"/customers/{first.json['id']}", json={"name": None, "attributes": {}})
    assert (cleared.json["name"], cleared.json["attributes"]) == (None, {})
    assert program.delete(f"/customers/{first.json['id']}").status_code == 204
    assert program.get(f"/customers/{first.json['id']}").status_code == 404


@pytest.mark.parametrize(
    "sent",
    [{}, {"attributes": {}}, {"name": " "}, {"email": "nobody"}, {"externalId": "a\u200bb"}, {"attributes": {" ": 1}}],
)
def test_a_customer_of_whom_nothing_can_be_told_is_refused(program, sent):
    assert program.post("/customers", json=sent).status_code == 422


def test_long_lists_come_in_pages(program, workspace):
    made = {str(make_customer(workspace.id, f"Customer {number}").id) for number in range(5)}
    first = program.get("/customers?limit=2").json
    second = program.get(f"/customers?limit=2&cursor={first['next']}").json
    third = program.get(f"/customers?limit=2&cursor={second['next']}").json
    found = [one["id"] for page in (first, second, third) for one in page["data"]]
    assert len(found) == 5
    assert set(found) == made
    assert third["next"] is None


def test_a_channel_of_ones_own(program, agent, workspace):
    customer = make_customer(workspace.id, "Ines")
    said = {"from": "customer", "text": "My mail is ines@example.com. Where is my lamp?"}
    begun = program.post(
        "/conversations", json={"agentId": str(agent.id), "customerId": str(customer.id), "message": said}
    )
    assert begun.status_code == 201
    assert (begun.json["channel"], begun.json["lastSeq"]) == ("api", 1)
    messages = program.get(f"/conversations/{begun.json['id']}/messages").json["data"]
    assert [one["from"] for one in messages] == ["customer", "agent"]
    assert "ines@example.com" not in messages[0]["text"]
    again = program.post(f"/conversations/{begun.json['id']}/messages", json=said | {"text": "Thanks."})
    later = program.get(f"/conversations/{begun.json['id']}/messages?after={again.json['seq']}").json["data"]
    assert [one["from"] for one in later] == ["agent"]


def test_what_is_done_once_is_answered_once(program, agent, workspace):
    conversation = make_conversation(agent, make_customer(workspace.id, "Ines"))
    for _ in range(2):
        program.post(
            f"/conversations/{conversation.id}/messages",
            json={"from": "customer", "text": "Hello."},
            headers={"Idempotency-Key": "one"},
        )
    senders = [one.sender for one in db.session.query(Message).order_by(Message.seq)]
    assert senders == [Sender.CUSTOMER, Sender.AGENT]


def test_nothing_is_answered_that_was_not_stored(program, agent, workspace, monkeypatch):
    """The agent is asked only once the message and what is remembered of the call are in the database."""
    asked = []
    monkeypatch.setattr(answers, "request", lambda message: asked.append(db.session.info.get("writing")))
    conversation = make_conversation(agent, make_customer(workspace.id, "Ines"))
    program.post(f"/conversations/{conversation.id}/messages", json={"from": "customer", "text": "Hello."})
    assert asked == [None]


def test_a_teammate_writes(app, workspace, agent, sue_herself):
    program = make_program(app, workspace, by=sue_herself)
    conversation = make_conversation(agent, make_customer(workspace.id, "Ines"))
    said = program.post(f"/conversations/{conversation.id}/messages", json={"from": "person", "text": "**Hello**"})
    assert (said.json["name"], said.json["html"]) == ("Sue", "<p><strong>Hello</strong></p>\n")
    assert program.get(f"/conversations/{conversation.id}").json["teammateId"] == str(sue_herself.id)


def add_file(program, conversation, content=b"two lamps", name="order.txt", query=""):
    # Made by hand: werkzeug's own client leaves its large temporary files open.
    head = f'--line\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    sent = {"data": head + content + b"\r\n--line--\r\n", "content_type": "multipart/form-data; boundary=line"}
    return program.post(f"/conversations/{conversation.id}/files{query}", **sent)


def test_files_are_sent_with_a_message(app, workspace, agent, sue_herself):
    program = make_program(app, workspace, by=sue_herself)
    conversation = make_conversation(agent, make_customer(workspace.id, "Ines"))
    address = f"/conversations/{conversation.id}/messages"
    added = add_file(program, conversation)
    assert added.status_code == 201
    assert added.json | {"id": ""} == {"id": "", "name": "order.txt", "size": 9, "mediaType": "text/plain"}
    label = add_file(program, conversation, b"%PDF-1.4\n%%EOF", "label.pdf", "?from=person")
    # What one side has added is not for the other side to send.
    theirs = {"from": "customer", "text": "", "files": [label.json["id"]]}
    assert program.post(address, json=theirs).json["error"]["code"] == "file_gone"
    said = program.post(address, json={"from": "customer", "files": [added.json["id"]]})
    assert (said.status_code, said.json["text"], said.json["files"]) == (201, "", [added.json])
    # It was sent, and is not there to be sent again.
    again = program.post(address, json={"from": "customer", "files": [added.json["id"]]})
    assert (again.status_code, again.json["error"]["code"]) == (422, "file_gone")
    answer = {"from": "person", "text": "Your label.", "files": [label.json["id"]]}
    assert program.post(address, json=answer).json["files"] == [label.json]
    shown = program.get(address).json["data"]
    assert [file["name"] for one in shown for file in one["files"]] == ["order.txt", "label.pdf"]


def test_files_have_the_limits_of_the_chat(program, other_program, workspace, agent):
    conversation = make_conversation(agent, make_customer(workspace.id, "Ines"))
    address = f"/conversations/{conversation.id}"
    assert add_file(other_program, conversation).status_code == 404
    assert add_file(program, conversation, b"MZ\x90\x00\x03\x00\x00\x00", "setup.exe").status_code == 422
    assert add_file(program, conversation, query="?from=person").status_code == 409
    large = b"a" * (attachments.MOST_BYTES + 1)
    assert add_file(program, conversation, large).json["error"]["code"] == "file_too_large"
    whole = {"file": (io.BytesIO(b"one"), "a.txt"), "more": "1"}
    assert program.post(f"{address}/files", data=whole).status_code == 422
    assert program.post(f"{address}/files", json={}).status_code == 415
    assert program.post(f"{address}/files", data={"more": "1"}, content_type="multipart/form-data").status_code == 422
    assert add_file(program, conversation, b"a" * 11 * 1024 * 1024).status_code == 413
    sent = {"from": "customer", "files": [str(uuid.uuid4()) for _ in range(6)]}
    assert program.post(f"{address}/messages", json=sent).status_code == 422
    for nothing in ({"files": []}, {"text": " "}, {"text": "Hi", "files": [str(uuid.uuid4())]}):
        assert program.post(f"{address}/messages", json={"from": "customer"} | nothing).status_code == 422
    assert db.session.query(Message).count() == 0


def test_nobody_writes_in_the_name_of_who_may_not(program, workspace, agent):
    conversation = make_conversation(agent)
    address = f"/conversations/{conversation.id}/messages"
    said = {"from": "person", "text": "Hello."}
    assert program.post(address, json=said).status_code == 409
    rita = make_teammate(workspace, "Rita", Role.VIEWER)
    assert program.post(address, json=said | {"teammateId": str(rita.id)}).status_code == 422
    assert program.post(address, json={"from": "customer", "text": "Hi", "teammateId": str(rita.id)}).status_code == 422
    assert program.post(address, json={"from": "customer", "text": "\u0007 "}).status_code == 422


def test_a_teammate_writes_first(app, workspace, agent, sue_herself):
    program = make_program(app, workspace, by=sue_herself)
    customer = make_customer(workspace.id, "Ines")
    wanted = {
        "agentId": str(agent.id),
        "customerId": str(customer.id),
        "message": {"from": "person", "text": "Your lamp is here."},
    }
    assert program.post("/conversations", json=wanted).json["state"] == "person"
    assert program.post("/conversations", json=wanted).status_code == 409


def test_a_conversation_is_given_marked_and_closed(app, workspace, agent, sue_herself):
    program = make_program(app, workspace, by=make_teammate(workspace, "Olga", Role.OWNER))
    conversation = make_conversation(agent, make_customer(workspace.id, "Ines"))
    conversations.ask(conversation, client_id="a", text="Hello", now=utc_now())
    tags.create(workspace, name="Lamps", by=sue_herself, now=utc_now())
    address = f"/conversations/{conversation.id}"
    until = "2199-01-01T00:00:00Z"
    assert program.patch(address, json={"snoozedUntil": until}).status_code == 422
    shown = program.patch(
        address, json={"priority": "high", "tags": ["lamps"], "teammateId": str(sue_herself.id), "state": "waiting"}
    ).json
    assert (shown["priority"], shown["tags"], shown["state"]) == ("high", ["Lamps"], "waiting")
    assert shown["teammateId"] == str(sue_herself.id)
    assert program.patch(address, json={"tags": []}).json["tags"] == []
    closed = program.patch(address, json={"state": "resolved", "resolution": "solved"}).json
    assert (closed["state"], closed["resolution"]) == ("resolved", "solved")
    assert [one["id"] for one in program.get("/conversations?state=resolved").json["data"]] == [str(conversation.id)]
    assert program.patch(address, json={"state": "agent", "reason": "why"}).status_code == 422
    assert program.patch(address, json={"state": "agent", "resolution": "solved"}).status_code == 422


def test_a_person_is_fetched_and_the_agent_answers_again(program, agent):
    conversation = make_conversation(agent)
    conversations.ask(conversation, client_id="a", text="Hello", now=utc_now())
    address = f"/conversations/{conversation.id}"
    waiting = program.patch(address, json={"state": "waiting", "reason": "has paid twice"}).json
    assert (waiting["state"], waiting["handoffReason"]) == ("waiting", "has paid twice")
    assert program.patch(address, json={"state": "agent"}).json["state"] == "agent"


def test_previews_and_silent_chats_are_in_no_list(program, agent):
    make_conversation(agent)
    preview = make_conversation(agent, channel="preview")
    conversations.ask(preview, client_id="a", text="Hello", now=utc_now())
    assert program.get("/conversations").json == {"data": [], "next": None}


def test_whom_a_conversation_can_be_given(program, workspace, sue_herself):
    tags.create(workspace, name="Lamps", by=sue_herself, now=utc_now())
    assert program.get("/teammates").json["data"] == [{"id": str(sue_herself.id), "name": "Sue", "answers": True}]
    assert [tag["name"] for tag in program.get("/tags").json["data"]] == ["Lamps"]
    assert program.get("/teams").json == {"data": []}


def test_an_entry_is_taught_changed_archived_and_brought_back(program, agent):
    address = f"/agents/{agent.id}/entries"
    made = program.post(
        address, json={"question": "Where is it?", "answer": "Here.", "phrasings": ["Where?"], "externalId": "faq-1"}
    )
    assert made.status_code == 201
    assert program.post(address, json={"question": "Again?", "answer": "No.", "externalId": "faq-1"}).status_code == 409
    entry = f"{address}/{made.json['id']}"
    changed = program.patch(entry, json={"answer": "There."}, headers={"If-Match": made.headers["ETag"]})
    assert (changed.json["answer"], changed.json["phrasings"]) == ("There.", ["Where?"])
    assert program.get(f"{address}?origin=written&externalId=faq-1").json["data"] == [changed.json]
    assert program.delete(entry).status_code == 204
    assert program.get(address).json["data"] == []
    assert program.patch(entry, json={"isArchived": False}).json["isArchived"] is False
    assert program.get(f"{address}?origin=read").json["data"] == []


def test_a_text_is_read(program, agent):
    address = f"/agents/{agent.id}/sources"
    made = program.post(address, json={"kind": "text", "title": "Opening", "text": "# Hours\n\nNine to five."})
    assert made.status_code == 201
    shown = program.get(f"{address}/{made.json['id']}").json
    assert (shown["title"], shown["problem"]) == ("Opening", None)
    assert [one["id"] for one in program.get(address).json["data"]] == [made.json["id"]]
    assert program.delete(f"{address}/{made.json['id']}").status_code == 204


@pytest.mark.parametrize(
    "sent",
    [
        {"kind": "page", "address": "http://127.0.0.1/"},
        {"kind": "page", "address": "file:///etc/passwd"},
        {"kind": "page"},
        {"kind": "page", "address": "https://shop.example", "text": "Both."},
        {"kind": "text", "title": "Empty"},
    ],
)
def test_a_source_that_cannot_be_read_is_refused(program, agent, sent):
    assert program.post(f"/agents/{agent.id}/sources", json=sent).status_code == 422


def test_an_agent_is_made_changed_and_archived(program):
    made = program.post("/agents", json={"name": "Wick", "allowedDomains": ["shop.example"]})
    assert made.json["allowedDomains"] == ["shop.example"]
    address = f"/agents/{made.json['id']}"
    changed = program.patch(address, json={"allowedDomains": ["*.shop.example"], "allowsLink": False}).json
    assert (changed["allowedDomains"], changed["allowsLink"]) == (["*.shop.example"], False)
    assert program.patch(address, json={"allowedDomains": ["*.co.uk"]}).status_code == 422
    assert program.delete(address).status_code == 204
    assert program.get(address).status_code == 404
    assert program.get("/agents").json["data"] == []


def test_a_webhook_is_added_changed_and_removed(program):
    made = program.post("/webhooks", json={"address": "https://shop.example/hook", "events": ["conversation.started"]})
    assert made.status_code == 201
    assert made.json["secret"].startswith("whsec_")
    address = f"/webhooks/{made.json['id']}"
    assert "secret" not in program.get(address).json
    assert program.patch(address, json={"isOn": False}).json["isOn"] is False
    assert program.post(f"{address}/secret").json["secret"] != made.json["secret"]
    assert program.get("/webhooks").json["data"] == [program.get(address).json]
    assert program.delete(address).status_code == 204
    inside = {"address": "https://10.0.0.1/hook", "events": ["conversation.started"]}
    assert program.post("/webhooks", json=inside).status_code == 422


def test_a_key_in_the_address_of_a_webhook_is_kept_and_not_answered(program):
    sent = {"address": "https://shop.example/hook?key=s3cret", "events": ["conversation.started"]}
    made = program.post("/webhooks", json=sent).json
    address = f"/webhooks/{made['id']}"
    kept = program.patch(address, json={"name": "Orders", "address": made["address"]}).json
    for answer in (made, kept, program.get(address).json, *program.get("/webhooks").json["data"]):
        assert answer["address"] == "https://shop.example/hook?key=…"
    assert db.session.query(Webhook).one().address == sent["address"]


def test_a_customer_of_the_api_is_the_one_who_signs_in(program, workspace):
    """The site's server says the same id as the tokens that it signs."""
    from core import customers
    from core.customer_tokens import VerifiedCustomer

    made = program.post("/customers", json={"externalId": "c-1"}).json["id"]
    identity = VerifiedCustomer("c-1", email=None, name="Ines", attributes={}, expires_at=0.0)
    assert str(customers.verified(workspace, identity, now=utc_now()).id) == made
    assert db.session.query(Customer).one().standing is Standing.VERIFIED
    assert db.session.query(Conversation).filter_by(state=State.AGENT).count() == 0
