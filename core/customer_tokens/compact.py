"""The outer form of a token: JWS compact serialisation, read without any leniency."""

import base64
import json
import re
from dataclasses import dataclass
from typing import Any, NoReturn

from core.customer_tokens.refusals import TokenRefused

LONGEST_TOKEN = 16 * 1024
_SEGMENT = re.compile(r"[A-Za-z0-9_-]*")


@dataclass(frozen=True, repr=False)
class CompactToken:
    """A token taken apart; nothing of it is proven yet."""

    header: dict[str, Any]
    payload: bytes
    signing_input: bytes
    signature: bytes


def read_compact(token: object) -> CompactToken:
    """Take a token apart.

    Raises:
        TokenRefused: `too_large` above 16 KiB; `malformed` when it is anything but three base64url segments
            (no padding, no stray bits) of which the first is one JSON object with no member twice.
    Source: RFC 7515, 3.1, 5.2 and 7.1; RFC 4648, 3.5.
    """
    if not isinstance(token, str) or not token:
        raise TokenRefused("malformed", "There is no token. Pass the signed token as one text.")
    if len(token) > LONGEST_TOKEN:
        raise TokenRefused("too_large", "The token is larger than 16 KiB. Put fewer attributes into it.")
    if token.count(".") == 4:
        raise TokenRefused("malformed", "The token is encrypted (JWE). Send one that is only signed (JWS).")
    if not re.fullmatch(r"[^.\s]*\.[^.\s]*\.[^.\s]*", token):
        raise TokenRefused("malformed", "A token is three parts joined by two dots, with no space or line break.")
    header, payload, signature = (decode_base64url(segment) for segment in token.split("."))
    if header is None or payload is None or signature is None:
        raise TokenRefused("malformed", "A part of the token is not base64url (no padding, no + and no /).")
    members = read_object(header)
    if members is None:
        raise TokenRefused("malformed", "The first part of the token is not one JSON object with each name once.")
    return CompactToken(members, payload, token.rpartition(".")[0].encode("ascii"), signature)


def decode_base64url(text: str) -> bytes | None:
    """Decode base64url as JOSE writes it; None when another encoder could not have written exactly this."""
    if not _SEGMENT.fullmatch(text) or len(text) % 4 == 1:
        return None
    decoded = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    return decoded if base64.urlsafe_b64encode(decoded).rstrip(b"=").decode("ascii") == text else None


def read_object(text: bytes) -> dict[str, Any] | None:
    """Read UTF-8 text as one JSON object; None when it is none, names a member twice, nests too deep or holds NaN."""
    try:
        value = json.loads(text.decode("utf-8"), object_pairs_hook=_members, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("A member is named twice.")
    return members


def _refuse_constant(_name: str) -> NoReturn:
    raise ValueError("NaN and Infinity are no JSON.")
