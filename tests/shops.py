"""A shop with one of everything that a workspace can hold, and its name in every text.

Two of them stand side by side in the tests of who sees what: a name of one that shows up in the other has leaked.
"""

import hashlib
import json
import secrets
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import ColumnElement, Table, select

from core import signing
from core.clock import utc_now
from core.connections.fills import bound_to
from core.knowledge.rows import Row
from core.knowledge.wording import Wording
from gateways.files import current_files
from models import Base, db, new_id
from models.agents import (
    Agent,
    Event,
    EventKind,
    Handover,
    PreviewLink,
    Website,
    WebsiteSighting,
    WidgetDraft,
    WidgetDraftStep,
    WidgetSchedule,
    WidgetVersion,
)
from models.answering import AnswerSettings, AnswerTrace, LanguageModel, ModelUse
from models.audits import AuditEntry
from models.connections import CallStatus, Connection, ConnectionKind, ConnectionTool, ToolCall
from models.conversations import Answer, Conversation, Message, Outcome, Sender, State
from models.customers import (
    Customer,
    Fact,
    FactSource,
    IdentityKey,
    RefreshFamily,
    RefreshSecret,
    Standing,
    WidgetSession,
)
from models.files import Attachment, Picture
from models.jobs import Job, JobStatus
from models.knowledge import (
    Entry,
    EntryVector,
    Evaluation,
    EvaluationQuestion,
    KnowledgeImport,
    PageStatus,
    Phrasing,
    Proposal,
    ProposalKind,
    Source,
    SourceKind,
    SourcePage,
)
from models.privacy import MessageOriginal, PrivacySettings
from models.protection import Block, ProtectionSettings, RiskMark, Signal, Stop
from models.second_factors import Authenticator, Passkey, RecoveryCode
from models.shop_accounts import ShopAccounts, ShopLogin, ShopSignIn
from models.teammates import Invitation, PasswordReset, Role, Teammate, TeammateSession, Workspace
from tests import inbox_rows

NOT_OF_A_WORKSPACE = {"deleted_workspaces", "mails", "passkey_challenges", "spent_tickets", "website_paces"}
"""Tables whose rows belong to no workspace: that one was deleted, sealed mails on their way out, numbers that are good
once, and hashes of websites that are being read."""

APP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # What the owner's authenticator app was given.
SECRET = "a shared secret of this shop, long enough to sign with"


@dataclass
class Shop:
    """One workspace with all its parts."""

    name: str
    workspace: Workspace
    rows: dict[str, Any] = field(default_factory=dict)
    """One row of each kind, by the kind's name."""
    browsers: dict[Role, str] = field(default_factory=dict)
    """The token of a signed-in browser of one teammate of each role."""
    tokens: dict[str, str] = field(default_factory=dict)
    """Secrets of which the database keeps only a hash: session, refresh, invitation, reset."""

    @property
    def marker(self) -> str:
        """What stands in every text of this shop and in none of another."""
        return self.name.lower()

    def id_of(self, kind: str) -> Any:
        return self.rows[kind].id


def make_shop(name: str, *, is_staffed: bool = True) -> Shop:
    """Make a workspace with one row or more in every table.

    Args:
        name: stands in every text; one word of letters.
        is_staffed: whether there is a teammate of each role, and not only an owner.
    """
    shop = Shop(name=name, workspace=Workspace(id=new_id(), name=f"{name} Lamps", created_at=utc_now()))
    _store([shop.workspace])
    for role in Role if is_staffed else [Role.OWNER]:
        _add_teammate(shop, role)
    _add_people(shop)
    inbox, beside = inbox_rows.of_workspace(shop, utc_now())
    shop.rows |= inbox
    _store([*inbox.values(), *beside])
    _add_agent(shop, "agent")
    _add_agent(shop, "second_agent")
    shop.rows["archived_agent"] = Agent(
        id=new_id(),
        workspace_id=shop.workspace.id,
        name=f"{shop.name} of old",
        created_at=utc_now(),
        archived_at=utc_now(),
    )
    _store([shop.rows["archived_agent"]])
    _add_customer(shop, "customer", shop.rows["agent"])
    _add_customer(shop, "second_customer", shop.rows["second_agent"])
    _add_settings(shop)
    db.session.commit()
    # Plain facts from here on, whatever the requests do to the session.
    db.session.expunge_all()
    return shop


