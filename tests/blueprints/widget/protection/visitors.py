"""What visitors do, and what a workspace has set for them."""

from datetime import timedelta

from sqlalchemy import select

from core import blocks, protection_settings, risks
from core.clock import utc_now
from models import db
from models.protection import RiskMark, Signal
from tests.blueprints.widget.test_api import FRAME

BROWSER = FRAME | {"Accept-Language": "en", "User-Agent": "Mozilla/5.0 Chrome/140.0.0.0 Safari/537.36"}
ELSEWHERE = {"environ_base": {"REMOTE_ADDR": "9.9.9.9"}}


def call(client, method, path, token=None, **more):
    headers = {**FRAME, **({"X-Widget-Token": token} if token else {}), **more.pop("headers", {})}
    return client.open(f"/api/v1/widget{path}", method=method, headers=headers, **more)


def block_address(workspace, address="127.0.0.1", **changes):
    chosen = {"reason": "Spam", "until": None, "by": None, "now": utc_now(), "is_understood": True} | changes
    return blocks.block_network(workspace, address, **chosen)


def set_limit(workspace, by, action, scope, count):
    protection_settings.set_limits(workspace, {(action, scope): count}, by=by, now=utc_now())


def suspect(workspace, customer, points):
    """Give a customer marks of so many points."""
    now = utc_now()
    db.session.add(
        RiskMark(
            workspace_id=workspace.id,
            subject=risks.of_customer(customer.id),
            signal=Signal.TOKEN_REUSE,
            points=points,
            created_at=now,
            expires_at=now + timedelta(days=300),
        )
    )
    db.session.commit()


def marks() -> dict[Signal, str]:
    return {mark.signal: mark.detail for mark in db.session.scalars(select(RiskMark))}


def error(answer, status, code) -> dict[str, object]:
    assert (answer.status_code, answer.json["error"]["code"]) == (status, code), answer.text
    return answer.json["error"]
