"""What stands in the log, and what does not: no query, no long secret, no personal data, no words of an error."""

import io
import json
import logging
import threading

import pytest
import structlog

from config.logs import configure_logs, describe_error, harmless
from core.privacy import mask

# By their names alone they stand in the lines of code that a traceback shows.
WORDS = "ann wrote this"
TOKEN = "qF3x9Zk1m7vB2nL8pR4tYwAqF3x9Zk1m7vB2nL8pR4t"


def hide(text):
    return harmless(text, lambda words: mask(words).text)


@pytest.fixture
def written(monkeypatch):
    """A log of this test's own; the process's is put back."""
    stream, factory, hook = io.StringIO(), logging.getLogRecordFactory(), threading.excepthook
    before = structlog.get_config()
    monkeypatch.setattr("sys.stderr", stream)
    configure_logs(mask=lambda text: mask(text).text, json=True)
    structlog.configure(cache_logger_on_first_use=False)
    yield stream
    structlog.configure(**before)
    logging.setLogRecordFactory(factory)
    threading.excepthook = hook


def plain_logger(stream):
    logger = logging.Logger("a library")
    logger.addHandler(logging.StreamHandler(stream))
    return logger


def fail(words):
    raise ValueError(words)


@pytest.mark.parametrize(
    ("line", "hidden"),
    [
        ("GET /admin/conversations/?search=ann HTTP/1.1", "GET /admin/conversations/?… HTTP/1.1"),
        (f"GET /invitations/{TOKEN} 200", "GET /invitations/[secret] 200"),
        (f"token {TOKEN}.abc.def refused", "token [secret] refused"),
        ("mail to ann@shop.example failed", "mail to [email] failed"),
        ("job 01a204ca-0351-7608-a87d-1f1d25e62b96 failed", "job 01a204ca-0351-7608-a87d-1f1d25e62b96 failed"),
        ("GET /widget/t4LFSR6diuzFIN6VI4gyPw.js 200 3ms", "GET /widget/t4LFSR6diuzFIN6VI4gyPw.js 200 3ms"),
    ],
)
def test_a_line_keeps_what_helps_and_loses_what_is_secret(line, hidden):
    assert hide(line) == hidden


def test_of_an_error_stands_where_and_of_what_type_it_was():
    try:
        try:
            fail(WORDS)
        except ValueError as error:
            raise ConnectionRefusedError(111, WORDS) from error
    except ConnectionRefusedError as error:
        told = describe_error(error)
    assert WORDS not in told
    assert "builtins.ConnectionRefusedError (111)" in told
    assert "builtins.ValueError" in told
    assert "in fail" in told
    assert "test_logs.py" in told


def test_an_error_that_comes_from_itself_is_told_once():
    error = ValueError("x")
    error.__cause__ = error
    assert describe_error(error) == "builtins.ValueError"


def test_the_products_own_lines_are_harmless(written):
    log = structlog.get_logger()
    try:
        fail(WORDS)
    except ValueError:
        log.exception("answer_failed", who="ann@shop.example", link=f"/reset-password/{TOKEN}", count=3)
    line = json.loads(written.getvalue())
    assert (line["who"], line["link"], line["count"]) == ("[email]", "/reset-password/[secret]", 3)
    assert "builtins.ValueError" in line["exception"]
    assert WORDS not in written.getvalue()


def test_every_library_logs_harmlessly(written):
    logger = plain_logger(written)
    logger.error('"%s" %s', f"POST /sign-in?next={TOKEN}", "for ann@shop.example")
    try:
        fail(WORDS)
    except ValueError:
        logger.exception("Unhandled exception in task %s.", "x")
    logger.error("100% broken %s %d", "only one")
    text = written.getvalue()
    assert '"POST /sign-in?…" for [email]' in text
    assert "builtins.ValueError" in text
    assert "100% broken" in text
    assert TOKEN not in text
    assert WORDS not in text


def test_a_thread_that_dies_says_so_without_its_words(written):
    thread = threading.Thread(target=fail, args=(WORDS,))
    thread.start()
    thread.join()
    assert "thread_failed" in written.getvalue()
    assert "builtins.ValueError" in written.getvalue()
    assert WORDS not in written.getvalue()
