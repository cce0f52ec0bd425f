"""Rooms of Slack, Teams and other services, by apprise: only those that we know, and only by the guarded client.

Apprise knows ways that a server must not go for a stranger (files, the desktop, templates from its own disk), and opens
connections by itself. So an address may name a known service and nothing that steers it, and what apprise calls to
reach the network is replaced by the one outgoing client.
"""

import importlib
import re
from collections.abc import Mapping
from contextvars import ContextVar
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from gateways.outgoing import Limits, OutgoingError, OutgoingRefused, fetch

SERVICES: Mapping[str, str] = MappingProxyType(
    {
        "discord": "Discord",
        "google_chat": "Google Chat",
        "mattermost": "Mattermost",
        "rocketchat": "Rocket.Chat",
        "slack": "Slack",
        "telegram": "Telegram",
        "webexteams": "Webex",
        "workflows": "Microsoft Teams",
        "zulip": "Zulip",
    }
)
"""What each module of apprise is called that may be used."""

_SCHEMES = frozenset(
    {
        *("discord", "gchat", "https", "mmosts", "rockets", "slack", "tgram", "webex", "wxteams"),
        *("workflow", "workflows", "zulip"),
    }
)
# What addresses have that Teams and Google give out. Any other would steer apprise: `template` reads a file of ours.
_KNOWN_FIELDS = frozenset({"api-version", "key", "sig", "sp", "sv", "token"})
_LONGEST = 2_000
_LIMITS = Limits(seconds=10, bytes=256 * 1024, redirects=0)
_problem: ContextVar[str] = ContextVar("room_problem", default="")
_allows_private = False


class NoRoom(ValueError):
    """This is no address of a room that can be written to; the message is fit to be shown."""


def reach(*, allow_private: bool) -> None:
    """Say whether services on the own network may be written to."""
    global _allows_private  # noqa: PLW0603 - a setting of the process
    _allows_private = allow_private


def service_of(address: str) -> str:
    """Which of `SERVICES` an address belongs to.

    Raises:
        NoRoom: in plain words.
    """
    service, _room = _opened(address)
    return service


def send(address: str, *, title: str, body: str) -> str:
    """Write into a room.

    Returns:
        what went wrong, in plain words; empty when it was taken.
    """
    try:
        _service, room = _opened(address)
    except NoRoom as refusal:
        return str(refusal)
    _problem.set("")
    if room.notify(title=title, body=body):
        return ""
    return _problem.get() or "The service did not take it."


def _opened(address: str) -> tuple[str, Any]:
    """The module of apprise that knows an address, and its room."""
    scheme = _check(address)
    for module in SERVICES:
        # One by one: apprise itself would load all the 170 that it has, which takes seconds.
        plugin = importlib.import_module(f"apprise.plugins.{module}")
        kind = next(
            found for name, found in vars(plugin).items() if name.startswith("Notify") and _is_of(found, plugin)
        )
        known = kind.parse_native_url(address) if scheme == "https" else _parsed(kind, scheme, address)
        if not known:
            continue
        if not isinstance(plugin.requests, _GuardedRequests):
            plugin.requests = _GuardedRequests(plugin.requests)  # type: ignore[attr-defined]
        try:
            return module, kind(**known)
        except TypeError:
            # What apprise raises where a part of the address is missing.
            break
    raise NoRoom("This is not an address of a room. Copy it from the service once more.")


def _is_of(found: object, plugin: object) -> bool:
    # Each module also has the class that all are made from.
    return getattr(found, "__module__", "") == getattr(plugin, "__name__", None) and hasattr(found, "parse_native_url")


def _parsed(kind: Any, scheme: str, address: str) -> Any:
    schemes = kind.secure_protocol
    return kind.parse_url(address) if scheme in ((schemes,) if isinstance(schemes, str) else schemes) else None


def _check(address: str) -> str:
    if len(address) > _LONGEST or re.search(r"[\s\x00-\x1f]", address):
        raise NoRoom("This is not an address of a room. Copy it from the service once more.")
    try:
        parts = urlsplit(address)
        fields = {name.lower().lstrip("+-:") for name, _value in parse_qsl(parts.query, keep_blank_values=True)}
    except ValueError:
        raise NoRoom("This is not an address of a room. Copy it from the service once more.") from None
    if parts.scheme.lower() not in _SCHEMES:
        raise NoRoom(f"Only rooms of these services can be told: {', '.join(SERVICES.values())}.")
    if unknown := sorted(fields - _KNOWN_FIELDS):
        raise NoRoom(f"Leave “{unknown[0][:30]}” out of the address.")
    return parts.scheme.lower()


class _GuardedRequests:
    """Stands where a module of apprise has `requests`, and sends by the guarded client."""

    def __init__(self, requests: Any) -> None:
        self._requests = requests
        self.codes, self.exceptions = requests.codes, requests.exceptions
        self.RequestException = requests.RequestException

    def get(self, url: str, **how: Any) -> Any:
        return self.request("GET", url, **how)

    def post(self, url: str, **how: Any) -> Any:
        return self.request("POST", url, **how)

    def request(self, method: str, url: str, **how: Any) -> Any:
        """Send one request; what steers the connection itself is ours to say, and left out."""
        content = {name: how[name] for name in ("params", "data", "json", "headers", "auth") if how.get(name)}
        prepared = self._requests.Request(method, url, **content).prepare()
        headers = {name: value for name, value in prepared.headers.items() if name.lower() != "content-length"}
        body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body
        try:
            answer = fetch(
                prepared.url,
                method=method,
                headers=headers,
                body=body,
                limits=_LIMITS,
                follows=False,
                allow_private=_allows_private,
            )
        except OutgoingError as error:
            is_refused = isinstance(error, OutgoingRefused)
            _problem.set(str(error) if is_refused else "The service could not be reached.")
            raise self._requests.ConnectionError(str(error)) from error
        if answer.status >= 300:
            _problem.set(f"The service answered with status {answer.status}.")
        return self._answered(answer.status, answer.body, dict(answer.headers), prepared.url)

    def _answered(self, status: int, body: bytes, headers: dict[str, str], url: str) -> Any:
        response = self._requests.Response()
        response.status_code, response._content, response.url = status, body, url
        response.headers.update(headers)
        return response
