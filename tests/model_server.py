"""A language model on loopback that does what a test tells it to, in the manner of OpenAI's chat completions."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Behaviour = Callable[["Asked"], None]


class Asked(BaseHTTPRequestHandler):
    """One request; a behaviour answers it by these."""

    protocol_version = "HTTP/1.1"
    server: "ModelServer"

    def do_POST(self) -> None:
        self.close_connection = True
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.requests.append({"body": json.loads(content), "headers": dict(self.headers)})
        try:
            self.server.behaviour(self)
        except (BrokenPipeError, ConnectionResetError):
            # Whoever asked has heard enough.
            return

    def do_GET(self) -> None:
        self.close_connection = True
        self.begin("application/json")
        self.wfile.write(json.dumps({"object": "list", "data": [{"id": self.server.offers}]}).encode())

    def log_message(self, *_arguments: Any) -> None:
        """Nothing on the terminal."""

    def begin(self, kind: str = "text/event-stream", status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Connection", "close")
        self.end_headers()

    def say(self, *pieces: str) -> None:
        for piece in pieces:
            self.event({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})

    def call(self, name: str, arguments: str = "{}") -> None:
        """Ask for a function, its arguments in two pieces as servers send them."""
        middle = len(arguments) // 2
        for function in ({"name": name, "arguments": arguments[:middle]}, {"arguments": arguments[middle:]}):
            delta = {"tool_calls": [{"index": 0, "id": "call-1", "function": function}]}
            self.event({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})

    def event(self, content: Any) -> None:
        self.wfile.write(b"data: " + json.dumps(content).encode() + b"\n\n")
        self.wfile.flush()

    def end(self, reason: str = "stop") -> None:
        self.event({"choices": [{"index": 0, "delta": {}, "finish_reason": reason}]})
        self.event({"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 9}})
        self.wfile.write(b"data: [DONE]\n\n")

    def wait(self, seconds: float) -> None:
        """Let time pass, unless the test is over."""
        self.server.is_over.wait(seconds)


class ModelServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Asked)
        self.requests: list[dict[str, Any]] = []
        self.behaviour: Behaviour = saying("Hello.")
        self.offers = "first-model"
        self.is_over = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that hangs up is part of these tests."""

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


@contextmanager
def serving() -> Iterator[ModelServer]:
    server = ModelServer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.is_over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def saying(*pieces: str, pause: float = 0.0) -> Behaviour:
    def behave(asked: Asked) -> None:
        asked.begin()
        for piece in pieces:
            asked.say(piece)
            time.sleep(pause)
        asked.end()

    return behave


def calling(name: str, arguments: str = "{}", *, before: str = "") -> Behaviour:
    def behave(asked: Asked) -> None:
        asked.begin()
        if before:
            asked.say(before)
        asked.call(name, arguments)
        asked.end("tool_calls")

    return behave


def status(number: int) -> Behaviour:
    def behave(asked: Asked) -> None:
        asked.begin("application/json", number)
        asked.wfile.write(b'{"error": {"message": "secret details of the server"}}')

    return behave


def hang(asked: Asked) -> None:
    asked.wait(20)


def hang_after_words(asked: Asked) -> None:
    asked.begin()
    asked.say("We ship on ")
    asked.wait(20)


def half_a_stream(asked: Asked) -> None:
    asked.begin()
    asked.say("We ship on ")


def garbage(asked: Asked) -> None:
    asked.begin()
    asked.wfile.write(b"data: {not json\n\n")


def calls_that_are_none(asked: Asked) -> None:
    asked.begin()
    asked.wfile.write(b'data: {"choices": [{"delta": {"tool_calls": 5}}]}\n\n')


def a_page(asked: Asked) -> None:
    asked.begin("text/html")
    asked.wfile.write(b"<h1>Welcome to nginx</h1>")


def one_huge_token(asked: Asked) -> None:
    asked.begin()
    asked.say("w" * 10_000_000)
    asked.end()


def an_error_in_the_stream(asked: Asked) -> None:
    asked.begin()
    asked.event({"error": {"message": "out of memory"}})


def endless_words(asked: Asked) -> None:
    asked.begin()
    while not asked.server.is_over.is_set():
        asked.say("word " * 200)


FAILURES: dict[str, Behaviour] = {
    "hangs": hang,
    "hangs after words": hang_after_words,
    "half a stream": half_a_stream,
    "garbage": garbage,
    "calls that are none": calls_that_are_none,
    "a page": a_page,
    "a token of 10 MB": one_huge_token,
    "an error in the stream": an_error_in_the_stream,
    "endless words": endless_words,
    "status 401": status(401),
    "status 429": status(429),
    "status 500": status(500),
}
