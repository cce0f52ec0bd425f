import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.answering.spelling import Vocabulary, slips

WORDS = Vocabulary(["Delivery of a mattress, refund, cakes and orders, verification"], is_word={"cases"}.__contains__)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("delivrey", "delivery"),
        ("Matress?", "mattress?"),
        ("my refnd please", "my refund please"),
        ("verfication", "verification"),
        ("vreifcation", "verification"),
    ],
)
def test_a_slip_becomes_the_word_that_was_meant(typed, meant):
    assert WORDS.repaired(typed) == meant


@pytest.mark.parametrize("typed", ["cases", "order", "delivery", "cak", "xylophone", "12345", "thanks", "DELIVERY", ""])
def test_other_words_stay_as_they_are(typed):
    assert WORDS.repaired(typed) == typed


@pytest.mark.parametrize(
    ("first", "second", "count"), [("abcd", "abcd", 0), ("abcd", "abdc", 1), ("abcd", "abce", 1), ("abcd", "bcd", 1)]
)
def test_slips_are_counted(first, second, count):
    assert slips(first, second, 2) == count


@given(st.text("abc", max_size=8), st.text("abc", max_size=8))
def test_slips_are_the_same_both_ways(first, second):
    assert slips(first, second, 9) == slips(second, first, 9)
    assert (slips(first, second, 9) == 0) == (first == second)
