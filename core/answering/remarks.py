"""Hears what a message says of the conversation itself: a no, that an answer was none, or that help is needed."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from core.answering import small_talk, wishes
from core.answering.small_talk_phrases import FILLERS, PHRASES

Kind = Literal["no", "sorry", "help", "known", "forget", "forget_all"]
# Of several in one message ("no, that doesn't help") the first of this order is answered.
PRECEDENCE: tuple[Kind, ...] = ("forget_all", "forget", "known", "sorry", "help", "no")
OF_MEMORY: tuple[Kind, ...] = ("known", "forget", "forget_all")
"""Remarks that ask for what is remembered of a customer, or that it be forgotten."""
_SAYS_SOMETHING = re.compile(r"[^\W\d_]")
_FURTHER_FILLERS = frozenset(
    (
        "but",
        "just",
        "oh",
        "please",
        "bitte",
        "svp",
        "danke",
        "merci",
        "gracias",
        "grazie",
        "really",
        "actually",
        "eigentlich",
        "finalement",
        "igual",
        "anzi",
        "aslında",
        "właściwie",
        "eigenlijk",
        "sorry",
        "ach",
        "ah",
        "still",
        "no",
        "ok",
    )
)
# Small talk beside which a remark is still one; who asks whether we are a robot asks that.
_BESIDE = ("hello", "thanks", "bye", "ok")
# Faces and signs that mean the same in every language.
_GRUMPY = frozenset("😠😡🤬👎😤😒🙄🖕💩")


def _read() -> dict[str, dict[Kind, list[str]]]:
    """The phrases as messages are compared, by language and kind."""
    told = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {
        language: {kind: [" ".join(small_talk.plain_words(one)) for one in phrases] for kind, phrases in kinds.items()}
        for language, kinds in told.items()
    }


_PHRASES = _read()
# Earlier languages keep a phrase that two share.
_KNOWN: dict[str, tuple[Kind, str]] = {
    phrase: (kind, language)
    for language, kinds in reversed(_PHRASES.items())
    for kind, phrases in kinds.items()
    for phrase in phrases
}
_LONGEST_PHRASE = max(len(phrase.split()) for phrase in _KNOWN)


@dataclass(frozen=True)
class Remark:
    """What kind of remark it is, and in which language it was made."""

    kind: Kind
    language: str


def remark(text: str, *, language: str = "en") -> Remark | None:
    """Return what a message says of the conversation, when nothing is left of it beside that, or None.

    Args:
        language: in which the widget speaks; a phrase of that language, or an English one, counts as one of it.
    """
    if len(text) > small_talk.LONGEST:
        return None
    if _GRUMPY & set(text) and not _SAYS_SOMETHING.search(text):
        return Remark("sorry", language)
    found = _parts(small_talk.plain_words(text))
    if not found:
        return None
    phrase = min(found, key=lambda one: PRECEDENCE.index(_KNOWN[one][0]))
    kind, spoken = _KNOWN[phrase]
    return Remark(
        kind,
        language if spoken == "en" or any(phrase in one for one in _PHRASES.get(language, {}).values()) else spoken,
    )


def declines(text: str) -> bool:
    """Return whether the whole message is a no to what was just offered, in one of the widget's languages."""
    found = remark(text)
    return found is not None and found.kind == "no"


def yes_or_no(text: str) -> bool | None:
    """Return whether a message is a yes to something that shall be done, or a no; None when it is neither."""
    return True if wishes.agrees(text) else False if declines(text) else None


def is_wordless(text: str) -> bool:
    """Return whether a message holds no word at all: signs, numbers, or pictures of faces."""
    return not _SAYS_SOMETHING.search(text)


def _parts(words: list[str]) -> list[str]:
    """The remarks of which a message is made; none when a word is left over beside them and small talk."""
    found: list[str] = []
    start = 0
    while start < len(words):
        for end in range(min(len(words), start + _LONGEST_PHRASE), start, -1):
            phrase = " ".join(words[start:end])
            if phrase in _KNOWN or PHRASES.get(phrase, ("",))[0] in _BESIDE:
                found += [phrase] if phrase in _KNOWN else []
                start = end
                break
        else:
            if not (words[start] in FILLERS or words[start] in _FURTHER_FILLERS):
                return []
            start += 1
    return found
