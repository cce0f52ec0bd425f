"""Takes a message apart that asks several things: "How long does it take, and can I pay by card?"."""

import re

from core.answering import follow_ups
from core.answering.words import STOP_WORDS, WORD, spaced, tokens

MOST = 3
LONGEST = 400
_FEWEST_WORDS = 3

_STARTS = (
    r"how|what|when|where|which|who|why|can|could|do|does|did|is|are|will|would|may|should|have|has"
    r"|wie|was|wann|wo|welche\w*|wer|warum|kann|können|könnt|gibt|haben|habt|ist|sind|darf|muss"
    r"|comment|combien|quand|où|quel\w*|que|pourquoi|est-ce|peut|puis-je|peux|pouvez|avez|y a-t-il|faut"
    r"|cómo|cuánto\w*|cuándo|dónde|qué|cuál\w*|puedo|pueden|puede|hay|tienen|tiene|hacen|es|son"
    r"|come|quanto|quanti|quando|dove|quale|quali|che|cosa|posso|potete|avete|c['’]è|ci sono|è"
    r"|quanta\w*|quantos|onde|qual|quais|o que|podem|pode|têm|tem|há|é"
    r"|hoe|wat|wanneer|waar|welke|wie|kan|kunnen|hebben|heeft|zijn|mag|moet"
    r"|jak|ile|kiedy|gdzie|który|która|co|czy|dlaczego"
    r"|nasıl|ne|kaç|hangi|nerede|neden"
)
# "Is it free?" asks of what the other question names.
_MEANS_ANOTHER = re.compile(
    r"\b(?:it|they|them|these|those|es|sie|ils?|elles?|ça|ello|esso|isso|dat|het)\b", re.IGNORECASE
)
_AND = r"and|und|sowie|et|y|e|ed|en|i|a|oraz|ve|also|auch|plus"
_BETWEEN = re.compile(
    rf"(?<=[?？؟])\s*(?:(?:{_AND})\b\s*)?(?=\S)"
    rf"|[\s,;]+(?:{_AND})\s+[¿]?(?=(?:{_STARTS})\b)"
    r"|[\s,،]+و\s?(?=(?:كم|هل|متى|كيف|أين|ما)\s)"
    r"|[\s,]+ו(?=(?:כמה|האם|מתי|איך|איפה|מה|אפשר)\s)",
    re.IGNORECASE,
)


def questions_in(text: str) -> list[str]:
    """Return the questions of a message, each of which stands by itself; none when it asks one thing."""
    if len(text) > LONGEST:
        return []
    parts = [part.strip() for part in _BETWEEN.split(text)]
    parts = [part for part in parts if part]
    if not 2 <= len(parts) <= MOST or not all(_stands_alone(part) for part in parts):
        return []
    return parts


def _stands_alone(part: str) -> bool:
    is_whole = len(WORD.findall(spaced(part))) >= _FEWEST_WORDS and bool(set(tokens(part)) - STOP_WORDS)
    return is_whole and not _MEANS_ANOTHER.search(part) and not follow_ups.leans(part)