def sign_in(app: Flask, shop: Shop, role: Role) -> FlaskClient:
    """The browser of the shop's teammate of this role."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = shop.browsers[role]
        session["_fresh"] = True
    return client


def fingerprint(owner: Workspace | Customer) -> str:
    """A hash of everything that belongs to a workspace or a customer; any change anywhere changes it."""
    digest = hashlib.sha256()
    with db.engine.connect() as connection:
        for table, belongs in _scopes(owner):
            for row in connection.execute(select(table).where(belongs).order_by(*table.primary_key.columns)):
                digest.update(repr((table.name, *row)).encode())
    return digest.hexdigest()


def empty_tables(owner: Workspace | Customer) -> list[str]:
    """The tables of which there is no row that belongs to a workspace or a customer."""
    with db.engine.connect() as connection:
        return [
            table.name
            for table, belongs in _scopes(owner)
            if connection.execute(select(table).where(belongs).limit(1)).first() is None
        ]


def _scopes(owner: Workspace | Customer) -> Iterator[tuple[Table, ColumnElement[bool]]]:
    for table in Base.metadata.sorted_tables:
        belongs = None if table.name in NOT_OF_A_WORKSPACE else _scope(table, owner)
        if belongs is not None:
            yield table, belongs


def _scope(table: Table, owner: Workspace | Customer) -> ColumnElement[bool] | None:
    """What the owner's rows of a table have in common: naming the owner, or something that belongs to it."""
    if table is owner.__table__:
        return table.c.id == owner.id
    keys = sorted(
        table.foreign_keys, key=lambda key: (key.column.table is not owner.__table__, str(key.parent.nullable))
    )
    for key in keys:
        belongs = _scope(key.column.table, owner)
        if belongs is not None:
            return key.parent.in_(select(key.column).where(belongs))
    return None


def _store(rows: list[Any]) -> None:
    # What others refer to comes first.
    for table in Base.metadata.sorted_tables:
        db.session.add_all([row for row in rows if row.__table__ is table])
        db.session.flush()


def _add_teammate(shop: Shop, role: Role) -> None:
    now, token = utc_now(), signing.new_secret()
    teammate = Teammate(
        id=new_id(),
        workspace_id=shop.workspace.id,
        name=f"{role.value} {shop.name}",
        email=f"{role.value}-{secrets.token_hex(4)}@{shop.marker}.example",
        password_hash="unusable",
        role=role,
        created_at=now,
    )
    session = TeammateSession(
        teammate=teammate,
        token_hash=signing.hash_secret(token),
        browser=f"{shop.name} Browser",
        created_at=now,
        confirmed_at=now,
        last_seen_at=now,
        expires_at=now + timedelta(days=30),
    )
    _store([teammate, session])
    shop.browsers[role] = token
    shop.rows[role.value] = teammate


def _add_people(shop: Shop) -> None:
    """Somebody to be changed and removed, with everything that proves who they are; and somebody invited."""
    now = utc_now()
    token, invitation, reset = (signing.new_secret() for _ in range(3))
    person = Teammate(
        id=new_id(),
        workspace_id=shop.workspace.id,
        name=f"Pat {shop.name}",
        email=f"pat-{secrets.token_hex(4)}@{shop.marker}.example",
        password_hash="unusable",
        role=Role.EDITOR,
        created_at=now,
    )
    _store([person])
    owner = shop.rows["owner"]
    shop.tokens |= {"invitation": invitation, "reset": reset}
    shop.rows |= {
        "teammate": person,
        "teammate_session": TeammateSession(
            teammate_id=owner.id,
            token_hash=signing.hash_secret(token),
            browser=f"{shop.name} Telephone",
            created_at=now,
            confirmed_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(days=30),
        ),
        "passkey": Passkey(
            id=new_id(),
            teammate_id=owner.id,
            name=f"{shop.name} key",
            credential_id=secrets.token_bytes(16),
            public_key=b"\x00",
            transports=["internal"],
            created_at=now,
        ),
        "invitation": Invitation(
            workspace_id=shop.workspace.id,
            email=f"invited-{secrets.token_hex(4)}@{shop.marker}.example",
            role=Role.VIEWER,
            token_hash=signing.hash_secret(invitation),
            invited_by_id=owner.id,
            created_at=now,
            expires_at=now + timedelta(days=7),
        ),
        "reset": PasswordReset(
            teammate_id=person.id,
            token_hash=signing.hash_secret(reset),
            created_at=now,
            expires_at=now + timedelta(hours=1),
        ),
        "recovery_code": RecoveryCode(
            teammate_id=owner.id, code_hash=signing.hash_secret(secrets.token_hex(8)), created_at=now
        ),
        "authenticator": Authenticator(
            teammate_id=owner.id, sealed_secret=signing.seal(APP_SECRET.encode()), created_at=now
        ),
        "audit_entry": AuditEntry(
            workspace_id=shop.workspace.id,
            teammate_id=owner.id,
            who=owner.name,
            action="agent.create",
            subject_kind="agent",
            subject_id=uuid.uuid4().hex,
            subject_name=f"{shop.name} agent",
            before=None,
            after={"name": f"{shop.name} agent"},
            created_at=now,
        ),
    }
    _store([row for kind, row in shop.rows.items() if kind not in {role.value for role in Role}])


