"""Passwords: what is good enough, and what is kept of them."""

import sys
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, TypeVar, cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.errors import Invalid
from models import db

Result = TypeVar("Result")


class TooWeak(Invalid):
    """A password that others would try first, or that cannot be typed in."""


SHORTEST = 10
LONGEST = 200
# RFC 9106, 4, without a GiB to spare: three passes over memory. One lane, because the sign-ins of several
# people already fill the cores, and 32 MiB, because several may sign in at once on a small machine.
_HASHER = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
_AT_ONCE = 2
# Those of the much-used ones that are long enough to be taken otherwise (NIST SP 800-63B, 5.1.1.2).
_COMMON = frozenset(
    """
    0123456789 0987654321 1111111111 1122334455 1212121212 123123123123 1234512345 1234567890 12345678910 123456789a
    123456789q 1234567891 1357924680 1472583690 1q2w3e4r5t 1qaz2wsx3edc 1qazxsw23edc 9876543210 abcdefghij abcd123456
    admin12345 admin123456 administrator adminadmin asdfasdfasdf asdfghjkl1 asdfghjkl; asdfghjkl123 baseball123
    basketball changeme123 chocolate1 computer123 dragon1234 football123 helloworld hello12345 iloveyou123 iloveyou12
    internet123 letmein123 liverpool1 login12345 manchester mypassword mypassword1 newpassword passw0rd123 password01
    password10 password11 password12 password123 password1234 password12345 password1! passwordpassword
    porchlight porchlight1 porchlight123 princess123 q1w2e3r4t5 q1w2e3r4t5y6 qazwsxedcr qazwsxedcrfv qwerty12345
    qwerty123456 qwertyqwerty qwertyuiop qwertyuiop1 qwertyuiop123 secret1234 starwars123 sunshine123 superman123
    test123456 testtest123 trustno1trustno1 welcome123 welcome1234 zxcvbnm123 zxcvbnmasdfghjkl
    """.split()  # noqa: SIM905 - a page of quotation marks is no easier to read
)


def check_new(password: str, *, email: str) -> None:
    """Refuse a password that others would try first; whatever else it is made of is its owner's choice.

    Raises:
        TooWeak: too short, too long, the e-mail address, one sign again and again, or one of the common ones.
    Source: NIST SP 800-63B, 5.1.1.2.
    """
    folded = _normal(password).casefold()
    if len(password) < SHORTEST:
        raise TooWeak(f"Use at least {SHORTEST} characters. A short sentence is easy to remember.")
    if len(password) > LONGEST:
        raise TooWeak(f"Use at most {LONGEST} characters.")
    if folded in (email.casefold(), email.casefold().partition("@")[0]):
        raise TooWeak("Do not use your e-mail address as the password.")
    if folded in _COMMON or len(set(folded)) < 3:
        raise TooWeak("This password is one of the first that others would try. Choose another.")


def hash_password(password: str) -> str:
    """What is kept of a password (argon2id, RFC 9106).

    Raises:
        RuntimeError: inside a transaction, which would wait for something slow.
    """
    return _apart(_HASHER.hash, _bytes(password))


def verify_password(kept: str | None, password: str) -> bool:
    """Whether this is the password; without anything kept it takes just as long to say no."""
    return _apart(_matches, kept, _bytes(password[: LONGEST + 1]))


def needs_rehash(kept: str) -> bool:
    """Whether the password was hashed in a way that is no longer ours."""
    return _HASHER.check_needs_rehash(kept)


def _matches(kept: str | None, password: bytes) -> bool:
    decoy = _decoy()
    try:
        return _HASHER.verify(kept or decoy, password) and bool(kept)
    except VerificationError:
        return False
    except InvalidHashError:
        return _matches(None, password)  # Nobody signs in with it, which takes as long as for anybody.


@cache
def _decoy() -> str:
    return _HASHER.hash("nobody has this password")


def _normal(password: str) -> str:
    # The same signs from every keyboard and system (NIST SP 800-63B, 5.1.1.2).
    return unicodedata.normalize("NFKC", password)


def _bytes(password: str) -> bytes:
    return _normal(password).encode("utf-8", errors="replace")  # A form may bring half characters.


def _apart(work: Callable[..., Result], *arguments: Any) -> Result:
    """Run in a real thread, a few at once: hashing would stop a gevent hub, and many would fill the memory."""
    if db.session.info.get("writing"):
        raise RuntimeError("Hash a password before the transaction, not inside it.")
    db.session.commit()  # Nor does a connection wait for it that only read.
    gevent = sys.modules.get("gevent")
    if gevent is not None and sys.modules["gevent.monkey"].is_module_patched("threading"):
        return cast(Result, gevent.get_hub().threadpool.apply(work, arguments))
    return _pool().submit(work, *arguments).result()


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="passwords")
