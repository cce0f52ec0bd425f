"""A small made-up shop: customers, their orders in every state, and products, with what may be done to them."""

import json
import threading
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from core.errors import Conflict, Invalid, NotFound

SHIPPED_DATA = Path(__file__).with_name("shop_data")
"""The demo shop's customers, orders and products."""

REASONS = ("no longer needed", "ordered by mistake")
_MOST_FOUND = 8

Row = dict[str, Any]


class Store:
    """The shop's books. What is changed is kept in memory alone, so that each start is the same shop again."""

    def __init__(self, folder: Path = SHIPPED_DATA, *, today: date) -> None:
        """Read a shop.

        Args:
            folder: with customers.json, orders.json and products.json; the orders' dates may be told in days from
                today, so that the shop never grows old.
        """
        self._customers = {row["user_id"]: row for row in _read(folder / "customers.json")}
        self._products = {row["product_id"]: row for row in _read(folder / "products.json")}
        orders = [_dated(row, today) for row in _read(folder / "orders.json")]
        self._orders = {_number(row["order_id"]): row for row in orders}
        self._lock = threading.Lock()

    def customer(self, customer_id: str) -> Row:
        """Who somebody is, as the shop knows it.

        Raises:
            NotFound: when nobody has this id.
        """
        row = self._customers.get(customer_id)
        if row is None:
            raise NotFound("The shop knows no such customer.")
        return {key: deepcopy(row[key]) for key in ("user_id", "name", "email", "address", "payment_methods")}

    def orders(self, customer_id: str) -> list[Row]:
        """All orders of a customer, the newest first where their days are known."""
        self.customer(customer_id)
        with self._lock:
            return [_shown(row) for row in self._orders.values() if row["user_id"] == customer_id]

    def order(self, customer_id: str, order_id: str) -> Row:
        """One order of a customer.

        Raises:
            NotFound: also for somebody else's, so that nobody learns which numbers exist.
        """
        with self._lock:
            return _shown(self._own(customer_id, order_id))

    def cancel(self, customer_id: str, order_id: str, reason: str) -> Row:
        """Cancel an order that is pending still, and note the refund.

        Raises:
            NotFound: when the customer has no such order.
            Invalid: for a reason that is none of `REASONS`.
            Conflict: when it is past cancelling.
        """
        if reason not in REASONS:
            raise Invalid(f"The reason has to be one of: {', '.join(REASONS)}.")
        with self._lock:
            order = self._own(customer_id, order_id)
            if order["status"] != "pending":
                raise Conflict(f"This order is {order['status']}. Only a pending order can be cancelled.")
            order["status"], order["cancel_reason"] = "cancelled", reason
            order.pop("expected_on", None)
            paid = order["payment_history"][0]
            order["payment_history"].append(paid | {"transaction_type": "refund"})
            return _shown(order)

    def send_back(self, customer_id: str, order_id: str, item_ids: list[str]) -> Row:
        """Note that some items of a delivered order are sent back.

        Raises:
            NotFound: when the customer has no such order.
            Invalid: when an item is not in it.
            Conflict: when it was not delivered, or a return was asked for already.
        """
        with self._lock:
            order = self._own(customer_id, order_id)
            if order["status"] != "delivered":
                raise Conflict(f"This order is {order['status']}. Only a delivered order can be returned.")
            left = [item["item_id"] for item in order["items"]]
            for item_id in item_ids:
                if item_id not in left:
                    raise Invalid("One of these items is not in the order.")
                left.remove(item_id)
            if not item_ids:
                raise Invalid("Say which items are sent back.")
            order["status"], order["return_items"] = "return requested", list(item_ids)
            return _shown(order)

    def product(self, product_id: str) -> Row:
        """One product with its variants.

        Raises:
            NotFound: when there is none.
        """
        row = self._products.get(product_id)
        if row is None:
            raise NotFound("The shop has no such product.")
        return deepcopy(row)

    def search(self, query: str) -> list[Row]:
        """Products whose name, description or tags have all words of a query, or else most of them."""
        wanted = _words(query)
        ranked = sorted(
            ((_matches(row, wanted), row) for row in self._products.values()), key=lambda pair: pair[0], reverse=True
        )
        best = ranked[0][0] if ranked else 0
        if not wanted:
            return [deepcopy(row) for _count, row in ranked[:_MOST_FOUND]]
        return [deepcopy(row) for count, row in ranked[:_MOST_FOUND] if count and count == best]

    def fitting(self, customer_id: str) -> list[Row]:
        """What fits a customer: parts for what they bought, and what is there in a size of theirs."""
        orders = self.orders(customer_id)
        bought = {item["product_id"] for order in orders if order["status"] != "cancelled" for item in order["items"]}
        sizes = {**_sizes_bought(orders), **self._customers[customer_id].get("sizes", {})}
        return [deepcopy(row) for row in self._fitting_rows(bought, sizes)][:_MOST_FOUND]

    def _fitting_rows(self, bought: set[str], sizes: Mapping[str, str]) -> Iterator[Row]:
        for row in self._products.values():
            size = sizes.get(str(row.get("sized", row["product_id"])))
            there = [one for one in row["variants"] if one["available"]]
            if bought & set(row.get("fits", ())):
                variants = there
            else:
                variants = [one for one in there if size is not None and one["options"].get("size") == size]
            if variants:
                yield row | {"variants": variants}

    def _own(self, customer_id: str, order_id: str) -> Row:
        order = self._orders.get(_number(order_id))
        if order is None or order["user_id"] != customer_id:
            raise NotFound("There is no such order of this customer.")
        return order


def _read(path: Path) -> list[Row]:
    rows: list[Row] = json.loads(path.read_text(encoding="utf-8"))
    return rows


def _number(order_id: str) -> str:
    """An order's number as people write it: with a hash or without."""
    return order_id.strip().lstrip("#").upper()


def _dated(row: Row, today: date) -> Row:
    dated = dict(row)
    for key, name, direction in (
        ("placed_days_ago", "placed_on", -1),
        ("delivered_days_ago", "delivered_on", -1),
        ("expected_in_days", "expected_on", 1),
    ):
        days = dated.pop(key, None)
        if days is not None:
            dated[name] = (today + direction * timedelta(days=days)).isoformat()
    return dated


def _shown(order: Row) -> Row:
    total = sum(one["amount"] for one in order["payment_history"] if one["transaction_type"] == "payment")
    return deepcopy(order) | {"total": round(total, 2)}


def _words(text: str) -> set[str]:
    return {word.strip(".,;:!?").removesuffix("s") for word in text.lower().split() if len(word) > 1}


def _matches(row: Row, wanted: set[str]) -> int:
    options = (str(value) for one in row["variants"] for value in one["options"].values())
    text = " ".join((row["name"], row.get("description", ""), *row.get("tags", ()), *options))
    return len(wanted & _words(text))


def _sizes_bought(orders: list[Row]) -> dict[str, str]:
    return {
        item["product_id"]: item["options"]["size"]
        for order in orders
        for item in order["items"]
        if "size" in item["options"]
    }
