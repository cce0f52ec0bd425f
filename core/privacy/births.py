"""Dates of birth: dates that the words next to them call so."""

import re
from collections.abc import Iterator

from core.privacy.finding import Finding, Reading
from core.privacy.words import BIRTH

_MONTH = r"[^\W\d_]{3,14}\.?"
_YEAR = r"(?:(?:19|20)\d\d|['’]?\d\d)(?![\d:.]*\d)"
_DATE = (
    r"(?:(?<!\d)\d{1,4} ?[./-] ?\d{1,2} ?[./-] ?\d{2,4}(?!\d)|(?<!\d)(?:19|20)\d{6}(?!\d)"
    r"|(?<!\d)\d{1,2}(?:st|nd|rd|th|er|º|ª|\.)?[ -](?:de |of |d['’])?" + _MONTH + rf",?[ -](?:de |del )?{_YEAR}"
    rf"|(?<![^\W\d_]){_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}"
    r"|(?<!\d)(?:19|20)\d\d[ .,-]{1,2}" + _MONTH + r" ?\d{1,2}\.?(?:-?[aeéiuá]n)?(?![\w])"
    r"|(?<!\d)\d{4} ?[年년] ?\d{1,2} ?[月월] ?\d{1,2} ?[日일])"
)
_MONTHS = (
    r"(?:jan(?:uary|uar|vier)?|enero|gennaio|januari|feb(?:ruary|ruar|ruari)?|février|febrero|febbraio|mar(?:ch|s|zo)?|märz|maart"
    r"|apr(?:il|ile)?|avril|abril|may|mai|mayo|maggio|mei|maj|jun[ie]?|juin|junio|giugno|jul[iy]?|juillet|julio|luglio"
    r"|aug(?:ust|ustus)?|août|agosto|sep(?:t|tember|tembre|tiembre)?|settembre|oct(?:ober|obre|ubre)?|okt(?:ober)?|ottobre"
    r"|nov(?:ember|embre|iembre)?|dec(?:ember)?|dez(?:ember)?|décembre|diciembre|dicembre)"
)
# Without a year, only where nothing but a word like "is" stands between.
_DAY = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|er|º|\.)? (?:de |of )?{_MONTHS}(?![^\W\d_])"
    rf"|{_MONTHS} \d{{1,2}}(?:st|nd|rd|th)?(?![\w.,]?\d)"
    r"|\d{1,2}[./]\d{1,2}\.?(?![\w./]))"
)
_MONTH_AND_YEAR = rf"{_MONTHS},? (?:de |del )?(?:19|20)\d\d(?!\d)"
# Marks end a stretch of words, so that a mark never brings a word and a date together.
_AFTER_WORD = re.compile(
    rf"{BIRTH}(?:[^\d\n\[\]]{{0,25}}?|[ :.]{{0,3}}\n {{0,4}})(?P<date>{_DATE})"
    rf"|{BIRTH}(?:[ :=-]{{1,3}}|(?: (?:is|ist|est|es|è|é|on|am|el|le|il|op|den|em|the|der|in)(?![^\W\d_])){{1,3}} )"
    rf"(?P<day>{_MONTH_AND_YEAR}|{_DAY})",
    re.IGNORECASE,
)
_BEFORE_WORD = re.compile(
    rf"(?P<date>{_DATE})[ (-]{{0,3}}(?:(?:is|was|ist|est|es|è|é|to) )?"
    rf"(?:my |meine? |mi |mon |ma |il mio |mijn |moj[ae] "
    rf"|meu )?(?:{BIRTH}|生まれ|生|출생|doğumlu\w*)(?! ?\d)",
    re.IGNORECASE,
)
# As in a list of people: `* 12.03.1985`, `b. 12/03/1985`.
_SIGNED = re.compile(
    r"(?:(?<![\w*)\]])\* ?|(?<![\w.])b\. ?)(?P<date>\d{1,2}[./-]\d{1,2}[./-](?:19\d\d|20[012]\d))(?![\w*])",
    re.IGNORECASE,
)


def find_birth_dates(reading: Reading) -> Iterator[Finding]:
    """Find dates of birth in the usual notations; a year alone stays."""
    text, end = reading.text, 0
    found = [match.span("date") for pattern in (_BEFORE_WORD, _SIGNED) for match in pattern.finditer(text)]
    found += [match.span("date" if match["date"] else "day") for match in _AFTER_WORD.finditer(text)]
    for start, last in sorted(found, key=lambda span: (span[0], -span[1])):
        if start >= end:
            yield Finding(start, last, "birth_date")
            end = last
