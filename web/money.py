"""Sums of money in forms and pages; the core counts in millionths."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from wtforms import DecimalField
from wtforms.widgets import TextInput

_MILLION = 1_000_000


class MoneyField(DecimalField):  # type: ignore[misc]
    """A sum; a comma is as good as a point."""

    # As text: browsers let nobody write a comma into a number where they expect a point.
    widget = TextInput()

    def __init__(self, label: str, **options: Any) -> None:
        super().__init__(label, places=None, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata([value.strip().replace(",", ".") for value in valuelist])


def in_millionths(sum_: Decimal | None) -> int | None:
    return None if sum_ is None else int((sum_ * _MILLION).to_integral_value(ROUND_HALF_UP))


def in_units(millionths: int | None) -> Decimal | None:
    """As somebody would write it: 0.15, 2.5, 10."""
    if millionths is None:
        return None
    plain = (Decimal(millionths) / _MILLION).normalize()
    return plain.quantize(Decimal(1)) if plain == plain.to_integral() else plain


def money(millionths: int) -> str:
    """A sum on a page; small ones keep what makes them more than nothing."""
    if 0 < millionths < 100:
        return "less than 0.0001"
    places = 2 if millionths % 10_000 == 0 or millionths >= _MILLION else 4
    return f"{Decimal(millionths) / _MILLION:,.{places}f}"
