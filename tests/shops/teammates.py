"""Who works in a shop, and what proves who they are."""

import secrets
import uuid
from datetime import timedelta

from core import signing
from core.clock import utc_now
from models import new_id
from models.audits import AuditEntry
from models.second_factors import Authenticator, Passkey, RecoveryCode
from models.teammates import Invitation, PasswordReset, Role, Teammate, TeammateSession
from tests.shops.shop import Shop, store

APP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # What the owner's authenticator app was given.


def add_teammate(shop: Shop, role: Role) -> None:
    """Somebody of the team, signed in."""
    now, token = utc_now(), signing.new_secret()
    teammate = Teammate(
        id=new_id(),
        workspace_id=shop.workspace.id,
        name=f"{role.value} {shop.name}",
        email=f"{role.value}-{secrets.token_hex(4)}@{shop.marker}.example",
        password_hash="unusable",
        role=role,
        created_at=now,
    )
    session = TeammateSession(
        teammate=teammate,
        token_hash=signing.hash_secret(token),
        browser=f"{shop.name} Browser",
        created_at=now,
        confirmed_at=now,
        last_seen_at=now,
        expires_at=now + timedelta(days=30),
    )
    store([teammate, session])
    shop.browsers[role] = token
    shop.rows[role.value] = teammate


def add_people(shop: Shop) -> None:
    """Somebody to be changed and removed, with everything that proves who they are; and somebody invited."""
    now = utc_now()
    token, invitation, reset = (signing.new_secret() for _ in range(3))
    person = Teammate(
        id=new_id(),
        workspace_id=shop.workspace.id,
        name=f"Pat {shop.name}",
        email=f"pat-{secrets.token_hex(4)}@{shop.marker}.example",
        password_hash="unusable",
        role=Role.EDITOR,
        created_at=now,
    )
    store([person])
    owner = shop.rows["owner"]
    shop.tokens |= {"invitation": invitation, "reset": reset}
    shop.rows |= {
        "teammate": person,
        "teammate_session": TeammateSession(
            teammate_id=owner.id,
            token_hash=signing.hash_secret(token),
            browser=f"{shop.name} Telephone",
            created_at=now,
            confirmed_at=now,
            last_seen_at=now,
            expires_at=now + timedelta(days=30),
        ),
        "passkey": Passkey(
            id=new_id(),
            teammate_id=owner.id,
            name=f"{shop.name} key",
            credential_id=secrets.token_bytes(16),
            public_key=b"\x00",
            transports=["internal"],
            created_at=now,
        ),
        "invitation": Invitation(
            workspace_id=shop.workspace.id,
            email=f"invited-{secrets.token_hex(4)}@{shop.marker}.example",
            role=Role.VIEWER,
            token_hash=signing.hash_secret(invitation),
            invited_by_id=owner.id,
            created_at=now,
            expires_at=now + timedelta(days=7),
        ),
        "reset": PasswordReset(
            teammate_id=person.id,
            token_hash=signing.hash_secret(reset),
            created_at=now,
            expires_at=now + timedelta(hours=1),
        ),
        "recovery_code": RecoveryCode(
            teammate_id=owner.id, code_hash=signing.hash_secret(secrets.token_hex(8)), created_at=now
        ),
        "authenticator": Authenticator(
            teammate_id=owner.id, sealed_secret=signing.seal(APP_SECRET.encode()), created_at=now
        ),
        "audit_entry": AuditEntry(
            workspace_id=shop.workspace.id,
            teammate_id=owner.id,
            who=owner.name,
            action="agent.create",
            subject_kind="agent",
            subject_id=uuid.uuid4().hex,
            subject_name=f"{shop.name} agent",
            before=None,
            after={"name": f"{shop.name} agent"},
            created_at=now,
        ),
    }
    store([row for kind, row in shop.rows.items() if kind not in {role.value for role in Role}])
