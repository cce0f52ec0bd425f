"""Every commit waits for the disk, but for what would be made again."""

import pytest
from sqlalchemy import text

from models import db, transaction

LEVELS = {
    "sqlite": ("PRAGMA synchronous=FULL", "PRAGMA synchronous", 2, 1),
    "postgresql": ("SET SESSION synchronous_commit = on", "SHOW synchronous_commit", "on", "off"),
}


@pytest.fixture
def level(app):
    """How far the commit of the transaction that is open will wait."""
    to_full, asking, *levels = LEVELS[db.engine.dialect.name]
    db.session.remove()
    db.engine.dispose()
    driver = db.session.connection().connection.dbapi_connection
    # Other tests wait for no disk. This connection is the only one, so that it is the next one to be taken.
    db.session.rollback()
    driver.execute(to_full)
    driver.commit()
    yield lambda: levels.index(db.session.connection().execute(text(asking)).scalar_one())
    db.session.remove()
    db.engine.dispose()


FULL, WITHOUT = 0, 1


def test_what_would_be_made_again_waits_for_no_disk_and_the_next_one_does(app, level):
    found = []
    for is_made_again in (False, True, True, False):
        with transaction(is_made_again=is_made_again):
            found.append(level())
    assert found == [FULL, WITHOUT, WITHOUT, FULL]
