"""A language model behind any OpenAI-compatible address, spoken to by its streaming chat completions.

No client library: its parsing alone would cost more processor time a message than everything else here. Addresses are
those of admins, so they are spoken to over guarded connections.
"""

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpcore2

from gateways.first_offered import FirstOffered
from gateways.model_streams import Call, Code, Deadline, ModelFailed, Usage, Words, read
from gateways.outgoing import Answer, KeptConnections, OutgoingError, path_of

__all__ = ["Breaker", "Call", "Code", "Model", "ModelFailed", "Usage", "Waits", "Words", "breaker", "offered", "stream"]


@dataclass(frozen=True)
class Model:
    """Where a model is, and what it is called there."""

    base_url: str
    """Up to and with `/v1`."""
    name: str = ""
    """The first that the server offers when empty."""
    api_key: str = field(default="", repr=False)
    may_be_private: bool = False
    """Whether its address may be one of the own network."""


@dataclass(frozen=True)
class Waits:
    """How long an answer may take, in seconds."""

    connect: float = 2.0
    first_word: float = 2.5
    """From the question on."""
    silence: float = 2.5
    """With nothing arriving; from the first byte to the last."""
    whole: float = 25.0


_FAILURES_UNTIL_REST = 3
_REST = 30.0
_LONGEST_REST = 120.0
_MOST_WEBSITES = 64
_LONGEST_LIST = 1_000_000


