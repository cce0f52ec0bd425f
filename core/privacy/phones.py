"""Telephone numbers: international, national, and any that the words before them call so."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from stdnum import ean, isbn

from core.privacy.finding import Finding, Number, Reading, runs, windows
from core.privacy.words import IS, PHONE

_REGIONS = (
    "US",
    "GB",
    "DE",
    "FR",
    "IT",
    "ES",
    "NL",
    "BE",
    "AT",
    "CH",
    "SE",
    "PL",
    "BR",
    "JP",
    "KR",
    "AU",
    "TR",
    "ID",
    "FI",
    "IE",
    "IN",
)
_WITHOUT_ZERO = ("ES", "PL", "CZ", "PT", "NO", "GR")


class _Shape(NamedTuple):
    """How a number is written within a country."""

    begins: str
    separators: str = ".*"
    regions: tuple[str, ...] = ()


# By how many digits stand in each group: North America, Russia, Spain and Colombia, Thailand, Brazil and Japan, Poland,
# Denmark, Norway, Ukraine, Hungary, Greece, India.
_NATIONAL_SHAPES = {
    (3, 3, 4): _Shape(r"\d"),
    (1, 3, 3, 4): _Shape("[178]"),
    (3, 3, 3, 4): _Shape("001"),
    (1, 3, 3, 2, 2): _Shape("[78]"),
    (1, 3, 7): _Shape("[78]", r".*\(.*"),
    (3, 3, 2, 2): _Shape("[3-9]"),
    (1, 4, 4): _Shape("0"),
    (2, 4, 4): _Shape("[1-9]"),
    (2, 5, 4): _Shape("[1-9]"),
    (2, 3, 2, 2): _Shape("[1-9]"),
    (2, 2, 2, 2): _Shape("[2-9]", " +", ("DK", "NO")),
    (3, 2, 3): _Shape("[49]", " +", ("NO",)),
    (3, 2, 2): _Shape("[2-9]", "-+"),
    (2, 3, 4): _Shape("[2-9]", "/.*", ("HU",)),
    (4, 3, 3): _Shape("[26]", regions=("GR",)),
    (5, 2, 3): _Shape("[26]", regions=("GR",)),
    (4, 6): _Shape("[26]", regions=("GR",)),
    (5, 5): _Shape("[6-9]", "-"),
}
_MOST_CHECKS = 400
_DATE = re.compile(
    r"(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})(?:$|[ T].*| ?- ?\d{1,2}[./]\d.*)"
    r"|(?:19|20)\d\d ?[-/] ?(?:19|20)?\d\d"
)
_HOURS = re.compile(r"(?:[01]\d|2[0-4])[0-5]\d ?- ?(?:[01]\d|2[0-4])[0-5]\d")
_PHONE_AFTER = re.compile(rf" (?:{IS} (?:[^\W\d_]{{1,12}} ){{0,2}}|\(){PHONE}", re.IGNORECASE)
_AMOUNT = re.compile(r"\d{1,3}(?:\.\d{3})+")
_LEAD = re.compile(r"(?:\+ ?)?(\()?(?:\+ ?)?$")
_EXTENSION = re.compile(
    r" ?(?:[,;]? ?(?:ext(?:ension)?\.?|x|#|durchwahl|dw\.?|poste|int\.?)[ =:]?\d{1,6})(?!\w)", re.IGNORECASE
)
_OR = re.compile(
    r"[ .]{0,2}(?:[,/;&]|(?:or|and|oder|und|bzw\.?|ou|et|o|y|e|of|en|i|lub|albo|eller|och|og|tai|veya|и|или|または|或)"
    r"(?![^\W_]))[ (]{0,2}",
    re.IGNORECASE,
)
_LETTER = re.compile(r"(?<![^\W_])[TMP] ?[:.] ?$", re.IGNORECASE)
_CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")


def find_phones(reading: Reading) -> Iterator[Finding]:
    """Find telephone numbers."""
    finder, end = _Finder(reading), 0
    for run in runs(reading.text):
        following = 0
        for first in range(len(run)):
            if first >= following:
                stretch = finder.phone(run, first, is_next=_follows(reading.text, end, run[first][0]))
                if stretch:
                    following = stretch.stop
                    number = Number(reading.text, run[stretch])
                    end = _closing(number)
                    yield Finding(_opening(number), end, "phone")


def _follows(text: str, end: int, start: int) -> bool:
    return 0 < end <= start <= end + 8 and bool(_OR.fullmatch(text, end, start))


def _opening(number: Number) -> int:
    """Where the number begins with its plus sign and bracket, where they belong to it."""
    before = number.text[max(0, number.start - 3) : number.start]
    if not before.endswith(("+", "(", " ")):
        return number.start
    lead = _LEAD.search(before)
    if lead is None or (lead[1] and ")" not in number.written):
        return number.start - before.endswith("+")
    return number.start - len(lead[0])


def _closing(number: Number) -> int:
    """Where the number ends with its extension."""
    extension = _EXTENSION.match(number.text, number.end)
    return extension.end() if extension else number.end


class _Finder:
    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._checks = 0
        self._is_cjk = bool(_CJK.search(reading.text))

    def phone(self, run: list[tuple[int, int]], first: int, *, is_next: bool) -> slice | None:
        """The longest stretch of groups, from this one on, that is a telephone number.

        Args:
            is_next: whether it is named together with the number before, as in `555-0143 or 555-0144`.
        """
        stretches = windows(run, first, least=6, most=15, groups=7)
        if not stretches:
            return None
        number = Number(self._reading.text, run[stretches[0]])
        start = _opening(number)
        has_plus = "+" in number.text[start : number.start]
        if not has_plus and self._reading.is_named_otherwise_than_phone(start):
            return None
        is_named = has_plus or is_next or self._reading.is_named_phone(start) or _is_lettered(number, start)
        if not is_named and number.text[start] == "0" and _is_spelled_out(number):
            return None
        for stretch in stretches:
            number = Number(self._reading.text, run[stretch])
            is_part = number.shape == (2, 2, 2, 2) and len(run) > 4
            if self._is_plausible(number, has_plus=has_plus) and (
                is_named or (not is_part and self._is_national(number)) or _PHONE_AFTER.match(number.text, number.end)
            ):
                return stretch
        return None

    def _is_plausible(self, number: Number, *, has_plus: bool) -> bool:
        if has_plus:
            return len(number.digits) >= 7 and self._reading.ends(_closing(number))
        if not self._reading.stands_alone(_opening(number), _closing(number)):
            return False
        written = number.written
        is_something_else = (
            _DATE.fullmatch(written) or _AMOUNT.fullmatch(written) or _HOURS.fullmatch(written) or _is_book(written)
        )
        return not is_something_else and len(set(number.digits)) > 1

    def _is_national(self, number: Number) -> bool:
        """Whether it looks like a number as it is written within a country."""
        digits, shape = number.digits, number.shape
        if _is_article(number.written):
            return False
        if shape in _NATIONAL_SHAPES and self._is_shaped(number, _NATIONAL_SHAPES[shape]):
            return True
        has_bracket = _opening(number) < number.start
        if has_bracket or digits.startswith("0"):
            return (has_bracket and 7 <= len(digits) <= 13) or self._is_with_prefix(digits, shape, number.separators)
        if self._is_cjk and re.fullmatch(r"1[3-9]\d{9}", digits):
            return True
        return self._is_in_a_plan(number)

    def _is_shaped(self, number: Number, shape: _Shape) -> bool:
        fits = re.match(shape.begins, number.digits) and re.fullmatch(shape.separators, number.separators)
        if not fits or (number.shape == (2, 2, 2, 2) and not _is_uneven(number.digits)):
            return False
        return not shape.regions or self._is_valid(number.digits, shape.regions)

    def _is_in_a_plan(self, number: Number) -> bool:
        """Whether a numbering plan knows it, where the way it is written says too little."""
        digits, shape = number.digits, number.shape
        if shape == (3, 3, 3) and set(number.separators) <= {" ", "-"}:
            return self._is_valid(digits, _WITHOUT_ZERO)
        if len(shape) >= 4 and shape[0] <= 3 and 11 <= len(digits) <= 13:
            return max(shape) > 2 and self._is_valid(f"+{digits}", ("ZZ",))
        is_joined = "-" in number.separators and len(digits) >= 10 and shape != (5, 5)
        return is_joined and self._is_valid(digits, ("US", "BR", "RU", "MX"))

    def _is_with_prefix(self, digits: str, shape: tuple[int, ...], separators: str) -> bool:
        if digits.startswith("00"):
            return len(digits) >= 9 and self._is_valid(f"+{digits[2:]}", ("ZZ",))
        if digits.startswith("011") and len(digits) > 11:
            return self._is_valid(f"+{digits[3:]}", ("ZZ",))
        if shape == (2, 2, 2, 2):
            return "-" in separators and " " in separators
        if digits.startswith("0800") and len(shape) > 1:
            return len(digits) >= 8
        is_grouped = 1 < len(shape) <= 6 and (2 <= shape[0] <= 5 or "/" in separators) and len(digits) <= 13
        return 8 + (shape[0] > 1) <= len(digits) <= 13 and (is_grouped or self._is_valid(digits, _REGIONS))

    def _is_valid(self, number: str, regions: tuple[str, ...]) -> bool:
        """Ask the numbering plans; in a flood of numbers the shape has to do."""
        # Its tables are large, and most texts have no number that needs them.
        import phonenumbers

        for region in regions:
            self._checks += 1
            if self._checks > _MOST_CHECKS:
                return True
            try:
                parsed = phonenumbers.parse(number, None if region == "ZZ" else region)
            except phonenumbers.NumberParseException:
                continue
            if phonenumbers.is_valid_number(parsed):
                return True
        return False


def _is_lettered(number: Number, start: int) -> bool:
    """Whether a letter calls it a number, as on business cards: `T: …`, `M. …`."""
    return len(number.digits) >= 9 and bool(_LETTER.search(number.text[max(0, start - 5) : start]))


def _is_spelled_out(number: Number) -> bool:
    """Whether the zero stands alone in front, as in the numbers of books; `0 30 / 12 34 56` is none of a book."""
    is_alone = len(number.groups) > 1 and number.shape[0] == 1
    return is_alone and "/" not in number.separators and number.shape != (1, 4, 4)


def _is_uneven(digits: str) -> bool:
    """Whether the pairs are no series of sizes or quantities."""
    pairs = [int(digits[at : at + 2]) for at in range(0, len(digits), 2)]
    return len({right - left for left, right in pairwise(pairs)}) == 3


def _is_article(digits: str) -> bool:
    # A number of a bar code that begins like one of North America dialled from abroad, or with a zero (UPC).
    begins = digits.startswith("001") if len(digits) == 13 else len(digits) == 12 and not digits.startswith("01")
    return begins and digits.isdigit() and bool(ean.is_valid(digits))


def _is_book(written: str) -> bool:
    return written.count("-") >= 3 and bool(isbn.is_valid(written))
