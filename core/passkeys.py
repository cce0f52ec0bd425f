"""Passkeys: key pairs in people's devices that prove who they are (WebAuthn Level 3)."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from core import passkey_challenges
from core.errors import Conflict, Invalid, NotFound
from core.passkey_sites import Site
from core.texts import clean_line
from models import db, transaction
from models.second_factors import Passkey
from models.teammates import Teammate

log = structlog.get_logger()

MOST = 20
SIGN_IN = "sign-in"
_NAME = "Porchlight"
_REFUSED = "This passkey was not accepted. Try again, or use another way."
_TOO_LATE = "That took too long, or it was sent twice. Try again."


@dataclass(frozen=True)
class Request:
    """What a browser is asked for: the options of `navigator.credentials`, and the challenge in them."""

    options: Mapping[str, Any]
    challenge: bytes


def purpose_of(ceremony: str, teammate: Teammate) -> str:
    """What a challenge is for, when it is for one person."""
    return f"{ceremony}:{teammate.id}"


def ask_for_new(teammate: Teammate, site: Site, *, purpose: str, now: datetime) -> Request:
    """Ask a browser to make a passkey that signs in by itself.

    Raises:
        Conflict: the teammate has as many as one person can look after.
    """
    import webauthn
    from webauthn.helpers import options_to_json_dict, structs

    known = listed(teammate)
    if len(known) >= MOST:
        raise Conflict(f"You have {MOST} passkeys. Remove one that you do not use before you add another.")
    challenge = passkey_challenges.issue(purpose, now=now)
    options = webauthn.generate_registration_options(
        rp_id=site.id,
        rp_name=_NAME,
        user_id=teammate.id.bytes,
        user_name=teammate.email,
        user_display_name=teammate.name,
        challenge=challenge,
        timeout=_milliseconds(),
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(known),
    )
    return Request(options_to_json_dict(options), challenge)


def read_new(
    teammate: Teammate,
    credential: Mapping[str, Any],
    *,
    challenge: bytes,
    site: Site,
    purpose: str,
    name: str,
    now: datetime,
) -> Passkey:
    """The public half of a passkey that a browser has made, not stored yet.

    Args:
        credential: the JSON of the browser's `PublicKeyCredential`.

    Raises:
        Invalid: it does not answer what was asked.

    Source: WebAuthn Level 3, 7.1.
    """
    import webauthn

    _take_challenge(purpose, challenge, now=now)
    try:
        made = webauthn.verify_registration_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except Exception as error:  # Whatever a parser of a stranger's bytes stumbles over is a refusal.
        raise _refused(error) from None
    return Passkey(
        teammate_id=teammate.id,
        name=_named(name),
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=_transports(credential),
        created_at=now,
    )


def add(passkey: Passkey) -> None:
    """Take a passkey into use.

    Raises:
        Conflict: it is known already.
    """
    try:
        with transaction():
            db.session.add(passkey)
    except IntegrityError:
        raise Conflict("This passkey is known already.") from None


def ask_for_known(site: Site, *, purpose: str, now: datetime, teammate: Teammate | None = None) -> Request:
    """Ask a browser for a passkey: any of this site, or one of a teammate's."""
    import webauthn
    from webauthn.helpers import options_to_json_dict, structs

    challenge = passkey_challenges.issue(purpose, now=now)
    options = webauthn.generate_authentication_options(
        rp_id=site.id,
        challenge=challenge,
        timeout=_milliseconds(),
        allow_credentials=_descriptors(listed(teammate)) if teammate else [],
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return Request(options_to_json_dict(options), challenge)


def recognise(
    credential: Mapping[str, Any],
    *,
    challenge: bytes,
    site: Site,
    purpose: str,
    now: datetime,
    teammate: Teammate | None = None,
) -> Teammate:
    """Whose passkey has answered.

    Args:
        teammate: whom it has to be; anybody when left out.

    Raises:
        Invalid: it does not answer what was asked, or is nobody's.

    Source: WebAuthn Level 3, 7.2.
    """
    import webauthn

    _take_challenge(purpose, challenge, now=now)
    passkey, owner = _owned(credential, teammate)
    try:
        answer = webauthn.verify_authentication_response(
            credential=dict(credential),
            expected_challenge=challenge,
            expected_rp_id=site.id,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except Exception as error:  # Whatever a parser of a stranger's bytes stumbles over is a refusal.
        raise _refused(error) from None
    with transaction():
        passkey.sign_count, passkey.last_used_at = answer.new_sign_count, now
    return owner


def listed(teammate: Teammate) -> Sequence[Passkey]:
    """A teammate's passkeys, the oldest first."""
    return db.session.scalars(
        select(Passkey).where(Passkey.teammate_id == teammate.id).order_by(Passkey.created_at, Passkey.id)
    ).all()


def find(teammate: Teammate, passkey_id: uuid.UUID) -> Passkey:
    """One of a teammate's passkeys.

    Raises:
        NotFound: there is none of this id, or it is somebody else's.
    """
    passkey = db.session.scalar(select(Passkey).where(Passkey.id == passkey_id, Passkey.teammate_id == teammate.id))
    if passkey is None:
        raise NotFound("There is no such passkey, or it has been removed.")
    return passkey


def rename(passkey: Passkey, name: str) -> None:
    with transaction():
        passkey.name = _named(name)


def remove(passkey: Passkey) -> None:
    with transaction():
        db.session.delete(passkey)


def remove_all(teammate: Teammate) -> None:
    with transaction():
        db.session.execute(delete(Passkey).where(Passkey.teammate_id == teammate.id))


def _owned(credential: Mapping[str, Any], teammate: Teammate | None) -> tuple[Passkey, Teammate]:
    """The passkey that answers and its owner, whom it has to name itself (7.2, step 6)."""
    from webauthn.helpers import base64url_to_bytes

    try:
        credential_id = base64url_to_bytes(credential["rawId"])
        handle = credential["response"].get("userHandle")
        named = uuid.UUID(bytes=base64url_to_bytes(handle)) if handle else None
    except Exception as error:
        raise _refused(error) from None
    passkey = db.session.scalar(select(Passkey).where(Passkey.credential_id == credential_id))
    owner = db.session.get(Teammate, passkey.teammate_id) if passkey else None
    if passkey is None or owner is None or not owner.is_active:
        raise Invalid("Nobody here has this passkey. It may have been removed.")
    is_named = named == owner.id or (named is None and teammate is not None)
    if not is_named or owner.id != (teammate or owner).id:
        raise Invalid(_REFUSED)
    return passkey, owner


def _take_challenge(purpose: str, challenge: bytes, *, now: datetime) -> None:
    if not passkey_challenges.take(purpose, challenge, now=now):
        raise Invalid(_TOO_LATE)


def _refused(error: Exception) -> Invalid:
    log.info("passkey_refused", reason=type(error).__name__)
    return Invalid(_REFUSED)


def _named(name: str) -> str:
    name = clean_line(name)[:60]
    if not name:
        raise Invalid("Give the passkey a name, such as the device it is in.")
    return name


def _descriptors(passkeys: Sequence[Passkey]) -> list[Any]:
    from webauthn.helpers.structs import AuthenticatorTransport, PublicKeyCredentialDescriptor

    return [
        PublicKeyCredentialDescriptor(
            id=passkey.credential_id, transports=[AuthenticatorTransport(one) for one in passkey.transports]
        )
        for passkey in passkeys
    ]


def _transports(credential: Mapping[str, Any]) -> list[str]:
    from webauthn.helpers.structs import AuthenticatorTransport

    told = credential["response"].get("transports")
    known = {one.value for one in AuthenticatorTransport}
    return sorted({one for one in told if isinstance(one, str)} & known) if isinstance(told, list) else []


def _milliseconds() -> int:
    return int(passkey_challenges.LIFETIME.total_seconds() * 1000)
