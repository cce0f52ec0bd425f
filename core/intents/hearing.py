"""Hears what a customer wants of their orders or of the shop's goods, in the widget's languages and without a model."""

import enum
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from core.intents import goods
from core.widget_words import LANGUAGES

LONGEST = 400
"""Longer messages tell a story, which is read by the knowledge, a model or a person."""
_LONGEST_FOLLOW_UP = 60

_MARKED_NUMBER = re.compile(
    r"(?<![\w&/#])#\s?([A-Za-z]{0,4}-?\d{3,14})(?![\w-])|(?<![\w/-])([A-Za-z]{1,4}-?\d{4,14})(?![\w-])"
)
_BARE_NUMBER = re.compile(r"(?<![\w.,/-])(\d{4,14})(?![\w.,/-]?\w)")
_NUMBER_ALONE = re.compile(r"\s*#?\s?(\d{4,14})\s*[?.!]*\s*")
"""A message that is nothing but a number: where orders can be looked up, one of an order."""
_YEAR = re.compile(r"(?<![0-9A-Za-z.,/#-])(20\d\d)(?![0-9A-Za-z]|[.,/-]\d)")
NUMBER = "ordernumber"
"""What stands in the place of an order's number while patterns are searched."""
_WRITTEN_TOGETHER = frozenset({"ja", "zh", "ar", "he"})
"""Languages that write small words and endings together with others, or all words."""
_MISTAKE = re.compile(
    r"mistake|accident|versehen|irrtum|erreur|error|equivoc|engano|sbagli|errore|vergiss|pomyłk|pomylk|yanlis"
    r"|بالخطا|خطا|בטעות|間違|错|误"
)
_ORDER_WORDS = re.compile(
    r"order|purchase|parcel|package|bestell|commande|colis|pedido|encomenda|compra|ordine|pakket|zamowien|siparis"
    r"|طلب|הזמנ|注文|订单"
)


class Wish(enum.StrEnum):
    """What is wanted."""

    STATUS = "status"
    ORDERS = "orders"
    LATEST = "latest"
    CANCEL = "cancel"
    FITS = "fits"
    SEARCH = "search"
    BESIDE = "beside"
    """Something else about orders that are named: it is answered by the knowledge, and they are told beside it."""


@dataclass(frozen=True)
class Heard:
    """A wish, in which language it was said, and what of."""

    wish: Wish
    language: str
    numbers: tuple[str, ...] = ()
    """Numbers of orders as they were written, without a hash."""
    words: str = ""
    """What is looked for."""
    years_back: int | None = None
    """Of which year's orders: this one's (0), the last one's (1); None where no such word was said."""
    year: int | None = None
    """A number that can be read as a year, where all orders are meant; it may be among `numbers`."""
    is_mistake: bool = False
    """Whether the customer says that the order was made by mistake."""


def hear(text: str, *, language: str = "en", speaks_of_order: bool = False) -> Heard | None:
    """Return what is wanted, or None when it is nothing of this kind.

    Args:
        language: in which the widget speaks; its patterns come first.
        speaks_of_order: whether the agent spoke of an order right before, so that "cancel it" means that.
    """
    if len(text) > LONGEST:
        return None
    numbers, bare = _numbered(text)
    if any(_found(bare, spoken, "other") for spoken in {language, "en"}):
        return Heard(Wish.BESIDE, language, numbers) if numbers else None
    for spoken in _order(language):
        heard = _heard(bare, spoken, numbers, speaks_of_order=speaks_of_order)
        if heard is not None:
            return replace(heard, year=_year(text)) if heard.wish is Wish.ORDERS else heard
    if numbers:
        is_other = any(_found(bare, spoken, "other") for spoken in LANGUAGES)
        return Heard(Wish.BESIDE if is_other else Wish.STATUS, language, numbers)
    return _heard_without_verb(text, bare, language)


