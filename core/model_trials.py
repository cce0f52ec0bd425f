"""Trying a language model out: whether it answers, how fast, and if not, what to do about it."""

import time
from dataclasses import dataclass, replace
from datetime import datetime

from core import grounding
from core.errors import Conflict
from core.language_models import Endpoint, endpoint_of
from gateways import llm
from gateways.llm import Code, ModelFailed, Usage, Words
from models import transaction
from models.answering import LanguageModel

_WAITS = llm.Waits(connect=5.0, first_word=15.0, silence=5.0, whole=20.0)
_LONGEST = 300
_SLOW = 1.6
_MOST_OFFERED = 12

_PROBLEMS: dict[Code, str] = {
    "unreachable": "Nobody answers at this address. Check the address, and whether the server runs.",
    "busy": "The server is there, but says that it is overloaded, out of credit or broken. Try again in a moment.",
    "garbled": "Something answers at this address, but it does not speak the language of OpenAI's chat completions.",
    "too_slow": "No answer came in time. The server may be loading the model: try again in a moment.",
    "cut_off": "The answer broke off in the middle.",
    "too_long": "The answer had no end.",
    "resting": "It failed several times in a row and is left alone for a moment. Try again in half a minute.",
    "refused": "The server did not take the question.",
}
_REFUSED = {
    "401": "The server does not accept the key.",
    "403": "The key may not use this model.",
    "404": "There is no such model at this address. Check its name, and that the address ends like /v1.",
    "400": "The server did not understand the question. This model may not be able to call tools.",
    "422": "The server did not understand the question. This model may not be able to call tools.",
}


@dataclass(frozen=True)
class Trial:
    """What came of trying a model out."""

    problem: str = ""
    """What is wrong and what to do; empty when it answers."""
    words: str = ""
    first_word: float = 0.0
    """Seconds until then."""
    tokens: int | None = None
    offered: tuple[str, ...] = ()
    """What its server offers, where no or another model was asked for."""

    @property
    def is_slow(self) -> bool:
        """Whether customers would get the built-in answer unless more patience is set."""
        return not self.problem and self.first_word > _SLOW


def try_out(endpoint: Endpoint) -> Trial:
    """Ask a model for a sentence, with all that a customer's question brings along.

    Takes up to twenty seconds: not inside a transaction.
    """
    # Somebody who tries wants to know how it is now.
    llm.breaker.forget(endpoint.model)
    messages = grounding.prompt(
        name="Porchlight", business="a shop", sources=[], history=[], question="Hello! Are you there?"
    )
    started = time.perf_counter()
    text, first, usage = "", 0.0, None
    try:
        for part in llm.stream(endpoint.model, messages, tools=grounding.tools(has_people=True), waits=_WAITS):
            first = first or time.perf_counter() - started
            if isinstance(part, Words):
                text += part.text
            elif isinstance(part, Usage):
                usage = part
    except ModelFailed as failure:
        return Trial(problem_of(failure), offered=_offered(endpoint, failure))
    tokens = usage.input_tokens + usage.output_tokens if usage else None
    words = grounding.shown(text, hosts=(), is_whole=True).strip()[:_LONGEST]
    offered = _offered(endpoint, None) if not endpoint.model.name else ()
    return Trial("", words, round(first, 2), tokens, offered)


def try_kept(model: LanguageModel, *, now: datetime) -> Trial:
    """As `try_out`, and keep with the model what came of it."""
    try:
        trial = try_out(endpoint_of(model))
    except Conflict as refusal:
        trial = Trial(refusal.message)
    with transaction():
        model.problem, model.tried_at = trial.problem or None, now
    return trial


def problem_of(failure: ModelFailed) -> str:
    """A failure in words for admins."""
    if failure.code == "refused":
        return _REFUSED.get(failure.detail) or failure.detail or _PROBLEMS["refused"]
    return _PROBLEMS[failure.code]


def _offered(endpoint: Endpoint, failure: ModelFailed | None) -> tuple[str, ...]:
    if failure is not None and failure.detail != "404":
        return ()
    try:
        return tuple(llm.offered(replace(endpoint.model, name=""), seconds=3.0)[:_MOST_OFFERED])
    except ModelFailed:
        return ()
