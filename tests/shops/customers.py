"""The customers of a shop, and what they said."""

import secrets
from datetime import timedelta
from typing import Any

from core import signing
from core.clock import utc_now
from core.connections.fills import bound_to
from gateways.files import current_files
from models import new_id
from models.agents import (
    Agent,
)
from models.answering import AnswerTrace
from models.connections import CallStatus, ToolCall
from models.conversations import Answer, Conversation, Message, Outcome, Sender, State
from models.customers import (
    Customer,
    Fact,
    FactSource,
    RefreshFamily,
    RefreshSecret,
    Standing,
    WidgetSession,
)
from models.files import Attachment
from models.knowledge import (
    Proposal,
    ProposalKind,
)
from models.privacy import MessageOriginal
from models.protection import Block, RiskMark, Signal
from models.shop_accounts import ShopAccounts, ShopLogin, ShopSignIn
from tests import inbox_rows
from tests.shops.shop import Shop, store


def add_customer(shop: Shop, kind: str, agent: Agent) -> None:
    """Somebody who chats with an agent: their words, the answer, what is remembered, and their browser."""
    now, prefix = utc_now(), "" if kind == "customer" else "second_"
    origin = f"https://{'agent' if not prefix else 'second-agent'}.{shop.marker}.example"
    customer = Customer(
        id=new_id(),
        workspace_id=shop.workspace.id,
        external_id=f"{shop.marker}-{kind}-{secrets.token_hex(4)}",
        standing=Standing.VERIFIED if not prefix else Standing.IDENTIFIED,
        email=f"{kind}@{shop.marker}.example",
        name=f"{kind} {shop.name}",
        attributes={"plan": f"{shop.name} {kind} gold"},
        created_at=now,
        last_seen_at=now,
    )
    store([customer])
    conversation = Conversation(
        id=new_id(),
        workspace_id=shop.workspace.id,
        agent_id=agent.id,
        customer_id=customer.id,
        origin=origin,
        state=State.WAITING,
        last_seq=2,
        created_at=now,
        last_message_at=now,
        waiting_since=now,
    )
    store([conversation])
    message, reply = (
        Message(
            id=new_id(),
            workspace_id=shop.workspace.id,
            conversation_id=conversation.id,
            seq=seq,
            sender=sender,
            client_id=f"client-{seq}",
            text=f"{kind} {shop.name} says {seq}.",
            details={},
            created_at=now,
        )
        for seq, sender in ((1, Sender.CUSTOMER), (2, Sender.AGENT))
    )
    family = RefreshFamily(
        id=new_id(),
        workspace_id=shop.workspace.id,
        agent_id=agent.id,
        customer_id=customer.id,
        created_at=now,
        expires_at=now + timedelta(days=30),
    )
    store([message, reply, family])
    refresh = signing.new_secret()
    session = WidgetSession(
        id=new_id(),
        workspace_id=shop.workspace.id,
        agent_id=agent.id,
        customer_id=customer.id,
        conversation_id=conversation.id,
        family_id=family.id,
        parent_origin=origin,
        browser=f"{shop.name} Browser",
        address="203.0.113.9",
        context={},
        created_at=now,
        expires_at=now + timedelta(hours=24),
    )
    call_id = new_id()
    made = {
        kind: customer,
        f"{prefix}conversation": conversation,
        f"{prefix}message": message,
        f"{prefix}widget_session": session,
        f"{prefix}fact": Fact(
            id=new_id(),
            workspace_id=shop.workspace.id,
            customer_id=customer.id,
            text=f"{kind} likes {shop.name}.",
            source=FactSource.CUSTOMER,
            conversation_id=conversation.id,
            created_at=now,
            updated_at=now,
        ),
        f"{prefix}attachment": Attachment(
            id=new_id(),
            workspace_id=shop.workspace.id,
            conversation_id=conversation.id,
            message_id=message.id,
            name=f"{shop.marker} {kind}.txt",
            media_type="text/plain",
            size=4,
            created_at=now,
        ),
        f"{prefix}block": Block(
            id=new_id(),
            workspace_id=shop.workspace.id,
            network="198.51.100.7/32" if not prefix else None,
            customer_id=None if not prefix else customer.id,
            reason=f"{shop.name} spam",
            created_at=now,
            # Of a customer who is tested as one who may chat: lifted.
            lifted_at=None if not prefix else now,
        ),
        f"{prefix}proposal": Proposal(
            id=new_id(),
            workspace_id=shop.workspace.id,
            agent_id=agent.id,
            conversation_id=conversation.id,
            kind=ProposalKind.ENTRY,
            question=f"{kind} {shop.name} proposes?",
            answer=f"{shop.name} proposes.",
            created_at=now,
        ),
        f"{prefix}tool_call": ToolCall(
            id=call_id,
            workspace_id=shop.workspace.id,
            connection_id=shop.id_of(f"{prefix}connection"),
            conversation_id=conversation.id,
            customer_id=customer.id,
            message_id=message.id,
            tool="list_orders",
            title=f"{shop.name} lists orders",
            status=CallStatus.ASKED,
            sealed_arguments=signing.seal(b'{"given": {}, "tool": "", "fingerprint": ""}', bound_to=bound_to(call_id)),
            expires_at=now + timedelta(minutes=10),
            arguments={"for": f"{kind} {shop.name}"},
            result=f"{kind} {shop.name} ordered lamps.",
            created_at=now,
        ),
    }
    shop.rows |= made | {f"{prefix}reply": reply}
    current_files().write(f"attachments/{made[f'{prefix}attachment'].id}", f"{shop.name} {kind} file".encode())
    shop.tokens[f"{prefix}refresh"] = refresh
    shop.tokens[f"{prefix}session"] = signing.sign(
        signing.Kind.SESSION, {"session": session.id.hex, "agent": agent.id.hex, "origin": origin}
    )
    parts = [
        RefreshSecret(secret_hash=signing.hash_secret(refresh), family_id=family.id, created_at=now),
        MessageOriginal(
            message_id=message.id,
            workspace_id=shop.workspace.id,
            sealed_text=signing.seal(f"{shop.name} original".encode()),
            created_at=now,
        ),
        Answer(
            message_id=message.id,
            workspace_id=shop.workspace.id,
            agent_id=agent.id,
            conversation_id=conversation.id,
            finished_at=now,
            reply_id=reply.id,
            outcome=Outcome.UNANSWERED,
            created_at=now,
        ),
        AnswerTrace(
            message_id=reply.id,
            workspace_id=shop.workspace.id,
            agent_id=agent.id,
            conversation_id=conversation.id,
            content={"question": f"{kind} {shop.name} asks"},
            created_at=now,
        ),
        RiskMark(
            workspace_id=shop.workspace.id,
            subject=f"customer:{customer.id}",
            signal=Signal.VELOCITY,
            points=5,
            detail=f"{shop.name} was fast",
            created_at=now,
            expires_at=now + timedelta(days=1),
        ),
        *_at_a_shop(shop, prefix, session),
    ]
    store([row for name, row in made.items() if name not in (kind, f"{prefix}conversation", f"{prefix}message")])
    note, beside = inbox_rows.of_conversation(shop, prefix, conversation.id, now)
    shop.rows[f"{prefix}note"] = note
    store([*parts, note, *beside])


