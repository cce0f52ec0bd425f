"""A language model behind any OpenAI-compatible address, spoken to by its streaming chat completions.

No client library: its parsing alone would cost more processor time a message than everything else here. What comes back
is data from outside: every line, the whole answer, each wait and the whole time have bounds.
"""

import json
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import httpx2

Code = Literal["unreachable", "busy", "refused", "garbled", "too_slow", "cut_off", "too_long", "resting"]


class ModelFailed(Exception):
    """The model gave no usable answer; `code` says why, and nothing of what it sent is in the text."""

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code: Code = code


@dataclass(frozen=True)
class Model:
    """Where a model is, and what it is called there."""

    base_url: str
    """Up to and with `/v1`."""
    name: str = ""
    """The first that the server offers when empty."""
    api_key: str = field(default="", repr=False)


@dataclass(frozen=True)
class Waits:
    """How long an answer may take, in seconds."""

    connect: float = 2.0
    silence: float = 2.5
    """With nothing arriving; from the first byte to the last."""
    whole: float = 25.0


@dataclass(frozen=True)
class Words:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True)
class Call:
    """A function that the model wants called."""

    name: str
    arguments: Mapping[str, Any]


_LONGEST_LINE = 64 * 1024
_LONGEST_ANSWER = 16_000
_LONGEST_ARGUMENTS = 8_000
_FAILURES_UNTIL_REST = 3
_REST = 30.0


