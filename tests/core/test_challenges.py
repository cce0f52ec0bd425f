"""Proof of work: solved once, by whom it was given to, in time."""

import base64
import json
from datetime import timedelta

import pytest
from altcha import v1
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from core import challenges
from core.clock import utc_now

NOW = utc_now()


def solve(challenge) -> str:
    found = v1.solve_challenge(
        v1.Challenge(*(challenge[name] for name in ("algorithm", "challenge", "maxNumber", "salt", "signature")))
    )
    payload = {name: challenge[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return base64.b64encode(json.dumps({**payload, "number": found.number}).encode()).decode()


@pytest.fixture(autouse=True)
def quick(monkeypatch, app):
    monkeypatch.setattr(challenges, "NUMBERS", 200)


def test_a_challenge_is_solved_once(app):
    solution = solve(challenges.issue("me", now=NOW))
    assert challenges.is_solved("me", solution, now=NOW)
    assert not challenges.is_solved("me", solution, now=NOW)


def test_nobody_elses_solution_counts(app):
    assert not challenges.is_solved("you", solve(challenges.issue("me", now=NOW)), now=NOW)


def test_a_late_solution_does_not_count(app):
    solution = solve(challenges.issue("me", now=NOW))
    assert not challenges.is_solved("me", solution, now=NOW + timedelta(minutes=5, seconds=2))
    assert challenges.is_solved("me", solution, now=NOW + timedelta(minutes=4))


def test_every_challenge_is_another(app):
    assert challenges.issue("me", now=NOW)["challenge"] != challenges.issue("me", now=NOW)["challenge"]


@pytest.mark.parametrize(
    "change",
    [
        {"salt": "0011?expires=9999999999&for=x&"},
        {"number": 0},
        {"number": -1},
        {"number": 1e9},
        {"number": "7"},
        {"number": True},
        {"signature": "0" * 64},
        {"challenge": "0" * 64},
        {"algorithm": "SHA-1"},
        {"algorithm": "none"},
        {"salt": None},
        {"salt": "\ud800"},
    ],
)
def test_what_was_changed_does_not_count(app, change):
    challenge = challenges.issue("me", now=NOW)
    payload = json.loads(base64.b64decode(solve(challenge)))
    if payload["number"] == change.get("number"):
        return
    forged = base64.b64encode(json.dumps(payload | change).encode()).decode()
    assert not challenges.is_solved("me", forged, now=NOW)


@pytest.mark.parametrize(
    "solution", ["", "x", "e30=", "W10=", "bnVsbA==", "MTI=", "%%%", "A" * 3000, base64.b64encode(b"[" * 900).decode()]
)
def test_what_is_no_solution_does_not_count(app, solution):
    assert not challenges.is_solved("me", solution, now=NOW)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    some.one_of(
        some.text(max_size=200),
        some.recursive(
            some.none() | some.integers() | some.text(),
            lambda inner: some.dictionaries(
                some.sampled_from(["algorithm", "challenge", "number", "salt", "signature"]), inner
            ),
        ).map(lambda found: base64.b64encode(json.dumps(found).encode()).decode()),
    )
)
def test_no_text_breaks_the_check(app, text):
    assert not challenges.is_solved("me", text, now=NOW)


def test_who_has_solved_one_is_left_in_peace_for_a_while(app):
    assert not challenges.has_passed("me")
    challenges.let_pass("me")
    assert challenges.has_passed("me")
    assert not challenges.has_passed("you")
