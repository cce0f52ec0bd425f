"""One reader at a time for each website, in all processes: two of them would ask it twice as fast as one may."""

import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from core import jobs
from core.clock import utc_now
from core.sources import robots
from core.sources.addresses import hash_of, site_of
from models import db, insert_into, transaction
from models.knowledge import WebsitePace

LONGEST_PAGE = timedelta(seconds=45)
"""More than any page takes, with the rules of its website and reading it: who was not heard of for so long has died."""
# What a worker may spend on waiting; it comes back for more.
_SHORT_PAUSE = 1.0
_COMES_BACK = 5.0


@contextmanager
def alone_at(address: str, reader: uuid.UUID) -> Iterator[None]:
    """Have the website of an address to oneself; its pause goes on behind it, whoever reads it next.

    Args:
        reader: the id of the job that reads it.

    Raises:
        Later: when somebody else reads it, or it wants to be left alone for longer.
    """
    wait = _take(address, reader, now=utc_now())
    if 0 < wait <= _SHORT_PAUSE:
        time.sleep(wait)
        wait = _take(address, reader, now=utc_now())
    if wait:
        raise jobs.Later(min(wait, _COMES_BACK))
    try:
        yield
    finally:
        pause = timedelta(seconds=robots.seconds_to_wait(address))
        _note(address, reader, {"reader_id": None, "free_at": utc_now() + pause})


def hold_on(address: str, reader: uuid.UUID, *, now: datetime) -> None:
    """Say that one still reads it, in the transaction of what was read."""
    _note(address, reader, {"free_at": now + LONGEST_PAGE})


def clear_expired(*, now: datetime) -> None:
    """Forget websites that nobody reads."""
    with transaction():
        db.session.execute(delete(WebsitePace).where(WebsitePace.free_at < now - LONGEST_PAGE))


def _take(address: str, reader: uuid.UUID, *, now: datetime) -> float:
    """Take a website; 0 when it is taken, and otherwise in how many seconds to ask again."""
    website_hash, values = _hash_of(address), {"reader_id": reader, "free_at": now + LONGEST_PAGE}
    taking = (
        insert_into(WebsitePace)
        .values(website_hash=website_hash, **values)
        .on_conflict_do_update(
            index_elements=["website_hash"],
            set_=values,
            # A reader that died and begins again need not wait for itself.
            where=or_(WebsitePace.free_at <= now, WebsitePace.reader_id == reader),
        )
        .returning(WebsitePace.website_hash)
    )
    with transaction():
        # One statement decides, whoever else asks at this moment.
        if db.session.scalar(taking) is not None:
            return 0.0
        free_at = db.session.scalar(select(WebsitePace.free_at).where(WebsitePace.website_hash == website_hash))
    return max(0.05, (free_at - now).total_seconds()) if free_at else 0.05


def _note(address: str, reader: uuid.UUID, values: dict[str, object]) -> None:
    with transaction():
        db.session.execute(
            update(WebsitePace)
            # Of no effect for who has it no more.
            .where(WebsitePace.website_hash == _hash_of(address), WebsitePace.reader_id == reader)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def _hash_of(address: str) -> str:
    return hash_of(site_of(address))
