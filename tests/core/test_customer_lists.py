"""The list of customers: who is in it, in which order, and how they are found."""

from datetime import timedelta

import pytest

from core import customer_lists, memory
from core.conversations import PREVIEW
from core.customer_lists import Wanted
from core.customers import verified
from core.errors import Invalid
from models.conversations import State
from models.customers import FactSource, Standing
from tests.conftest import NOW, make_conversation, make_customer
from tests.core.test_customers import identity

EVERYBODY = Wanted()


def names(workspace, wanted=EVERYBODY, **options):
    return [row.customer.name for row in customer_lists.page(workspace, wanted, now=NOW, **options).rows]


def seen(days):
    return NOW - timedelta(days=days)


def test_who_was_there_last_comes_first(workspace, other_workspace):
    make_customer(workspace.id, "Old", last_seen_at=seen(9))
    make_customer(workspace.id, "New", last_seen_at=seen(1))
    make_customer(other_workspace.id, "Elsewhere")
    assert names(workspace) == ["New", "Old"]


def test_a_silent_visitor_takes_no_row(workspace, agent):
    silent, tester, talker, known = (make_customer(workspace.id) for _ in range(4))
    make_conversation(agent, silent)
    make_conversation(agent, tester, channel=PREVIEW, last_message_at=NOW)
    make_conversation(agent, talker, last_message_at=NOW)
    memory.remember(known, "Prefers brass", source=FactSource.CUSTOMER, now=NOW)
    assert {row.customer.id for row in customer_lists.page(workspace, Wanted(), now=NOW).rows} == {talker.id, known.id}
    assert customer_lists.is_anybody_there(workspace)


def test_an_empty_workspace_has_nobody(workspace, other_workspace):
    make_customer(workspace.id)
    make_customer(other_workspace.id, "Elsewhere")
    assert not customer_lists.is_anybody_there(workspace)
    assert names(workspace) == []


def test_a_row_counts_conversations_and_tells_who_waits(workspace, agent):
    marta = make_customer(workspace.id, "Marta")
    make_conversation(agent, marta, last_message_at=NOW, state=State.WAITING)
    make_conversation(agent, marta, last_message_at=NOW)
    make_conversation(agent, marta)
    [row] = customer_lists.page(workspace, Wanted(), now=NOW).rows
    assert (row.conversations, row.is_waiting) == (2, True)


@pytest.mark.parametrize(
    "search",
    ["élodie", "ELODIE", "nov", "novák élodie", "NOVAK ELODIE", "c-17", "C-17", "EN@Example", "ｅlodie", "  elodie  "],
)
def test_search_finds_parts_without_case_and_accents(workspace, search):
    make_customer(workspace.id, "Élodie Novák", told_id="C-17", email="En@example.com")
    make_customer(workspace.id, "Jonas")
    assert names(workspace, Wanted(search=search)) == ["Élodie Novák"]


@pytest.mark.parametrize("search", ["martha", "marta jonas", "%", "_", "\\", "\x00marta%"])
def test_search_finds_nothing_else(workspace, search):
    make_customer(workspace.id, "Marta")
    assert names(workspace, Wanted(search=search)) == []


def test_search_finds_by_number_and_by_what_somebody_is_called(workspace, agent):
    visitor = make_customer(workspace.id)
    make_conversation(agent, visitor, last_message_at=NOW)
    for search in (str(visitor.id), visitor.id.hex.upper(), visitor.nickname):
        assert [row.customer.id for row in customer_lists.page(workspace, Wanted(search=search), now=NOW).rows] == [
            visitor.id
        ]


def test_search_goes_along_with_changes(workspace):
    signed = verified(workspace, identity("C-9"), now=NOW)
    assert names(workspace, Wanted(search="c-9")) == [None]
    verified(workspace, identity("C-9", name="Мария"), now=NOW)
    assert names(workspace, Wanted(search="МАРИЯ")) == ["Мария"]
    assert signed.search_text == signed.searched_by


def test_filters(workspace, agent):
    make_customer(workspace.id, "Told", last_seen_at=seen(2))
    verified(workspace, identity("C-9", name="Signed"), now=seen(8))
    waiting = make_customer(workspace.id, "Waiting", last_seen_at=seen(40))
    make_conversation(agent, waiting, last_message_at=NOW, state=State.WAITING)
    assert names(workspace, Wanted(standing=Standing.VERIFIED)) == ["Signed"]
    assert names(workspace, Wanted(standing=Standing.IDENTIFIED)) == ["Told", "Waiting"]
    assert names(workspace, Wanted(standing=Standing.ANONYMOUS)) == []
    assert names(workspace, Wanted(seen_days=7)) == ["Told"]
    assert names(workspace, Wanted(is_waiting=True)) == ["Waiting"]
    assert names(workspace, Wanted(is_waiting=True, seen_days=30)) == []


def test_pages_follow_each_other_without_gap_or_repetition(workspace):
    for number in range(7):
        make_customer(workspace.id, f"At {number // 3}", last_seen_at=seen(number // 3))
    page, found = customer_lists.page(workspace, Wanted(), now=NOW, limit=3), []
    while True:
        found += [row.customer.id for row in page.rows]
        if page.before is None:
            break
        make_customer(workspace.id, "Just came")
        page = customer_lists.page(workspace, Wanted(), now=NOW, before=page.before, limit=3)
    assert len(found) == len(set(found)) == 7


@pytest.mark.parametrize("before", ["", "nonsense", "é", "A" * 400])
def test_a_place_that_is_not_ours_is_refused(workspace, before):
    with pytest.raises(Invalid):
        customer_lists.page(workspace, Wanted(), now=NOW, before=before)
