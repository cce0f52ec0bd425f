"""Connections that are kept open: what comes is read however it is cut, and what does not fit together is refused."""

import socket
import threading
import time
from contextlib import contextmanager, suppress

import httpcore2
import pytest

from gateways.outgoing import KeptConnections, OutgoingRefused, path_of

CHUNKED = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
HOW = {"headers": {}, "connect_seconds": 2, "seconds": 2}


class Server:
    """Answers each request with the next of some answers, in pieces; counts its connections."""

    def __init__(self, *answers, closes=False):
        self.answers, self.closes = list(answers), closes
        self.requests, self.connections = [], 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._open = []
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        self._thread = threading.Thread(target=self._serve)

    def _serve(self):
        while True:
            try:
                connection, _address = self._socket.accept()
            except OSError:
                return
            self._open.append(connection)
            self.connections += 1
            # A test that ends closes what is still open.
            with suppress(OSError):
                self._answer(connection)

    def _answer(self, connection):
        while self.answers:
            asked = connection.recv(65536)
            if not asked:
                break
            self.requests.append(asked)
            for piece in self.answers.pop(0):
                connection.sendall(piece)
                time.sleep(0.005)
            if self.closes:
                break
        connection.close()

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_error):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        for connection in self._open:
            connection.close()
        self._thread.join(5)


@contextmanager
def asking(server, **changes):
    kept = KeptConnections(server.url, allow_private=True, **changes)
    try:
        yield kept
    finally:
        kept.close()


def asked(kept, **changes):
    with kept.ask("POST", "/v1/chat", **(HOW | changes)) as answer:
        return answer.status, b"".join(answer.pieces)


def single_bytes(text):
    return [text[place : place + 1] for place in range(len(text))]


@pytest.mark.parametrize(
    "pieces",
    [
        [CHUNKED + b"3\r\none\r\n4; a=b\r\n two\r\n0\r\n\r\n"],
        single_bytes(CHUNKED + b"3\r\none\r\n4\r\n two\r\n0\r\nTrailer: x\r\n\r\n"),
        [CHUNKED, b"3\r\no", b"ne\r", b"\n4\r\n tw", b"o\r\n0\r\n", b"\r\n"],
        [b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\none", b" two"],
    ],
    ids=["at once", "byte by byte", "cut between", "counted"],
)
def test_an_answer_is_read_however_it_is_cut_and_the_connection_serves_again(pieces):
    with Server(pieces, pieces) as server, asking(server) as kept:
        assert asked(kept, body=b'{"a": 1}') == (200, b"one two")
        assert asked(kept) == (200, b"one two")
        assert server.connections == 1
    [first, _second] = server.requests
    assert first.startswith(b"POST /v1/chat HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"\r\nContent-Length: 8\r\n" in first
    assert first.endswith(b'\r\n\r\n{"a": 1}')


def test_an_answer_may_end_with_its_connection():
    with Server([b"HTTP/1.1 200 OK\r\n\r\none", b" two"], closes=True) as server, asking(server) as kept:
        assert asked(kept) == (200, b"one two")


def test_whoever_reads_to_the_last_event_leaves_a_connection_that_serves_again():
    stream = [CHUNKED + b"3\r\none\r\n", b"6\r\n[DONE]\r\n0\r\n\r\n"]
    with Server(stream, stream) as server, asking(server) as kept:
        for _ in range(2):
            with kept.ask("GET", "/", **HOW) as answer:
                assert next(answer.pieces) == b"one"
                assert next(answer.pieces) == b"[DONE]"
        assert server.connections == 1


def test_what_was_not_read_to_its_end_is_not_used_again():
    with Server([CHUNKED + b"3\r\none\r\n"], [CHUNKED + b"0\r\n\r\n"]) as server, asking(server) as kept:
        with kept.ask("GET", "/", **HOW) as answer:
            next(answer.pieces)
        assert asked(kept) == (200, b"")
        assert server.connections == 2


def test_a_connection_that_the_other_side_has_closed_is_not_used_again():
    whole = [CHUNKED + b"0\r\n\r\n"]
    with Server(whole, whole, closes=True) as server, asking(server) as kept:
        assert asked(kept) == (200, b"")
        time.sleep(0.05)
        assert asked(kept) == (200, b"")
        assert server.connections == 2


def test_a_connection_that_is_about_to_be_closed_is_not_used_again():
    leaving = [b"HTTP/1.1 200 OK\r\nConnection: Keep-Alive, Close\r\nContent-Length: 0\r\n\r\n"]
    with Server(leaving, [CHUNKED + b"0\r\n\r\n"], closes=True) as server, asking(server) as kept:
        assert asked(kept) == (200, b"")
        assert not kept._idle
        assert asked(kept) == (200, b"")


def test_connections_of_a_rush_are_not_held_for_ever(monkeypatch):
    class Stream:
        is_closed = False

        def close(self):
            self.is_closed = True

    kept, streams = KeptConnections("http://127.0.0.1:9/v1", allow_private=True), [Stream() for _ in range(3)]
    now = time.monotonic()
    for stream, at in zip(streams, (now, now + 1, now + 61), strict=True):
        monkeypatch.setattr("gateways.outgoing.kept.time.monotonic", lambda at=at: at)
        kept._keep(stream)
    assert [stream.is_closed for stream in streams] == [True, True, False]


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 20_000,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 9,
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\na",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        CHUNKED + b"-1\r\n",
        CHUNKED + b"0x3\r\none\r\n",
        CHUNKED + b"3_0\r\n",
        CHUNKED + b"3\r\nonetwo\r\n",
        CHUNKED + b"3" * 2_000,
        CHUNKED + b"\r\n",
        CHUNKED + b"3\r\non",
        CHUNKED + b"0\r\n" + b"A: b\r\n" * 20_000,
        b"",
    ],
)
def test_what_does_not_fit_together_is_refused(answer):
    with (
        Server([answer], closes=True) as server,
        asking(server) as kept,
        pytest.raises((httpcore2.RemoteProtocolError, httpcore2.NetworkError)),
    ):
        asked(kept)


def test_an_answer_that_does_not_come_ends_by_itself():
    with (
        Server([CHUNKED, b""], [b""]) as server,
        asking(server) as kept,
        pytest.raises(httpcore2.ReadTimeout),
    ):
        asked(kept, seconds=0.1)


def test_only_addresses_that_may_be_spoken_to_are():
    with pytest.raises(OutgoingRefused):
        KeptConnections("http://127.0.0.1:9/v1", allow_private=False)
    kept = KeptConnections("https://shop.example/v1", allow_private=False, resolver=lambda *_: ["169.254.169.254"])
    with pytest.raises(OutgoingRefused):
        asked(kept)


@pytest.mark.parametrize("text", ["a\r\nHost: b", "a\nb", "a\0b", "ключ"])
def test_a_header_field_is_one_line_that_can_be_sent(text):
    with (
        Server([CHUNKED]) as server,
        asking(server) as kept,
        pytest.raises(httpcore2.LocalProtocolError),
    ):
        asked(kept, headers={"Authorization": text})


def test_the_path_is_what_stands_behind_the_host():
    assert path_of("https://models.example/a b/v1?x=1") == "/a%20b/v1?x=1"
