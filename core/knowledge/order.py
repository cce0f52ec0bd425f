"""The order in which an agent's entries are listed; of two that fit a question equally well, the first answers."""

from sqlalchemy import ColumnElement, and_, func, or_, select, update

from core.errors import Invalid
from core.knowledge.entries import STEP
from core.knowledge.revisions import touch
from models import db, transaction
from models.agents import Agent
from models.knowledge import Entry


def move(agent: Agent, entry: Entry, *, before: Entry | None = None, after: Entry | None = None) -> None:
    """Put an entry right before or right after another one of the same agent.

    Raises:
        Invalid: when it is not told next to which one, or not exactly one.
    """
    target = before or after
    if target is None or (before is not None and after is not None) or target.agent_id != entry.agent_id:
        raise Invalid("Say next to which question it should stand.")
    if target.id == entry.id:
        return
    with transaction():
        touch(agent)
        entry.position = _place(agent, entry, target, is_before=before is not None)


def move_up(agent: Agent, entry: Entry) -> None:
    """Change places with the live entry above; the first one stays."""
    if above := _neighbour(entry, target=entry, is_before=True):
        move(agent, entry, before=above)


def move_down(agent: Agent, entry: Entry) -> None:
    """Change places with the live entry below; the last one stays."""
    if below := _neighbour(entry, target=entry, is_before=False):
        move(agent, entry, after=below)


def _place(agent: Agent, entry: Entry, target: Entry, *, is_before: bool) -> int:
    """A position between the target and its neighbour on that side."""
    db.session.refresh(target)
    neighbour = _neighbour(entry, target=target, is_before=is_before, with_archived=True)
    if neighbour is None:
        return target.position + (-STEP if is_before else STEP)
    if abs(neighbour.position - target.position) < 2:
        _renumber(agent)
        db.session.refresh(neighbour)
        db.session.refresh(target)
    return (neighbour.position + target.position) // 2


def _neighbour(entry: Entry, *, target: Entry, is_before: bool, with_archived: bool = False) -> Entry | None:
    """The entry next to the target on that side, not counting the one that is being moved."""
    order = (Entry.position.desc(), Entry.id.desc()) if is_before else (Entry.position, Entry.id)
    nearest = select(Entry).where(
        Entry.agent_id == entry.agent_id, Entry.id != entry.id, _beside(target, is_before=is_before)
    )
    if not with_archived:
        nearest = nearest.where(Entry.archived_at.is_(None), Entry.page_id.is_(None))
    return db.session.scalar(nearest.order_by(*order).limit(1).execution_options(populate_existing=True))


def _beside(target: Entry, *, is_before: bool) -> ColumnElement[bool]:
    same = Entry.position == target.position
    if is_before:
        return or_(Entry.position < target.position, and_(same, Entry.id < target.id))
    return or_(Entry.position > target.position, and_(same, Entry.id > target.id))


def _renumber(agent: Agent) -> None:
    """Give all entries room between them again, in the order in which they stand."""
    place = func.row_number().over(order_by=(Entry.position, Entry.id)).label("place")
    numbered = select(Entry.id, place).where(Entry.agent_id == agent.id).subquery()
    db.session.execute(
        update(Entry)
        .where(Entry.id == numbered.c.id)
        .values(position=numbered.c.place * STEP)
        .execution_options(synchronize_session=False)
    )
