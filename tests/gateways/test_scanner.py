"""A scanner that does not say that a file is clean has said that nobody knows."""

import pytest

from gateways.scanner import Scanner, ScannerUnavailable, open_scanner
from tests.clamd import MARK, running_clamd


@pytest.fixture
def clamd():
    with running_clamd() as server:
        yield server


def test_a_clean_file_has_no_finding(clamd):
    content = b"harmless " * 40_000
    assert clamd.scanner().finding(content) is None
    assert clamd.seen == [content]


def test_an_infected_file_is_named(clamd):
    assert clamd.scanner().finding(b"before " + MARK) == "Test"


@pytest.mark.parametrize(
    "answer", [b"stream: Access denied. ERROR\0", b"\0", b"UNKNOWN COMMAND\0", b"stream: OK and more\0", b"OK\0"]
)
def test_an_answer_that_is_none_is_no_clean_bill(clamd, answer):
    clamd.answer = answer
    with pytest.raises(ScannerUnavailable):
        clamd.scanner().finding(b"x")


def test_a_file_that_the_scanner_finds_too_large_is_not_clean(clamd):
    clamd.most = 1_000
    with pytest.raises(ScannerUnavailable):
        clamd.scanner().finding(b"x" * 5_000_000)


def test_a_scanner_that_says_nothing_is_not_waited_for(clamd):
    clamd.silence = 2
    with pytest.raises(ScannerUnavailable):
        clamd.scanner(seconds=0.1).finding(b"x")


def test_a_scanner_that_is_not_there_is_told_as_such():
    with pytest.raises(ScannerUnavailable):
        Scanner("127.0.0.1", 9, seconds=1).finding(b"x")


def test_it_is_opened_by_its_address():
    assert open_scanner("") is None
    assert isinstance(open_scanner("clamd://127.0.0.1"), Scanner)
    with pytest.raises(ValueError, match="host"):
        open_scanner("clamd://")
