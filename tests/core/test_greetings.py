"""Greetings with variables, held to the same table as the browser's side (tests/js/greetings.test.js)."""

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.greetings import VARIABLES, fill, has_variables, problem_with

CASES = json.loads((Path(__file__).parents[1] / "greetings.json").read_text())["filled"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_variables_become_values_or_vanish(case):
    assert fill(case["text"], case["values"]) == case["filled"]


@pytest.mark.parametrize("name", VARIABLES)
def test_every_variable_can_be_used(name):
    assert problem_with(f"Hi {{{{{name}|there}}}} and {{{{ {name} }}}}") == ""
    assert has_variables(f"Hi {{{{{name}}}}}")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hi {{customer.age}}", "{{customer.age}} is not known here"),
        ("Hi {{customer.name}", "two braces"),
        ("Hi {customer.name}}", "two braces"),
        ("Hi {{customer.name", "“{{customer.name”"),
        ("Hi {{}}", "not known here"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(text, said):
    assert said in problem_with(text)


@given(st.text(max_size=80), st.text(max_size=80))
def test_nothing_that_is_well_written_ever_shows_a_brace(text, value):
    text = f"{{{{customer.name|{text}}}}} {text}"
    if problem_with(text) == "":
        assert "{{" not in fill(text, {"customer.name": value.replace("{", "(")})


def test_a_long_row_of_spaces_is_read_quickly():
    started = time.process_time()
    for text in ("{{" + " " * 498, "{{" + " " * 496 + "}", " " * 500):
        assert not has_variables(text)
    assert time.process_time() - started < 0.2
