"""Questions that lean on the one before them: "and for kids?", "how much does it cost?"."""

import re
from collections.abc import Sequence

from core.answering.words import STOP_WORDS, WORD, content_words, tokens

# Whoever writes more says all that is needed.
MOST_WORDS = 12
MOST_CONTENT_WORDS = 4
_SHORTEST_STEM = 4

_OPENERS = re.compile(
    r"^(?:ok(?:ay)?[\s,]+)?(?:"
    r"(?:and|also|or|but|what about|how about|same for|what if it is|for)\b"
    r"|(?:und|oder|aber|wie sieht es (?:mit|bei)|was ist mit|auch)\b"
    r"|(?:et|ou|mais|qu['’]en est-il (?:de|pour))\b"
    r"|[¿\s]*(?:y|o|pero|qué hay de|qué pasa con)\b"
    r"|(?:e|ed|oppure|ma|che ne dici di)\b"
    r"|(?:mas|que tal|e quanto a)\b"
    r"|(?:en|of|maar|hoe zit het met|wat met)\b"
    r"|(?:a co z|a dla|a(?= w )|oraz|ale|lub)\b"
    r"|(?:peki|ya|ve)\b"
    r"|(?:وماذا عن|وماذا|ماذا عن|و)"
    r"|(?:ומה עם|ומה|מה עם|ו)"
    r"|(?:では|じゃあ|それと|あと)"
    r"|(?:那么|那|还有)"
    r")\s*",
    re.IGNORECASE,
)
_POINTERS = re.compile(
    r"\b(?:it|its|that|this|they|them|those|these|there|one|ones|then"
    r"|das|es|dies|diese|dieser|dafür|damit|davon|dort|celui-ci|celle-ci|ça|cela|eso|esto|ello|ciò|questo|quello"
    r"|isso|isto|dat|deze|ermee|daarvan|tego|tym|bunu|bunun|onun)\b",
    re.IGNORECASE,
)
_ORDINALS = re.compile(r"\b(?:first|second|third|last|erste|zweite|dritte|letzte)[nrs]?\b", re.IGNORECASE)
_LIST = re.compile(r"^\s*(?:[-*•]|\d{1,2}[.)])\s", re.MULTILINE)
# "Is it possible to …" points at nothing.
_EMPTY_POINTERS = re.compile(
    r"\b(?:is|was|would|will)\s+(?:it|there)\b|\bit(?:['’]s|\s+is)\s+\w+\s+to\b", re.IGNORECASE
)

_ASKS_PRICE = re.compile(
    r"\b(?:how much|costs?|price|kostet|kosten|preis|teuer|combien|coûte\w*|prix|cuánto cuesta\w*|precio"
    r"|quanto costa\w*|prezzo|quanto custa\w*|preço|hoeveel|kost|prijs|ile kosztuje|cena|cenę|ne kadar|kaça|fiyat\w*)\b"
    r"|كم|سعر|כמה|מחיר|いくら|値段|料金|多少钱|价格|费用",
    re.IGNORECASE,
)
_PRICE = re.compile(r"[£$€¥₺₪₹]\s?\d|\d\s?(?:[£$€¥₺₪₹円元]|zł|kr\b|CHF|EUR|USD|GBP|TL\b)")

_QUESTION_WORDS = re.compile(
    r"(?:how|what|when|where|which|who|why|can|could|do|does|did|is|are|will|would"
    r"|wie|was|wann|wo|kann|ist|comment|combien|quand|est-ce|cómo|cuánto|cuándo|come|quanto|quando|hoe|wat|wanneer)\b",
    re.IGNORECASE,
)


def leans(question: str) -> bool:
    """Return whether a question can only be understood from what was asked before it."""
    if len(WORD.findall(question)) > MOST_WORDS or len(content_words(question)) > MOST_CONTENT_WORDS:
        return False
    return bool(_OPENERS.match(question.strip()) or _points(question))


def joined(question: str, before: Sequence[str]) -> str:
    """Return the question with what it leans on, as one that stands by itself.

    Args:
        before: what the customer asked before it, the last first.
    """
    number = next((number for number, asked in enumerate(before) if not leans(asked)), len(before) - 1)
    topic = before[number].strip().rstrip("?!.… ")
    rest = _OPENERS.sub("", question.strip())
    if _OPENERS.match(question.strip()) and not _has_verb(rest):
        return f"{topic} {rest}"
    # "And to Austria?", "how much is that": what was named in between is meant as well.
    between = _named(before[0]) if number else []
    return " ".join((rest.rstrip("?!. "), *content_words(topic), *between))


def added(question: str) -> str:
    """What a message adds to the one before ("and in blue?"); empty where it does not begin like that, or asks anew."""
    question = question.strip()
    opener = _OPENERS.match(question)
    rest = question[opener.end() :] if opener else ""
    return "" if _has_verb(rest) else rest


def says_of(text: str, question: str) -> bool:
    """Return whether a text has a word for what is new in the question."""
    said = tokens(text)
    if _ASKS_PRICE.search(question) and _PRICE.search(text):
        return True
    if _ORDINALS.search(question) and _LIST.search(text):
        return True
    new = _named(question)
    return any(_same(word, other) for word in new for other in said)


def _named(question: str) -> list[str]:
    """The words that a question names something with: "the second one" points, and names nothing."""
    rest = _POINTERS.sub(" ", _ORDINALS.sub(" ", _OPENERS.sub("", question.strip())))
    return [word for word in tokens(rest) if word not in STOP_WORDS]


def _points(question: str) -> bool:
    return bool(_POINTERS.search(_EMPTY_POINTERS.sub(" ", question)))


def _has_verb(rest: str) -> bool:
    # Who begins with a question word asks a whole question: "and how much does it cost?"
    return bool(_QUESTION_WORDS.match(rest))


def _same(word: str, other: str) -> bool:
    if word == other:
        return True
    length = min(len(word), len(other))
    return length >= _SHORTEST_STEM and word[:length] == other[:length] and abs(len(word) - len(other)) <= 3
