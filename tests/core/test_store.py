"""The made-up shop: everybody sees their own orders, and only what may be changed is."""

from datetime import date

import pytest

from core.demos.store import SHIPPED_DATA, Store
from core.errors import Conflict, Invalid, NotFound

MIRA, THEO = "LL-20417", "LL-31882"


@pytest.fixture
def store():
    return Store(SHIPPED_DATA, today=date(2026, 11, 23))


def test_a_customer_has_their_own_orders_with_days_that_follow_today(store):
    orders = store.orders(MIRA)
    assert {order["user_id"] for order in orders} == {MIRA}
    assert {order["status"] for order in orders} == {"pending", "processed", "shipped", "delivered", "cancelled"}
    first = store.order(MIRA, "#ll-88530")
    assert (first["placed_on"], first["expected_on"], first["total"]) == ("2026-11-22", "2026-11-27", 84.0)


@pytest.mark.parametrize(("customer", "number"), [(THEO, "LL-88530"), (MIRA, "LL-1"), ("nobody", "LL-88530")])
def test_somebody_elses_order_is_none_at_all(store, customer, number):
    with pytest.raises(NotFound, match="no such order"):
        store.order(customer, number)


def test_a_pending_order_can_be_cancelled_once(store):
    cancelled = store.cancel(MIRA, "LL-88530", "no longer needed")
    assert (cancelled["status"], cancelled["payment_history"][-1]["transaction_type"]) == ("cancelled", "refund")
    with pytest.raises(Conflict, match="is cancelled"):
        store.cancel(MIRA, "LL-88530", "no longer needed")
    with pytest.raises(Conflict, match="is shipped"):
        store.cancel(MIRA, "LL-87102", "no longer needed")


def test_nobody_cancels_for_somebody_else_or_without_a_reason(store):
    with pytest.raises(NotFound):
        store.cancel(THEO, "LL-88530", "no longer needed")
    with pytest.raises(Invalid):
        store.cancel(MIRA, "LL-88530", "because")
    assert store.order(MIRA, "LL-88530")["status"] == "pending"


def test_items_of_a_delivered_order_can_be_sent_back(store):
    assert store.send_back(MIRA, "LL-85519", ["harbour-navy"])["status"] == "return requested"
    for number, items in (("LL-85519", ["harbour-navy"]), ("LL-88530", ["firefly-brass"])):
        with pytest.raises(Conflict):
            store.send_back(MIRA, number, items)


@pytest.mark.parametrize("items", [[], ["halo-ash"], ["slippers-40", "slippers-40"]])
def test_only_items_of_the_order_are_sent_back(store, items):
    with pytest.raises(Invalid):
        store.send_back("LL-29060", "LL-83020", items)


def test_products_are_found_by_words_and_by_what_fits(store):
    assert [row["product_id"] for row in store.search("rechargeable lamps")] == ["firefly"]
    assert store.search("submarine") == []
    fitting = {row["product_id"]: [one["item_id"] for one in row["variants"]] for row in store.fitting(MIRA)}
    assert fitting["robe"] == ["robe-m"]
    assert fitting["slippers"] == ["slippers-38"]
    assert "aster-glass-smoke" in fitting["aster-glass"]
    assert store.fitting("LL-34108") == []
