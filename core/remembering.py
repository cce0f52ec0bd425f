"""What an agent keeps of a conversation for the next one: only the customer's own words, and with their knowledge."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, select, update

from core import answer_settings, memory
from core.errors import DomainError, Invalid
from core.replies import Reply, Speaker, Wanted, speaker_of
from core.texts import clean_line
from core.widget_configs import WidgetConfig
from models import db, transaction
from models.agents import Agent
from models.conversations import Conversation, Outcome
from models.customers import Customer, FactKind, FactSource, Standing, WidgetSession, folded
from models.teammates import Teammate

DAYS = (30, 90, 180, 365, 730)
MOST_NOTED = 20
"""The most facts of one customer that an agent has noted; a further one takes the place of the oldest."""
MOST_TOLD = 12
"""Facts that a model is told."""
_FEWEST, _LONGEST = 3, 200
_FEWEST_WORDS = 3
_LONGEST_WISH = _LONGEST + 100
"""Of a wish behind the words: in a run of commas, the pattern would try each place for where it begins."""
_MOST_AT_ONCE = 3
_SHORT_LIVED = {FactKind.SITUATION: timedelta(days=90), FactKind.REQUEST: timedelta(days=30)}
_PREVIEW = "preview"

# Asked for in so many words, at the beginning of a message, in the widget's languages.
_ASKED = re.compile(
    r"\s*(?:please\s*,?\s+)?(?:"
    r"(?:remember|note|keep\s+in\s+mind)\s*(?::|,|\bthat\b|(?=i(?:['’]?m)?\s+\w+\s|my\s+(?:\w+\s+){1,3}(?:is|are)\s))"
    r"|(?:merk(?:e|\s+dir)|merken\s+sie\s+sich|notier(?:e|en\s+sie))\s*(?:dir\s*)?(?:bitte\s*)?(?::|,)?\s*(?:dass\b)?"
    r"|(?:retiens|retenez|souviens-toi|souvenez-vous|note|notez)\s+(?:bien\s+)?que\b"
    r"|(?:recuerda|recuerde|anota|anote)\s+que\b"
    r"|(?:lembre(?:-se)?|anote)\s+(?:de\s+)?que\b"
    r"|(?:ricorda(?:ti)?|ricordi|annota)\s+che\b"
    r"|(?:onthoud|noteer)\s+(?:alstublieft\s+|even\s+)?dat\b"
    r"|(?:zapamiętaj|zapamietaj|zanotuj)\s*,?\s*(?:proszę\s*,?\s*)?że\b"
    r"|(?:şunu\s+hatırla|unutma)\s*[:,]"
    r"|(?:تذكر|تذكّر|سجل)\s+(?:أن|ان|أنني|انني)"
    r"|(?:תזכור|תזכרי|זכור)\s+ש"
    r"|(?:覚えておいて|覚えて)[:：、,]"
    r"|(?:请记住|記住|记住)[:：,，]?"
    r")\s*[:,]?\s*(?P<words>.{3,200})",
    re.IGNORECASE | re.DOTALL,
)

_PLEASE = r"(?:please|bitte|s'il\s+(?:te|vous)\s+pla[iî]t|por\s+favor|per\s+favore|alstublieft|proszę|prosze|lütfen)"
# The same behind what is to be remembered: "I wear size 42, please remember that."
_ASKED_BEHIND = re.compile(
    r"\s*(?P<words>.{3,200}?)(?:\s*[,.;:!、。،，–—]+\s*(?:(?:and|so|und|et|y)\s+)?|\s+(?:and|so|und|et|y)\s+)"
    rf"(?:{_PLEASE}\s*,?\s*)?(?:"
    r"(?:remember|note)\s+(?:that|this|it)(?:\s+for\s+(?:me|later|next\s+time))?|keep\s+(?:that|this|it)\s+in\s+mind"
    r"|merk(?:e)?\s+dir\s+das(?:\s+bitte)?|merken\s+sie\s+sich\s+das(?:\s+bitte)?|notier(?:e|en\s+sie)\s+(?:dir\s+)?das"
    r"|(?:retiens|retenez|note|notez)(?:-le|\s+(?:ça|cela))|souviens-t['’]en|souvenez-vous-en"
    r"|recuerda\s+(?:eso|esto)|recuérdalo|recuérdelo|anótalo|anótelo"
    r"|lembre-se\s+d(?:isso|isto)|anote\s+isso|ricordalo|ricordatelo|annotalo|onthoud\s+d(?:at|it)"
    r"|(?:zapamiętaj|zapamietaj|zanotuj)\s+to|bunu\s+(?:unutma|hatırla|not\s+et)"
    r"|覚えておいて(?:ください)?|请记住(?:这一?点)?|تذك[رّ]+\s+ذلك|(?:תזכור|תזכרי|זכור)\s+את\s+זה"
    rf")(?:\s*,?\s*{_PLEASE})?\s*[.!。]*",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class MemorySettings:
    """What an admin has chosen."""

    is_on: bool = True
    by_model: bool = True
    """Whether a language model may note what customers say of themselves, without being asked to."""
    days: int = 365
    """How long a fact is kept at most."""


def of(agent: Agent) -> MemorySettings:
    """What an agent may remember."""
    stored = answer_settings.of(agent.id).memory
    return MemorySettings(**{name: stored[name] for name in asdict(MemorySettings()) if name in stored})


def change(agent: Agent, settings: MemorySettings, *, by: Teammate | None, now: datetime) -> None:
    """Store what an agent may remember.

    Raises:
        Invalid: when the days are none of those that can be chosen.
    """
    if settings.days not in DAYS:
        raise Invalid("Choose one of the times that are offered.")
    answer_settings.change(agent, "memory", asdict(settings), action="memory.change", by=by, now=now)


def may_note(agent: Agent, conversation: Conversation) -> bool:
    """Whether a model is offered to note something in this conversation."""
    settings = of(agent)
    return settings.is_on and settings.by_model and conversation.channel != _PREVIEW


def asked(text: str) -> str | None:
    """What a customer asks to have remembered, in their own words; nothing when they ask something else."""
    # On one line: among runs of blanks the pattern would try each way to share them out.
    line = clean_line(text)
    if line.endswith(("?", "？", "؟")):
        return None
    if found := _ASKED.match(line):
        return found["words"].strip()
    found = _ASKED_BEHIND.fullmatch(line) if len(line) <= _LONGEST_WISH else None
    # "Yes please, remember that" says nothing to be remembered.
    return found["words"].strip() if found and _says_something(found["words"]) else None


def _says_something(words: str) -> bool:
    has_letters = any(sign.isalnum() for sign in words)
    return has_letters and (len(words.split()) >= _FEWEST_WORDS or not words.isascii())


def reply_to(agent: Agent, conversation: Conversation, text: str, config: WidgetConfig) -> Reply | None:
    """The reply to who asks to have something remembered; nothing when that is not what they ask."""
    words = asked(text)
    if words is None or conversation.channel == _PREVIEW or not of(agent).is_on:
        return None
    wanted = Wanted(FactKind.NOTE, words, FactSource.CUSTOMER)
    return promise([wanted], conversation, speaker_of(config, conversation.language))


def promise(wanted: Sequence[Wanted], conversation: Conversation, speaker: Speaker) -> Reply:
    """A reply that says nothing but that something is remembered."""
    says = speaker.says("reply_remembered" if is_lasting(conversation.customer) else "reply_remembered_here")
    return Reply(says, Outcome.SMALL_TALK, {"name": speaker.name}, remembers=tuple(wanted))


def checked(arguments: Mapping[str, Any], said: str) -> Wanted | None:
    """What a model wants noted, if these are the customer's own words and nobody else's.

    A text that somebody hid in a page, a file, a result or a name is never what the customer has said.

    Args:
        arguments: of the model's call: `kind` and `words`.
        said: the customer's message.
    """
    told = arguments.get("words")
    words = clean_line(told) if isinstance(told, str) else ""
    is_said = _FEWEST <= len(words) <= _LONGEST and _plain(words) in _plain(said)
    kinds = {kind.value for kind in FactKind}
    wanted = arguments.get("kind")
    kind = FactKind(wanted) if isinstance(wanted, str) and wanted in kinds else FactKind.NOTE
    return Wanted(kind, words, FactSource.AGENT) if is_said and _plain(words).strip() else None


def keep(conversation: Conversation, wanted: Sequence[Wanted], *, now: datetime) -> list[dict[str, Any]]:
    """Keep what a customer has said, and answer what they are told of it: `{id, text, lasts}` each.

    Of somebody whom the website has not signed and who has not agreed, it is kept for their session only.
    """
    agent = db.session.get_one(Agent, conversation.agent_id)
    settings, customer = of(agent), conversation.customer
    if not settings.is_on or conversation.channel == _PREVIEW:
        return []
    lasts = is_lasting(customer)
    session = None if lasts else _session(conversation, now=now)
    if not lasts and session is None:
        return []
    kept = []
    for one in wanted[:_MOST_AT_ONCE]:
        try:
            _make_room(customer, now=now)
            until = session.expires_at if session else _until(one.kind, settings, now=now)
            fact = memory.remember(
                customer, one.words, source=one.source, kind=one.kind, conversation=conversation, now=now,
                expires_at=until, session=session,
            )  # fmt: skip
        except DomainError:
            # Full, or erased meanwhile: the answer counts, and nothing is said of what is not kept.
            continue
        db.session.flush()
        kept.append({"id": str(fact.id), "text": fact.text, "lasts": lasts})
    return kept


def is_lasting(customer: Customer) -> bool:
    """Whether what a customer says may be kept beyond their session."""
    if customer.standing is Standing.VERIFIED:
        return True
    return bool(
        db.session.scalar(
            select(exists().where(Conversation.customer_id == customer.id, Conversation.remembers_since.is_not(None)))
        )
    )


def agree(conversation: Conversation, *, now: datetime) -> None:
    """Keep what was noted in this session beyond it, and what comes: the customer has agreed."""
    settings = of(db.session.get_one(Agent, conversation.agent_id))
    with transaction():
        conversation.remembers_since = conversation.remembers_since or now
        for fact in memory.facts_of(conversation.customer, now=now):
            if fact.session_id is not None:
                fact.session_id, fact.expires_at = None, _until(fact.kind, settings, now=now)


def disagree(conversation: Conversation, *, now: datetime) -> None:
    """Keep what was noted for no longer than this session: the customer does not agree, or not any more."""
    session = _session(conversation, now=now)
    with transaction():
        db.session.execute(
            update(Conversation)
            .where(Conversation.customer_id == conversation.customer_id)
            .values(remembers_since=None)
            .execution_options(synchronize_session="fetch")
        )
        if session is None or conversation.customer.standing is Standing.VERIFIED:
            return
        for fact in memory.facts_of(conversation.customer, now=now):
            # What a teammate or the website knows of them is not theirs to have agreed to here.
            if fact.source in (FactSource.AGENT, FactSource.CUSTOMER) and fact.session_id is None:
                fact.session_id, fact.expires_at = session.id, session.expires_at


def told_to_models(conversation: Conversation, *, now: datetime) -> list[str]:
    """What is remembered of this customer, for a model to know: of nobody else, the newest first."""
    if not of(db.session.get_one(Agent, conversation.agent_id)).is_on:
        return []
    return list(memory.texts_of(conversation.customer_id, limit=MOST_TOLD, now=now))


def _session(conversation: Conversation, *, now: datetime) -> WidgetSession | None:
    return db.session.scalar(
        select(WidgetSession)
        .where(
            WidgetSession.conversation_id == conversation.id,
            WidgetSession.customer_id == conversation.customer_id,
            WidgetSession.revoked_at.is_(None),
            WidgetSession.expires_at > now,
        )
        .order_by(WidgetSession.id.desc())
        .limit(1)
    )


def _make_room(customer: Customer, *, now: datetime) -> None:
    noted = [fact for fact in memory.facts_of(customer, now=now) if fact.source is FactSource.AGENT]
    for fact in noted[MOST_NOTED - 1 :]:
        memory.forget(fact)


def _until(kind: FactKind, settings: MemorySettings, *, now: datetime) -> datetime:
    return now + min(timedelta(days=settings.days), _SHORT_LIVED.get(kind, timedelta(days=settings.days)))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", folded(text)))
