"""Fetches the orders that a customer means, by whichever of a shop's tools tells of them."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from core import tool_calls
from core.connections import order_history
from core.intents import policies, records
from core.intents.hearing import Heard, Wish
from core.intents.purposes import Purpose, arguments_for
from core.intents.reading import content_of
from core.intents.records import Order
from core.tool_calls import Called, Offered
from models.conversations import Conversation

_PAST = ("delivered", "cancelled", "canceled", "refunded", "return requested", "exchange requested")
MOST_IN_FULL = 3
"""How many orders are told with all that is known of them."""


class Fetching:
    """One look into a customer's orders.

    Args:
        call: calls a tool for this customer, and notes it.
    """

    def __init__(
        self,
        tools: Mapping[Purpose, Offered],
        conversation: Conversation,
        call: Callable[[Offered, Mapping[str, Any]], Called],
    ) -> None:
        self._tools, self._conversation, self._call = tools, conversation, call
        self.sentence = ""
        """What a shop has said of an order in a sentence of its own, where it has said nothing else."""
        self.is_whole: bool | None = None
        """Whether a list holds all of the customer's orders; None where there was no list of them."""

    def orders(self, heard: Heard, *, year: int | None, spoken_of: Sequence[str]) -> Sequence[Order] | None:
        """The customer's orders, or those they named where the shop cannot list them; None when it cannot be asked.

        Args:
            year: whose orders are wanted.
            spoken_of: the numbers of those that were just spoken of.
        """
        listing = self._reached(Purpose.ORDERS)
        one, latest = self._reached(Purpose.ORDER), self._reached(Purpose.LATEST)
        # Our own list is bounded, and stands beside tools that tell most of one order.
        has_others = listing is not None and _is_ours(listing) and bool(one or latest)
        if listing is not None and (heard.wish is Wish.ORDERS or not has_others):
            given = {order_history.YEAR: year} if year is not None and _is_ours(listing) else {}
            called = self._call(listing, given)
            if called.is_done:
                return self._listed(called)
            if not has_others:
                return None
        return self._without_list(heard, one, latest, spoken_of)

    def _without_list(
        self, heard: Heard, one: Offered | None, latest: Offered | None, spoken_of: Sequence[str]
    ) -> Sequence[Order] | None:
        # Whoever asks for the last one, or for all, does not mean the one before their eyes.
        is_another = latest is not None and heard.wish in (Wish.LATEST, Wish.ORDERS)
        numbers = heard.numbers[:MOST_IN_FULL] or (() if is_another else spoken_of[:1])
        if one is not None and (numbers or latest is None):
            return self._each(one, [arguments_for(one, number) for number in numbers])
        return self._each(latest, [{}]) if latest is not None else []

    def _listed(self, called: Called) -> Sequence[Order]:
        """The orders of a list, the newest first where the shop dates them."""
        content = content_of(called.result)
        found = records.orders(content)
        self.is_whole = not isinstance(content, Mapping) or content.get("are_all") is not False
        if not all(one.placed for one in found):
            return found
        return sorted(found, key=lambda one: one.placed or date.min, reverse=True)

    def _each(self, tool: Offered, asked: Sequence[Mapping[str, Any]]) -> Sequence[Order] | None:
        found: list[Order] = []
        for given in asked:
            called = self._call(tool, given)
            # A shop says that it has no such order by a result that is an error.
            if called.result is None:
                return None
            if called.is_done and not self._is_told(called, found):
                return None
        return found

    def _is_told(self, called: Called, found: list[Order]) -> bool:
        """Whether what came back says which orders there are; a shop may tell it in a sentence, which is told on."""
        content = content_of(called.result)
        orders = records.orders(content)
        found += orders
        if orders or not isinstance(content, Mapping):
            words = policies.told({"answer": called.result.text}, hosts=()) if called.result and not orders else None
            self.sentence = words.text if words else ""
            return bool(orders) or content == []
        return "order" in content or "orders" in content

    def _reached(self, purpose: Purpose) -> Offered | None:
        tool = self._tools.get(purpose)
        return tool if tool is not None and tool_calls.may_reach(tool, self._conversation) else None


def _is_ours(tool: Offered) -> bool:
    return tool.is_of_accounts and tool.tool.name == order_history.NAME


def on_their_way(orders: Sequence[Order]) -> Sequence[Order]:
    """The orders of which something is still to come."""
    return [one for one in orders if one.status not in _PAST]


def ending_in(number: str, orders: Sequence[Order]) -> Order | None:
    """The one order whose number people may write without the letters before it."""
    ending = [one for one in orders if number.isdigit() and re.sub(r"\D", "", one.number) == number]
    return ending[0] if len(ending) == 1 else None
