"""No pattern takes for ever with what somebody writes: Python tries each way to read it, and nobody else is served."""

import subprocess
import sys

from config.settings import ROOT

_SECONDS = 60
"""All of them take two on a machine with nothing else to do."""


def tried(*, seconds: float) -> list[str]:
    """The patterns that were tried in so many seconds; the last one may not have come to its end."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.architecture.patterns"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as running:
        try:
            said, _nothing = running.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            running.kill()
            said, _nothing = running.communicate()
            return [*said.split(), "and did not come to an end"]
    assert running.returncode == 0
    return said.split()


def test_no_pattern_takes_for_ever_with_its_own_words_again_and_again():
    names = tried(seconds=_SECONDS)
    assert names[-1] != "and did not come to an end", names[-2:]
    assert {"core.intents.leaning._KIND", "core.privacy.messages._SPACED"} <= set(names)
