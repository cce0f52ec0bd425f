"""What is kept in memory of a workspace is never older than what the reader's own session has read."""

import threading
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import delete, select, update

from core import blocks, privacy_settings, websites, widget_configs
from core.blocks import finding
from core.clock import utc_now
from core.privacy import Kind
from core.privacy_settings import Handling
from models import db, insert_into, new_id, revisions, transaction
from models.agents import Agent, Website
from models.privacy import PrivacySettings
from models.teammates import Workspace
from tests.conftest import keep, make_agent


@pytest.fixture(autouse=True)
def nothing_kept(app):
    revisions._kept.clear()


def read_anew(workspace):
    """As a request does that begins: the row of the workspace comes with its session."""
    db.session.commit()
    db.session.refresh(workspace)
    revisions.learn(workspace)


def elsewhere(app, work):
    """Do it as another process would: in another session."""

    def run():
        with app.app_context():
            work()
            db.session.remove()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)


@contextmanager
def undone():
    """A transaction that fails in the end."""
    with suppress(RuntimeError), transaction():
        yield
        raise RuntimeError


def revision_of(workspace):
    return db.session.scalar(select(Workspace.revision).where(Workspace.id == workspace.id))


def counted(workspace, read):
    """How often something is read in two requests in a row."""
    times = []
    for _ in range(2):
        read_anew(workspace)
        revisions.kept("test", workspace.id, workspace.id, lambda: times.append(read()))
    return len(times)


def test_it_is_read_once_for_each_revision(app, workspace):
    assert counted(workspace, lambda: 1) == 1


def test_whoever_has_not_read_the_revision_reads_everything(app, workspace):
    read_anew(workspace)
    revisions.kept("test", workspace.id, workspace.id, lambda: "old")
    db.session.remove()
    assert revisions.kept("test", workspace.id, workspace.id, lambda: "new") == "new"


def allow_elsewhere(app, agent_id, pattern):
    def change():
        websites.allow(db.session.get(Agent, agent_id), pattern, by=None, now=utc_now())

    elsewhere(app, change)


def test_what_another_process_changes_holds_for_the_next_request(app, workspace, agent):
    read_anew(workspace)
    assert not websites.is_allowed(agent, "https://shop.example")
    allow_elsewhere(app, agent.id, "shop.example")
    read_anew(workspace)
    db.session.expire(agent)
    assert websites.is_allowed(agent, "https://shop.example")


def test_a_transaction_reads_what_it_has_changed_itself_and_nobody_else_does(app, workspace, agent):
    read_anew(workspace)
    assert not websites.is_allowed(agent, "https://shop.example")
    with undone():
        agent.websites.append(Website(pattern="shop.example", created_at=utc_now()))
        assert websites.is_allowed(agent, "https://shop.example")
    db.session.expire_all()
    read_anew(workspace)
    assert not websites.is_allowed(agent, "https://shop.example")


def test_whoever_has_waited_for_long_reads_anew(app, workspace, monkeypatch):
    """As a model takes its time: a session that is minutes old knows what held when it began."""
    read_anew(workspace)
    revisions.kept("test", workspace.id, workspace.id, lambda: "old")
    assert revisions.kept("test", workspace.id, workspace.id, lambda: "new") == "old"
    monkeypatch.setattr(revisions, "_KNOWN_FOR", -1.0)
    assert revisions.kept("test", workspace.id, workspace.id, lambda: "new") == "new"


@pytest.mark.parametrize(("seconds", "found"), [(0.0, "old"), (60.0, "new")])
def test_what_is_handed_to_another_session_is_known_there_for_no_longer(app, workspace, seconds, found):
    read_anew(workspace)
    revisions.kept("test", workspace.id, workspace.id, lambda: "old")
    revision, read_at = revisions.known(workspace.id)
    db.session.remove()
    revisions.know(workspace.id, (revision, read_at - seconds))
    assert revisions.kept("test", workspace.id, workspace.id, lambda: "new") == found


def test_the_last_website_that_is_taken_off_is_refused_at_once(app, workspace, agent):
    websites.replace(agent, ["shop.example"], by=None, now=utc_now())
    read_anew(workspace)
    assert websites.is_allowed(agent, "https://shop.example")
    # No other row changes with it, and it goes because it is in its agent's list no more.
    websites.replace(agent, [], by=None, now=utc_now())
    read_anew(workspace)
    assert not websites.is_allowed(agent, "https://shop.example")


