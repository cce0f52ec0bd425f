"""Asks a workspace's models one after another until one answers, in time for somebody who waits."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from core.language_models import Endpoint
from core.traces import Attempt, Trace
from gateways import llm
from gateways.llm import Call, ModelFailed, Usage, Words

log = structlog.get_logger()

WINDOW = 2.6
"""Seconds within which one of the models must have said a word."""
_USUAL_PATIENCE = 1.6
"""Seconds from the question to the first word of one model: the built-in answer is there within two then."""
_MOST_TAKEN = 1 / 3
"""Of that patience: where this server is slow, a model is not blamed for it."""
_LAST_CHANCE = 1.2
"""Seconds for the first word of the next model when one breaks off in the middle."""
_LEAST = 0.25
_SILENCE = 1.5
"""Seconds without a word in the middle of an answer, after which the built-in one is there within two."""
_WHOLE = 25.0
_PAUSE = 0.15
"""Seconds before a model that failed at once is asked again."""
_AT_ONCE = 0.5
_LETTERS_A_TOKEN = 4


@dataclass(frozen=True)
class Heard:
    """The whole answer of a model."""

    text: str
    calls: Sequence[Call]


def ask(
    endpoints: Sequence[Endpoint],
    messages: Sequence[Mapping[str, Any]],
    *,
    tools: Sequence[Mapping[str, Any]],
    hear: Callable[[str], None],
    trace: Trace,
    asked: Callable[[], None] = lambda: None,
    waited: float = 0.0,
) -> Heard | None:
    """Have one of the models answer.

    Args:
        endpoints: the models in the order in which they are asked.
        messages: as in OpenAI's chat completions.
        hear: told all words so far whenever there are more. Starts over when another model does.
        trace: where each try is noted.
        asked: called whenever a model has been asked, before it answers.
        waited: for how many seconds somebody waits already, which is taken from the models' time.

    Returns:
        the answer; None when none of them gave one.
    """
    waited = min(waited, _USUAL_PATIENCE * _MOST_TAKEN)
    ends_at = time.monotonic() + WINDOW - waited
    awake = [endpoint for endpoint in endpoints if not llm.breaker.rests(endpoint.model)]
    for endpoint in endpoints:
        if endpoint not in awake:
            trace.note(f"{endpoint.title} is not asked for a moment, because it failed several times in a row.")
    for number, endpoint in enumerate(awake):
        left = ends_at - time.monotonic()
        patience = endpoint.patience or min(_USUAL_PATIENCE - waited, left / (len(awake) - number))
        if patience < _LEAST:
            trace.note(f"There was no time left to ask {endpoint.title}.")
            continue
        heard, has_begun = _ask_one(endpoint, messages, tools, hear, trace, patience, asked)
        if heard is not None:
            return heard
        # Who was patient with one is so with the others; and half an answer calls for a whole one.
        ends_at = max(ends_at, time.monotonic() + (_LAST_CHANCE if has_begun or endpoint.patience else 0.0))
    return None


def _ask_one(
    endpoint: Endpoint,
    messages: Sequence[Mapping[str, Any]],
    tools: Sequence[Mapping[str, Any]],
    hear: Callable[[str], None],
    trace: Trace,
    patience: float,
    asked: Callable[[], None],
) -> tuple[Heard | None, bool]:
    started = time.monotonic()
    listening = _Listening(endpoint, messages, trace)
    try:
        return listening.listen(tools, hear, patience, asked), True
    except ModelFailed as failure:
        took = time.monotonic() - started
        is_passing = failure.code in ("busy", "unreachable", "cut_off") and not failure.retry_after
        if listening.text or not is_passing or took > _AT_ONCE or patience - took - _PAUSE < _LEAST:
            return None, bool(listening.text)
    time.sleep(_PAUSE)
    again = _Listening(endpoint, messages, trace)
    try:
        return again.listen(tools, hear, patience - took - _PAUSE, asked), True
    except ModelFailed:
        return None, bool(again.text)


class _Listening:
    """One try of one model."""

    def __init__(self, endpoint: Endpoint, messages: Sequence[Mapping[str, Any]], trace: Trace) -> None:
        self._endpoint = endpoint
        self._messages = messages
        self._trace = trace
        self._started = time.perf_counter()
        self._attempt = Attempt(endpoint.title, name=endpoint.model.name)
        self._usage: Usage | None = None
        self.text = ""

    def listen(
        self,
        tools: Sequence[Mapping[str, Any]],
        hear: Callable[[str], None],
        patience: float,
        asked: Callable[[], None],
    ) -> Heard:
        # Somebody else is asked when an answer takes too long as a whole, so it must not.
        whole = max(patience, _WHOLE - self._trace.milliseconds / 1000)
        waits = llm.Waits(first_word=patience, silence=max(_SILENCE, patience / 2), whole=whole)
        calls = []
        try:
            for part in llm.stream(self._endpoint.model, self._messages, tools=tools, waits=waits, asked=asked):
                if isinstance(part, Words):
                    self._begin()
                    self.text += part.text
                    hear(self.text)
                elif isinstance(part, Call):
                    self._begin()
                    calls.append(part)
                else:
                    self._usage = part
        except ModelFailed as failure:
            self._attempt.failure = failure.code
            log.warning("model_failed", code=failure.code, seconds=round(self._milliseconds / 1000, 3))
            raise
        finally:
            self._finish(calls)
        return Heard(self.text, calls)

    @property
    def _milliseconds(self) -> float:
        return (time.perf_counter() - self._started) * 1000

    def _begin(self) -> None:
        if self._attempt.first_word is None:
            self._attempt.first_word = round(self._milliseconds, 1)

    def _finish(self, calls: Sequence[Call]) -> None:
        attempt = self._attempt
        attempt.milliseconds = round(self._milliseconds, 1)
        if self._usage is not None:
            attempt.input_tokens, attempt.output_tokens = self._usage.input_tokens, self._usage.output_tokens
        elif self.text or calls:
            # Who does not count still bills.
            attempt.is_estimated = True
            attempt.input_tokens = _tokens(sum(len(str(message.get("content") or "")) for message in self._messages))
            attempt.output_tokens = _tokens(len(self.text) + sum(len(str(call.arguments)) for call in calls))
        attempt.cost = self._endpoint.cost(attempt.input_tokens, attempt.output_tokens)
        self._trace.tried(attempt)


def _tokens(letters: int) -> int:
    return -(-letters // _LETTERS_A_TOKEN)
