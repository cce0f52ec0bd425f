"""What somebody who looks for goods says besides of them: up to which price, the cheapest, or the one just shown."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.answering import choices
from core.intents.records import Money, Product

MOST_ABOVE = 3
"""How many are shown of those that cost more than was wanted."""
_MOST_WORDS = 5

_AMOUNT = r"(?P<{name}>\d{{1,6}})(?: (?P<{name}_cents>\d\d))?"
_UNIT = (
    r"(?: ?(?:pounds?|quid|dollars?|euros?|eur|gbp|usd|livres?|libras?|dolares|dollari|sterline|reais|zl|zloty\w*"
    r"|funt\w*|lira\w*|tl|円|元|块钱?|يورو|جنيه|دولار|שקל(?:ים)?|שח|יורו))?"
)
_BEFORE = (
    r"under|below|less than|cheaper than|up to|at most|not more than|no more than|max(?:imum)?|within"
    r"|unter|bis(?: zu)?|weniger als|hochstens|maximal|moins de|jusqua|a moins de|menos de|hasta|por debajo de"
    r"|meno di|fino a|sotto(?: i| le)?|no mas de|ate|abaixo de|onder(?: de)?|minder dan|tot|ponizej|do|mniej niz"
    r"|اقل من|تحت|حتى|עד|פחות מ|מתחת ל"
)
_BEHIND = (
    r"(?:lira\w* )?(?:altinda|alti|kadar)"
    r"|円?以下|円?未満|円?まで|円?以内|元?以下|元?以内|块(?:钱)?以下|块(?:钱)?以内"
)
_LIMIT = re.compile(
    rf"(?:^|\s)(?:for )?(?:{_BEFORE}) ?{_AMOUNT.format(name='first')}{_UNIT}(?=\s|$)"
    rf"|(?:^|\s|(?<=[^\d\s])){_AMOUNT.format(name='second')}{_UNIT} ?(?:{_BEHIND})(?:の|的)?"
)
_CHEAPEST = re.compile(
    r"(?:\bthe )?\bcheapest\b|\b(?:gunstig|billig)ste[nrs]?\b|\b(?:le|la|les)? ?(?:moins chere?s?)\b"
    r"|\bmas barat[oa]s?\b"
    r"|\b(?:meno car[oaie]|piu economic[oahie]+)\b|\bmais barat[oa]s?\b|\bgoedkoopste\b|\bnajtans[za]\w*\b|\ben ucuz\b"
    r"|ارخص|הכי זול\w*|一番安い|最安の?|最便宜的?"
)
# A word at a time: in "estoestoesto", which is one or two of these each time, every way to share it out would be tried.
_POINTS = re.compile(
    r"it|that|this|they|them|those|these|one|es|das|die|der|sie|dies\w*|ca|cela|elle|il|lui|celui|celle|ci|eso|esto"
    r"|ello|lo|la|le|questo|quello|questa|quella|isso|isto|ele|ela|dat|het|deze|to|ten|ta|bu|bunu|o|هذا|هذه|ذلك|זה|זו|את"
    r"|(?:それ|これ|あれ|这个|那个|它)+|still|there|here|noch|da|now"
)


@dataclass(frozen=True)
class Looked:
    """What is looked for."""

    words: str
    most: float | None = None
    """The highest price; None where nothing was said of it."""
    is_cheapest: bool = False


def looked(words: str) -> Looked:
    """What is looked for, apart from what it may cost.

    Args:
        words: bare, as `hearing.plain` makes them.
    """
    limit = _LIMIT.search(words)
    most = _amount(limit) if limit else None
    rest = _LIMIT.sub(" ", words) if limit else words
    is_cheapest = bool(_CHEAPEST.search(rest))
    return Looked(" ".join(_CHEAPEST.sub(" ", rest).split()), most, is_cheapest)


def names_price(bare: str) -> str:
    """The words of a message that is nothing but goods and a price ("lamps under 50"); empty when it is another."""
    told, limit = looked(bare), _LIMIT.search(bare)
    # "Up to 5 kg" and "within 3 days" are no prices.
    is_price = limit is not None and (limit.end() == len(bare) or limit.start() == 0)
    is_short = 0 < len(told.words.split()) <= _MOST_WORDS
    return bare if is_short and (is_price or told.is_cheapest) else ""


def only_points(words: str) -> bool:
    """Whether words point at something and name nothing: "it", "this one"."""
    found = words.split()
    return bool(found) and all(_POINTS.fullmatch(word) for word in found)


def without_pointer(words: str) -> str:
    """Words without what points at something before them: "it in blue" is "in blue"."""
    found = words.split()
    while found and only_points(found[0]) and len(found) > 1:
        found.pop(0)
    return " ".join(found)


def kept(goods: Sequence[Product], told: Looked) -> tuple[Sequence[Product], bool]:
    """The goods that cost no more than was wanted, and whether there were any; else the nearest to that."""
    by_price = sorted(goods, key=_price)
    if told.most is not None:
        within = [one for one in goods if one.price is not None and one.price.amount <= told.most]
        return (within, True) if within else (by_price[:MOST_ABOVE], False)
    return (by_price if told.is_cheapest else goods), True


def limit_of(goods: Sequence[Product], told: Looked) -> Money:
    """The highest price that was wanted, in the currency of the goods."""
    return Money(told.most or 0, next((one.price.currency for one in goods if one.price), ""))


def shown_again(text: str, offer: Mapping[str, Any], *, points: bool) -> Mapping[str, Any] | None:
    """The card among those just shown that a message means; None when it means none of them.

    Args:
        text: the customer's words.
        offer: what the agent's last words offered.
        points: whether they point at something, which is clear where one card was shown.
    """
    shown = offer.get("cards")
    cards = [one for one in shown if isinstance(one, Mapping)] if isinstance(shown, list) else []
    place = choices.chosen(text, len(cards))
    if place is None and points and len(cards) == 1:
        place = 0
    return cards[place] if place is not None else None


def _price(product: Product) -> float:
    return product.price.amount if product.price else float("inf")


def _amount(found: re.Match[str]) -> float:
    name = "first" if found["first"] else "second"
    return float(unicodedata.normalize("NFKC", f"{found[name]}.{found[f'{name}_cents'] or '0'}"))
