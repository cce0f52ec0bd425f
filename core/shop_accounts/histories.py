"""All orders of the customer who has signed in at a shop, by Shopify's Customer Account API (GraphQL).

What comes back is read field by field into a small form of our own: no address, no link. The page that Shopify has for
each order (`statusPageUrl`) opens for whoever holds its link, and a conversation is mailed, copied and exported.

Source: Shopify's Customer Account API, `Customer.orders`, and the queries of its own Hydrogen.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from core.connections import order_history, reaches_private
from core.customer_tokens.compact import read_object
from core.errors import Invalid
from core.texts import shown_line
from gateways.mcp import McpFailed, McpRefused, Result, ToolChanged
from gateways.outgoing import Limits, OutgoingError, Response, fetch

MOST = 20
"""As many as are told; a year is looked for in as many as are asked for."""
_MOST_ASKED_FOR = 50
_MOST_ITEMS = 6
_LONGEST = 80
_LIMITS = Limits(seconds=8, connect_seconds=4, bytes=512 * 1024, redirects=0)
_QUERY = """query Orders($most: Int!) {
  customer {
    orders(first: $most, sortKey: PROCESSED_AT, reverse: true) {
      nodes {
        name processedAt cancelledAt financialStatus fulfillmentStatus
        totalPrice { amount currencyCode }
        lineItems(first: 6) { nodes { title quantity } }
        fulfillments(first: 3) { nodes { latestShipmentStatus estimatedDeliveryAt trackingInformation { number } } }
      }
      pageInfo { hasNextPage }
    }
  }
}"""
_ON_THE_WAY = frozenset({"CARRIER_PICKED_UP", "IN_TRANSIT", "OUT_FOR_DELIVERY", "ATTEMPTED_DELIVERY", "DELAYED"})


def read(shop_url: str, known: Mapping[str, Any], arguments: Mapping[str, Any], *, fingerprint: str) -> Result:
    """The orders of whoever a token is of, the newest first.

    Args:
        known: their tokens, as `tokens.opened` gives them.
        arguments: of the tool; a year, or none.
        fingerprint: of the tool that somebody has switched on.

    Raises:
        ToolChanged: the shop names another website for it now; nothing was asked there.
        McpRefused: it does not let this sign-in see them.
        McpFailed: no usable answer.
    """
    try:
        address = order_history.address_of(shop_url)
    except Invalid as problem:
        raise McpFailed(problem.message) from None
    tool = order_history.tool_at(address) if address else None
    if address is None or tool is None or tool.fingerprint != fingerprint:
        raise ToolChanged(tool)
    year = arguments.get(order_history.YEAR)
    return Result("", _told(_asked(address, known), int(year) if year is not None else None))


def _asked(address: str, known: Mapping[str, Any]) -> Mapping[str, Any]:
    token = str(known["access"])
    # As Shopify writes it down there, the token stands alone; its own shops were seen to want “Bearer” as well.
    answer = _posted(address, token, known)
    if answer.status == 401:
        answer = _posted(address, f"Bearer {token}", known)
    if answer.status in (401, 403):
        raise McpRefused("The shop does not show this customer's orders to the chat. They may have to sign in again.")
    if answer.status != 200:
        raise McpFailed(f"The server answered with status {answer.status}.")
    told = read_object(answer.body) or {}
    customer = _inner(told, "data", "customer")
    if not isinstance(_inner(customer, "orders").get("nodes"), list):
        raise McpFailed("The server gave no usable answer.")
    return _inner(customer, "orders")


def _posted(address: str, authorization: str, known: Mapping[str, Any]) -> Response:
    asked = {"query": _QUERY, "variables": {"most": _MOST_ASKED_FOR}}
    try:
        return fetch(
            address,
            method="POST",
            headers={
                "Authorization": authorization,
                "Content-Type": "application/json",
                "Accept": "application/json",
                # As for tokens: a public client is taken at its word only from an origin that is entered with it.
                "Origin": str(known["origin"]),
            },
            body=json.dumps(asked).encode(),
            limits=_LIMITS,
            # A redirect would carry the token to where nobody has agreed to.
            follows=False,
            allow_private=reaches_private(),
        )
    except OutgoingError as error:
        raise McpFailed(str(error)) from None


def _told(orders: Mapping[str, Any], year: int | None) -> dict[str, Any]:
    nodes = [node for node in orders["nodes"][:_MOST_ASKED_FOR] if isinstance(node, Mapping)]
    wanted = [node for node in nodes if year is None or _text(node.get("processedAt")).startswith(f"{year}-")]
    # Of a year that ends before the oldest of them, nothing is left behind.
    is_cut = year is None or not nodes or _text(nodes[-1].get("processedAt"))[:4] >= str(year)
    has_older = is_cut and _inner(orders, "pageInfo").get("hasNextPage") is True
    return {
        "orders": [_order(node) for node in wanted[:MOST]],
        "are_all": len(wanted) <= MOST and not has_older,
    }


def _order(node: Mapping[str, Any]) -> dict[str, Any]:
    parcels = [*_nodes(node.get("fulfillments"))]
    price = _inner(node, "totalPrice")
    told = {
        "number": _text(node.get("name")),
        "status": _state(node, {_text(parcel.get("latestShipmentStatus")) for parcel in parcels}),
        "placed_at": _text(node.get("processedAt"))[:10],
        "total": {"amount": _text(price.get("amount")), "currency": _text(price.get("currencyCode"))[:3]},
        "items": [
            {"name": _text(item.get("title")), "quantity": _count(item.get("quantity"))}
            for item in [*_nodes(node.get("lineItems"))][:_MOST_ITEMS]
        ],
        "tracking": list(_tracking(parcels))[:3],
        "estimated_delivery": next((_text(parcel.get("estimatedDeliveryAt"))[:10] for parcel in parcels), ""),
    }
    return {name: value for name, value in told.items() if value not in ("", [])}


def _state(node: Mapping[str, Any], parcels: set[str]) -> str:
    """In one word where an order is, out of the four in which Shopify tells it."""
    if node.get("cancelledAt"):
        return "cancelled"
    if node.get("financialStatus") == "REFUNDED":
        return "refunded"
    if parcels == {"DELIVERED"} and node.get("fulfillmentStatus") == "FULFILLED":
        return "delivered"
    if parcels & _ON_THE_WAY:
        return "in transit"
    return _text(node.get("fulfillmentStatus")).replace("_", " ").lower() or "open"


def _tracking(parcels: list[Mapping[str, Any]]) -> Iterator[str]:
    for parcel in parcels:
        told = parcel.get("trackingInformation")
        for one in told if isinstance(told, list) else ():
            if isinstance(one, Mapping) and (number := _text(one.get("number"))):
                yield number


def _nodes(told: Any) -> Iterator[Mapping[str, Any]]:
    rows = told.get("nodes") if isinstance(told, Mapping) else None
    yield from (row for row in rows if isinstance(row, Mapping)) if isinstance(rows, list) else ()


def _inner(told: Any, *names: str) -> Mapping[str, Any]:
    for name in names:
        told = told.get(name) if isinstance(told, Mapping) else None
    return told if isinstance(told, Mapping) else {}


def _text(told: Any) -> str:
    return shown_line(told[: 2 * _LONGEST])[:_LONGEST] if isinstance(told, str) else ""


def _count(told: Any) -> int:
    return told if isinstance(told, int) and 0 < told < 1_000_000 else 1