class Breaker:
    """Stops asking a model that failed several times in a row, so that customers do not wait for it in vain."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures: dict[Model, int] = {}
        self._rests_until: dict[Model, float] = {}

    def check(self, model: Model) -> None:
        """Let one request try again after each rest.

        Raises:
            ModelFailed: `resting`.
        """
        with self._lock:
            until = self._rests_until.get(model, 0.0)
            now = time.monotonic()
            if now < until:
                raise ModelFailed("resting")
            if until:
                self._rests_until[model] = now + _REST

    def rests(self, model: Model) -> bool:
        """Whether it is left alone at the moment."""
        with self._lock:
            return time.monotonic() < self._rests_until.get(model, 0.0)

    def note(self, model: Model, *, has_failed: bool, retry_after: float = 0.0) -> None:
        """Count how an answer ended.

        Args:
            retry_after: seconds for which the server wants to be left alone.
        """
        with self._lock:
            if not has_failed:
                self._failures.pop(model, None)
                self._rests_until.pop(model, None)
                return
            failures = self._failures[model] = self._failures.get(model, 0) + 1
            rest = _REST if failures >= _FAILURES_UNTIL_REST else 0.0
            rest = max(rest, min(retry_after, _LONGEST_REST))
            if rest:
                self._rests_until[model] = time.monotonic() + rest

    def forget(self, model: Model) -> None:
        """Have a model asked as if it had never failed."""
        with self._lock:
            self._failures.pop(model, None)
            self._rests_until.pop(model, None)

    def clear(self) -> None:
        with self._lock:
            self._failures.clear()
            self._rests_until.clear()


breaker = Breaker()
_websites: OrderedDict[tuple[str, bool], tuple[KeptConnections, str]] = OrderedDict()
"""By addresses up to `/v1`: the connections that are kept, and the path there."""
_first_offered = FirstOffered()
# Those that know nothing of `stream_options`.
_uncounted: set[str] = set()
_websites_lock = threading.Lock()
_asking = threading.local()


def stream(
    model: Model,
    messages: Sequence[Mapping[str, Any]],
    *,
    tools: Sequence[Mapping[str, Any]] = (),
    waits: Waits | None = None,
    asked: Callable[[], None] = lambda: None,
) -> Iterator[Words | Call | Usage]:
    """Ask a model, and yield its answer as it comes: words first to last, the tokens, then what it wants called.

    Args:
        messages: as in OpenAI's chat completions.
        tools: functions in the form of that interface.
        waits: how long it may take.
        asked: called when all of the question is on its way.

    Raises:
        ModelFailed: also in the middle of an answer.
    """
    breaker.check(model)
    waits = waits or Waits()
    began = time.monotonic()
    deadline = Deadline(began + waits.first_word, began + waits.whole, waits.silence)
    try:
        with _until(deadline):
            yield from _answer(model, messages, tools, waits, deadline, asked)
    except ModelFailed as failure:
        breaker.note(model, has_failed=failure.code != "refused", retry_after=failure.retry_after)
        raise
    breaker.note(model, has_failed=False)


def offered(model: Model, *, seconds: float) -> list[str]:
    """The names of the models that a server offers.

    Raises:
        ModelFailed: when it does not say.
    """
    ends_at = time.monotonic() + seconds
    deadline = Deadline(ends_at, ends_at, seconds)
    with (
        _until(deadline),
        _asked(model, "GET", "/models", headers={}, connect_seconds=seconds, seconds=seconds) as answer,
    ):
        _check_status(answer)
        body = b""
        for piece in answer.pieces:
            deadline.check()
            body += piece
            if len(body) > _LONGEST_LIST:
                raise ModelFailed("too_long", "the list of models")
    try:
        names = [str(one["id"])[:200] for one in json.loads(body)["data"][:200]]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise ModelFailed("garbled", "the list of models") from None
    if not names:
        raise ModelFailed("garbled", "an empty list of models")
    return names


@contextmanager
def _until(deadline: Deadline) -> Iterator[None]:
    """Whatever is asked inside ends in time, and fails in our own words."""
    around, _asking.deadline = getattr(_asking, "deadline", None), deadline
    try:
        yield
    except httpcore2.TimeoutException as error:
        raise ModelFailed("too_slow") from error
    except (httpcore2.NetworkError, httpcore2.ProtocolError) as error:
        raise ModelFailed("unreachable", type(error).__name__) from error
    except OutgoingError as error:
        raise ModelFailed("refused", str(error)) from error
    finally:
        _asking.deadline = around


def _answer(
    model: Model,
    messages: Sequence[Mapping[str, Any]],
    tools: Sequence[Mapping[str, Any]],
    waits: Waits,
    deadline: Deadline,
    asked: Callable[[], None],
) -> Iterator[Words | Call | Usage]:
    content: dict[str, Any] = {"model": model.name, "messages": list(messages), "stream": True}
    if tools:
        content["tools"] = list(tools)
    if model.name:
        yield from _told(model, content, waits, deadline, asked)
        return
    content["model"] = _first_of(model, waits)
    try:
        yield from _told(model, content, waits, deadline, asked)
    except ModelFailed as failure:
        # That is told before the first word.
        if failure.code != "refused":
            raise
        # It may offer another one by now.
        _first_offered.forget((model.base_url, model.api_key))
        if content["model"] == (name := _first_of(model, waits)):
            raise
        yield from _told(model, {**content, "model": name}, waits, deadline, asked)


def _first_of(model: Model, waits: Waits) -> str:
    server = (model.base_url, model.api_key)
    return _first_offered.name(server, lambda most: offered(model, seconds=most), seconds=waits.first_word)


def _told(
    model: Model, content: Mapping[str, Any], waits: Waits, deadline: Deadline, asked: Callable[[], None]
) -> Iterator[Words | Call | Usage]:
    if model.base_url not in _uncounted:
        counted = {**content, "stream_options": {"include_usage": True}}
        with _streamed(model, counted, waits, asked) as answer:
            if answer.status not in (400, 422):
                yield from _stream_of(answer, deadline)
                return
    # Some servers refuse what they do not know; then nobody counts but we.
    with _streamed(model, content, waits, asked) as answer:
        if answer.status == 200:
            _uncounted.add(model.base_url)
        yield from _stream_of(answer, deadline)


def _streamed(
    model: Model, content: Mapping[str, Any], waits: Waits, asked: Callable[[], None]
) -> AbstractContextManager[Answer]:
    headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    how: dict[str, Any] = {"connect_seconds": waits.connect, "seconds": waits.whole, "sent": asked}
    return _asked(model, "POST", "/chat/completions", headers=headers, body=body, **how)


def _stream_of(answer: Answer, deadline: Deadline) -> Iterator[Words | Call | Usage]:
    _check_status(answer)
    if "event-stream" not in answer.headers.get("content-type", ""):
        raise ModelFailed("garbled", "not a stream")
    yield from read(answer.pieces, deadline)


def _check_status(answer: Answer) -> None:
    status = answer.status
    if status == 429 or status >= 500:
        raise ModelFailed("busy", str(status), retry_after=_seconds(answer.headers.get("retry-after", "")))
    if status != 200:
        raise ModelFailed("refused", str(status))


def _seconds(text: str) -> float:
    return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0.0


def _asked(
    model: Model, method: str, path: str, *, headers: Mapping[str, str], **how: Any
) -> AbstractContextManager[Answer]:
    connections, before = _connections(model)
    key = {"Authorization": f"Bearer {model.api_key}"} if model.api_key else {}
    return connections.ask(method, before + path, headers={**headers, **key}, **how)


def _connections(model: Model) -> tuple[KeptConnections, str]:
    # Kept open: connecting anew would be most of the time until the first word.
    key = (model.base_url, model.may_be_private)
    with _websites_lock:
        known = _websites.get(key)
        if known is None:
            connections = KeptConnections(model.base_url, allow_private=model.may_be_private, deadline=_ends_at)
            known = _websites[key] = (connections, path_of(model.base_url).rstrip("/"))
            while len(_websites) > _MOST_WEBSITES:
                _websites.popitem(last=False)[1][0].close()
        return known


def _ends_at() -> float | None:
    """When what this thread asks has to be further, so that nobody can keep it busy by sending bit by bit."""
    deadline: Deadline | None = getattr(_asking, "deadline", None)
    return deadline.at if deadline else None
