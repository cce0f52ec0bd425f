"""Reads orders and products out of what a shop's tools answer, whatever the shop calls its fields.

All of it is data from outside: every text is cut short and made one line, every list is bounded.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from babel.numbers import get_currency_precision

from core.intents.descriptions import plain_of
from core.texts import shown_line

MOST_ORDERS = 50
MOST_PRODUCTS = 12
_MOST_ITEMS = 20
_DEPTH = 4

_NUMBERS = ("order_id", "order_number", "orderNumber", "number", "name", "id")
_STATUSES = (
    *("status", "order_status", "orderStatus", "state", "fulfillment_status", "fulfillmentStatus"),
    *("display_fulfillment_status", "displayFulfillmentStatus", "financial_status", "financialStatus"),
)
_ITEMS = ("items", "line_items", "lineItems")
_TOTALS = ("total", "total_price", "totalPrice", "amount")
_CURRENCIES = ("currency", "currency_code", "currencyCode")
_PARCELS = ("fulfillments", "shipments", "parcels")
_TRACKINGS = ("tracking_id", "tracking_ids", "tracking_number", "trackingNumber", "tracking", "trackingInfo")
_PLACED = ("placed_on", "placed_at", "created_at", "createdAt", "processedAt", "date")
_EXPECTED = ("expected_on", "estimated_delivery", "estimatedDelivery", "estimatedDeliveryAt")
_DELIVERED = ("delivered_on", "delivered_at", "deliveredAt")
_PRICES = ("price", "unit_price", "unitPrice", "min_price", "amount")
_PICTURES = ("image", "image_url", "imageUrl", "picture", "featured_image", "featuredImage", "thumbnail")
_VARIANT_LISTS = ("variants", "options_available")


@dataclass(frozen=True)
class Money:
    """An amount; the currency is empty where the shop names none."""

    amount: float
    currency: str = ""


@dataclass(frozen=True)
class Item:
    name: str
    options: str
    price: Money | None


@dataclass(frozen=True)
class Order:
    """What a shop tells of an order."""

    number: str
    status: str
    items: Sequence[Item] = ()
    total: Money | None = None
    refund: Money | None = None
    tracking: Sequence[str] = ()
    address: str = ""
    placed: date | None = None
    expected: date | None = None
    delivered: date | None = None

    @property
    def plain_number(self) -> str:
        return plain_number(self.number)


@dataclass(frozen=True)
class Product:
    """What a shop tells of something that it sells."""

    name: str
    text: str = ""
    price: Money | None = None
    is_from: bool = False
    """Whether other variants cost more."""
    is_there: bool = True
    choices: Sequence[str] = ()
    """Its variants that are there, in words."""
    picture: str = ""
    link: str = ""


def plain_number(number: str) -> str:
    """An order's number without what people leave out."""
    return re.sub(r"[^0-9A-Z]", "", number.upper())


def orders(content: Any) -> list[Order]:
    """The orders in an answer: a list of them, one, or an object around either."""
    found = [order for row in _rows(content, ("orders", "order"), _is_order) if (order := _order(row)) is not None]
    return found[:MOST_ORDERS]


def products(content: Any) -> list[Product]:
    """The products in an answer."""
    rows = _rows(content, ("products", "product", "items", "results"), _is_product)
    found = [product for row in rows if (product := _product(row)) is not None][:MOST_PRODUCTS]
    # The Universal Commerce Protocol counts in the smallest unit of a currency.
    is_in_cents = isinstance(content, Mapping) and isinstance(content.get("ucp"), Mapping)
    return [replace(one, price=_in_whole_units(one.price)) for one in found] if is_in_cents else found


def _rows(content: Any, names: Sequence[str], is_one: Any, depth: int = 0) -> Iterator[Mapping[str, Any]]:
    if depth > _DEPTH:
        return
    if isinstance(content, list):
        for one in content[:MOST_ORDERS]:
            yield from _rows(_unwrapped(one), names, is_one, depth + 1)
    elif isinstance(content, Mapping):
        if is_one(content):
            yield content
            return
        # What is named like it comes first; an envelope may be called anything.
        inner = [content[name] for name in names if name in content]
        for one in inner or [value for value in content.values() if isinstance(value, list | Mapping)]:
            yield from _rows(_unwrapped(one), names, is_one, depth + 1)


def _unwrapped(content: Any) -> Any:
    """Without the edges and nodes of GraphQL."""
    if isinstance(content, Mapping):
        for name in ("nodes", "edges", "node"):
            if name in content:
                return _unwrapped(content[name]) if name == "node" else content[name]
    return content


def _is_order(row: Mapping[str, Any]) -> bool:
    return _first(row, _NUMBERS) is not None and _first(row, _STATUSES) is not None


def _is_product(row: Mapping[str, Any]) -> bool:
    has_name = isinstance(row.get("name") or row.get("title"), str)
    return has_name and any(name in row for name in (*_PRICES, *_VARIANT_LISTS, "price_range", "priceRange"))


def _order(row: Mapping[str, Any]) -> Order | None:
    number, status = _text(_first(row, _NUMBERS), 40), _text(_first(row, _STATUSES), 40)
    if not number or not status:
        return None
    currency = _text(_first(row, _CURRENCIES), 3)
    items = _listed(_first(row, _ITEMS))[:_MOST_ITEMS]
    return Order(
        number=number,
        status=status.replace("_", " ").lower(),
        items=tuple(_item(one, currency) for one in items),
        total=_money(_first(row, _TOTALS), currency) or _paid(row, "payment", currency),
        refund=_paid(row, "refund", currency),
        tracking=tuple(dict.fromkeys(_trackings(row)))[:5],
        address=_address(row.get("address") or row.get("shipping_address") or row.get("shippingAddress")),
        placed=_day(_first(row, _PLACED)),
        expected=_day(_first(row, _EXPECTED)),
        delivered=_day(_first(row, _DELIVERED)),
    )


