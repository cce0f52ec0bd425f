"""What is read of a website, and what came of it."""

from sqlalchemy import select

from core.clock import utc_now
from core.sources import keeping, readings
from models import db
from models.knowledge import Entry, PageStatus, SourceKind, SourcePage

READ, UNCHANGED, DUPLICATE = PageStatus.READ, PageStatus.UNCHANGED, PageStatus.DUPLICATE
SKIPPED, FAILED, GONE, WAITING = PageStatus.SKIPPED, PageStatus.FAILED, PageStatus.GONE, PageStatus.WAITING


def read(agent, site, kind=SourceKind.SITE, path="", **rest):
    address = f"{site.address}{path}"
    source = keeping.add(agent, kind, address=address, by=None, now=utc_now(), allow_private=True, **rest)
    # The job has worked in a session of its own.
    db.session.expire_all()
    return source


def read_again(source):
    readings.start(source, by=None, now=utc_now())
    db.session.expire_all()


def pages(source, site):
    rows = db.session.scalars(
        select(SourcePage).where(SourcePage.source_id == source.id).execution_options(populate_existing=True)
    )
    return {row.address.removeprefix(site.address): row for row in rows}


def statuses(source, site):
    return {path: page.status for path, page in pages(source, site).items()}


def live_entries(source):
    return db.session.scalars(
        select(Entry)
        .join(SourcePage)
        .where(SourcePage.source_id == source.id, Entry.archived_at.is_(None))
        .order_by(Entry.position)
    ).all()
