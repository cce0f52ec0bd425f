"""Works out an answer from a shop's tools: for a customer who has proven who they are, and for nobody else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core import conversations, shop_accounts, tool_calls
from core.answering import choices
from core.errors import NotFound
from core.intents import cards, goods, leaning, policies, records, telling
from core.intents.fetching import MOST_IN_FULL, Fetching, ending_in, on_their_way
from core.intents.hearing import LONGEST, Heard, Wish, hear
from core.intents.purposes import ABOUT_ORDERS, Purpose, arguments_for, by_purpose, reason_for
from core.intents.reading import content_of
from core.intents.records import Order, Product
from core.privacy import mask
from core.replies import Reply, Speaker
from core.tool_calls import Called, Offered
from core.traces import Trace
from models.connections import CallStatus
from models.conversations import Conversation, Message, Outcome

_MOST_LISTED = 20
_CANCELLABLE = ("pending", "open", "received", "unfulfilled")


@dataclass(frozen=True)
class Lookup:
    """One message, and what may be called for whoever wrote it."""

    conversation: Conversation
    message: Message
    offer: Mapping[str, Any]
    """What the agent's last words offered."""
    trace: Trace
    now: datetime

    def first(self, speaker: Speaker) -> Reply | None:
        """The answer to a question about the customer's own orders, or what fits them; None when it is none."""
        if self._shown_again() is not None:
            return None
        heard, tools = self._heard(speaker)
        if heard is None or heard.wish in (Wish.SEARCH, Wish.BESIDE):
            return None
        return _Answerer(self, _in_language(speaker, heard), tools).answer(heard)

    def beside(self, speaker: Speaker) -> Reply | None:
        """The orders that a question about something else names, for whoever has proven that they are theirs."""
        heard, tools = self._heard(speaker)
        if heard is None or heard.wish is not Wish.BESIDE:
            return None
        told = _Answerer(self, speaker, tools).answer(replace(heard, wish=Wish.STATUS))
        return told if told and told.details.get("orders") else None

    def last(self, speaker: Speaker) -> Reply | None:
        """Goods that match what somebody looks for; asked when the agent knows no answer."""
        card = self._shown_again()
        if card is not None:
            return _Answerer(self, speaker, {}).shown(card)
        heard, tools = self._heard(speaker)
        if heard is None or heard.wish is not Wish.SEARCH or Purpose.SEARCH not in tools:
            return None
        if goods.only_points(heard.words):
            return None
        return _Answerer(self, _in_language(speaker, heard), tools).found(tools[Purpose.SEARCH], heard.words)

    def asked(self, speaker: Speaker) -> Reply | None:
        """What the shop itself says to a question that nothing here answers; None when there is nobody to ask."""
        tool = by_purpose(tool_calls.known(self.conversation)).get(Purpose.ASK)
        words = mask(self.message.text[:LONGEST]).text.strip()
        return _Answerer(self, speaker, {}).told_by_shop(tool, words) if tool and words else None

    def _heard(self, speaker: Speaker) -> tuple[Heard | None, Mapping[Purpose, Offered]]:
        # What was said costs next to nothing to hear; most agents have no tools, most messages no such wish.
        orders = self.spoken_of()
        # Of one order that was told there is no last one.
        place = choices.chosen(self.message.text, len(orders)) if len(orders) > 1 else None
        if place is not None:
            told: Heard | None = Heard(Wish.STATUS, speaker.language, (orders[place],))
        else:
            told = hear(self.message.text, language=speaker.language, speaks_of_order=bool(orders))
            told = leaning.joined(told, self.message.text, self.offer, language=speaker.language)
        return told, by_purpose(tool_calls.reached_first(self.conversation)) if told else {}

    def spoken_of(self) -> Sequence[str]:
        """The numbers of the orders that the agent told right before."""
        told = self.offer.get("orders")
        return [str(one) for one in told] if isinstance(told, list) else []

    def was_sent_to_sign_in(self) -> bool:
        """Whether the customer was told before that they have to sign in."""
        return any(row.details.get("sign_in") for row in conversations.said_by_agent(self.message))

    def _shown_again(self) -> Mapping[str, Any] | None:
        text = self.message.text
        told = hear(text, language=self.conversation.language) if self.offer.get("cards") else None
        return goods.shown_again(text, self.offer, points=told is not None and goods.only_points(told.words))


