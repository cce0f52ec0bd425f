"""Profiles: what is known, each piece with its mark."""

import pytest

from core import customers, profiles
from core.customers import tell, verified
from core.profiles import Field
from models.customers import Standing
from tests.conftest import NOW, make_customer
from tests.core.test_customers import identity

TOLD = {"id": "c-1", "name": "Martha", "email": "m@example.com", "customAttributes": {"plan": "Free", "cart": 3}}


def test_of_a_stranger_nothing_is_known(workspace):
    profile = profiles.of(make_customer(workspace.id))
    assert (profile.known, profile.attributes) == ([], [])


def test_what_the_site_tells_is_not_signed(workspace):
    marta = make_customer(workspace.id)
    tell(marta, TOLD, now=NOW)
    profile = profiles.of(marta)
    assert {field.is_signed for field in (*profile.known, *profile.attributes)} == {False}
    assert profile.known == [
        Field("number", "c-1", False),
        Field("name", "Martha", False),
        Field("email", "m@example.com", False),
    ]


def test_what_is_signed_beats_what_is_told(workspace):
    marta = verified(workspace, identity("c-1", name="Marta", plan="Gold"), now=NOW)
    tell(marta, TOLD, now=NOW)
    profile = profiles.of(marta)
    assert profile.known == [
        Field("number", "c-1", True),
        Field("name", "Marta", True),
        Field("email", "m@example.com", False),
    ]
    assert profile.attributes == [Field("plan", "Gold", True), Field("cart", 3, False)]
    assert customers.display_name(marta) == "Marta"


def test_what_is_told_of_a_signed_customer_stays_when_less_is_told_later(workspace):
    marta = verified(workspace, identity("c-1"), now=NOW)
    tell(marta, TOLD, now=NOW)
    tell(marta, {"name": "Tilda"}, now=NOW)
    assert (marta.told["name"], marta.told["email"]) == ("Tilda", "m@example.com")
    assert (marta.name, marta.email, marta.attributes, marta.told_id) == (None, None, {}, None)


def test_what_is_told_of_somebody_else_is_not_taken(workspace):
    marta = verified(workspace, identity("c-1"), now=NOW)
    tell(marta, TOLD | {"id": "c-2"}, now=NOW)
    assert profiles.of(marta).known == [Field("number", "c-1", True)]


@pytest.mark.parametrize(
    ("standing", "name", "said"),
    [
        (Standing.IDENTIFIED, "Marta", "Marta (not verified)"),
        (Standing.VERIFIED, "Marta", "Marta"),
    ],
)
def test_a_name_without_a_mark_beside_it_says_so_itself(workspace, standing, name, said):
    assert customers.name_as_known(make_customer(workspace.id, name, standing=standing)) == said


def test_whom_nobody_knows_has_a_nickname_that_says_nothing(workspace):
    stranger = make_customer(workspace.id)
    assert customers.name_as_known(stranger) == customers.neutral_name(stranger) == stranger.nickname
