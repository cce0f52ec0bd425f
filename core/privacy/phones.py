"""Telephone numbers: international, national, and any that the words before them call so."""

import re
from collections.abc import Iterator

from stdnum import isbn

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
# How digits are grouped in numbers of North America, Russia, Brazil or Japan, and Poland, and how these begin.
_NATIONAL_SHAPES = {
    (3, 3, 4): "[02-9]",
    (1, 3, 3, 4): "[178]",
    (1, 3, 3, 2, 2): "[78]",
    (2, 4, 4): "[1-9]",
    (2, 5, 4): "[1-9]",
    (2, 3, 2, 2): "[1-9]",
}
_MOST_CHECKS = 400
_DATE = re.compile(
    r"(?:\d{1,2}[./-]\d{1,2}[./-](?:19|20)?\d\d|(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2})(?:$|[ T].*| ?- ?\d{1,2}[./]\d.*)"
    r"|(?:19|20)\d\d ?[-/] ?(?:19|20)?\d\d"
)
_HOURS = re.compile(r"(?:[01]\d|2[0-4])[0-5]\d ?- ?(?:[01]\d|2[0-4])[0-5]\d")
_PHONE_AFTER = re.compile(rf" {IS} (?:[^\W\d_]{{1,12}} ){{0,2}}{PHONE}", re.IGNORECASE)
_AMOUNT = re.compile(r"\d{1,3}(?:\.\d{3})+")
_LEAD = re.compile(r"(?:\+ ?)?(\()?(?:\+ ?)?$")
_EXTENSION = re.compile(
    r" ?(?:,? ?(?:ext(?:ension)?\.?|x|#|durchwahl|dw\.?|poste|int\.?) ?\d{1,6})(?!\w)", re.IGNORECASE
)
_CJK = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")


def find_phones(reading: Reading) -> Iterator[Finding]:
    """Find telephone numbers."""
    finder = _Finder(reading)
    for run in runs(reading.text):
        following = 0
        for first in range(len(run)):
            if first >= following:
                stretch = finder.phone(run, first)
                if stretch:
                    following = stretch.stop
                    number = Number(reading.text, run[stretch])
                    yield Finding(_opening(number), _closing(number), "phone")


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

    def phone(self, run: list[tuple[int, int]], first: int) -> slice | None:
        """The longest stretch of groups, from this one on, that is a telephone number."""
        stretches = windows(run, first, least=6, most=15, groups=7)
        if not stretches:
            return None
        number = Number(self._reading.text, run[stretches[0]])
        start = _opening(number)
        has_plus = "+" in number.text[start : number.start]
        if not has_plus and self._reading.is_named_otherwise(start):
            return None
        if not has_plus and number.text[start] == "0" and len(number.groups) > 1 and number.shape[0] == 1:
            return None
        is_named = has_plus or self._reading.is_named_phone(start)
        for stretch in stretches:
            number = Number(self._reading.text, run[stretch])
            if self._is_plausible(number, has_plus=has_plus) and (
                is_named or self._is_national(number) or _PHONE_AFTER.match(number.text, number.end)
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
        has_bracket = _opening(number) < number.start
        if has_bracket or digits.startswith("0"):
            return (has_bracket and 7 <= len(digits) <= 13) or self._is_with_prefix(digits, shape, number.separators)
        if shape in _NATIONAL_SHAPES:
            return re.match(_NATIONAL_SHAPES[shape], digits) is not None
        if shape == (3, 3, 3) and set(number.separators) <= {" ", "-"}:
            return self._is_valid(digits, _WITHOUT_ZERO)
        if self._is_cjk and re.fullmatch(r"1[3-9]\d{9}", digits):
            return True
        return "-" in number.separators and len(digits) >= 10 and self._is_valid(digits, ("US", "BR", "RU", "MX"))

    def _is_with_prefix(self, digits: str, shape: tuple[int, ...], separators: str) -> bool:
        if digits.startswith("00"):
            return len(digits) >= 9 and self._is_valid(f"+{digits[2:]}", ("ZZ",))
        if shape == (2, 2, 2, 2):
            return "-" in separators and " " in separators
        is_grouped = 1 < len(shape) <= 6 and 2 <= shape[0] <= 5 and len(digits) <= 11
        return 9 <= len(digits) <= 12 and (is_grouped or self._is_valid(digits, _REGIONS))

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


def _is_book(written: str) -> bool:
    return written.count("-") >= 3 and bool(isbn.is_valid(written))