class _Answerer:
    def __init__(self, asked: Lookup, speaker: Speaker, tools: Mapping[Purpose, Offered]) -> None:
        self._asked, self._speaker, self._tools = asked, speaker, tools
        self._fetching = Fetching(tools, asked.conversation, self._call)

    def answer(self, heard: Heard) -> Reply | None:
        if heard.wish is Wish.FITS:
            tool = self._tools.get(Purpose.FITS)
            return self._fitting(tool) if tool else None
        known = [self._tools[purpose] for purpose in ABOUT_ORDERS if purpose in self._tools]
        if not known or (heard.wish is Wish.CANCEL and Purpose.CANCEL not in self._tools):
            return None
        known = [tool for tool in known if self._is_let_in(tool)] or known
        if not self._is_let_in(known[0]):
            return self._sends_to_sign_in(known)
        orders = self._fetching.orders(heard, year=self._year(heard), spoken_of=self._asked.spoken_of())
        if orders is None:
            sentence = self._fetching.sentence
            return self._reply(sentence) if sentence else self._says("orders_failed", outcome=Outcome.UNANSWERED)
        answers: Mapping[Wish, Callable[[Heard, Sequence[Order]], Reply]] = {
            Wish.STATUS: self._status,
            Wish.ORDERS: self._listed,
            Wish.LATEST: self._latest,
            Wish.CANCEL: self._cancel,
        }
        return answers[heard.wish](heard, orders)

    def found(self, tool: Offered, words: str) -> Reply | None:
        """The goods that match; None when there are none, or nobody may look."""
        if not self._is_let_in(tool):
            return None
        told = goods.looked(words)
        called = self._call(tool, arguments_for(tool, told.words or words))
        found, is_within = goods.kept(records.products(_content(called)) if called.is_done else [], told)
        if found and not is_within:
            price = telling.money(self._speaker, goods.limit_of(found, told))
            return self._goods(self._speaker.says("products_none_under", price=price), found, tool, looked_for=words)
        return self._goods(self._speaker.says("products_found"), found, tool, looked_for=words) if found else None

    def shown(self, card: Mapping[str, Any]) -> Reply:
        """A card that was shown before, alone."""
        price = f" ({card['price']})" if card.get("price") else ""
        return self._reply(f"{telling.safe(str(card.get('title', '')))}{price}", details={"cards": [dict(card)]})

    def told_by_shop(self, tool: Offered, words: str) -> Reply | None:
        """The shop's own answer; None when it gives none, or nobody may ask."""
        if not self._is_let_in(tool):
            return None
        called = self._call(tool, arguments_for(tool, words))
        told = policies.told(_content(called), hosts=cards.hosts(tool.connection)) if called.is_done else None
        if told is None:
            return None
        details = {"offer_person": self._speaker.has_people, "sources": told.sources}
        return self._reply(told.text, details=details)

    def _sends_to_sign_in(self, tools: Sequence[Offered]) -> Reply:
        own = next((tool for tool in tools if tool.is_of_accounts), None)
        way = _way_in(own)
        shop = way["shop_account"]["shop"] if way else ""
        text = self._speaker.says("orders_shop_sign_in" if way else "orders_sign_in", shop=shop)
        # Who is told so again cannot, or does not want to.
        may_fetch = self._speaker.has_people and self._asked.was_sent_to_sign_in()
        if may_fetch:
            text = f"{text}\n\n{self._speaker.says('reply_or_person')}"
        return self._reply(text, details={"sign_in": True, "offer_person": may_fetch, **(way or {})})

    def _is_let_in(self, tool: Offered) -> bool:
        return tool_calls.may_reach(tool, self._asked.conversation)

    def _status(self, heard: Heard, orders: Sequence[Order]) -> Reply:
        if not orders and not heard.numbers:
            return self._says("orders_none")
        meant = self._meant(heard, orders)
        if meant is None:
            return self._says("orders_not_found", number=telling.safe(heard.numbers[0]))
        chosen = meant or on_their_way(orders) or orders[:1]
        tell = telling.order if len(chosen) == 1 else telling.in_brief
        text = "\n\n".join(tell(self._speaker, one) for one in chosen[:MOST_IN_FULL])
        others = len(orders) - len(chosen[:MOST_IN_FULL])
        if others and not meant:
            text += "\n\n" + self._speaker.says("orders_more", count=others)
        return self._reply(text, orders=chosen[:MOST_IN_FULL])

    def _listed(self, heard: Heard, orders: Sequence[Order]) -> Reply:
        year = self._year(heard)
        # Who can be told of the latest one alone is not told that it is all there are.
        if self._fetching.is_whole is None or (heard.numbers and year is None):
            return self._status(heard, orders)
        if year is not None and all(one.placed for one in orders):
            orders = [one for one in orders if one.placed and one.placed.year == year]
            if not orders:
                return self._says("orders_none_year", year=year)
        if not orders:
            return self._says("orders_none")
        lines = [telling.in_short(self._speaker, one) for one in orders[:_MOST_LISTED]]
        text = self._speaker.says("orders_found") + "\n\n" + "\n".join(lines)
        if not self._fetching.is_whole or len(orders) > len(lines):
            text += "\n\n" + self._speaker.says("orders_older", count=len(lines))
        return self._reply(text, orders=orders[:_MOST_LISTED])

    def _latest(self, heard: Heard, orders: Sequence[Order]) -> Reply:
        # Nothing but a number means another one than the first, which is the newest.
        return self._status(heard, orders if heard.numbers else orders[:1])

    def _cancel(self, heard: Heard, orders: Sequence[Order]) -> Reply:
        meant = self._meant(heard, orders)
        if meant is None:
            return self._says("orders_not_found", number=telling.safe(heard.numbers[0]))
        open_ones = [one for one in meant or orders if one.status in _CANCELLABLE]
        if len(open_ones) > 1:
            lines = [telling.in_short(self._speaker, one) for one in open_ones[:_MOST_LISTED]]
            return self._reply(self._speaker.says("order_which_cancel") + "\n\n" + "\n".join(lines))
        if not open_ones and meant:
            state = telling.status(self._speaker, meant[0].status)
            return self._says("order_no_cancel", number=telling.safe(meant[0].number), status=state, orders=meant)
        if not open_ones:
            return self._says("orders_none_cancel" if orders else "orders_none")
        return self._asks_to_cancel(heard, open_ones[0])

    def _asks_to_cancel(self, heard: Heard, order: Order) -> Reply:
        tool = self._tools[Purpose.CANCEL]
        given = arguments_for(tool, order.number) | reason_for(tool, is_mistake=heard.is_mistake)
        called = self._call(tool, given)
        if called.status is not CallStatus.ASKED:
            return self._says("orders_failed", outcome=Outcome.UNANSWERED)
        details = {"confirm": dict(called.confirm or {}), "orders": [order.number]}
        text = self._speaker.says("order_ask_cancel", number=telling.safe(order.number))
        return self._reply(text, details=details)

    def _meant(self, heard: Heard, orders: Sequence[Order]) -> Sequence[Order] | None:
        """The orders that the customer named, or that were just spoken of; None when they named none of theirs."""
        by_number = {one.plain_number: one for one in orders}
        named = [by_number.get(records.plain_number(number)) or ending_in(number, orders) for number in heard.numbers]
        if named and not any(named):
            return None
        spoken = [] if named or heard.wish in (Wish.ORDERS, Wish.LATEST) else self._asked.spoken_of()
        known = [*named, *(by_number.get(records.plain_number(number)) for number in spoken)]
        return [one for one in known if one is not None]

    def _year(self, heard: Heard) -> int | None:
        """Of which year the customer wants to hear; a year to come is the number of an order, if anything."""
        this_year = self._asked.now.year
        if heard.years_back is not None:
            return this_year - heard.years_back
        is_year = heard.year is not None and heard.year <= this_year and heard.numbers in ((), (str(heard.year),))
        return heard.year if is_year else None

    def _fitting(self, tool: Offered) -> Reply:
        if not self._is_let_in(tool):
            return self._sends_to_sign_in([tool])
        called = self._call(tool, {})
        if not called.is_done:
            return self._says("orders_failed", outcome=Outcome.UNANSWERED)
        found = records.products(_content(called))
        says = self._speaker.says("fits_found")
        return self._goods(says, found, tool) if found else self._says("fits_none")

    def _goods(self, says: str, found: Sequence[Product], tool: Offered, *, looked_for: str = "") -> Reply:
        shown = [cards.card(self._speaker, one, tool) for one in found[: cards.MOST]]
        # The words say the same, for copies and exports, and for whoever has no scripts.
        names = ", ".join(telling.product(self._speaker, one) for one in found[: cards.MOST])
        return self._reply(f"{says} {names}", details={"cards": shown, leaning.LOOKED_FOR: looked_for})

    def _call(self, tool: Offered, given: Mapping[str, Any]) -> Called:
        called = tool_calls.call(self._asked.conversation, self._asked.message, tool.name, given, now=self._asked.now)
        called.note_in(self._asked.trace)
        return called

    def _says(
        self, key: str, *, outcome: Outcome = Outcome.ANSWERED, orders: Sequence[Order] = (), **values: object
    ) -> Reply:
        reply = self._reply(self._speaker.says(key, **values), orders=orders)
        is_helpless = outcome is not Outcome.ANSWERED
        details = {**reply.details, "offer_person": is_helpless and self._speaker.has_people}
        return replace(reply, outcome=outcome, details=details)

    def _reply(self, text: str, *, orders: Sequence[Order] = (), details: Mapping[str, Any] | None = None) -> Reply:
        spoken_of = {"orders": [one.number for one in orders]} if orders else {}
        return Reply(text, Outcome.ANSWERED, {"name": self._speaker.name, **spoken_of, **(details or {})})


def _way_in(tool: Offered | None) -> Mapping[str, Any] | None:
    """The way to sign in at the shop whose tool this is; None where there is none, or not any more."""
    try:
        return shop_accounts.card(tool.connection.id) if tool else None
    except NotFound:
        return None


def _in_language(speaker: Speaker, heard: Heard) -> Speaker:
    return replace(speaker, language=heard.language)


def _content(called: Called) -> Any:
    return content_of(called.result)
