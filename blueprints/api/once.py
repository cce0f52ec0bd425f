"""Calls that carry an idempotency key are done once (draft-ietf-httpapi-idempotency-key-header-07)."""

import hashlib
import json
import re
import uuid
from collections.abc import Callable

from flask import Response, g, request

from core import idempotent_calls
from core.clock import utc_now
from core.errors import Invalid
from models.api_keys import ApiKey

HEADER = "Idempotency-Key"
PATTERN = r'^"?[\x21\x23-\x5b\x5d-\x7e]{1,255}"?$'
"""Printable ASCII, as a string of RFC 9651 or bare, as most clients send it."""
_KEPT_HEADERS = ("ETag", "Location")


def done(key: ApiKey, do: Callable[[], Response]) -> Response:
    """Do what is asked, inside the transaction around it; or answer as before when it was done already."""
    sent = _sent()
    if sent is None:
        return do()
    earlier = idempotent_calls.begin(key, sent, request_hash=_hash(), now=utc_now())
    if earlier is not None:
        return _again(earlier)
    g.api_customer_id = None
    response = do()
    idempotent_calls.finish(
        key,
        sent,
        status_code=response.status_code,
        body=_kept(response),
        customer_id=g.api_customer_id,
        now=utc_now(),
    )
    return response


def speaks_of(customer_id: uuid.UUID) -> None:
    """Say whom the answer of this call speaks of, so that what is kept of it goes with them."""
    g.api_customer_id = customer_id


def _sent() -> str | None:
    text = request.headers.get(HEADER)
    if text is None:
        return None
    key = text.strip('"')
    if len(key) > idempotent_calls.LONGEST_KEY or not re.fullmatch(PATTERN, text):
        words = f"{HEADER} has to be 1 to {idempotent_calls.LONGEST_KEY} printable ASCII characters, such as a UUID."
        raise Invalid(words, code="idempotency_key_invalid")
    return key


def _hash() -> str:
    digest = hashlib.sha256(f"{request.method} {request.full_path}\n".encode("utf-8", "replace"))
    digest.update(request.get_data(cache=True))
    return digest.hexdigest()


def _kept(response: Response) -> bytes:
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    return json.dumps({"headers": headers, "body": response.get_data(as_text=True)}).encode()


def _again(earlier: idempotent_calls.Done) -> Response:
    kept = json.loads(earlier.body)
    mimetype = "application/json" if kept["body"] else None
    response = Response(kept["body"], status=earlier.status_code, mimetype=mimetype)
    response.headers.extend(kept["headers"])
    response.headers["Idempotent-Replayed"] = "true"
    return response