def test_what_a_transaction_undoes_changes_no_revision(app, workspace, agent):
    before = revision_of(workspace)
    with undone():
        db.session.execute(delete(Website).where(Website.agent_id == agent.id))
    assert revision_of(workspace) == before


@pytest.mark.parametrize("is_kept", [True, False])
def test_a_savepoint_forgets_nothing_of_what_is_around_it(app, workspace, agent, is_kept):
    before = revision_of(workspace)
    with transaction():
        db.session.add(Website(agent_id=agent.id, pattern="shop.example", created_at=utc_now()))
        db.session.flush()
        savepoint = db.session.begin_nested()
        savepoint.commit() if is_kept else savepoint.rollback()
    assert revision_of(workspace) != before
    assert "touched" not in db.session.info
    after = revision_of(workspace)
    with undone():
        db.session.add(Website(agent_id=agent.id, pattern="other.example", created_at=utc_now()))
        db.session.flush()
        db.session.begin_nested()
    assert "touched" not in db.session.info
    assert revision_of(workspace) == after


def test_a_change_touches_its_own_workspace_alone(app, workspace, other_workspace, agent):
    make_agent(other_workspace)
    before, other_before = revision_of(workspace), revision_of(other_workspace)
    websites.allow(agent, "shop.example", by=None, now=utc_now())
    assert revision_of(workspace) != before
    assert revision_of(other_workspace) == other_before


STATEMENTS = {
    "of the ORM": lambda agent: update(Website).where(Website.agent_id == agent.id).values(position=9),
    "of new rows": lambda agent: insert_into(Website).values(
        id=new_id(), agent_id=agent.id, pattern="a.example", position=3, created_at=utc_now()
    ),
    "of a table": lambda agent: delete(Website.__table__).where(Website.__table__.c.agent_id == agent.id),
}


@pytest.mark.parametrize("kind", sorted(STATEMENTS))
def test_a_statement_about_many_rows_counts_too(app, workspace, other_workspace, agent, kind):
    before, other_before = revision_of(workspace), revision_of(other_workspace)
    with transaction():
        db.session.execute(STATEMENTS[kind](agent))
    assert revision_of(workspace) != before
    assert revision_of(other_workspace) == other_before


def test_where_it_cannot_be_told_whose_rows_are_changed_everybody_reads_anew(app, workspace, other_workspace, agent):
    before, other_before = revision_of(workspace), revision_of(other_workspace)
    with transaction():
        db.session.execute(update(Website).values(position=9).execution_options(synchronize_session=False))
    assert revision_of(workspace) != before
    assert revision_of(other_workspace) != other_before


def test_a_count_of_tries_is_no_change(app, workspace):
    block = blocks.block_network(workspace, "9.9.9.9", reason="", until=None, by=None, now=utc_now())
    before = revision_of(workspace)
    blocks.note_hit(block, now=utc_now())
    db.session.expire(block)
    assert (block.hits, revision_of(workspace)) == (1, before)


def test_nothing_of_one_workspace_is_another_ones(app, workspace, other_workspace):
    for one, handling in ((workspace, Handling.REFUSE), (other_workspace, Handling.KEEP)):
        keep(PrivacySettings(workspace_id=one.id, handling={"email": handling.value}, updated_at=utc_now()))
    for one, handling in ((workspace, Handling.REFUSE), (other_workspace, Handling.KEEP)):
        for _ in range(2):
            read_anew(one)
            assert privacy_settings.of(one.id).handling[Kind.EMAIL] is handling
    # Asked for under the key of one, in the name of the other.
    assert revisions.kept("privacy", workspace.id, other_workspace.id, lambda: "read") == "read"


def test_a_block_holds_at_once(app, workspace):
    read_anew(workspace)
    assert blocks.active_for(workspace.id, addresses=["9.9.9.9"], now=utc_now()) == []
    workspace_id = workspace.id

    def block():
        mine = db.session.get(Workspace, workspace_id)
        blocks.block_network(mine, "9.9.9.9", reason="", until=None, by=None, now=utc_now())

    elsewhere(app, block)
    finding.recent_lengths.forget(workspace_id)
    read_anew(workspace)
    assert len(blocks.active_for(workspace.id, addresses=["9.9.9.9"], now=utc_now())) == 1


def test_a_published_look_holds_at_once(app, workspace, agent):
    read_anew(workspace)
    assert widget_configs.published(agent)[1] == 1
    widget_configs.publish(agent, by=None, now=utc_now())
    number = widget_configs.published(agent)[1]
    read_anew(workspace)
    assert widget_configs.published(agent)[1] == number
