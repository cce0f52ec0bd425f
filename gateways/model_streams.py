"""Reads what a language model streams back: words, what it wants called, and how many tokens it counts.

All of it is data from outside: every line, the whole answer, and each call have bounds.
"""

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

Code = Literal["unreachable", "busy", "refused", "garbled", "too_slow", "cut_off", "too_long", "resting"]


class ModelFailed(Exception):
    """The model gave no usable answer; `code` says why, and nothing of what it sent is in the text."""

    def __init__(self, code: Code, detail: str = "", *, retry_after: float = 0.0) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code: Code = code
        self.detail = detail
        """In our own words, or a status in digits."""
        self.retry_after = retry_after
        """Seconds for which the server wants to be left alone."""


@dataclass(frozen=True)
class Words:
    """A piece of the answer."""

    text: str


@dataclass(frozen=True)
class Call:
    """A function that the model wants called."""

    name: str
    arguments: Mapping[str, Any]
    id: str = field(default="", compare=False)
    """By which its result is told to the model."""


@dataclass(frozen=True)
class Usage:
    """The tokens that the server counts for one answer."""

    input_tokens: int
    output_tokens: int


@dataclass
class Deadline:
    """When an answer must be further; moved on while it comes. Moments are those of `time.monotonic()`."""

    first_word: float
    whole: float
    silence: float
    """Seconds without anything, from the first word on."""
    has_begun: bool = False
    heard_at: float = 0.0

    @property
    def at(self) -> float:
        return min(self.heard_at + self.silence if self.has_begun else self.first_word, self.whole)

    def check(self) -> None:
        """
        Raises:
            ModelFailed: `too_slow`.
        """
        now = time.monotonic()
        if now > self.at:
            raise ModelFailed("too_slow", "the whole answer" if self.has_begun else "the first word")
        self.heard_at = now


_LONGEST_LINE = 64 * 1024
_LONGEST_ANSWER = 16_000
_LONGEST_ARGUMENTS = 8_000
_MOST_TOKENS = 10_000_000
_END = b"[DONE]"
_TOGETHER = 0.1
_MUCH = 16 * 1024
# No database keeps them, and nobody can be sent half a character.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HALVES = re.compile(r"[\ud800-\udfff]")


def read(pieces: Iterator[bytes], deadline: Deadline) -> Iterator[Words | Call | Usage]:
    """What one answer brings, as it comes (server-sent events with `chat.completion.chunk`, ended by `[DONE]`).

    Args:
        pieces: of the body, however they are cut.

    Raises:
        ModelFailed: for what is no such stream, or too much of it, or not in time.
    """
    yield from _Reading(deadline).read(_lines(pieces, deadline))


def _lines(pieces: Iterator[bytes], deadline: Deadline) -> Iterator[list[bytes]]:
    """The lines of the stream, those together that have come together, none longer than it may be."""
    rest = b""
    for piece in _pieces(pieces, deadline):
        deadline.check()
        *lines, rest = (rest + piece).split(b"\n")
        if len(rest) > _LONGEST_LINE or any(len(line) > _LONGEST_LINE for line in lines):
            raise ModelFailed("too_long", "one line")
        yield lines


def _pieces(arriving: Iterator[bytes], deadline: Deadline) -> Iterator[bytes]:
    """The pieces as they come; once the answer has begun, all of a tenth of a second at a time."""
    for piece in arriving:
        yield piece
        # A server sends each word by itself, customers are shown several together: to wake for each would cost more
        # processor time than all else that is done with it. Where much has come at once, more is waiting.
        if deadline.has_begun and len(piece) < _MUCH:
            time.sleep(_TOGETHER)


