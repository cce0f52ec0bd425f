"""Patterns of pages, held to the same table as the browser's side (tests/js/pages.test.js)."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.page_patterns import fits, is_on, problem_with, sample_of, stem_of

CASES = json.loads((Path(__file__).parents[1] / "page_patterns.json").read_text())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["pattern"])
def test_a_pattern_stands_for_its_pages_and_no_others(case):
    assert stem_of(case["pattern"]) == case["stem"]
    assert problem_with(case["pattern"]) == ""
    assert [path for path in case["on"] if not fits([case["stem"]], path)] == []
    assert [path for path in case["off"] if fits([case["stem"]], path)] == []


@pytest.mark.parametrize(
    "address", ["/pricing", "https://shop.example/pricing/?a=1#b", "shop.example/pricing", "pricing"]
)
def test_a_page_may_be_told_by_its_whole_address(address):
    assert is_on(["/blog/*", "/pricing"], address)
    assert not is_on(["/blog/*", "/prices"], address)


def test_nothing_is_on_no_pattern():
    assert not is_on([], "/")


@pytest.mark.parametrize(
    ("pattern", "said"), [("/a/*/b", "at the end"), ("/*.html", "at the end"), ("*", "before the *")]
)
def test_what_a_star_cannot_do_is_said(pattern, said):
    assert said in problem_with(pattern)


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_was_written_can_be_compared(pattern, address):
    assert stem_of(pattern).startswith("/")
    assert stem_of(pattern).isascii()
    assert is_on([pattern], address) in (True, False)


@pytest.mark.parametrize(
    ("pattern", "page"), [("/blog/*", "/blog/"), ("/product*", "/product"), ("pricing", "/pricing"), ("", "/")]
)
def test_a_sample_is_on_its_pattern(pattern, page):
    assert sample_of(pattern) == page
    assert not pattern or is_on([pattern], page)
