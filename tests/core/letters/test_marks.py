"""Marks in addresses and links: read by us, made by nobody else."""

import uuid

import pytest

from core import signing
from core.letters import marks

TALK = uuid.UUID("0192d3a4-1111-7222-8333-444455556666")


@pytest.fixture(autouse=True)
def secret():
    before = list(signing._secrets)
    signing.use_secret("a secret of these tests")
    yield
    signing._secrets[:] = before


def test_the_address_for_answers_names_its_conversation_in_any_case():
    address = marks.answer_address("support@mail.example", TALK)
    assert address.startswith("support+")
    assert address.endswith("@mail.example")
    for spelling in (address, address.upper(), f" {address} "):
        assert marks.conversation_in(spelling) == TALK


def test_it_fits_before_the_at_with_the_longest_name_of_a_mailbox():
    address = marks.answer_address("s" * marks.LONGEST_NAME + "@mail.example", TALK)
    assert len(address.partition("@")[0]) <= 64


@pytest.mark.parametrize(
    "bent",
    [
        lambda address: address.replace("support+", "support-"),
        lambda address: address[:20] + ("a" if address[20] != "a" else "b") + address[21:],
        lambda address: address.replace("@", "a@"),
        lambda address: "support+" + "!" * 39 + "@mail.example",
        lambda address: "support@mail.example",
        lambda address: "",
    ],
)
def test_any_other_address_names_none(bent):
    assert marks.conversation_in(bent(marks.answer_address("support@mail.example", TALK))) is None


def test_a_mark_is_good_for_its_own_purpose_only():
    answer = marks.answer_address("support@mail.example", TALK)
    stop = marks.mark_to_stop(TALK)
    assert marks.conversation_to_stop(stop) == TALK
    assert marks.conversation_in(f"support+{stop}@mail.example") is None
    assert marks.conversation_to_stop(answer.partition("+")[2].partition("@")[0]) is None


def test_a_mark_from_before_a_rotation_is_still_read():
    address = marks.answer_address("support@mail.example", TALK)
    signing.use_secret("another one", previous=["a secret of these tests"])
    assert marks.conversation_in(address) == TALK
    signing.use_secret("another one")
    assert marks.conversation_in(address) is None
