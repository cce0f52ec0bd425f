"""The agents of a shop: what they know, where they stand, how they look."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from core import signing
from core.clock import utc_now
from core.knowledge.rows import Row
from core.knowledge.wording import Wording
from models import new_id
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
from models.answering import AnswerSettings, ModelUse
from models.connections import Connection, ConnectionKind, ConnectionTool
from models.files import Picture
from models.jobs import Job, JobStatus
from models.knowledge import (
    Entry,
    EntryVector,
    Evaluation,
    EvaluationQuestion,
    KnowledgeImport,
    PageStatus,
    Phrasing,
    Source,
    SourceKind,
    SourcePage,
)
from tests.shops.shop import Shop, store


def add_agent(shop: Shop, kind: str) -> None:
    """An agent with all that belongs to it."""
    now, host = utc_now(), f"{kind.replace('_', '-')}.{shop.marker}.example"
    agent = Agent(id=new_id(), workspace_id=shop.workspace.id, name=f"{shop.name} {kind}", created_at=now)
    store([agent])
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
    store([row for name, row in made.items() if name != kind] + parts)


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