def _add_agent(shop: Shop, kind: str) -> None:
    now, host = utc_now(), f"{kind.replace('_', '-')}.{shop.marker}.example"
    agent = Agent(id=new_id(), workspace_id=shop.workspace.id, name=f"{shop.name} {kind}", created_at=now)
    _store([agent])
    entry, archived = (
        Entry(
            id=new_id(),
            workspace_id=shop.workspace.id,
            agent_id=agent.id,
            question=f"Where is {shop.name} {number}?",
            answer=f"{shop.name} is in the harbour.",
            position=number,
            created_at=now,
            updated_at=now,
            archived_at=now if number == 2 else None,
        )
        for number in (1, 2)
    )
    prefix, handover = "" if kind == "agent" else "second_", signing.new_secret()
    preview = signing.new_secret()
    shop.tokens |= {f"{prefix}handover": handover, f"{prefix}preview link": preview}
    settings = {"name": f"{shop.name} {kind}", "greeting": f"{shop.name} greets you."}
    made = {
        kind: agent,
        f"{prefix}entry": entry,
        f"{prefix}archived_entry": archived,
        f"{prefix}website": Website(agent_id=agent.id, pattern=host, created_at=now),
        f"{prefix}version": WidgetVersion(agent_id=agent.id, number=1, settings=settings, published_at=now),
        f"{prefix}handover": Handover(
            workspace_id=shop.workspace.id,
            agent_id=agent.id,
            email=f"developer@{shop.marker}.example",
            place="any",
            token_hash=signing.hash_secret(handover),
            sent_by_id=shop.id_of("owner"),
            created_at=now,
            expires_at=now + timedelta(days=7),
        ),
        f"{prefix}preview_link": PreviewLink(
            workspace_id=shop.workspace.id,
            agent_id=agent.id,
            token_hash=signing.hash_secret(preview),
            page=f"https://{host}/",
            created_at=now,
            expires_at=now + timedelta(days=7),
        ),
        f"{prefix}picture": Picture(
            workspace_id=shop.workspace.id, media_type="image/webp", width=8, height=8, size=40, created_at=now
        ),
        f"{prefix}import": KnowledgeImport(
            workspace_id=shop.workspace.id,
            agent_id=agent.id,
            filename=f"{shop.marker}.csv",
            rows=[Row(1, None, Wording(f"Who is {shop.name}?", f"{shop.name} is here.", ())).as_dict()],
            created_at=now,
        ),
    }
    made |= _sources(shop, prefix, agent, host) | _connections(shop, prefix, agent, host)
    made[f"{prefix}evaluation_question"] = EvaluationQuestion(
        id=new_id(),
        workspace_id=shop.workspace.id,
        agent_id=agent.id,
        text=f"{shop.name} tests this?",
        entry_id=entry.id,
        created_at=now,
    )
    shop.rows |= made
    draft = {"greeting": f"{shop.name} drafts.", "triggers": [{"after_seconds": 20, "text": f"{shop.name} waits."}]}
    parts = [
        Phrasing(entry_id=entry.id, text=f"{shop.name} where"),
        EntryVector(entry_id=entry.id, key=secrets.token_hex(8), model="none", agent_id=agent.id, vector=b"\x00" * 4),
        WebsiteSighting(
            agent_id=agent.id, origin=f"https://{host}", is_allowed=True, first_seen_at=now, last_seen_at=now
        ),
        WidgetDraft(agent_id=agent.id, settings=settings | draft, updated_at=now),
        WidgetVersion(agent_id=agent.id, number=2, settings=settings, published_at=now),
        WidgetDraftStep(agent_id=agent.id, revision=1, settings=settings, saved_at=now),
        WidgetSchedule(
            agent_id=agent.id,
            settings=settings | {"greeting": f"{shop.name} greets later."},
            publish_at=now + timedelta(days=1),
            created_at=now,
        ),
        Job(
            workspace_id=shop.workspace.id,
            kind="learning",
            subject_id=agent.id,
            status=JobStatus.FAILED,
            problem=f"{shop.name} could not be learned.",
            created_at=now,
            next_try_at=now,
            finished_at=now,
        ),
        Event(
            workspace_id=shop.workspace.id,
            agent_id=agent.id,
            kind=EventKind.LOAD,
            origin=f"https://{host}",
            details={"page": f"https://{host}/"},
            created_at=now,
        ),
        Evaluation(
            workspace_id=shop.workspace.id,
            agent_id=agent.id,
            revision=0,
            passed=0,
            total=0,
            results=[],
            created_at=now,
        ),
        AnswerSettings(
            agent_id=agent.id,
            workspace_id=shop.workspace.id,
            manner={},
            limits={},
            handoff={},
            memory={},
            updated_at=now,
        ),
        ModelUse(agent_id=agent.id, day=now.date(), model=f"{shop.name} model", workspace_id=shop.workspace.id),
    ]
    _store([row for name, row in made.items() if name != kind] + parts)


