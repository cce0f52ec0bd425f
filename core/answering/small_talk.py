"""Greetings, thanks and the like get a fitting word. A message counts only when nothing is left of it beside them."""

import re
import unicodedata
from dataclasses import dataclass

from core.answering.kinds import Kind
from core.answering.small_talk_phrases import EMOJI, FILLERS, PHRASES, PHRASES_OF
from core.widget_words import OwnWords, say

# Of several in one message ("hi, are you a robot?") the first of this order is answered.
PRECEDENCE: tuple[Kind, ...] = ("are_you_robot", "who_are_you", "how_are_you", "bye", "thanks", "hello", "ok")
# Longer messages are no small talk, and reading them word by word would be a waste.
LONGEST = 120
LONGEST_PHRASE = max(len(phrase.split()) for phrase in PHRASES)


# "No really, am I talking to a person?": alone they would be something else.
_ASKED: tuple[Kind, ...] = ("are_you_robot", "who_are_you", "how_are_you")
_LEADING = frozenset(("no", "nein", "non", "nee", "really", "seriously", "honestly", "wait", "but", "so", "and"))
_WORD_OR_SIGN = re.compile(r"[^\W_]+|[^\w\s!?.,;:()\-…~*\"¿¡！？。、，；：（）～؟،؛״׳]")
_DRAWN_OUT = re.compile(r"(.)\1{2,}")
# Skin tones, joiners and "show as a picture" say nothing about what an emoji means.
_VARIATIONS = re.compile("[\U0001f3fb-\U0001f3ff\u200d\ufe0e\ufe0f]")


@dataclass(frozen=True)
class SmallTalk:
    """What kind of small talk it is, in which language, and what to say."""

    kind: Kind
    language: str
    text: str


def reply(text: str, *, agent_name: str, language: str = "en", own: OwnWords | None = None) -> SmallTalk | None:
    """Return the fitting word for a message that is small talk and nothing else, or None.

    Args:
        language: in which the widget speaks; a phrase of that language, or an English one, is answered in it, any other
            in its own.
        own: an admin's own words.
    """
    found = _found(text, agent_name)
    if found is None:
        return None
    kind, spoken, phrase = found
    if spoken == "en" or phrase in PHRASES_OF.get(language, ()):
        spoken = language
    return SmallTalk(kind, spoken, say(spoken, f"talk_{kind}", own=own, name=agent_name))


def kind(text: str) -> Kind | None:
    """Return which small talk the message is, or None when it is more, or something else."""
    found = _found(text, "")
    return found[0] if found else None


def _found(text: str, agent_name: str) -> tuple[Kind, str, str] | None:
    if len(text) > LONGEST:
        return None
    words = plain_words(text)
    parts = _parts(words, set(plain_words(agent_name)))
    if not parts:
        return None
    found = min(parts, key=lambda part: PRECEDENCE.index(part[0]))
    # "No good" praises nothing.
    is_led = parts[0][2].split()[0] != words[0]
    return None if is_led and found[0] not in _ASKED else found


def plain_words(text: str) -> list[str]:
    """Return the words of a text without accents, apostrophes and drawn-out letters; emoji stay words."""
    text = _VARIATIONS.sub("", text)
    for emoji, word in EMOJI.items():
        text = text.replace(emoji, f" {word} ")
    decomposed = unicodedata.normalize("NFD", text.lower().replace("'", "").replace("’", ""))
    unaccented = "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")
    # Any other sign that could mean something keeps its place, so that "hi ₹500" is not just "hi".
    return [_DRAWN_OUT.sub(r"\1", word) for word in _WORD_OR_SIGN.findall(unaccented)]


def _parts(words: list[str], name: set[str]) -> list[tuple[Kind, str, str]]:
    """Split the words into known phrases, longest first; return nothing when one word is left over."""
    parts: list[tuple[Kind, str, str]] = []
    start = 0
    while start < len(words):
        for end in range(min(len(words), start + LONGEST_PHRASE), start, -1):
            phrase = " ".join(words[start:end])
            if phrase in PHRASES:
                parts.append((*PHRASES[phrase], phrase))
                start = end
                break
        else:
            # "hello there", "thanks a lot": these add nothing, but say nothing alone either.
            is_beside = words[start] in FILLERS or words[start] in name if parts else words[start] in _LEADING
            if not is_beside:
                return []
            start += 1
    return parts
