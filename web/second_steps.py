"""Takes what somebody shows besides the password; the same at sign-in and where it is asked again."""

from flask import request

from core import second_factors
from core.clock import utc_now
from core.errors import Invalid
from models.teammates import Teammate
from web import attempts, mails

_WRONG_CODE = "That is not the code that your app shows now, or it was used already. Wait for the next one."
_WRONG_RECOVERY_CODE = "That is not one of your recovery codes, or it was used already."


def take_code(teammate: Teammate, code: str | None) -> None:
    """Take a code of the teammate's authenticator app.

    Raises:
        Invalid: it is missing, or not the one, or was used.
        TooMany: there were too many wrong ones.
    """
    if not code:
        raise Invalid("Your password alone is not enough: your account has a second factor.")
    tries = attempts.codes_for(teammate.email)
    tries.take()
    if not second_factors.take_code(teammate, code, now=utc_now()):
        tries.were_wrong()
        raise Invalid(_WRONG_CODE)
    tries.were_right()


def take_recovery_code(teammate: Teammate, code: str) -> None:
    """Take a recovery code, and tell its owner by mail.

    Raises:
        Invalid: it is none of theirs, or was used.
        TooMany: there were too many wrong ones.
    """
    tries = attempts.codes_for(teammate.email)
    tries.take()
    if not second_factors.take_recovery_code(teammate, code, address=request.remote_addr or "", now=utc_now()):
        tries.were_wrong()
        raise Invalid(_WRONG_RECOVERY_CODE)
    tries.were_right()
    mails.tell_recovery_code_used(teammate)
