"""Every case of `privacy_cases`: the value and nothing else is masked, and what a shop talks about stays."""

import pytest

from core.privacy import mask
from tests.core.privacy_cases import MIXED, ORDINARY, PERSONAL


def read(marked):
    """The text, and where its value lies."""
    start, end = marked.find("⟪"), marked.find("⟫")
    text = marked.replace("⟪", "").replace("⟫", "")
    return (text, 0, len(text)) if start < 0 else (text, start, end - 1)


@pytest.mark.parametrize("kind", PERSONAL)
def test_exactly_the_value_is_masked(kind):
    wrong = []
    for text, start, end in map(read, PERSONAL[kind]):
        found = [
            (span.start, span.end, span.kind) for span in mask(text).spans if span.start < end and span.end > start
        ]
        if found != [(start, end, kind)]:
            wrong.append((text, found))
    assert wrong == []


@pytest.mark.parametrize("kind", PERSONAL)
def test_a_masked_text_has_nothing_left_to_mask(kind):
    masked = [mask(read(marked)[0]).text for marked in PERSONAL[kind]]
    assert [text for text in masked if mask(text).spans] == []


def test_what_a_shop_talks_about_stays():
    assert [text for text in ORDINARY if mask(text).text != text] == []


def test_in_one_text_each_is_told_from_the_other():
    for text, goes, stays in MIXED:
        masked = mask(text).text
        assert [value for value in goes if value in masked] == [], text
        assert [value for value in stays if value not in masked] == [], text
