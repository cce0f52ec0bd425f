"""How often somebody who is blocked has tried, and forgetting those whose block is over."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update

from core.tallies import Tally
from models import db, transaction
from models.protection import Block

_REMEMBERED = timedelta(days=90)
_hits: Tally[uuid.UUID] = Tally()


def note_hit(block: Block, *, now: datetime) -> None:
    """Count that a blocked visitor tried; a flood of tries is written down every few seconds."""
    if times := _hits.add(block.id):
        _write_hits(block.id, times, now=now)


def clear_old(*, now: datetime) -> None:
    """Write down the tries that wait, and forget blocks that ended long ago: they hold addresses of people."""
    for block_id, times in _hits.take_all().items():
        _write_hits(block_id, times, now=now)
    before = now - _REMEMBERED
    with transaction():
        db.session.execute(delete(Block).where(or_(Block.expires_at < before, Block.lifted_at < before)))


def _write_hits(block_id: uuid.UUID, times: int, *, now: datetime) -> None:
    with transaction():
        db.session.execute(
            update(Block)
            .where(Block.id == block_id)
            .values(hits=Block.hits + times, last_hit_at=now)
            .execution_options(synchronize_session=False, porchlight_counts_only=True)
        )