class _Reading:
    """The events of one answer, put together."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._length = 0
        self._calls: dict[int, dict[str, str]] = {}
        self._usage: Usage | None = None
        self._is_finished = False
        self._is_done = False

    def read(self, arriving: Iterator[list[bytes]]) -> Iterator[Words | Call | Usage]:
        for lines in arriving:
            words: list[str] = []
            try:
                self._hear(lines, words)
            finally:
                # Also before what makes it fail: whoever has heard a word knows that the answer had begun.
                self._deadline.has_begun = self._deadline.has_begun or bool(words)
                if words:
                    yield Words("".join(words))
            if self._is_done:
                break
        if self._usage is not None:
            yield self._usage
        if not self._is_finished:
            raise ModelFailed("cut_off")
        for _number, call in sorted(self._calls.items()):
            yield Call(call["name"], _arguments(call["arguments"]), call["id"])

    def _hear(self, lines: list[bytes], words: list[str]) -> None:
        contents = [line[5:].strip() for line in lines if line.startswith(b"data:")]
        self._is_done = _END in contents
        if self._is_done:
            del contents[contents.index(_END) :]
        for event in _events(contents):
            self._usage = _usage(event) or self._usage
            choice = _choice(event)
            if choice is None:
                continue
            self._is_finished = self._is_finished or choice.get("finish_reason") is not None
            if text := self._take(choice.get("delta")):
                words.append(text)
        self._is_finished = self._is_finished or self._is_done

    def _take(self, delta: object) -> str:
        if not isinstance(delta, dict):
            return ""
        calls = delta.get("tool_calls") or ()
        if not isinstance(calls, list | tuple):
            raise ModelFailed("garbled", "the calls")
        for call in calls:
            self._note_call(call)
        text = delta.get("content")
        if not isinstance(text, str):
            return ""
        self._length += len(text)
        if self._length > _LONGEST_ANSWER:
            raise ModelFailed("too_long", "the answer")
        return _fit_to_keep(text)

    def _note_call(self, call: object) -> None:
        function = call.get("function") if isinstance(call, dict) else None
        if not isinstance(call, dict) or not isinstance(function, dict):
            raise ModelFailed("garbled", "a call")
        number = call.get("index", 0)
        if not isinstance(number, int) or not 0 <= number < 8:
            raise ModelFailed("garbled", "the number of a call")
        # A call that is being written is an answer that has begun.
        self._deadline.has_begun = True
        known = self._calls.setdefault(number, {"name": "", "arguments": "", "id": str(call.get("id") or "")[:100]})
        known["name"] += str(function.get("name") or "")[:100]
        known["arguments"] += str(function.get("arguments") or "")
        if len(known["arguments"]) > _LONGEST_ARGUMENTS or len(known["name"]) > 100:
            raise ModelFailed("too_long", "a call")


def _events(contents: Sequence[bytes]) -> Iterator[dict[str, Any]]:
    """The events that have come together. They are read together, which takes a third of the time."""
    try:
        # As text: told bytes, the library looks for five encodings first.
        found = json.loads(f"[{b','.join(contents).decode()}]")
    except (ValueError, RecursionError):
        found = ()
    if len(found) == len(contents):
        yield from map(_checked, found)
        return
    # What came before the one that cannot be read still counts.
    for content in contents:
        try:
            event = json.loads(content.decode())
        except (ValueError, RecursionError):
            raise ModelFailed("garbled", "no JSON") from None
        yield _checked(event)


def _checked(event: Any) -> dict[str, Any]:
    if not isinstance(event, dict):
        raise ModelFailed("garbled", "no event")
    if event.get("error"):
        raise ModelFailed("busy", "an error in the stream")
    return event


def _usage(event: Mapping[str, Any]) -> Usage | None:
    usage = event.get("usage")
    if not isinstance(usage, dict):
        return None
    return Usage(_count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens")))


def _count(number: object) -> int:
    is_number = isinstance(number, int) and not isinstance(number, bool)
    return min(max(int(str(number)), 0), _MOST_TOKENS) if is_number else 0


def _choice(event: Mapping[str, Any]) -> dict[str, Any] | None:
    choices = event.get("choices")
    # The last event of some servers brings only the count of tokens.
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        return None
    return choices[0]


def _arguments(text: str) -> Mapping[str, Any]:
    try:
        arguments = _all_fit(json.loads(text or "{}"))
    except (ValueError, RecursionError):
        raise ModelFailed("garbled", "arguments") from None
    if not isinstance(arguments, dict):
        raise ModelFailed("garbled", "arguments")
    return arguments


def _all_fit(content: Any) -> Any:
    if isinstance(content, dict):
        return {_fit_to_keep(name): _all_fit(inner) for name, inner in content.items()}
    if isinstance(content, list):
        return [_all_fit(inner) for inner in content]
    return _fit_to_keep(content) if isinstance(content, str) else content


def _fit_to_keep(text: str) -> str:
    # Nearly every piece is; two searches in each would take longer than all else that is done with it.
    if text.isprintable():
        return text
    return _HALVES.sub("\ufffd", _CONTROLS.sub("", text))
