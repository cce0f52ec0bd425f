"""A number that nobody told is no answer."""

import time

import pytest

from core.support import unsupported_figures


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("It costs 19,90 €.", "The price is 19.90 EUR."),
        ("It costs $1,000.", "1000.00 dollars"),
        ("Within 14 days.", "You have fourteen days."),
        ("Open until 18:00.", "Open 9:00 to 18:00"),
        ("All 24 hours.", "We are there 24/7."),
        ("1. Open it.\n2. Close it.", "Open and close it."),
        ("Your order 1042 is on its way.", "Where is order 1042?"),
        ("Soon.", ""),
    ],
)
def test_what_was_shown_is_supported(answer, shown):
    assert unsupported_figures(answer, [shown]) == []


@pytest.mark.parametrize(
    ("answer", "figures"),
    [("It costs 9.90.", ["9.90"]), ("30 days, really 30", ["30"]), ("From 10 to 12", ["10", "12"])],
)
def test_what_was_not_shown_is_named(answer, figures):
    assert unsupported_figures(answer, ["It costs 19.90, within 14 days."]) == figures


def test_a_long_answer_of_digits_is_looked_at_in_no_time():
    assert unsupported_figures("1," * 8_000, ["x"])


def test_an_answer_of_empty_lines_keeps_nobody_busy():
    began = time.process_time()
    assert unsupported_figures("\n" * 16_000 + "7", []) == ["7"]
    assert time.process_time() - began < 0.5