def _item(row: Mapping[str, Any], currency: str) -> Item:
    name = _text(row.get("name") or row.get("title"), 120)
    return Item(name, _options(row.get("options")), _money(_first(row, _PRICES), currency))


def _options(options: Any) -> str:
    if isinstance(options, Mapping):
        return ", ".join(f"{_text(key, 40)}: {_text(value, 60)}" for key, value in list(options.items())[:8])
    if isinstance(options, list):
        pairs = [one for one in options[:8] if isinstance(one, Mapping)]
        return ", ".join(f"{_text(one.get('name'), 40)}: {_text(one.get('value'), 60)}" for one in pairs)
    return _text(options, 120)


def _paid(row: Mapping[str, Any], kind: str, currency: str) -> Money | None:
    history = _listed(row.get("payment_history"))
    amounts = [_number(one.get("amount")) for one in history if one.get("transaction_type") == kind]
    known = [amount for amount in amounts if amount is not None]
    return Money(round(sum(known), 2), currency) if known else None


def _trackings(row: Mapping[str, Any]) -> Iterator[str]:
    for parcel in (row, *_listed(_first(row, _PARCELS))):
        told = _first(parcel, _TRACKINGS)
        for one in told if isinstance(told, list) else [told]:
            number = one.get("number") if isinstance(one, Mapping) else one
            if text := _text(number, 60):
                yield text


def _address(told: Any) -> str:
    if not isinstance(told, Mapping):
        return _text(told, 200)
    parts = ("address1", "address2", "line1", "line2", "city", "state", "zip", "postal_code", "country")
    return ", ".join(text for name in parts if (text := _text(told.get(name), 80)))


def _product(row: Mapping[str, Any]) -> Product | None:
    name = _text(row.get("name") or row.get("title"), 120)
    if not name:
        return None
    variants = _listed(_first(row, _VARIANT_LISTS))
    there = [one for one in variants if _is_available(one)]
    currency = _text(_first(row, _CURRENCIES), 3)
    prices = [price for one in there or variants if (price := _money(_first(one, _PRICES), currency)) is not None]
    lowest = min(prices, key=lambda price: price.amount) if prices else _own_price(row, currency)
    return Product(
        name=name,
        text=_text(plain_of(row.get("description")), 240),
        price=lowest,
        is_from=len({price.amount for price in prices}) > 1,
        is_there=bool(there) or not variants,
        choices=tuple(text for one in there[:6] if (text := _choice(one))),
        picture=_address_of_picture(row),
        link=_text(row.get("url") or row.get("link") or row.get("onlineStoreUrl"), 1000),
    )


def _is_available(variant: Mapping[str, Any]) -> bool:
    told = variant.get("availability")
    if isinstance(told, Mapping):
        return told.get("available") is not False
    return variant.get("available", variant.get("availableForSale", True)) is not False


def _in_whole_units(money: Money | None) -> Money | None:
    if money is None:
        return None
    return replace(money, amount=money.amount / 10 ** get_currency_precision(money.currency))


def _own_price(row: Mapping[str, Any], currency: str) -> Money | None:
    prices = row.get("price_range") or row.get("priceRange")
    if isinstance(prices, Mapping):
        return _money(prices.get("min") or prices.get("minVariantPrice"), currency)
    return _money(_first(row, _PRICES), currency)


def _choice(variant: Mapping[str, Any]) -> str:
    options = variant.get("options")
    if isinstance(options, Mapping):
        return ", ".join(_text(value, 40) for value in list(options.values())[:4])
    return _text(variant.get("title"), 60)


def _address_of_picture(row: Mapping[str, Any]) -> str:
    told = _first(row, _PICTURES) or row.get("images") or row.get("media")
    if isinstance(told, list):
        told = next((one for one in told[:10] if not _is_film(one)), None)
    if isinstance(told, Mapping):
        told = told.get("url") or told.get("src")
    return _text(told, 1000)


def _is_film(told: Any) -> bool:
    return isinstance(told, Mapping) and told.get("type", "image") != "image"


def _money(told: Any, currency: str) -> Money | None:
    if isinstance(told, Mapping):
        return _money(told.get("amount"), _text(_first(told, _CURRENCIES), 3) or currency)
    amount = _number(told)
    return None if amount is None else Money(amount, currency.upper())


def _number(told: Any) -> float | None:
    if isinstance(told, bool):
        return None
    if isinstance(told, str) and re.fullmatch(r"-?\d{1,12}(?:\.\d{1,6})?", told):
        told = float(told)
    return float(told) if isinstance(told, int | float) and abs(told) < 1e12 else None


def _day(told: Any) -> date | None:
    found = re.match(r"(\d{4})-(\d{2})-(\d{2})", told) if isinstance(told, str) else None
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def _first(row: Mapping[str, Any], names: Sequence[str]) -> Any:
    return next((row[name] for name in names if row.get(name) not in (None, "", [], {})), None)


def _listed(told: Any) -> list[Mapping[str, Any]]:
    told = _unwrapped(told)
    rows = told if isinstance(told, list) else []
    return [row for one in rows[:100] if isinstance(row := _unwrapped(one), Mapping)]


def _text(told: Any, limit: int) -> str:
    if isinstance(told, bool) or not isinstance(told, str | int | float):
        return ""
    return shown_line(str(told)[: limit * 2])[:limit]
