"""Dates of birth: dates that the words next to them call so."""

import re
from collections.abc import Iterator

from core.privacy.finding import Finding, Reading
from core.privacy.words import BIRTH

_MONTH = r"[^\W\d_]{3,14}\.?"
_DATE = (
    r"(?:(?<!\d)\d{1,4} ?[./-] ?\d{1,2} ?[./-] ?\d{2,4}(?!\d)|(?<!\d)(?:19|20)\d{6}(?!\d)"
    r"|(?<!\d)\d{1,2}(?:st|nd|rd|th|er|º|\.)?[ -](?:de |of |d['’])?"
    + _MONTH
    + r",?[ -](?:de |del )?(?:19|20)\d\d(?!\d)"
    r"|(?<![^\W\d_])" + _MONTH + r" \d{1,2}(?:st|nd|rd|th)?,? (?:19|20)\d\d(?!\d)"
    r"|(?<!\d)(?:19|20)\d\d[ .,-]{1,2}" + _MONTH + r" ?\d{1,2}\.?(?!\d)"
    r"|(?<!\d)\d{4} ?[年년] ?\d{1,2} ?[月월] ?\d{1,2} ?[日일])"
)
# Marks end a stretch of words, so that a mark never brings a word and a date together.
_AFTER_WORD = re.compile(rf"{BIRTH}[^\d\n\[\]]{{0,25}}?(?P<date>{_DATE})", re.IGNORECASE)
_BEFORE_WORD = re.compile(
    rf"(?P<date>{_DATE})[ ,(-]{{0,3}}(?:(?:is|was|ist|est|es|è|é|to) )?"
    rf"(?:my |meine? |mi |mon |ma |il mio |mijn |moj[ae] "
    rf"|meu )?(?:{BIRTH}|生まれ|生|출생)(?! ?\d)",
    re.IGNORECASE,
)


def find_birth_dates(reading: Reading) -> Iterator[Finding]:
    """Find dates of birth in the usual notations; a year alone stays."""
    text = reading.text
    found = [match.span("date") for pattern in (_AFTER_WORD, _BEFORE_WORD) for match in pattern.finditer(text)]
    for start, end in sorted(found):
        yield Finding(start, end, "birth_date")
