"""The time until a customer sees a model's first word, beyond the model's own, beside a bare relay of its stream.

    python -m benchmarks.model [--stub PATH] [--customers 20 100] [--rounds 5] [--within 1]

The stub model says its first word after 50 ms and 40 words 10 ms apart. The customers of a round ask at even intervals
within so many seconds; 0 has all of them ask in the same moment. Everything is on loopback and on the same
cores: the stub, the relay, the server with its storage and limits, and the customers, each with an open event stream.
An answer that is not the model's, whole and in order, counts as failed. It ends by itself.
"""

import argparse
import asyncio
import contextlib
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.servers import ROOT, Served, serve, wait_for

STUB = ROOT.parent / "shared" / "tools" / "stub_llm.py"
ORIGIN = "https://example.com"
FIRST_MS = 50.0
ENTRIES = [
    {
        "id": f"entry-{number}",
        "question": f"How do I use part {number} of the lamp?",
        "answer": f"Turn part {number} twice.",
    }
    for number in range(50)
]
WHOLE = " ".join(f"w{number}" for number in range(40))
Customer = Callable[[int], Awaitable[float]]
"""Asks, by the number of the round, and returns the milliseconds until the first word."""


@contextlib.contextmanager
def stub_model(path: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, str(path), "--port", str(port), "--first-ms", str(FIRST_MS)], stdout=subprocess.DEVNULL
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/v1/models")
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        process.terminate()
        process.wait(10)


class Line:
    """One HTTP connection that is kept open."""

    def __init__(self, port: int, address: str) -> None:
        self._port, self._address = port, address
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, method: str, path: str, body: object = None, **headers: str) -> asyncio.StreamReader:
        """Send a request, and return where its answer can be read, after the head."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=2**20)
        reader, writer = self._streams
        content = b"" if body is None else json.dumps(body).encode()
        fields = {"Host": "127.0.0.1", "X-Forwarded-For": self._address, "Content-Length": str(len(content))} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        if body is not None:
            fields["Content-Type"] = "application/json"
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        writer.write(f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + content)
        await writer.drain()
        return reader

    async def call(self, method: str, path: str, body: object = None, **headers: str) -> str:
        reader = await self.send(method, path, body, **headers)
        head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
        if "chunked" in head:
            pieces = []
            while size := int(await reader.readline(), 16):
                pieces.append(await reader.readexactly(size))
                await reader.readline()
            await reader.readline()
            text = b"".join(pieces)
        else:
            length = re.search(r"content-length: (\d+)", head)
            text = await reader.readexactly(int(length[1]) if length else 0)
        if not re.match(r"http/1\.1 2", head):
            raise ConnectionError(f"{method} {path}: {head.splitlines()[0]} {text.decode()[:300]}")
        return text.decode()

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()


class Chatting:
    """A customer with an address and an event stream of their own."""

    def __init__(self, served: Served, number: int) -> None:
        address = f"198.51.{number // 250}.{number % 250 + 1}"
        self._number = number
        # Both are held here: a connection that nobody holds is closed.
        self._line, self._stream = Line(served.port, address), Line(served.port, address)
        self._events: asyncio.StreamReader | None = None
        self._token = ""
        self.failed = 0
        """Answers that were not the model's: it was given up for being late, or words got lost."""

    async def open(self, agent: str) -> "Chatting":
        page = await self._line.call("GET", f"/widget/{agent}", Referer=f"{ORIGIN}/")
        ticket = re.search(r'data-ticket="([^"]+)"', page)
        assert ticket
        body = {"agentId": agent, "parentOrigin": ORIGIN, "ticket": ticket[1], "keep": "frame"}
        self._token = json.loads(await self._line.call("POST", "/api/v1/widget/sessions", body))["token"]
        self._events = await self._stream.send("GET", "/api/v1/widget/events", X_Widget_Token=self._token)
        await until(self._events, b"event: state")
        return self

    async def __call__(self, round_number: int) -> float:
        assert self._events
        text = f"How do I use part {(self._number + round_number) % 50} of the lamp?"
        body = {"clientId": uuid.uuid4().hex, "text": text}
        started = time.perf_counter()
        asked = asyncio.create_task(
            self._line.call("POST", "/api/v1/widget/messages", body, X_Widget_Token=self._token)
        )
        first = await until(self._events, b"event: delta")
        await asked
        words = await said(self._events)
        if words != WHOLE:
            self.failed += 1
        return (first - started) * 1000


