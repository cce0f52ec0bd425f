"""What goes wrong with one keeps nothing from the others."""

from structlog.testing import capture_logs

from core.apart import apart
from models import db
from models.teammates import Workspace


def test_one_that_fails_is_undone_and_the_others_go_on(workspace):
    with capture_logs() as logs:
        for name in ("one", "broken", "three"):
            with apart("renaming", name=name):
                workspace.name = name
                db.session.flush()
                if name == "broken":
                    raise ValueError(name)
                db.session.commit()
    assert db.session.get(Workspace, workspace.id, populate_existing=True).name == "three"
    [told] = logs
    assert (told["event"], told["part"], told["name"]) == ("part_failed", "renaming", "broken")


def test_what_failed_last_leaves_nothing_behind(workspace):
    before = workspace.name
    with capture_logs(), apart("renaming"):
        workspace.name = "Half done"
        db.session.flush()
        raise ValueError
    assert db.session.get(Workspace, workspace.id, populate_existing=True).name == before