def _sources(shop: Shop, prefix: str, agent: Agent, host: str) -> dict[str, Any]:
    now = utc_now()
    source = Source(
        id=new_id(),
        workspace_id=shop.workspace.id,
        agent_id=agent.id,
        kind=SourceKind.SITE,
        title=f"{shop.name} website",
        address=f"https://{host}/",
        settings={},
        created_at=now,
    )
    page = SourcePage(
        id=new_id(),
        workspace_id=shop.workspace.id,
        source_id=source.id,
        address=f"https://{host}/about",
        address_hash=hashlib.sha256(host.encode()).hexdigest(),
        title=f"About {shop.name}",
        status=PageStatus.READ,
        text=f"# About\n\n{shop.name} sells lamps.",
        excluded_parts=[],
        read_at=now,
    )
    return {f"{prefix}source": source, f"{prefix}source_page": page}


def _connections(shop: Shop, prefix: str, agent: Agent, host: str) -> dict[str, Any]:
    now = utc_now()
    connection = Connection(
        id=new_id(),
        workspace_id=shop.workspace.id,
        agent_id=agent.id,
        kind=ConnectionKind.MCP,
        title=f"{shop.name} orders",
        url=f"https://{host}/mcp",
        created_at=now,
        updated_at=now,
    )
    tool = ConnectionTool(
        id=new_id(),
        workspace_id=shop.workspace.id,
        connection_id=connection.id,
        name="list_orders",
        title=f"{shop.name} lists orders",
        description="Lists the orders of a customer.",
        input_schema={"type": "object", "properties": {}},
        fingerprint="0" * 64,
        filled={},
        created_at=now,
    )
    return {f"{prefix}connection": connection, f"{prefix}connection_tool": tool}


def _add_customer(shop: Shop, kind: str, agent: Agent) -> None:
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
    _store([customer])
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
    _store([conversation])
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
    _store([message, reply, family])
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
    _store([row for name, row in made.items() if name not in (kind, f"{prefix}conversation", f"{prefix}message")])
    note, beside = inbox_rows.of_conversation(shop, prefix, conversation.id, now)
    shop.rows[f"{prefix}note"] = note
    _store([*parts, note, *beside])


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


def _add_settings(shop: Shop) -> None:
    now = utc_now()
    shop.rows["identity_key"] = IdentityKey(
        id=new_id(),
        workspace_id=shop.workspace.id,
        sealed_key=signing.seal(json.dumps({"alg": "HS256", "secret": SECRET}).encode()),
        name=f"{shop.name} key",
        created_at=now,
    )
    model_id = new_id()
    shop.rows["language_model"] = LanguageModel(
        id=model_id,
        workspace_id=shop.workspace.id,
        title=f"{shop.name} model",
        base_url="https://models.example/v1",
        sealed_key=signing.seal(f"{shop.name} model key".encode(), bound_to=model_id.bytes),
        # Nobody is there.
        is_on=False,
        created_at=now,
        updated_at=now,
    )
    shop.rows["stop"] = Stop(
        workspace_id=shop.workspace.id,
        agent_id=shop.id_of("agent"),
        scope="messages:website",
        subject=f"https://{shop.marker}.example",
        is_enforced=True,
        first_at=now,
        last_at=now,
    )
    _store(
        [
            shop.rows["identity_key"],
            shop.rows["stop"],
            PrivacySettings(workspace_id=shop.workspace.id, handling={}, updated_at=now),
            ProtectionSettings(workspace_id=shop.workspace.id, limits={}, steps={}, updated_at=now),
            shop.rows["language_model"],
        ]
    )
