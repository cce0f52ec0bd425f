"""Payment cards and bank accounts."""

import re
from collections.abc import Iterator

from stdnum import ean, iban, luhn

from core.privacy.finding import Finding, Number, Reading, runs, windows
from core.privacy.words import CARD, names

_BETWEEN = re.compile(r"[ .\-/_]|\s{1,3}|\s-\s")
_CARD_BEFORE = re.compile(rf"{CARD}[^\d\n]{{0,20}}$", re.IGNORECASE)
_MACHINE_BEFORE = re.compile(
    r"(?<!\w)(?:imei|isbn|ean|gtin|upc|tracking|sendungs?\w*|barcode)\W[^\d\n]{0,20}$", re.IGNORECASE
)
# Issuers by their leading digits and lengths (ISO/IEC 7812, as the networks publish them).
_BRANDS = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[689]\d)\d{11,16}|35\d{14,17}|(?:2131|1800)\d{11}|6(?:011|4[4-9]\d|5\d\d)\d{12,15}"
    r"|62\d{14,17}|(?:50|5[6-9]|6[0-9])\d{11,17}|220[0-4]\d{12,15}|(?:50[123]\d|5[678]\d\d|6304|67\d\d)\d{8}|8[12]\d{14}|9792\d{12}"
)
_TYPICAL = {
    (4, 4, 4, 4),
    (4, 6, 5),
    (4, 6, 4),
    (4, 4, 4, 1),
    (4, 4, 5),
    (4, 3, 3, 3),
    (4, 4, 4, 4, 3),
    (4, 4, 4, 3),
    (4, 4, 4, 2),
    (6, 13),
    (4, 5, 6),
}
_IBAN_COUNTRIES = names(
    """AD AE AL AT AZ BA BE BG BH BI BR BY CH CR CY CZ DE DJ DK DO EE EG ES FI FK FO FR GB GE GI GL GR GT HN HR HU IE IL
    IQ IS IT JO KW KZ LB LC LI LT LU LV LY MC MD ME MK MN MR MT MU NI NL NO OM PK PL PS PT QA RO RS RU SA SC SD SE SI
    SK SM SO ST SV TL TN TR UA VA VG XK YE AO BF BJ CF CG CI CM CV DZ GA GQ GW HN IR KM MA MG ML MZ NE SN TD TG"""
)
_IBAN_START = re.compile(r"(?:(?<![A-Za-z0-9])|(?<=iban)|(?<=IBAN))[A-Za-z]{2} ?\d\d(?=[ .-]{0,2}[A-Za-z0-9])")
_IBAN_REST = re.compile(r"(?:[ .-]{0,2}[A-Za-z0-9]){11,34}")
_IBAN_SEPARATORS = re.compile(r"[ .-]")


def find_cards(reading: Reading) -> Iterator[Finding]:
    """Find card numbers: a known issuer, the right length, a right check digit."""
    for run in runs(reading.text, _BETWEEN):
        following = 0
        for first in range(len(run)):
            if first >= following:
                number = _card(reading, run, first)
                if number:
                    yield Finding(number.start, number.end, "card")
                    following = first + len(number.groups)


def _card(reading: Reading, run: list[tuple[int, int]], first: int) -> Number | None:
    stretches = windows(run, first, least=12, most=19, groups=6)
    if first == 0 and len(run) > 6:
        stretches = windows(run, 0, least=13, most=19, groups=len(run))[:1] if len(run) < 20 else []
    for stretch in stretches:
        number = Number(reading.text, run[stretch])
        if luhn.is_valid(number.digits) and _is_card(reading, number, whole=stretch == slice(0, len(run))):
            return number
    return None


def _is_card(reading: Reading, number: Number, *, whole: bool) -> bool:
    digits, text = number.digits, number.text
    before = text[max(0, number.start - 40) : number.start]
    is_named = bool(_CARD_BEFORE.search(before))
    if len(set(digits)) == 1 or not _stands_alone(number, is_named=is_named):
        return False
    if is_named:
        return len(digits) >= 13 or digits[0] in "56"
    # A tenth of all article numbers would pass for a short card.
    if len(digits) <= 13 and (digits[0] != "4" or ean.is_valid(digits)):
        return False
    # No card is written with a plus, and a mobile number of Germany (+49 151 …) may have a card's check digit.
    is_phone = len(digits) <= 15 and before.endswith("+")
    if is_phone or not _BRANDS.fullmatch(digits) or _MACHINE_BEFORE.search(before):
        return False
    if len(digits) <= 13 and reading.is_named_otherwise(number.start):
        return False
    return number.shape in _TYPICAL or len(number.groups) == 1 or whole


def _stands_alone(number: Number, *, is_named: bool) -> bool:
    before, after = number.text[max(0, number.start - 1) : number.start], number.text[number.end : number.end + 1]
    # As in `card4111…`; any other letter makes it a part of something else.
    return (is_named or not (before.isalnum() and before < "\u0e00")) and not (after.isalnum() and after < "\u0e00")


def find_ibans(reading: Reading) -> Iterator[Finding]:
    """Find account numbers (ISO 13616) whose check digits are right, in one piece or in groups."""
    text, end = reading.text, 0
    for match in _IBAN_START.finditer(text):
        rest = _IBAN_REST.match(text, match.end())
        last = _iban_end(text, match.start(), rest.end()) if rest and match.start() >= end else None
        if last:
            yield Finding(match.start(), last, "iban")
            end = last


def _iban_end(text: str, start: int, end: int) -> int | None:
    if text[start : start + 2].upper() not in _IBAN_COUNTRIES:
        return None
    ends = [last for last in range(end, start + 14, -1) if _is_edge(text, last)]
    written = {last: _IBAN_SEPARATORS.sub("", text[start:last]).upper() for last in ends}
    right = [last for last in ends if 15 <= len(written[last]) <= 34 and _has_right_checksum(written[last])]
    # A country's own length decides between two ends; a slip in it does not make the number public.
    exact = [last for last in right if iban.is_valid(written[last], check_country=False)]
    return next(iter([*exact, *right]), None)


def _has_right_checksum(number: str) -> bool:
    return int("".join(str(int(sign, 36)) for sign in number[4:] + number[:4])) % 97 == 1


def _is_edge(text: str, last: int) -> bool:
    after = text[last : last + 1]
    return text[last - 1].isalnum() and not (after.isalnum() and after < "\u0e00")
