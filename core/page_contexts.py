"""What the website tells of the page a customer stands on and of their cart: known to the agent, and content only."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update

from models import Prepared, db, transaction
from models.conversations import Conversation
from models.customers import Customer, WidgetSession

PAGE = "page"
TITLE = "page_title"

_CART_VALUE = re.compile(r"(?:cart|basket|order|checkout)[_ .-]?(?:value|total|amount|sum|price)|(?:total|value)", re.I)
_CART_CURRENCY = re.compile(r"(?:(?:cart|basket|order|checkout)[_ .-]?)?currency", re.I)
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,2})?")
_MOST_TOLD = 12
_LONGEST = 200


@dataclass(frozen=True)
class PageContext:
    """Where a customer is, and what the website says of it besides."""

    address: str = ""
    title: str = ""
    cart_value: float | None = None
    currency: str = ""
    others: Sequence[tuple[str, str]] = ()
    """All else that the website has told, by its own names."""

    @property
    def cart(self) -> str:
        """What is in the cart, in figures."""
        return "" if self.cart_value is None else f"{self.cart_value:,.2f} {self.currency}".strip()

    @property
    def known(self) -> list[tuple[str, str]]:
        """What is the same on each website: title, address and cart, as far as they were told."""
        known = (("title", self.title), ("address", self.address), ("cart", self.cart))
        return [(name, content) for name, content in known if content]

    @property
    def lines(self) -> list[tuple[str, str]]:
        """All of it, each piece with what it is."""
        known = (("Page", self.title), ("Address of the page", self.address), ("Worth of the cart", self.cart))
        return [(name, content) for name, content in (*known, *self.others) if content]


def read(told: Mapping[str, Any], *, origin: str = "") -> PageContext:
    """What a website's own words say.

    Args:
        told: as `setContext` got it, with the page that the widget has added.
        origin: the website, to make an address of a page's path.
    """
    value = next((name for name in told if _CART_VALUE.fullmatch(name) and _number(told[name]) is not None), None)
    currency = next((name for name in told if _CART_CURRENCY.fullmatch(name)), None)
    apart = {PAGE, TITLE, value, currency if value else None}
    others = [(name[:60], _text(content)) for name, content in told.items() if name not in apart]
    path = _text(told.get(PAGE))
    return PageContext(
        address=f"{origin}{path}" if path.startswith("/") else path,
        title=_text(told.get(TITLE)),
        cart_value=_number(told[value]) if value else None,
        currency=_text(told[currency])[:8] if value and currency else "",
        others=tuple(others[:_MOST_TOLD]),
    )


def of(conversation: Conversation) -> PageContext:
    """What the customer's page has told most lately."""
    return read(_latest(conversation), origin=conversation.origin)


def of_customer(customer: Customer) -> PageContext:
    """What websites have told of a customer's visits, for themselves to see; the latest visit that told something."""
    told = db.session.execute(
        select(WidgetSession.context, WidgetSession.parent_origin)
        .where(WidgetSession.customer_id == customer.id)
        .order_by(WidgetSession.id.desc())
        .limit(20)
    )
    latest = next((row for row in told if row.context), None)
    return read(latest.context, origin=latest.parent_origin) if latest else PageContext()


def learn(session: WidgetSession, told: Mapping[str, Any]) -> None:
    """Keep what the page tells now, in the place of what it told before."""
    if not told or dict(told) == session.context:
        return
    with transaction():
        session.context = dict(told)


def forget(customer: Customer) -> None:
    """Erase what websites have told of a customer's visits; what they tell next is known again."""
    with transaction():
        db.session.execute(
            update(WidgetSession)
            .where(WidgetSession.customer_id == customer.id)
            .values(context={})
            .execution_options(synchronize_session="fetch")
        )


def _latest(conversation: Conversation) -> Mapping[str, Any]:
    return _LATEST.scalar(conversation_id=conversation.id) or {}


_LATEST = Prepared(
    select(WidgetSession.context)
    .where(WidgetSession.conversation_id == bindparam("conversation_id"))
    .order_by(WidgetSession.id.desc())
    .limit(1)
)


def _number(content: object) -> float | None:
    if isinstance(content, bool):
        return None
    if isinstance(content, int | float):
        return float(content)
    found = _NUMBER.search(content) if isinstance(content, str) and len(content) <= 40 else None
    return float(found[0].replace(",", ".")) if found else None


def _text(content: object) -> str:
    if isinstance(content, bool):
        return "yes" if content else "no"
    return " ".join(str(content).split())[:_LONGEST] if content is not None else ""
