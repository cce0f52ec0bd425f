"""The code by which only who runs the server begins anew on one that was emptied."""

from datetime import timedelta

import pytest

from core import setup_codes
from core.errors import Invalid
from models import db, transaction
from models.teammates import DeletedWorkspace
from tests.conftest import NOW


def delete_one(*, days=0):
    with transaction():
        setup_codes.note_deletion(now=NOW + timedelta(days=days))
    return setup_codes.current()


def test_a_code_is_taken_however_it_was_copied(app):
    code = delete_one()
    assert [len(part) for part in code.split("-")] == [4, 4, 4, 4]
    for copied in (code, code.upper(), f"\t{code}\n", code.replace("-", ""), code.replace("-", " – ")):
        setup_codes.check(copied)


@pytest.mark.parametrize("wrong", ["", "----", "ü", "a" * 16])
def test_what_is_no_code_is_refused(app, wrong):
    code = delete_one()
    for typed in (wrong, code + wrong if wrong.strip("-") else code[:-1]):
        with pytest.raises(Invalid) as refused:
            setup_codes.check(typed)
        assert refused.value.code == "setup_code"


def test_each_time_that_the_server_is_emptied_there_is_another_code(app):
    first = delete_one()
    second = delete_one(days=1)
    assert second != first
    with pytest.raises(Invalid):
        setup_codes.check(first)
    assert len(db.session.query(DeletedWorkspace).all()) == 2


def test_where_somebody_has_an_account_no_code_is_asked_for(olga):
    assert delete_one() == ""
    setup_codes.check("anything")
