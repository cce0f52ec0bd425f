"""Put the finders together: which of them goes first, and what stands in the place of what they find."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.privacy import births, machines, messages, money, national_ids, phones, secrets
from core.privacy.finding import Finding, Reading
from core.privacy.kinds import Kind
from core.privacy.views import view

# Tracking codes (UPS, USPS, the S10 of the postal union) and UUIDs, in parts of which other things could be seen.
_KEPT = re.compile(
    r"(?<![^\W_])(?:1Z ?(?:[A-Z0-9] ?){15}[A-Z0-9]|9[1-5]\d\d(?: \d{4}){4}(?: \d{2,4})?"
    r"|(?-i:[A-Z]{2}\d{9}[A-Z]{2}|[CELRUV][A-Z] \d{3} ?\d{3} ?\d{3} ?[A-Z]{2})"
    r"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![^\W_])",
    re.IGNORECASE,
)


def _find_kept(reading: Reading) -> Iterator[Finding]:
    for match in _KEPT.finditer(reading.text):
        yield Finding(*match.span(), "")


# Those that know a whole word by what stands before it go first: a password may look like anything else.
_FINDERS = (
    secrets.find_secrets,
    secrets.find_passwords,
    messages.find_emails,
    money.find_ibans,
    _find_kept,
    money.find_cards,
    machines.find_macs,
    machines.find_ips,
    births.find_birth_dates,
    national_ids.find_national_ids,
    secrets.find_codes,
    phones.find_phones,
)
_MARK = re.compile(rf"\[(?:{'|'.join(Kind)})\]")
_MOST_PASSES = 8


@dataclass(frozen=True)
class Span:
    """Where personal data of a kind stands in the original text."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Masked:
    """The text with marks such as `[email]`, and what they stand for."""

    text: str
    spans: list[Span]


def mask(text: str) -> Masked:
    """Replace personal data by marks such as `[email]`; masking the answer again changes nothing.

    Kinds: email, phone, card, iban, national_id, ip, mac, birth_date, password, code (one-time codes, PINs),
    secret (keys and tokens).

    Args:
        text: anything a person or a program wrote; it is never refused.
    Returns:
        the masked text and the spans in the original: sorted, not overlapping.
    """
    spans: list[Span] = []
    masked = text
    for _ in range(_MOST_PASSES):
        found = _found(masked)
        if not found:
            break
        # A mark may uncover what stood in its shadow, so the masked text is looked at again.
        spans = _with(spans, found)
        masked = marked(text, spans)
    return Masked(masked, spans)


def marked(text: str, spans: Iterable[Span]) -> str:
    """The text with a mark in the place of each span, which are sorted and do not overlap."""
    return "".join(_pieces(text, spans))


def _found(text: str) -> list[Span]:
    plain = view(text)
    taken = [mark.span() for mark in _MARK.finditer(plain.text)]
    reading = Reading(plain.text)
    findings: list[Finding] = []
    for find in _FINDERS:
        free = _Free(taken)
        new = [finding for finding in sorted(find(reading)) if free.take(finding)]
        findings += new
        taken = sorted([*taken, *((finding.start, finding.end) for finding in new)])
    spans = (Span(*plain.original(finding.start, finding.end), finding.kind) for finding in findings if finding.kind)
    return sorted(spans, key=lambda span: span.start)


class _Free:
    """Takes findings in the order of the text, as long as they overlap nothing that was taken before."""

    def __init__(self, taken: list[tuple[int, int]]) -> None:
        self._taken = taken
        self._next = 0
        self._end = 0

    def take(self, finding: Finding) -> bool:
        while self._next < len(self._taken) and self._taken[self._next][1] <= finding.start:
            self._next += 1
        blocked = self._next < len(self._taken) and self._taken[self._next][0] < finding.end
        if blocked or finding.start < self._end:
            return False
        self._end = finding.end
        return True


def _with(spans: list[Span], found: list[Span]) -> list[Span]:
    """Add spans of the masked text to those of the original."""
    merged = list(spans)
    shift, following = 0, 0
    for span in found:
        while following < len(spans) and spans[following].start + shift < span.start:
            shift += len(_mark(spans[following])) - (spans[following].end - spans[following].start)
            following += 1
        merged.append(Span(span.start - shift, span.end - shift, span.kind))
    return sorted(merged, key=lambda span: span.start)


def _pieces(text: str, spans: Iterable[Span]) -> Iterator[str]:
    shown = 0
    for span in spans:
        yield text[shown : span.start]
        yield _mark(span)
        shown = span.end
    yield text[shown:]


def _mark(span: Span) -> str:
    return f"[{span.kind}]"
