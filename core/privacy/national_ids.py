"""Numbers that a state gives to a person (and, in Brazil, to a company)."""

import re
from collections.abc import Callable, Iterator
from importlib import import_module

from core.privacy import national_id_checks as checks
from core.privacy.finding import Finding, Reading
from core.privacy.words import IS, NATIONAL_ID

# Notations that are telling by themselves, each with what knows its check digits: a module of python-stdnum, or a name
# of `checks`; none where the notation has to do.
_NOTATIONS: list[tuple[str, str]] = [
    (r"(?!000|666)\d{3}-(?!00)\d{2}-(?!0000)\d{4}", ""),
    (r"\d{2} \d{3} \d{3} \d{3}", "de.idnr"),
    (r"[12] ?\d{2} ?(?:0[1-9]|1[0-2]|[2-9]\d) ?\d[\dAB] ?\d{3} ?\d{3} ?\d{2}", "fr.nir"),
    (r"\d{8}[ -]?[A-Z]|\d{2}\.\d{3}\.\d{3}[ -]?[A-Z]", "es.dni"),
    (r"[XYZ][ -]?\d{7}[ -]?[A-Z]", "es.nie"),
    (r"[A-Z]{3} ?[A-Z]{3} ?[\dLMNP-V]{2}[A-EHLMPR-T][\dLMNP-V]{2} ?[A-Z][\dLMNP-V]{3}[A-Z]", "it.codicefiscale"),
    (r"\d{3}\.\d{3}\.\d{3}-\d{2}", "br.cpf"),
    (r"\d{2}\.\d{3}\.\d{3}/\d{4}-\d{2}", "br.cnpj"),
    (r"\d{6}[-+]\d{4}|\d{8}[-+]\d{4}", "se.personnummer"),
    (r"\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]", "fi.hetu"),
    (r"\d{6} ?\d{5}", "no.fodselsnummer"),
    (r"756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}", "ch.ssn"),
    (r"\d{2}\.\d{2}\.\d{2}[- ]\d{3}[. ]\d{2}|\d{11}", "be.nn"),
    (r"\d{11}", "poland"),
    (r"[1-6]\d{10}", "ee.ik"),
    (r"\d{6}/\d{3,4}", "cz.rc"),
    (r"[1-8]\d{12}", "ro.cnp"),
    (r"[2-9]\d{3} \d{4} \d{4}", "in_.aadhaar"),
    (r"[A-Z]{3}[ABCFGHLJPT][A-Z]\d{4}[A-Z]", "in_.pan"),
    (r"[A-Z]{4}\d{6}[HMX][A-Z]{5}[A-Z0-9]\d", "mx.curp"),
    (r"\d{1,2}\.\d{3}\.\d{3}-[\dK]", "cl.rut"),
    (r"\d{2}-\d{8}-\d", "ar.cuit"),
    (r"[1-9]\d{5}(?:19|20)\d{9}[\dX]", "china"),
    (r"\d{6}-[1-8]\d{6}", "korea"),
    (r"\d{3}-\d{3}-\d{3}[- ]\d{2}", "russia"),
    (r"\d{13}", "za.idnr"),
    (r"\d-\d{4}-\d{5}-\d{2}-\d", "th.pin"),
    (r"784-(?:19|20)\d\d-\d{7}-\d", ""),
    (r"\d{5}-\d{7}-\d", ""),
    (r"(?:[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]|QQ) ?\d{2} ?\d{2} ?\d{2} ?[A-D]", "britain"),
    (r"[STFGM]\d{7}[A-Z]", "singapore"),
    (r"[A-Z]{1,2}\d{6}\([\dA]\)", ""),
    (r"[A-Z][12]\d{8}", "taiwan"),
    (r"\d{3}-\d{3}-\d{3}", "ca.sin"),
]
_PATTERNS = [
    (re.compile(rf"(?<![^\W_])(?:{pattern})(?![^\W_])", re.IGNORECASE), check) for pattern, check in _NOTATIONS
]
_LETTERS = r"(?:(?-i:(?!(?:IS|NO|NR|ID|TO|AS|THE|NUMBER) )[A-Z]{1,4} )|[A-Z]{1,6}-?)?"
_AFTER_WORDS = re.compile(
    rf"{NATIONAL_ID}(?P<between>[^\d\n\[\]]{{0,25}}?)(?<![A-Z0-9.,#$€£/-])"
    rf"(?P<value>(?=[A-Z]{{0,6}}[ -]?\d){_LETTERS}\d[A-Z0-9]*+"
    r"(?:(?:[ .\-/]|\. )(?:\d[A-Z0-9]*|(?-i:[A-Z])(?![^\W_]))){0,10}+)",
    re.IGNORECASE,
)
_BEFORE_WORDS = re.compile(
    rf"(?<![\w.,#$€£/-])(?P<value>\d[\d .-]{{5,18}}\d|[A-Z\d]{{7,18}}(?<=\d)|[A-Z\d]{{6,17}}\d[A-Z])"
    rf"(?: {IS} (?:[^\W\d_]{{1,12}} ){{0,2}}| \(){NATIONAL_ID}",
    re.IGNORECASE,
)


def find_national_ids(reading: Reading) -> Iterator[Finding]:
    """Find numbers by their notation and check digits, and any number that the words before it call so."""
    found = [*_told(reading), *_known(reading)]
    end = 0
    for start, last in sorted(found, key=lambda span: (span[0], -span[1])):
        if start >= end:
            yield Finding(start, last, "national_id")
            end = last


def _known(reading: Reading) -> Iterator[tuple[int, int]]:
    for pattern, module in _PATTERNS:
        for match in pattern.finditer(reading.text):
            start, end = match.span()
            is_other = reading.is_named_otherwise(start) or (match[0].isdigit() and reading.is_named_phone(start))
            stands_free = not is_other and reading.stands_alone(start, end)
            if stands_free and _is_valid(module, match[0]):
                yield start, end


def _is_valid(check: str, number: str) -> bool:
    if not check:
        return True
    if own := checks.BY_NAME.get(check):
        return own(number)
    known: Callable[[str], bool] = import_module(f"stdnum.{check}").is_valid
    # Some of its modules take dots, others want them left out.
    return known(number) or known(number.replace(".", ""))


def _told(reading: Reading) -> Iterator[tuple[int, int]]:
    for match in _AFTER_WORDS.finditer(reading.text):
        value = _shortened(match["value"])
        digits = sum(sign.isdigit() for sign in value)
        if digits >= 5 and not reading.is_named_otherwise(match.start("value"), marks=False):
            yield match.start("value"), match.start("value") + len(value)
    for match in _BEFORE_WORDS.finditer(reading.text):
        is_number = sum(sign.isdigit() for sign in match["value"]) >= 5
        if is_number and not reading.is_named_otherwise(match.start("value")):
            yield match.span("value")


def _shortened(value: str) -> str:
    """Leave out later groups that can no longer belong to one number."""
    while sum(sign.isalnum() for sign in value) > 18 and re.search(r"[ .\-/]", value):
        value = re.split(r"[ .\-/]+[^ .\-/]*$", value)[0]
    return value
