"""A process of its own in which people use the product and everything that can fail does; its log is read by a test.

Run as `python -m tests.web.logged_journeys FOLDER`. What must not be logged is written to FOLDER/markers.json.
"""

import json
import logging
import sys
import threading
from pathlib import Path
from smtplib import SMTPRecipientsRefused
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app import create_app
from config.settings import read_settings
from core import accounts, identity_keys, inboxes, invitations, jobs, knowledge, password_resets, tickets
from core.clock import utc_now
from gateways import mails as mail_gateway
from gateways.bus import current_bus
from models import db
from models.conversations import Conversation, Message
from models.teammates import Role, Teammate, Workspace
from tests.browser.houses import House
from web.mails import ask_for_password_reset, send_invitation

MAIL = "ann.planted@shop.example"
CARD = "4111 1111 1111 1111"
MESSAGE = "the planted purple giraffe"
NAME = "Planted Customer"
PASSWORD = "planted-password-9"
WRONG_PASSWORD = "planted-wrong-password-9"
OWNER = "olga.planted@shop.example"
REPLY = "the planted green walrus"
ANSWER = "the planted orange badger"
KEY = "planted key of forty letters or even more"
API_KEY = "sk_live_plantedplantedplanted1234"
DETAIL = "planted detail of an error"

_markers: set[str] = {
    MAIL,
    "ann.planted",
    CARD,
    MESSAGE,
    NAME,
    PASSWORD,
    WRONG_PASSWORD,
    OWNER,
    REPLY,
    ANSWER,
    KEY,
    API_KEY,
    DETAIL,
}


def main(folder: Path) -> None:
    app = _app(folder)
    with app.app_context():
        shop = accounts.register_first(
            name="Olga", email=OWNER, password=PASSWORD, website="https://example.com", now=utc_now()
        )
        workspace, agent = db.session.get_one(Workspace, shop.owner.workspace_id), shop.agent
        identity_keys.add(workspace, {"alg": "HS256", "secret": KEY}, by=None, now=utc_now())
        knowledge.add(agent, question=MESSAGE, answer=ANSWER, phrasings=[], by=None, now=utc_now())
        admin = _signs_in(app)
        token = _customer_chats(app, agent)
        _teammate_answers(admin, token)
        _links_are_mailed(app, shop.owner)
        _strangers_try(app, agent)
        _everything_fails(app, admin, agent, workspace)
        logging.getLogger("a.library").error("somebody wrote %s with %s", MAIL, API_KEY)
    (folder / "markers.json").write_text(json.dumps(sorted(_markers)))


def _app(folder: Path) -> Flask:
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    # Statements, too; what stands in them is hidden.
    logging.getLogger("sqlalchemy.engine").setLevel(logging.INFO)
    settings = read_settings()
    object.__setattr__(settings, "testing", True)
    app = create_app(settings)
    app.config.update(PROPAGATE_EXCEPTIONS=False, WTF_CSRF_ENABLED=False)
    with app.app_context():
        db.create_all()
    return app


def _plant(*secrets: str | None) -> None:
    # Of a long one its beginning is enough to know it by.
    _markers.update(secret[:24] for secret in secrets if secret and len(secret) > 12)


def _signs_in(app: Flask) -> FlaskClient:
    client = app.test_client()
    client.post("/sign-in", data={"email": OWNER, "password": WRONG_PASSWORD})
    client.post(f"/sign-in?next=/admin/?secret={API_KEY}", data={"email": OWNER, "password": PASSWORD})
    with client.session_transaction() as session:
        _plant(session["_user_id"])
    _plant(*(cookie.value for cookie in client._cookies.values()))
    client.get("/admin/conversations/", query_string={"search": f"{MESSAGE} {MAIL}"})
    client.post("/admin/settings/privacy/trial", data={"text": f"{MAIL} {MESSAGE}"})
    return client


