"""What a shop has decided for the whole of it."""

import json

from core import signing
from core.clock import utc_now
from models import new_id
from models.answering import LanguageModel
from models.customers import (
    IdentityKey,
)
from models.privacy import PrivacySettings
from models.protection import ProtectionSettings, Stop
from tests.shops.shop import Shop, store

SECRET = "a shared secret of this shop, long enough to sign with"


def add_settings(shop: Shop) -> None:
    """Keys, models and rules."""
    now = utc_now()
    shop.rows["identity_key"] = IdentityKey(
        id=new_id(),
        workspace_id=shop.workspace.id,
        sealed_key=signing.seal(json.dumps({"alg": "HS256", "secret": SECRET}).encode()),
        name=f"{shop.name} key",
        created_at=now,
    )
    model_id = new_id()
    shop.rows["language_model"] = LanguageModel(
        id=model_id,
        workspace_id=shop.workspace.id,
        title=f"{shop.name} model",
        base_url="https://models.example/v1",
        sealed_key=signing.seal(f"{shop.name} model key".encode(), bound_to=model_id.bytes),
        # Nobody is there.
        is_on=False,
        created_at=now,
        updated_at=now,
    )
    shop.rows["stop"] = Stop(
        workspace_id=shop.workspace.id,
        agent_id=shop.id_of("agent"),
        scope="messages:website",
        subject=f"https://{shop.marker}.example",
        is_enforced=True,
        first_at=now,
        last_at=now,
    )
    store(
        [
            shop.rows["identity_key"],
            shop.rows["stop"],
            PrivacySettings(workspace_id=shop.workspace.id, handling={}, updated_at=now),
            ProtectionSettings(workspace_id=shop.workspace.id, limits={}, steps={}, updated_at=now),
            shop.rows["language_model"],
        ]
    )
