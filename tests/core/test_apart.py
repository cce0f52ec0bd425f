"""What goes wrong with one keeps nothing from the others."""

from unittest.mock import Mock

import pytest

from core.apart import apart
from models import db
from models.teammates import Workspace


@pytest.fixture
def log(monkeypatch):
    made = Mock()
    monkeypatch.setattr("core.apart.log", made)
    return made


def test_one_that_fails_is_undone_and_the_others_go_on(workspace, log):
    for name in ("one", "broken", "three"):
        with apart("renaming", name=name):
            workspace.name = name
            db.session.flush()
            if name == "broken":
                raise ValueError(name)
            db.session.commit()
    assert db.session.get(Workspace, workspace.id, populate_existing=True).name == "three"
    log.exception.assert_called_once_with("part_failed", part="renaming", name="broken")


def test_what_failed_last_leaves_nothing_behind(workspace, log):
    before = workspace.name
    with apart("renaming"):
        workspace.name = "Half done"
        db.session.flush()
        raise ValueError
    assert db.session.get(Workspace, workspace.id, populate_existing=True).name == before
