"""Answers that never end, come in drips or take for ever are cut off."""

import gzip
import socket
import threading
import time

import pytest

from gateways.outgoing import (
    Limits,
    OutgoingFailed,
    fetch,
)
from tests.gateways.test_outgoing import get


def test_an_answer_that_is_too_large_fails(httpserver, shop):
    httpserver.expect_request("/").respond_with_data(b"x" * 2000)
    assert len(get(shop("/"), limits=Limits(bytes=2000)).body) == 2000
    with pytest.raises(OutgoingFailed, match="too large"):
        get(shop("/"), limits=Limits(bytes=1999))


def test_a_packed_answer_cannot_grow_without_end(httpserver, shop):
    packed = gzip.compress(b"\0" * 50_000_000)
    httpserver.expect_request("/").respond_with_data(packed, headers={"Content-Encoding": "gzip"})
    with pytest.raises(OutgoingFailed, match="too large"):
        get(shop("/"), limits=Limits(bytes=1_000_000))
    httpserver.expect_request("/small").respond_with_data(gzip.compress(b"ok"), headers={"Content-Encoding": "gzip"})
    assert get(shop("/small")).body == b"ok"


@pytest.fixture
def serve():
    """Makes servers on loopback, each of which does one thing with the first connection."""
    listeners, threads = [], []

    def start(act):
        listener = socket.create_server(("127.0.0.1", 0))

        def run():
            connection, _ = listener.accept()
            with connection:
                try:
                    act(connection)
                except OSError:
                    return

        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        listeners.append(listener)
        threads.append(thread)
        return listener.getsockname()[1]

    yield start
    for thread in threads:
        thread.join(5)
    for listener in listeners:
        listener.close()


def _again(connection, *pieces, pause=0.0):
    """Send the first piece once and the last without end."""
    for piece in pieces[:-1]:
        connection.sendall(piece)
    while True:
        connection.sendall(pieces[-1])
        time.sleep(pause)


CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


FLOODS = {
    "header fields": (b"HTTP/1.1 200 OK\r\n", b"X-More: " + b"x" * 1000 + b"\r\n"),
    "one header field": (b"HTTP/1.1 200 OK\r\nX-More: ", b"x" * 1000),
    "interim answers": (b"HTTP/1.1 103 Early Hints\r\nX: " + b"x" * 1000 + b"\r\n\r\n",),
    "words beside chunks": (CHUNKED, b"1;" + b"x" * 4000 + b"\r\nx\r\n"),
    "a chunk's size": (CHUNKED, b"0" * 1000),
    "trailers": (CHUNKED + b"0\r\n", b"X-More: " + b"x" * 1000 + b"\r\n"),
    "chunks": (CHUNKED, b"400\r\n" + b"x" * 1024 + b"\r\n"),
    "no length": (b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 1000),
    "lines before the answer": (b"\r\n" * 500,),
}


@pytest.mark.parametrize("pieces", FLOODS.values(), ids=FLOODS)
def test_a_flood_ends_long_before_its_time(serve, pieces):
    port = serve(lambda connection: _again(connection, *pieces))
    started = time.monotonic()
    with pytest.raises(OutgoingFailed):
        get(f"http://shop.example:{port}/", limits=Limits(bytes=50_000, seconds=20))
    assert time.monotonic() - started < 5


DRIPS = {
    "the status line": (b"H",),
    "header fields": (b"HTTP/1.1 200 OK\r\nX: ", b"x"),
    "interim answers": (b"HTTP/1.1 100 Continue\r\n\r\n",),
    "the content": (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", b"x"),
    "chunks": (CHUNKED, b"1\r\nx\r\n"),
}


@pytest.mark.parametrize("pieces", DRIPS.values(), ids=DRIPS)
def test_a_slow_drip_ends_in_time(serve, pieces):
    port = serve(lambda connection: _again(connection, *pieces, pause=0.05))
    _ends_in_time(f"http://shop.example:{port}/")


def test_a_slow_handshake_ends_in_time(serve):
    port = serve(lambda connection: _again(connection, b"\x16\x03\x03\x40\x00", b"\x02", pause=0.05))
    _ends_in_time(f"https://shop.example:{port}/")


def test_whoever_takes_what_is_sent_in_sips_ends_in_time(serve):
    def sip(connection):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        for _ in range(30):
            connection.recv(512)
            time.sleep(0.05)

    _ends_in_time(f"http://shop.example:{serve(sip)}/", method="POST", body=b"x" * 8_000_000)


def _ends_in_time(url, **options):
    started = time.monotonic()
    with pytest.raises(OutgoingFailed):
        get(url, limits=Limits(seconds=0.6), **options)
    assert time.monotonic() - started < 3


@pytest.fixture
def trickle():
    """A server that sends a byte of its answer every 50 ms, for ever."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        connection, _ = listener.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            try:
                while True:
                    connection.sendall(b"x")
                    time.sleep(0.05)
            except OSError:
                return

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1]
    thread.join(5)
    listener.close()


def test_an_answer_that_trickles_in_is_cut_off(trickle):
    started = time.monotonic()
    with pytest.raises(OutgoingFailed, match="too long"):
        get(f"http://shop.example:{trickle}/", limits=Limits(seconds=0.5))
    assert time.monotonic() - started < 2


def test_a_look_up_that_hangs_is_cut_off():
    hanging = threading.Event()
    with pytest.raises(OutgoingFailed, match="too long"):
        fetch("http://shop.example/", resolver=lambda _host, _port: hanging.wait(5) and [], limits=Limits(seconds=0.2))
    hanging.set()


def test_of_an_answer_without_end_the_beginning_can_be_taken(httpserver, shop):
    httpserver.expect_request("/long").respond_with_data("x" * 100_000, 202)
    httpserver.expect_request("/packed").respond_with_data("x", 200, {"Content-Encoding": "br"})
    limits = Limits(bytes=1_000)
    assert get(shop("/long"), limits=limits, cuts=True).body == b"x" * 1_000
    assert get(shop("/packed"), limits=limits, cuts=True).status == 200
    with pytest.raises(OutgoingFailed):
        get(shop("/long"), limits=limits)
