"""Puts orders and products into words, in the widget's languages."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from babel.dates import format_date
from babel.numbers import UnknownCurrencyError, format_currency

from core.intents.records import Item, Money, Order, Product
from core.replies import Speaker

_STATUS_WORDS = {
    "open": "pending",
    "received": "pending",
    "unfulfilled": "pending",
    "processing": "processed",
    "in progress": "processed",
    "in transit": "shipped",
    "on its way": "shipped",
    "out for delivery": "shipped",
    "fulfilled": "shipped",
    "partially fulfilled": "processed",
    "on hold": "processed",
    "pending fulfillment": "pending",
    "scheduled": "pending",
    "canceled": "cancelled",
    "voided": "cancelled",
}
"""What other shops call the states that we have words for."""
_KNOWN = ("pending", "processed", "shipped", "delivered", "cancelled", "return requested", "refunded")
_CALM = re.compile(r"([\\`*_{}\[\]<>|~])")
_LINK = re.compile(r"\b(?:https?://|www\.)\S*", re.IGNORECASE)


def order(speaker: Speaker, told: Order) -> str:
    """One order, with all that is known of it."""
    lines = [speaker.says("order_status", number=safe(told.number), status=status(speaker, told.status))]
    lines += [f"- {line}" for line in (*_dates(speaker, told), *_facts(speaker, told))]
    lines += [f"- {_item(speaker, item)}" for item in told.items]
    return _paragraphs(lines)


def in_brief(speaker: Speaker, told: Order) -> str:
    """One order among others: what everybody asks for first."""
    lines = [speaker.says("order_status", number=safe(told.number), status=status(speaker, told.status))]
    lines += [f"- {line}" for line in [*_dates(speaker, told)][:1]]
    if told.tracking:
        lines.append("- " + speaker.says("order_tracking", tracking=", ".join(safe(one) for one in told.tracking)))
    names = ", ".join(dict.fromkeys(safe(item.name) for item in told.items[:6]))
    total = money(speaker, told.total) if told.total else ""
    about = ", ".join(part for part in (names, total) if part)
    return _paragraphs([*lines, *([f"- {about}"] if about else [])])


def in_short(speaker: Speaker, told: Order) -> str:
    """One order in a line of a list."""
    names = ", ".join(dict.fromkeys(safe(item.name) for item in told.items[:4]))
    total = f", {money(speaker, told.total)}" if told.total else ""
    day = f", {format_date(told.placed, format='medium', locale=speaker.language)}" if told.placed else ""
    state = f"{status(speaker, told.status)}{day}"
    return f"- **{safe(told.number)}**: {state}" + (f" ({names}{total})" if names else total)


def status(speaker: Speaker, told: str) -> str:
    """A state of an order; in English, and where we have no word for it, as the shop says it."""
    known = _STATUS_WORDS.get(told, told)
    if speaker.language == "en" or known not in _KNOWN:
        return safe(told)
    return speaker.says(f"order_is_{known.replace(' ', '_')}")


def money(speaker: Speaker, told: Money) -> str:
    """An amount as it is written in this language; a bare number where no currency is known."""
    if not told.currency:
        return f"{told.amount:.2f}"
    try:
        return format_currency(told.amount, told.currency, locale=speaker.language)
    except (UnknownCurrencyError, ValueError):
        return f"{told.amount:.2f} {safe(told.currency)}"


def card(speaker: Speaker, told: Product) -> dict[str, Any]:
    """A product as the widget shows it."""
    price = money(speaker, told.price) if told.price else ""
    return {
        "title": told.name,
        "text": told.text,
        "price": speaker.says("product_from", price=price) if told.is_from and price else price,
        "note": "" if told.is_there else speaker.says("product_gone"),
        "choices": list(told.choices),
    }


def product(speaker: Speaker, told: Product) -> str:
    """A product in few words, for whoever reads without cards: copies, mails, exports."""
    price = card(speaker, told)["price"]
    return f"{safe(told.name)} ({price})" if price else safe(told.name)


def safe(text: str) -> str:
    """A shop's text as itself, never as markup, and leading nowhere."""
    return _CALM.sub(r"\\\1", _LINK.sub("", text))


def _dates(speaker: Speaker, told: Order) -> Iterator[str]:
    days: Sequence[tuple[str, date | None]] = (
        ("order_delivered", told.delivered),
        ("order_expected", None if told.delivered else told.expected),
        ("order_placed", told.placed),
    )
    for key, day in days:
        if day is not None:
            yield speaker.says(key, date=format_date(day, format="long", locale=speaker.language))


def _facts(speaker: Speaker, told: Order) -> Iterator[str]:
    if told.tracking:
        yield speaker.says("order_tracking", tracking=", ".join(safe(one) for one in told.tracking))
    if told.total is not None:
        yield speaker.says("order_total", total=money(speaker, told.total))
    if told.refund is not None:
        yield speaker.says("order_refund", total=money(speaker, told.refund))
    if told.address:
        yield speaker.says("order_address", address=safe(told.address))


def _item(speaker: Speaker, item: Item) -> str:
    options = f" ({safe(item.options)})" if item.options else ""
    price = f", {money(speaker, item.price)}" if item.price else ""
    return f"{safe(item.name)}{options}{price}"


def _paragraphs(lines: Sequence[str]) -> str:
    head, *rest = lines
    return "\n\n".join((head, "\n".join(rest))) if rest else head