async def until(reader: asyncio.StreamReader, mark: bytes) -> float:
    while True:
        line = await asyncio.wait_for(reader.readline(), 60)
        if not line:
            raise ConnectionError("The stream ended.")
        if mark in line:
            return time.perf_counter()


async def said(reader: asyncio.StreamReader) -> str:
    """The text of the agent's next whole message."""
    while True:
        await until(reader, b"event: message")
        message = json.loads((await reader.readline()).decode().removeprefix("data: "))
        if message["from"] == "agent":
            text: str = message["text"]
            return text


@contextlib.asynccontextmanager
async def bare_relay(model_url: str) -> AsyncIterator[int]:
    """Passes the model's stream on as it comes, and does nothing else."""
    port = urlsplit(model_url).port

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head.lower())
        body = await reader.readexactly(int(length[1]) if length else 0)
        from_model, to_model = await asyncio.open_connection("127.0.0.1", port)
        to_model.write(head + body)
        while piece := await from_model.read(65536):
            writer.write(piece)
            await writer.drain()
            if b"[DONE]" in piece:
                break
        to_model.close()
        writer.close()

    server = await asyncio.start_server(relay, "127.0.0.1", 0, limit=2**20)
    async with server:
        yield server.sockets[0].getsockname()[1]


def relayed(port: int) -> Customer:
    async def ask(_round_number: int) -> float:
        line = Line(port, "127.0.0.1")
        body = {"model": "stub", "stream": True, "messages": [{"role": "user", "content": "Hi"}]}
        started = time.perf_counter()
        reader = await line.send("POST", "/v1/chat/completions", body)
        first = await until(reader, b"data:")
        await until(reader, b"[DONE]")
        line.close()
        return (first - started) * 1000

    return ask


async def measured(customers: Sequence[Customer], rounds: int, within: float) -> list[float]:
    async def in_turn(position: int, ask: Customer, round_number: int) -> float:
        await asyncio.sleep(within * position / len(customers))
        return await ask(round_number)

    times = []
    for number in range(rounds):
        times += await asyncio.gather(*(in_turn(position, ask, number) for position, ask in enumerate(customers)))
        await asyncio.sleep(0.3)
    return sorted(time - FIRST_MS for time in times)


async def measure(served: Served, agent: str, model_url: str, most: list[int], rounds: int, within: float) -> None:
    async with bare_relay(model_url) as port:
        for number in most:
            show(f"bare relay, {number} at once", await measured([relayed(port)] * number, rounds, within))
            customers = [await Chatting(served, one).open(agent) for one in range(number)]
            await measured(customers, 1, within)
            for customer in customers:
                customer.failed = 0
            before = processor_time(served.pid)
            times = await measured(customers, rounds, within)
            used = (processor_time(served.pid) - before) * 1000 / len(times)
            show(f"Porchlight, {number} at once", times)
            failed, load = sum(customer.failed for customer in customers), os.getloadavg()[0]
            print(f"{'':26}{used:.1f} ms of processor time a message, {failed} failed, load {load:.1f}", flush=True)


def show(what: str, times: list[float]) -> None:
    p95 = times[int(len(times) * 0.95)]
    print(
        f"{what:26}first word p50 {statistics.median(times):.1f} ms, p95 {p95:.1f} ms ({len(times)} answers)",
        flush=True,
    )


def processor_time(pid: int) -> float:
    """Seconds that a process and its children have used."""
    total = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if pid in (int(path.parent.name), int(fields[1])):
                total += int(fields[11]) + int(fields[12])
    return total / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--stub", type=Path, default=STUB)
    parser.add_argument("--customers", type=int, nargs="+", default=[20, 100])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--within", type=float, default=1.0)
    arguments = parser.parse_args()
    with stub_model(arguments.stub) as url, serve(LLM_BASE_URL=url, TRUSTED_PROXIES="1") as running:
        made = running.command("agents", "create", "--name", "Bench", "--domain", "example.com")
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(ENTRIES, file)
            file.flush()
            running.command("knowledge", "import", made["agent_id"], file.name)
        asyncio.run(measure(running, made["agent_id"], url, arguments.customers, arguments.rounds, arguments.within))