def _heard(bare: str, spoken: str, numbers: tuple[str, ...], *, speaks_of_order: bool) -> Heard | None:
    if _found(bare, spoken, "other"):
        return None
    if _found(bare, spoken, "cancel") and (numbers or speaks_of_order or _names_order(bare)):
        return Heard(Wish.CANCEL, spoken, numbers, is_mistake=bool(_MISTAKE.search(bare)))
    # The status of the last order is that of one, not of all that are on their way.
    for wish in (Wish.LATEST, Wish.STATUS, Wish.ORDERS, Wish.FITS):
        if _found(bare, spoken, wish.value):
            years_back = _years_back(bare, spoken) if wish is Wish.ORDERS else None
            return Heard(wish, spoken, numbers, years_back=years_back)
    is_follow_up = speaks_of_order and len(bare) <= _LONGEST_FOLLOW_UP
    if (numbers or is_follow_up) and _found(bare, spoken, "follows"):
        return Heard(Wish.STATUS, spoken, numbers)
    if not numbers and (words := _looked_for(bare, spoken)):
        return Heard(Wish.SEARCH, spoken, words=words)
    return None


def _heard_without_verb(text: str, bare: str, language: str) -> Heard | None:
    if alone := _NUMBER_ALONE.fullmatch(text):
        return Heard(Wish.STATUS, language, (alone[1],))
    words = goods.names_price(bare)
    return Heard(Wish.SEARCH, language, words=words) if words else None


def _year(text: str) -> int | None:
    found = _YEAR.search(text)
    return int(found[1]) if found else None


def _years_back(bare: str, spoken: str) -> int | None:
    if _found(bare, spoken, "last_year"):
        return 1
    return 0 if _found(bare, spoken, "this_year") else None


def _names_order(bare: str) -> bool:
    # An appointment or a subscription that is cancelled would be somebody else's matter.
    return bool(_ORDER_WORDS.search(bare))


def _looked_for(bare: str, spoken: str) -> str:
    for pattern in _compiled(spoken, "search"):
        found = pattern.search(bare)
        if found and (words := found["what"].strip()):
            return words[:80]
    return ""


def _numbered(text: str) -> tuple[tuple[str, ...], str]:
    """The numbers of orders in a text, and the bare text with a word in the place of each."""
    numbers: list[str] = []

    def take(found: re.Match[str]) -> str:
        numbers.append(next(group for group in found.groups() if group))
        return f" {NUMBER} "

    marked = _MARKED_NUMBER.sub(take, text)
    if not numbers and _ORDER_WORDS.search(plain(text)):
        marked = _BARE_NUMBER.sub(take, marked)
    return tuple(dict.fromkeys(numbers)), plain(marked)


def plain(text: str) -> str:
    """A text in lower case without accents, apostrophes and marks, as the patterns are written."""
    return " ".join(re.findall(r"[^\W_]+", _bare(text.lower().replace("'", "").replace("’", ""))))


def _bare(text: str) -> str:
    # These two have no accent that could be taken off, and are written with and without it.
    decomposed = unicodedata.normalize("NFD", text.replace("ı", "i").replace("ł", "l"))
    return unicodedata.normalize("NFC", "".join(one for one in decomposed if not _is_mark(one)))


def _is_mark(letter: str) -> bool:
    # The marks of kana make other sounds, and other words.
    return unicodedata.category(letter) == "Mn" and letter not in "\u3099\u309a"


def _order(language: str) -> Iterator[str]:
    yield language
    yield from (one for one in LANGUAGES if one != language)


def _found(bare: str, spoken: str, kind: str) -> bool:
    return any(pattern.search(bare) for pattern in _compiled(spoken, kind))


@cache
def _compiled(spoken: str, kind: str) -> Sequence[re.Pattern[str]]:
    told = _phrases()[spoken]
    # Where words stand apart, a pattern is made of whole ones.
    start, end = ("", "") if spoken in _WRITTEN_TOGETHER else (r"(?<!\w)", r"(?!\w)")
    return [re.compile(f"{start}(?:{_pattern(one, told)}){end}") for one in told[kind]]


def _pattern(written: str, told: Mapping[str, Any]) -> str:
    for name, words in told.get("words", {}).items():
        written = written.replace(f"<{name}>", words)
    # Searched as the text is: without accents.
    return _bare(written)


@cache
def _phrases() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("phrases.toml").read_text(encoding="utf-8"))
