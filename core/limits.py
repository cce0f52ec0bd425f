"""How often one visitor may do what, and what they are told when it was too often."""

from collections.abc import Mapping
from datetime import datetime

from core import protection_settings, stops
from core.errors import TooMany
from core.protection_settings import HOUR, MINUTE, Action, Limit, Scope, name_of
from gateways.counters import current_counters
from models.agents import Agent

# Nobody's settings are about previews, and no customer waits for one: but links to them get about.
_OF_PREVIEWS: Mapping[Action, Limit] = {
    Action.SESSIONS: Limit(600, HOUR),
    Action.MESSAGES: Limit(60, MINUTE),
    Action.FILES: Limit(120, HOUR),
    Action.HANDOFFS: Limit(60, HOUR),
}
_CROWDED = (Scope.WEBSITE, Scope.AGENT)
_WORDS = {
    Action.SESSIONS: "The chat was opened very often from here. Try again in {wait}.",
    Action.MESSAGES: "That was a bit fast. You can go on writing in {wait}.",
    Action.FILES: "Many files came from here. You can send the next one in {wait}.",
    Action.HANDOFFS: "You have asked for a person several times already. You can ask again in {wait}.",
    Action.REPORTS: "Too many reports came from here. Try again in {wait}.",
}


def check(agent: Agent, action: Action, subjects: Mapping[Scope, str], *, now: datetime) -> None:
    """Count what a visitor does, and refuse it when a limit is reached.

    Whoever is refused is not counted any further: one visitor cannot use up what others share.

    Args:
        subjects: of each scope that is known, whom the visitor counts as.

    Raises:
        TooMany: with the seconds to wait and a sentence for the visitor; never while stops are only noted.
    """
    shield = protection_settings.of(agent.workspace_id)
    for scope in Scope:
        subject, limit = subjects.get(scope), shield.limits.get((action, scope))
        if subject is None or limit is None or _is_free(agent, action, scope, limit, subject):
            continue
        stops.note(agent, name_of(action, scope), subject, is_enforced=not shield.is_log_only, now=now)
        if not shield.is_log_only:
            raise _refusal(agent, action, scope, limit, subject)


def check_preview(agent: Agent, action: Action) -> None:
    """Count what is done in all previews of an agent together, apart from its customers.

    Raises:
        TooMany: with the seconds to wait and a sentence.
    """
    limit = _OF_PREVIEWS.get(action)
    if limit is not None and not _is_free(agent, action, Scope.AGENT, limit, _preview_of(agent)):
        raise _refusal(agent, action, Scope.AGENT, limit, _preview_of(agent))


def in_words(seconds: int) -> str:
    """A time to wait, rounded up, like `12 seconds` or `3 minutes`."""
    for size, word in ((3600, "hour"), (60, "minute")):
        if seconds >= size:
            number = -(-seconds // size)
            return f"{number} {word}{'s' if number > 1 else ''}"
    return f"{seconds} second{'s' if seconds > 1 else ''}"


def _is_free(agent: Agent, action: Action, scope: Scope, limit: Limit, subject: str) -> bool:
    return limit.count is None or current_counters().hit(
        limit.count, limit.seconds, *_key(agent, action, scope, subject)
    )


def _refusal(agent: Agent, action: Action, scope: Scope, limit: Limit, subject: str) -> TooMany:
    wait = current_counters().wait(limit.count or 1, limit.seconds, *_key(agent, action, scope, subject))
    if scope in _CROWDED:
        sentence = f"Many people are using this chat at the moment. Try again in {in_words(wait)}."
    else:
        sentence = _WORDS[action].format(wait=in_words(wait))
    return TooMany(sentence, retry_after=wait)


def _preview_of(agent: Agent) -> str:
    return f"preview {agent.id.hex}"


def _key(agent: Agent, action: Action, scope: Scope, subject: str) -> tuple[str, ...]:
    # An address, a website and a customer count for the workspace as a whole, and apart from other workspaces.
    return "limits", agent.workspace_id.hex, action, scope, subject
