"""Asks a browser for a passkey, and reads what it answers."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import jsonify, request, session
from werkzeug.wrappers import Response

from core.errors import Invalid
from core.passkey_sites import Site
from core.passkeys import Request
from web.origins import own_origin

_CHALLENGE = "passkey_challenge"
_LONGEST = 20_000


@dataclass(frozen=True)
class Answer:
    """What came back, and the challenge that this browser was given."""

    credential: Mapping[str, Any]
    challenge: bytes


def site() -> Site:
    """Where passkeys are good in this request."""
    return Site(own_origin())


def ask(asked: Request) -> Response:
    """Hand the options to the page's script; the challenge stays bound to this browser's session."""
    session[_CHALLENGE] = base64.b64encode(asked.challenge).decode()
    return jsonify(asked.options)


def answer() -> Answer:
    """What the page's script sends: the credential as JSON in the form's field of this name.

    Raises:
        Invalid: it is none, or this browser was not asked.
    """
    challenge = base64.b64decode(session.pop(_CHALLENGE, ""))
    sent = request.form.get("credential", "")
    if not sent:
        raise Invalid("The browser sent no passkey. Try again, or use another way.")
    try:
        credential = json.loads(sent[:_LONGEST])
    except (ValueError, RecursionError):
        credential = None
    if not isinstance(credential, dict) or not isinstance(credential.get("response"), dict):
        raise Invalid("This passkey was not accepted. Try again, or use another way.")
    return Answer(credential, challenge)
