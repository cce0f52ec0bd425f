"""How long customers have waited for a person lately, so that what is promised is what happens."""

import math
import uuid
from datetime import datetime, timedelta

from sqlalchemy import select

from core import business_hours
from core.handoff_rules import MINUTES
from core.widget_configs import Hours
from models import db
from models.conversations import Conversation

_LATELY = timedelta(days=14)
_MOST = 100
_ENOUGH = 5
_SHARE = 0.75
"""Three of four customers waited no longer than what is told."""


def usual_minutes(workspace_id: uuid.UUID, hours: Hours, *, now: datetime) -> int | None:
    """Within how many minutes people usually answered lately, rounded up to a number that reads well.

    Only those count who asked while people were there; that a night is long is said in other words.

    Returns:
        One of `handoff_rules.MINUTES`; None where too little is known, or it took longer than any of them.
    """
    rows = db.session.execute(
        select(Conversation.requested_at, Conversation.first_answered_at)
        .where(
            Conversation.workspace_id == workspace_id,
            Conversation.first_answered_at > now - _LATELY,
            Conversation.requested_at.is_not(None),
        )
        .order_by(Conversation.first_answered_at.desc())
        .limit(_MOST)
    )
    waits = sorted(
        answered_at - asked_at
        for asked_at, answered_at in rows
        if asked_at and answered_at and asked_at <= answered_at and business_hours.is_open(hours, asked_at)
    )
    if len(waits) < _ENOUGH:
        return None
    usual = waits[math.ceil(_SHARE * len(waits)) - 1]
    return next((minutes for minutes in MINUTES if minutes > 0 and usual <= timedelta(minutes=minutes)), None)