def _customer_chats(app: Flask, agent: Any) -> str:
    client, ticket = app.test_client(), tickets.issue(agent, origin=None, channel="web")
    frame = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    signed = House("", Path(), "").token("planted-sub", secret=KEY, email=MAIL, name=NAME)
    body = {
        "agentId": agent.public_id,
        "parentOrigin": "https://example.com",
        "ticket": ticket,
        "keep": "frame",
        "customer": {"email": MAIL, "name": NAME},
        "context": {"page": f"https://example.com/?token={API_KEY}", "title": MESSAGE},
    }
    opened = client.post("/api/v1/widget/sessions", json=body, headers=frame)
    token = opened.json["token"]
    _plant(ticket, token, opened.json.get("refreshSecret"), signed)
    say = {"X-Widget-Token": token}
    client.post("/api/v1/widget/messages", json={"clientId": "a", "text": f"{MESSAGE} {MAIL} {CARD}"}, headers=say)
    client.get(f"/api/v1/widget/messages?after=0&token={token}", headers=say)
    client.post("/api/v1/widget/handoffs", json={}, headers=say)
    client.post("/api/v1/widget/customer", json={"customerToken": signed}, headers=say)
    client.post("/api/v1/widget/customer", json={"customerToken": f"{signed}x"}, headers=say)
    reuse = {"refreshSecret": opened.json.get("refreshSecret"), "agentId": agent.public_id}
    for _ in range(2):
        client.post("/api/v1/widget/sessions/refresh", json=reuse)
    client.post(f"/widget/{agent.public_id}/messages", data={"ticket": ticket, "text": MESSAGE, "clientId": "b"})
    return str(token)


def _teammate_answers(admin: FlaskClient, token: str) -> None:
    conversation = db.session.scalars(db.select(Conversation)).first()
    assert conversation is not None
    page = f"/admin/conversations/{conversation.id}"
    admin.get(page)
    admin.post(f"{page}/messages", data={"text": REPLY})
    message = db.session.scalars(db.select(Message)).first()
    assert message is not None
    revealed = admin.post(f"{page}/messages/{message.id}/original")
    assert MAIL in revealed.text


def _links_are_mailed(app: Flask, owner: Teammate) -> None:
    secret = password_resets.start(owner, now=utc_now())
    invitation, link = invitations.invite(email=MAIL, role=Role.SUPPORT, by=owner, now=utc_now())
    _plant(secret, link)
    send_invitation(invitation, link=f"http://localhost/invitations/{link}")
    ask_for_password_reset(OWNER)
    client = app.test_client()
    for path in (f"/reset-password/{secret}", f"/invitations/{link}", f"/reset-password/{secret}x"):
        client.get(path)


def _strangers_try(app: Flask, agent: Any) -> None:
    client = app.test_client()
    for token in (f"planted.{MESSAGE}", API_KEY):
        client.get("/api/v1/widget/messages", headers={"X-Widget-Token": token})
    client.post("/api/v1/widget/sessions", data=f"{{{MESSAGE}".encode())
    client.get(f"/{MESSAGE}?{MAIL}")
    client.get(f"/widget/{agent.public_id}?preview={API_KEY}")


def _everything_fails(app: Flask, admin: FlaskClient, agent: Any, workspace: Workspace) -> None:
    inboxes.page = _breaks  # type: ignore[assignment]
    assert admin.get("/admin/conversations/").status_code == 500
    inboxes.page = _breaks_in_the_database  # type: ignore[assignment]
    assert admin.get("/admin/conversations/").status_code == 500
    knowledge.index_for = _breaks  # type: ignore[assignment]
    mail_gateway.send_mail = _breaks
    from core import notices

    notices.send_mail = _refuses  # type: ignore[assignment]
    notices.send("invitation", to=MAIL, subject=MESSAGE, text=API_KEY, html=API_KEY, now=utc_now())
    _customer_chats_on(app, agent)
    current_bus().publish = _breaks  # type: ignore[method-assign]
    _customer_chats_on(app, agent)
    jobs.register("planted", _breaks)
    jobs.start(workspace.id, "planted", workspace.id, now=utc_now())
    thread = threading.Thread(target=_breaks)
    thread.start()
    thread.join()


def _customer_chats_on(app: Flask, agent: Any) -> None:
    client, ticket = app.test_client(), tickets.issue(agent, origin=None, channel="web")
    body = {"agentId": agent.public_id, "parentOrigin": "https://example.com", "ticket": ticket}
    token = client.post("/api/v1/widget/sessions", json=body).json["token"]
    _plant(ticket, token)
    said = {"clientId": "a", "text": f"{MESSAGE} {MAIL}"}
    client.post("/api/v1/widget/messages", json=said, headers={"X-Widget-Token": token})


def _breaks(*_arguments: Any, **_options: Any) -> Any:
    raise RuntimeError(f"{DETAIL}: {MESSAGE} {MAIL} {API_KEY}")


def _breaks_in_the_database(*_arguments: Any, **_options: Any) -> Any:
    # PostgreSQL tells the whole row that it refuses.
    db.session.execute(
        text("INSERT INTO customers (id, email, name) VALUES (:id, :email, :name)"),
        {"id": None, "email": MAIL, "name": NAME},
    )


def _refuses(*, to: str, **_mail: Any) -> None:
    raise SMTPRecipientsRefused({to: (550, f"no such user: {to}".encode())})


if __name__ == "__main__":
    main(Path(sys.argv[1]))
