"""Risk marks: points that fade, each with its reason."""

import threading
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import func, select

from core import risks
from core.clock import utc_now
from core.protection_settings import STEPS, Shield, Step
from models import db
from models.protection import RiskMark, Signal
from tests.conftest import NOW

HOURS = some.integers(1, 72).map(lambda hours: timedelta(hours=hours))
SUBJECT = "customer:" + "0" * 32


def mark(workspace, signal, subject=SUBJECT, detail="", now=NOW):
    risks.mark(workspace.id, subject, signal, detail, now=now)


def score(workspace, *subjects, now=NOW):
    return risks.score_of(workspace.id, *(subjects or [SUBJECT]), now=now)


@given(some.integers(1, 200), HOURS, some.lists(some.integers(-10, 400_000), min_size=2, max_size=2))
def test_points_only_ever_fade(points, lasts, moments):
    earlier, later = (NOW + timedelta(seconds=moment) for moment in sorted(moments))
    then, now = (risks.faded(points, NOW, NOW + lasts, moment) for moment in (earlier, later))
    assert points >= then >= now >= 0
    assert risks.faded(points, NOW, NOW + lasts, NOW) == points
    assert risks.faded(points, NOW, NOW + lasts, NOW + lasts) == 0


@given(some.integers(0, 1000), some.integers(0, 1000))
def test_more_points_never_mean_less(fewer, more):
    fewer, more = sorted((fewer, more))
    for step in Step:
        assert Shield().takes(step, fewer) <= Shield().takes(step, more)


def test_a_step_that_is_never_taken_is_left_out():
    shield = Shield(steps={**STEPS, Step.CHALLENGE: None})
    assert shield.takes(Step.SLOW, 80)
    assert not shield.takes(Step.BLOCK, 80)
    assert shield.takes(Step.BLOCK, 100)
    assert not shield.takes(Step.CHALLENGE, 500)


def test_every_point_has_its_sentence(workspace):
    for signal in Signal:
        mark(workspace, signal, detail="as seen")
    found = score(workspace)
    assert found.points == sum(reason.points for reason in found.reasons)
    assert {reason.signal for reason in found.reasons} == set(Signal)
    assert all(reason.sentence.endswith(": as seen.") for reason in found.reasons)
    assert [reason.points for reason in found.reasons] == sorted((r.points for r in found.reasons), reverse=True)


def test_the_same_again_weighs_more_up_to_an_end(app, workspace):
    kind = risks.KINDS[Signal.TOKEN_REUSE]
    points = []
    for _ in range(5):
        mark(workspace, Signal.TOKEN_REUSE)
        points.append(score(workspace).points)
    assert points == [30, 60, 80, 80, 80]
    assert score(workspace, now=NOW + kind.lasts / 2).points == 40
    assert score(workspace, now=NOW + kind.lasts).points == 0


def test_within_its_pause_a_signal_counts_once(workspace):
    for _ in range(5):
        mark(workspace, Signal.REPEATED_TEXT)
    assert score(workspace).points == 20


def test_a_customer_and_their_address_are_added_up_but_no_signal_twice(workspace):
    mark(workspace, Signal.TOKEN_REUSE)
    mark(workspace, Signal.TOKEN_REUSE, subject="address:9.9.9.9")
    mark(workspace, Signal.ORIGIN_MISMATCH, subject="address:9.9.9.9")
    assert score(workspace, SUBJECT, "address:9.9.9.9").points == 50
    assert score(workspace, None).points == 0


def test_ones_own_machines_are_never_suspects(workspace):
    assert risks.of_address("127.0.0.1") is None
    assert risks.of_address("10.0.0.1") is None
    assert risks.of_address("junk") is None
    assert risks.of_address("2001:db8::7") == "address:2001:db8::/64"
    mark(workspace, Signal.TOKEN_REUSE, subject=None)
    assert db.session.scalars(select(RiskMark)).all() == []


def test_workspaces_do_not_see_each_others_marks(workspace, other_workspace):
    mark(workspace, Signal.TOKEN_REUSE)
    assert score(other_workspace).points == 0
    assert risks.suspicious(other_workspace.id, at_least=1, now=NOW) == []


def test_the_most_suspicious_comes_first(workspace):
    mark(workspace, Signal.AUTOMATION, subject="address:9.9.9.1")
    mark(workspace, Signal.TOKEN_REUSE, subject="address:9.9.9.2")
    mark(workspace, Signal.ORIGIN_MISMATCH, subject="address:9.9.9.3")
    found = risks.suspicious(workspace.id, at_least=20, now=NOW)
    assert [suspect.subject for suspect in found] == ["address:9.9.9.2", "address:9.9.9.3"]


def test_long_details_are_cut(workspace):
    mark(workspace, Signal.ORIGIN_MISMATCH, detail="x\n" * 300)
    assert len(db.session.scalars(select(RiskMark.detail)).one()) <= 200


def test_faded_marks_are_forgotten(workspace):
    mark(workspace, Signal.TOKEN_REUSE)
    risks.clear_old(now=NOW + timedelta(hours=47))
    assert db.session.scalar(select(func.count()).select_from(RiskMark)) == 1
    risks.clear_old(now=NOW + timedelta(hours=48))
    assert db.session.scalar(select(func.count()).select_from(RiskMark)) == 0


def test_many_marks_at_once_are_one_row_and_all_count(app, workspace):
    workspace_id, start, failures = workspace.id, threading.Barrier(6), []

    def mark_one():
        with app.app_context():
            try:
                start.wait(10)
                risks.mark(workspace_id, SUBJECT, Signal.TOKEN_REUSE, "", now=utc_now())
            except Exception as error:
                failures.append(error)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=mark_one) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join(20) for thread in threads]
    assert failures == []
    assert db.session.scalars(select(RiskMark.points)).one() >= 79


@pytest.mark.parametrize("signal", list(Signal))
def test_no_single_signal_blocks_anybody_at_once(signal):
    kind = risks.KINDS[signal]
    assert kind.points < STEPS[Step.SLOW]
    assert kind.most < STEPS[Step.BLOCK]