def _at_a_shop(shop: Shop, prefix: str, session: WidgetSession) -> list[Any]:
    """Somebody who has signed in at a shop, and does so again."""
    now, connection_id = utc_now(), shop.id_of(f"{prefix}connection")
    whose = {
        "workspace_id": shop.workspace.id,
        "connection_id": connection_id,
        "customer_id": session.customer_id,
        "family_id": session.family_id,
        "conversation_id": session.conversation_id,
        "created_at": now,
        "expires_at": now + timedelta(hours=1),
    }
    accounts = ShopAccounts(
        connection_id=connection_id,
        workspace_id=shop.workspace.id,
        shop_id=connection_id,
        client_id=f"{shop.name} client",
        issuer=f"https://{shop.marker}.example",
        authorization_url=f"https://{shop.marker}.example/authorize",
        token_url=f"https://{shop.marker}.example/token",
        keys_url=f"https://{shop.marker}.example/keys",
        scopes="openid",
        checked_at=now,
        created_at=now,
    )
    login_id, sign_in_id = new_id(), new_id()
    login = ShopLogin(
        id=login_id,
        **whose,
        secret_hash=signing.hash_secret(login_id.hex),
        sealed=signing.seal(b"{}", bound_to=login_id.bytes),
    )
    sign_in = ShopSignIn(
        id=sign_in_id,
        **whose,
        sealed_tokens=signing.seal(f"{shop.name} token".encode(), bound_to=sign_in_id.bytes),
        fresh_until=now + timedelta(hours=1),
        latest={"number": f"{shop.name} order", "status": "pending"},
        latest_at=now,
    )
    return [accounts, login, sign_in]
