import threading

import pytest
from sqlalchemy import func, select

from core import accounts, brands, roles, teammates
from core.clock import utc_now
from core.errors import Conflict, Forbidden, NotFound
from models import db
from models.teammates import Role, Teammate
from tests.conftest import make_teammate


def test_of_two_owners_who_remove_each_other_at_once_one_stays(app, workspace):
    olga, otto = (make_teammate(workspace, name, Role.OWNER).id for name in ("Olga", "Otto"))
    gate = threading.Barrier(2)
    outcomes = []

    def remove(who, by):
        with app.app_context():
            target, actor = db.session.get(Teammate, who), db.session.get(Teammate, by)
            gate.wait()
            try:
                teammates.remove(target, by=actor, now=utc_now())
                outcomes.append("removed")
            except (Conflict, Forbidden):
                outcomes.append("refused")
            finally:
                db.session.remove()

    racers = [threading.Thread(target=remove, args=pair) for pair in ((olga, otto), (otto, olga))]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(outcomes) == ["refused", "removed"]
    owners = select(func.count()).where(Teammate.role == Role.OWNER, Teammate.removed_at.is_(None))
    assert db.session.scalar(owners) == 1


def test_somebody_removed_meanwhile_changes_nobody(app, workspace):
    olga, adam, rita = (
        make_teammate(workspace, name, role)
        for name, role in (("Olga", Role.OWNER), ("Adam", Role.ADMIN), ("Rita", Role.VIEWER))
    )
    teammates.remove(adam, by=olga, now=utc_now())
    with pytest.raises(Forbidden):
        teammates.change_role(rita, Role.EDITOR, by=adam, now=utc_now())
    with pytest.raises(NotFound):
        teammates.change_role(adam, Role.EDITOR, by=olga, now=utc_now())


@pytest.mark.parametrize("role", list(Role))
def test_everybody_may_give_their_own_role_and_those_below(role):
    assert roles.grantable_by(role)[0] is role
    assert roles.WORDS[role]
    assert all(roles.rank(given) >= roles.rank(role) for given in roles.grantable_by(role))


def test_an_e_mail_is_one_person_however_it_is_typed(app, workspace):
    una = make_teammate(workspace, "Una", Role.VIEWER)
    assert accounts.find_by_email(" UNA@Example.com\n") is una
    una.removed_at = utc_now()
    db.session.commit()
    assert accounts.find_by_email("una@example.com") is None


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://www.lantern-loom.co.uk", "Lantern Loom"),
        ("https://shop.example.com/de", "Example"),
        ("http://xn--bcher-kva.example.com", "Example"),
        ("https://xn--bcher-kva.com", "Bücher"),
        ("http://localhost:3000", ""),
        ("http://192.0.2.7", ""),
        ("http://[2001:db8::1]", ""),
        ("nonsense", ""),
    ],
)
def test_a_business_is_named_after_its_address(address, name):
    assert brands.name_of(address) == name
