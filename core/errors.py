"""Refusals whose text can be shown as it is; only `web.errors` turns them into HTTP."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any


class DomainError(Exception):
    """A rule of the product says no. The message is for the person who asked."""

    code = "refused"
    details: Mapping[str, Any] = MappingProxyType({})
    """What a program needs beside the words, to go on."""

    def __init__(self, message: str, *, code: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code


class Invalid(DomainError):
    """What was sent cannot be used as it is."""

    code = "invalid"


class NotFound(DomainError):
    """There is no such thing, or it is somebody else's, which is told as the same."""

    code = "not_found"


class Conflict(DomainError):
    """It was right once, but something else has changed since."""

    code = "conflict"


class Forbidden(DomainError):
    """The person is known and may not."""

    code = "forbidden"


class Unauthenticated(DomainError):
    """Whoever asks has not proven who they are, or their proof has run out."""

    code = "token_invalid"


class TooMany(DomainError):
    """A limit was reached; `retry_after` tells in how many seconds to come back."""

    code = "rate_limited"

    def __init__(self, message: str, *, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """What is needed for it does not answer now; `retry_after` tells in how many seconds to come back."""

    code = "unavailable"

    def __init__(self, message: str, *, retry_after: int, code: str | None = None) -> None:
        super().__init__(message, code=code)
        self.retry_after = retry_after
