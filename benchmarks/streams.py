"""Memory of open event streams, and the time to fan one message out to them.

    python -m benchmarks.streams [--streams 1000]

Loopback only, one client process beside the server on the same cores; it ends by itself.
"""

import argparse
import asyncio
import json
import statistics
import time

from benchmarks.servers import Served, memory_of, serve

ORIGIN = "https://example.com"
OF_A_SESSION = 6
"""As many as the server lets one session open."""


async def open_stream(served: Served, token: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port, limit=2**20)
    writer.write(f"GET /api/v1/widget/events HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Widget-Token: {token}\r\n\r\n".encode())
    await writer.drain()
    await until(reader, b"event: state")
    return reader, writer


async def until(reader: asyncio.StreamReader, mark: bytes) -> float:
    while True:
        line = await asyncio.wait_for(reader.readline(), 60)
        if not line:
            raise ConnectionError("The stream ended.")
        if mark in line:
            return time.perf_counter()


async def measure(served: Served, streams: int) -> None:
    agent = served.command("agents", "create", "--name", "Bench", "--domain", "example.com")["agent_id"]
    tokens = sessions(served, agent, -(-streams // OF_A_SESSION))
    token = tokens[0]
    served.call("POST", "/api/v1/widget/messages", {"clientId": "warm", "text": "hello"}, X_Widget_Token=token)
    await asyncio.sleep(2)
    before = memory_of(served.pid)
    started = time.perf_counter()
    connections = []
    for first in range(0, streams, 48):
        batch = [
            open_stream(served, tokens[number // OF_A_SESSION]) for number in range(first, min(first + 48, streams))
        ]
        connections += await asyncio.gather(*batch)
    opened = time.perf_counter() - started
    await asyncio.sleep(2)
    held = memory_of(served.pid) - before
    print(f"streams            {streams} opened in {opened:.1f} s")
    print(f"memory             {held / streams / 1024:.1f} KiB a stream ({before / 2**20:.0f} MiB before)")
    for number in range(5):
        mark = f"fan-out-{number}"
        waiting = [asyncio.create_task(until(reader, mark.encode())) for reader, _writer in connections]
        sent = time.perf_counter()
        await asyncio.to_thread(say, served, token, mark)
        acknowledged = time.perf_counter()
        arrived = sorted(moment - sent for moment in await asyncio.gather(*waiting))
        print(
            f"one message to all  acknowledged {1000 * (acknowledged - sent):.0f} ms, "
            f"arrived p50 {1000 * statistics.median(arrived):.0f} ms, "
            f"p99 {1000 * arrived[int(len(arrived) * 0.99)]:.0f} ms, "
            f"last {1000 * arrived[-1]:.0f} ms"
        )
        await asyncio.sleep(1)
    for _reader, writer in connections:
        writer.close()


def sessions(served: Served, agent: str, number: int) -> list[str]:
    """Tokens of one conversation: the same customer comes back again and again."""
    opened = served.open_chat(agent, ORIGIN, keep="frame")
    tokens = [opened["token"]]
    while len(tokens) < number:
        opened = served.open_chat(agent, ORIGIN, keep="frame", refreshSecret=opened["refreshSecret"])
        tokens.append(opened["token"])
    return tokens


def say(served: Served, token: str, mark: str) -> None:
    body = {"clientId": mark, "text": json.dumps(mark)}
    served.call("POST", "/api/v1/widget/messages", body, X_Widget_Token=token)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=1000)
    arguments = parser.parse_args()
    with serve() as running:
        asyncio.run(measure(running, arguments.streams))
