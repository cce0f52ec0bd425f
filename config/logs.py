"""One line a happening, as text for a person at a terminal and JSON for a machine; never what somebody wrote.

Nothing of ours logs a message, a token or a name. What libraries and errors would tell is made harmless here, for
every logger of the process: queries and long secrets are cut out of addresses, personal data is masked, and of an error
stands there where it happened and of what type it is, but not its own words, which often quote what was sent.
"""

import logging
import re
import sys
import threading
import traceback
from collections.abc import Callable, MutableMapping
from types import TracebackType
from typing import Any

import structlog

Mask = Callable[[str], str]
_QUERY = re.compile(r"(?<=[\w/%.~-])\?[^\s\"'<>]+")
# A link that lets somebody in, a session, a hash: longer than anything that a person reads, and no UUID.
_LONG = re.compile(
    r"(?<![\w.-])(?![0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-]))[\w-]{32,}(?:\.[\w-]+)*", re.IGNORECASE
)
_PLAIN = {"event", "level", "timestamp", "exception"}


def configure_logs(*, mask: Mask = str, json: bool | None = None) -> None:
    """Send the product's log to standard error, and make every other log of the process harmless.

    Args:
        mask: puts marks in the place of personal data.
        json: JSON lines when true, readable text when false; by default JSON unless a terminal reads along.
    """
    if json is None:
        json = not sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _place_of_error,
            _harmless_values(mask),
            structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.setLogRecordFactory(_harmless_records(mask))
    threading.excepthook = _tell_of_thread


def harmless(text: str, mask: Mask = str) -> str:
    """A line of a log without queries, long secrets and personal data."""
    return mask(_LONG.sub("[secret]", _QUERY.sub("?…", text)))


def describe_error(error: BaseException) -> str:
    """Where an error happened, of which type it is and what it came from, without its own words."""
    told: list[str] = []
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        told.append(_described(following))
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)
    return "\nafter\n".join(told)


def _described(error: BaseException) -> str:
    places = "".join(traceback.format_list(traceback.extract_tb(error.__traceback__)))
    return f"{places}{type(error).__module__}.{type(error).__qualname__}{_state(error)}"


def _state(error: BaseException) -> str:
    """The number that a system or a database gave to what went wrong; numbers quote nobody."""
    state = getattr(error, "errno", None) or getattr(error, "sqlstate", None)
    state = state or getattr(getattr(error, "orig", None), "sqlstate", None)
    return f" ({state})" if isinstance(state, int | str) and len(str(state)) <= 8 else ""


def _place_of_error(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = describe_error(error)
    return event


def _harmless_values(mask: Mask) -> Callable[..., MutableMapping[str, Any]]:
    def make_harmless(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        for name, content in event.items():
            if isinstance(content, str) and name not in _PLAIN:
                event[name] = harmless(content, mask)
        return event

    return make_harmless


def _harmless_records(mask: Mask) -> Callable[..., logging.LogRecord]:
    """What makes each record of the standard library's loggers: gunicorn's, werkzeug's, huey's and Flask's own."""

    def make_record(*arguments: Any, **options: Any) -> logging.LogRecord:
        record = logging.LogRecord(*arguments, **options)
        try:
            message = record.getMessage()
        except (TypeError, ValueError):
            message = str(record.msg)
        record.msg, record.args = harmless(message, mask), ()
        if record.exc_info and record.exc_info[1] is not None:
            # Formatters take this in the place of the traceback that they would write.
            record.exc_text = describe_error(record.exc_info[1])
        return record

    return make_record


def _tell_of_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None and not isinstance(told.exc_value, SystemExit):
        structlog.get_logger().error("thread_failed", exc_info=_as_info(told.exc_value))


def _as_info(error: BaseException) -> tuple[type[BaseException], BaseException, TracebackType | None]:
    return type(error), error, error.__traceback__