class Breaker:
    """Stops asking a model that failed several times in a row, so that customers do not wait for it in vain."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures: dict[str, int] = {}
        self._rests_until: dict[str, float] = {}

    def check(self, model: Model) -> None:
        """Let one request try again after each rest.

        Raises:
            ModelFailed: `resting`.
        """
        with self._lock:
            until = self._rests_until.get(_key(model), 0.0)
            now = time.monotonic()
            if now < until:
                raise ModelFailed("resting")
            if until:
                self._rests_until[_key(model)] = now + _REST

    def note(self, model: Model, *, has_failed: bool) -> None:
        with self._lock:
            if not has_failed:
                self._failures.pop(_key(model), None)
                self._rests_until.pop(_key(model), None)
                return
            failures = self._failures[_key(model)] = self._failures.get(_key(model), 0) + 1
            if failures >= _FAILURES_UNTIL_REST:
                self._rests_until[_key(model)] = time.monotonic() + _REST

    def clear(self) -> None:
        with self._lock:
            self._failures.clear()
            self._rests_until.clear()


breaker = Breaker()
_clients: dict[str, httpx2.Client] = {}
_offered: dict[str, str] = {}
_clients_lock = threading.Lock()


def stream(
    model: Model,
    messages: Sequence[Mapping[str, str]],
    *,
    tools: Sequence[Mapping[str, Any]] = (),
    waits: Waits | None = None,
) -> Iterator[Words | Call]:
    """Ask a model, and yield its answer as it comes: words first to last, then what it wants called.

    Args:
        messages: `{"role", "content"}`, as in OpenAI's chat completions.
        tools: functions in the form of that interface.
        waits: how long it may take.

    Raises:
        ModelFailed: also in the middle of an answer.
    """
    breaker.check(model)
    waits = waits or Waits()
    try:
        yield from _answer(model, messages, tools, waits)
    except ModelFailed as failure:
        breaker.note(model, has_failed=failure.code != "refused")
        raise
    except httpx2.TimeoutException as error:
        breaker.note(model, has_failed=True)
        raise ModelFailed("too_slow") from error
    except (httpx2.HTTPError, httpx2.StreamError, httpx2.InvalidURL) as error:
        breaker.note(model, has_failed=True)
        raise ModelFailed("unreachable", type(error).__name__) from error
    breaker.note(model, has_failed=False)


def _answer(
    model: Model, messages: Sequence[Mapping[str, str]], tools: Sequence[Mapping[str, Any]], waits: Waits
) -> Iterator[Words | Call]:
    ends_at = time.monotonic() + waits.whole
    timeout = httpx2.Timeout(waits.silence, connect=waits.connect)
    name = model.name or _first_offered(model, timeout)
    content: dict[str, Any] = {"model": name, "messages": list(messages), "stream": True}
    if tools:
        content["tools"] = list(tools)
    headers = _headers(model) | {"Accept": "text/event-stream"}
    url = f"{model.base_url.rstrip('/')}/chat/completions"
    with _client(model).stream("POST", url, json=content, headers=headers, timeout=timeout) as response:
        _check_status(response.status_code)
        if "event-stream" not in response.headers.get("content-type", ""):
            raise ModelFailed("garbled", "not a stream")
        yield from _Reading().read(_lines(response, ends_at))


def _first_offered(model: Model, timeout: httpx2.Timeout) -> str:
    with _clients_lock:
        known = _offered.get(model.base_url)
    if known:
        return known
    url = f"{model.base_url.rstrip('/')}/models"
    response = _client(model).get(url, headers=_headers(model), timeout=timeout)
    _check_status(response.status_code)
    try:
        name = str(response.json()["data"][0]["id"])[:200]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise ModelFailed("garbled", "the list of models") from None
    with _clients_lock:
        _offered[model.base_url] = name
    return name


def _headers(model: Model) -> dict[str, str]:
    return {"Authorization": f"Bearer {model.api_key}"} if model.api_key else {}


def _check_status(status: int) -> None:
    if status == 429 or status >= 500:
        raise ModelFailed("busy", str(status))
    if status != 200:
        raise ModelFailed("refused", str(status))


def _lines(response: httpx2.Response, ends_at: float) -> Iterator[bytes]:
    """The lines of the stream, none longer than it may be, whatever arrives in one piece."""
    rest = b""
    for piece in response.iter_bytes():
        if time.monotonic() > ends_at:
            raise ModelFailed("too_slow", "the whole answer")
        *lines, rest = (rest + piece).split(b"\n")
        if len(rest) > _LONGEST_LINE or any(len(line) > _LONGEST_LINE for line in lines):
            raise ModelFailed("too_long", "one line")
        yield from lines


class _Reading:
    """Reads the events of one answer (server-sent events with `chat.completion.chunk`, ended by `[DONE]`)."""

    def __init__(self) -> None:
        self._length = 0
        self._calls: dict[int, dict[str, str]] = {}

    def read(self, lines: Iterator[bytes]) -> Iterator[Words | Call]:
        is_finished = False
        for line in lines:
            if not line.startswith(b"data:"):
                continue
            content = line[5:].strip()
            if content == b"[DONE]":
                is_finished = True
                break
            choice = _choice(content)
            if choice is None:
                continue
            is_finished = is_finished or choice.get("finish_reason") is not None
            text = self._take(choice.get("delta"))
            if text:
                yield Words(text)
        if not is_finished:
            raise ModelFailed("cut_off")
        for _number, call in sorted(self._calls.items()):
            yield Call(call["name"], _arguments(call["arguments"]))

    def _take(self, delta: object) -> str:
        if not isinstance(delta, dict):
            return ""
        for call in delta.get("tool_calls") or ():
            self._note_call(call)
        text = delta.get("content")
        if not isinstance(text, str):
            return ""
        self._length += len(text)
        if self._length > _LONGEST_ANSWER:
            raise ModelFailed("too_long", "the answer")
        return text

    def _note_call(self, call: object) -> None:
        function = call.get("function") if isinstance(call, dict) else None
        if not isinstance(call, dict) or not isinstance(function, dict):
            raise ModelFailed("garbled", "a call")
        number = call.get("index", 0)
        if not isinstance(number, int) or not 0 <= number < 8:
            raise ModelFailed("garbled", "the number of a call")
        known = self._calls.setdefault(number, {"name": "", "arguments": ""})
        known["name"] += str(function.get("name") or "")[:100]
        known["arguments"] += str(function.get("arguments") or "")
        if len(known["arguments"]) > _LONGEST_ARGUMENTS or len(known["name"]) > 100:
            raise ModelFailed("too_long", "a call")


def _choice(content: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(content)
    except (ValueError, RecursionError):
        raise ModelFailed("garbled", "no JSON") from None
    if not isinstance(event, dict):
        raise ModelFailed("garbled", "no event")
    if event.get("error"):
        raise ModelFailed("busy", "an error in the stream")
    choices = event.get("choices")
    # The last event of some servers brings only the count of tokens.
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        return None
    return choices[0]


def _arguments(text: str) -> Mapping[str, Any]:
    try:
        arguments = json.loads(text or "{}")
    except (ValueError, RecursionError):
        raise ModelFailed("garbled", "arguments") from None
    if not isinstance(arguments, dict):
        raise ModelFailed("garbled", "arguments")
    return arguments


def _client(model: Model) -> httpx2.Client:
    # Kept open: connecting anew would be most of the time until the first word.
    with _clients_lock:
        client = _clients.get(model.base_url)
        if client is None:
            limits = httpx2.Limits(max_connections=256, max_keepalive_connections=64, keepalive_expiry=60)
            client = _clients[model.base_url] = httpx2.Client(limits=limits, trust_env=False, follow_redirects=False)
        return client


def _key(model: Model) -> str:
    return f"{model.base_url} {model.name}"
