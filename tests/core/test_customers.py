"""Customers: what is told about them, and what is proven."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import customers
from core.customer_tokens import VerifiedCustomer
from core.errors import Invalid
from models import db
from models.customers import Customer, Standing
from models.teammates import Workspace
from tests.conftest import NOW, make_customer


def identity(customer_id="c-1", *, email=None, name=None, **attributes):
    return VerifiedCustomer(customer_id=customer_id, email=email, name=name, attributes=attributes, expires_at=0)


@pytest.fixture
def visitor(workspace):
    return customers.make_anonymous(workspace, now=NOW)


def test_nothing_is_known_of_a_new_visitor(visitor):
    assert customers.as_told(visitor) == {"id": None, "standing": "anonymous", "name": None, "email": None}
    assert customers.display_name(visitor) == f"Visitor {str(visitor.id)[-4:].upper()}"


def test_what_the_site_tells_is_noted_as_told(visitor):
    later = NOW + timedelta(minutes=1)
    told = {"id": 17, "email": "marta@example.com", "name": " Marta\n Novak\x00 ", "customAttributes": {"plan": "Gold"}}
    customers.tell(visitor, told, now=later)
    assert (visitor.standing, visitor.told_id, visitor.external_id) == (Standing.IDENTIFIED, "17", None)
    assert (visitor.name, visitor.email, visitor.attributes) == ("Marta Novak", "marta@example.com", {"plan": "Gold"})
    assert visitor.last_seen_at == later
    assert customers.display_name(visitor) == "Marta Novak"


def test_what_is_left_out_stays_as_it_was(visitor):
    customers.tell(visitor, {"id": "c-1", "name": "Marta"}, now=NOW)
    customers.tell(visitor, {"email": "marta@example.com"}, now=NOW)
    assert (visitor.told_id, visitor.name, visitor.email) == ("c-1", "Marta", "marta@example.com")


@pytest.mark.parametrize("told", [{}, {"id": ""}, {"id": None, "name": "\x00"}, {"customAttributes": {"plan": "Gold"}}])
def test_who_is_told_nothing_of_stays_anonymous(visitor, told):
    customers.tell(visitor, told, now=NOW)
    assert visitor.standing is Standing.ANONYMOUS


@pytest.mark.parametrize("told", ["Marta", 7, ["Marta"], True])
def test_what_is_told_has_to_be_an_object(visitor, told):
    with pytest.raises(Invalid):
        customers.tell(visitor, told, now=NOW)


@pytest.mark.parametrize(
    "field",
    [
        {"id": True},
        {"id": ["c-1"]},
        {"id": "x" * 256},
        {"name": "x" * 121},
        {"name": {"first": "Marta"}},
        {"email": "marta"},
        {"email": "marta@localhost"},
        {"email": "m@a@example.com"},
        {"email": "marta novak@example.com"},
        {"email": f"{'x' * 250}@example.com"},
    ],
)
def test_a_field_that_cannot_be_used_is_left_out(visitor, field):
    customers.tell(visitor, {"name": "Marta", **field} if "name" not in field else field, now=NOW)
    assert visitor.told_id is None
    assert visitor.email is None
    assert visitor.name in ("Marta", None)


def test_attributes_are_kept_small_and_flat(visitor):
    nested = {"deep": {"a": 1}, "list": [1], "float": 1.5, "long": "x" * 1001, "x" * 61: 1, "": 1}
    fine = {"member": True, "orders": 7, "note": None, "plan": "Gold\x00", "half": "\ud800"}
    customers.tell(visitor, {"id": "c-1", "customAttributes": fine | nested}, now=NOW)
    assert visitor.attributes == {"member": True, "orders": 7, "note": None, "plan": "Gold", "half": "\ufffd"}
    customers.tell(visitor, {"customAttributes": {str(number): number for number in range(99)}}, now=NOW)
    assert len(visitor.attributes) == 50


def test_a_signed_customer_is_made_once_and_kept_up_to_date(workspace):
    first = customers.verified(workspace, identity(email="a@example.com", name="Marta", plan="Gold"), now=NOW)
    second = customers.verified(workspace, identity(name="Marta Novak"), now=NOW + timedelta(days=1))
    assert first.id == second.id
    assert (second.standing, second.external_id) == (Standing.VERIFIED, "c-1")
    assert (second.name, second.email, second.attributes) == ("Marta Novak", "a@example.com", {"plan": "Gold"})
    assert (second.created_at, second.last_seen_at) == (NOW, NOW + timedelta(days=1))


def test_only_the_signed_name_joins(workspace, other_workspace):
    told = make_customer(workspace.id, "Marta", told_id="c-1", email="marta@example.com")
    signed = customers.verified(workspace, identity(email="marta@example.com"), now=NOW)
    other = customers.verified(workspace, identity("c-2", email="marta@example.com"), now=NOW)
    elsewhere = customers.verified(other_workspace, identity(email="marta@example.com"), now=NOW)
    assert len({told.id, signed.id, other.id, elsewhere.id}) == 4


def test_what_is_told_never_changes_who_has_proven_it(workspace):
    signed = customers.verified(workspace, identity(name="Marta"), now=NOW)
    customers.tell(signed, {"id": "c-2", "name": "Jonas", "email": "j@example.com"}, now=NOW)
    assert customers.as_told(signed) == {"id": "c-1", "standing": "verified", "name": "Marta", "email": None}


def test_a_new_customer_in_several_tabs_at_once_is_one(app, workspace):
    workspace_id = workspace.id

    def sign_in(_):
        with app.app_context():
            try:
                return customers.verified(db.session.get(Workspace, workspace_id), identity(), now=NOW).id
            finally:
                db.session.remove()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(sign_in, range(6)))) == 1
    assert db.session.scalar(select(func.count()).select_from(Customer)) == 1
