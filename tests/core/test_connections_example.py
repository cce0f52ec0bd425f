"""The server in docs/connections.md, as it stands there: read, switched on and used."""

import re
import uuid
from pathlib import Path
from typing import Any

import pytest

from core import call_answers, connections, customers, tool_calls
from core.clock import utc_now
from core.customer_tokens.claims import VerifiedCustomer
from models import db
from models.connections import Audience
from tests.conftest import NOW, make_conversation
from tests.mcp_server import serving

PAGE = Path(__file__).parents[2] / "docs" / "connections.md"


def example() -> str:
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    return str(code)


@pytest.fixture
def url():
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(example(), str(PAGE), "exec"), names)
    connections.reach(allow_private=True)
    with serving(names["server"]) as address:
        yield address
    connections.reach(allow_private=False)


def test_it_has_thirty_lines():
    assert len([line for line in example().splitlines() if line.strip()]) <= 30


def test_it_serves_a_verified_customer_and_nobody_else(workspace, agent, url):
    row = connections.add(agent, title="Our orders", url=url, by=None, now=NOW)
    for tool in connections.discover(row, now=NOW):
        assert tool.filled == {"customer_id": "customer.id"}
        connections.permit(
            tool,
            is_on=True,
            audience=Audience.VERIFIED,
            needs_confirmation=tool.needs_confirmation,
            filled=tool.filled,
            by=None,
            now=NOW,
        )
    ines, otto = (conversation_of(workspace, agent, number) for number in ("c-7", "c-8"))
    order = {"order_number": "1042"}
    assert "on its way" in tool_calls.call(ines, None, "order_status", order, now=utc_now()).told
    assert not tool_calls.call(otto, None, "order_status", order, now=utc_now()).is_done
    stranger = tool_calls.call(make_conversation(agent), None, "order_status", order, now=utc_now())
    assert "sign in" in stranger.told
    asked = tool_calls.call(ines, None, "cancel_order", order, now=utc_now())
    said = call_answers.take(ines, call_id_of(asked), is_yes=True, now=utc_now())
    assert said.text.startswith("Done: Cancel an order.\n\nOrder 1042 is cancelled.")
    assert "cancelled" in tool_calls.call(ines, None, "order_status", order, now=utc_now()).told


def conversation_of(workspace, agent, number):
    customer = customers.verified(workspace, VerifiedCustomer(number, None, None, {}, 0.0), now=NOW)
    conversation = make_conversation(agent)
    conversation.customer_id = customer.id
    db.session.commit()
    return conversation


def call_id_of(asked):
    return uuid.UUID(asked.confirm["id"])
