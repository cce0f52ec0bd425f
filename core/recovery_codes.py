"""Codes on paper for the day the device is lost: ten, each good once."""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update

from core.signing import derived_keys
from models import db, transaction
from models.second_factors import RecoveryCode
from models.teammates import Teammate

HOW_MANY = 10
FEW = 3
# Crockford's base 32: no letter that could be read as a digit.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_READ_AS = str.maketrans("oil", "011")
_LENGTH = 12


def renew(teammate: Teammate, *, now: datetime) -> Sequence[str]:
    """Make new codes; those before are worth nothing any more.

    Returns:
        The codes, of which only keyed hashes are kept: they can be shown now and never again.
    """
    codes = [_new_code() for _ in range(HOW_MANY)]
    with transaction():
        remove(teammate)
        db.session.add_all(
            RecoveryCode(teammate_id=teammate.id, code_hash=_hashes(teammate, code)[0], created_at=now)
            for code in codes
        )
    return [_grouped(code) for code in codes]


def take(teammate: Teammate, code: str, *, now: datetime) -> bool:
    """Whether this is one of the teammate's codes that was not used before; it cannot be used again."""
    with transaction():
        used = db.session.scalar(
            update(RecoveryCode)
            .where(
                RecoveryCode.teammate_id == teammate.id,
                RecoveryCode.code_hash.in_(_hashes(teammate, _as_made(code))),
                RecoveryCode.used_at.is_(None),
            )
            .values(used_at=now)
            .returning(RecoveryCode.id)
            .execution_options(synchronize_session=False)
        )
    return used is not None


def left(teammate: Teammate) -> int:
    """How many of the teammate's codes are still good."""
    unused = select(func.count()).where(RecoveryCode.teammate_id == teammate.id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(unused) or 0


def remove(teammate: Teammate) -> None:
    with transaction():
        db.session.execute(delete(RecoveryCode).where(RecoveryCode.teammate_id == teammate.id))


def _new_code() -> str:
    # 60 bits; who has stolen the database lacks the key to try them.
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def _grouped(code: str) -> str:
    return "-".join(code[start : start + 4] for start in range(0, _LENGTH, 4))


def _as_made(typed: str) -> str:
    """However it was typed: with capitals, spaces, or an O for a zero."""
    return "".join(sign for sign in typed.lower() if sign.isalnum())[: 2 * _LENGTH].translate(_READ_AS)


def _hashes(teammate: Teammate, code: str) -> list[str]:
    """As it would have been kept under the present secret and those before."""
    content = f"{teammate.id}:{code}".encode("utf-8", "replace")
    return [hmac.new(key, content, "sha256").hexdigest() for key in derived_keys("recovery-codes")]
