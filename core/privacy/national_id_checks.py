"""Check digits and dates of national numbers that python-stdnum does not know, or is too strict about."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from stdnum.pl import pesel


def _china(number: str) -> bool:
    """A date of birth in eighteen digits is telling enough; the list of regions grows (GB 11643-1999)."""
    return _is_date(int(number[6:10]), number[10:12], number[12:14])


def _korea(number: str) -> bool:
    """A date of birth and the century; since October 2020 the other digits are random and check nothing."""
    century = 1900 if number[7] in "1256" else 2000
    return _is_date(century + int(number[:2]), number[2:4], number[4:6])


def _russia(number: str) -> bool:
    digits = [int(sign) for sign in number if sign.isdigit()]
    total = sum(digit * (9 - place) for place, digit in enumerate(digits[:9]))
    return total % 101 % 100 == digits[9] * 10 + digits[10]


def _poland(number: str) -> bool:
    # The month also tells the century; nobody was born in the next ones.
    return pesel.is_valid(number) and int(number[2:4]) <= 32


def _britain(number: str) -> bool:
    return number[:2].upper() not in ("BG", "GB", "KN", "NK", "NT", "TN", "ZZ")


def _singapore(number: str) -> bool:
    first, digits, last = number[0].upper(), number[1:8], number[8].upper()
    total = sum(int(digit) * weight for digit, weight in zip(digits, (2, 7, 6, 5, 4, 3, 2), strict=True))
    letters = "JZIHGFEDCBA" if first in "ST" else "XWUTRQPNMLK"
    # How the letter of the series of 2022 is made has not been published.
    return first == "M" or letters[(total + (4 if first in "TG" else 0)) % 11] == last


def _taiwan(number: str) -> bool:
    region = 10 + "ABCDEFGHJKLMNPQRSTUVXYWZIO".index(number[0].upper())
    digits = [region // 10, region % 10, *(int(digit) for digit in number[1:])]
    return (
        sum(digit * weight for digit, weight in zip(digits, (1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1), strict=True)) % 10 == 0
    )


def _is_date(year: int, month: str, day: str) -> bool:
    try:
        date(year, int(month), int(day))
    except ValueError:
        return False
    return True


BY_NAME: Mapping[str, Callable[[str], bool]] = MappingProxyType(
    {
        "britain": _britain,
        "china": _china,
        "korea": _korea,
        "poland": _poland,
        "russia": _russia,
        "singapore": _singapore,
        "taiwan": _taiwan,
    }
)
