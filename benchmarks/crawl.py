"""Reading a hostile website of 500 pages on a real server, ended by force in the middle.

    python -m benchmarks.crawl [--articles 400] [--quick]

Prints as JSON how long it took, what came of the pages, how much memory the server and the process that reads pages
had at most, how long a chat window took to open meanwhile, and what a kill -9 in the middle cost. `--quick` leaves the
website no pause between two pages, which no real reading does.
"""

import argparse
import json
import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from app import create_app
from benchmarks.servers import ROOT, memory_of, wait_for
from config.settings import read_settings
from core import agents
from core.clock import utc_now
from core.sources import keeping
from core.sources.rules import Rules
from models import db
from models.knowledge import SourceKind
from models.teammates import Workspace
from tests.hostile_site import ARTICLES, HostileSite, served

_IN_A_HURRY = """
from core.sources import robots
robots._LEAST_PAUSE = robots._LONGEST_PAUSE = 0.0
from gunicorn.app.wsgiapp import run
run()
"""


class Watched:
    """A server on a data folder, and the most memory that it was seen to have."""

    def __init__(self, folder: Path, port: int, *, quick: bool) -> None:
        self.folder = folder
        self.url = f"http://127.0.0.1:{port}"
        self.environment = os.environ | {
            "DATA_DIR": str(folder),
            "PORT": str(port),
            "LOG_LEVEL": "error",
            "ALLOW_PRIVATE_ADDRESSES": "1",
        }
        self.memory = 0
        self.opened: list[float] = []
        self._quick = quick
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Serve, and wait until it answers."""
        program = ["-m", "gunicorn"]
        if self._quick:
            program = ["-c", _IN_A_HURRY]
        self._process = subprocess.Popen(
            [sys.executable, *program, "-c", "python:web.gunicorn", "wsgi:app"],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(f"{self.url}/icon.svg")

    def kill(self) -> None:
        """End it with all its processes as a power cut would."""
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def look(self, agent_id: str) -> None:
        """Open a chat window, and note the memory."""
        began = time.perf_counter()
        with urllib.request.urlopen(f"{self.url}/widget/{agent_id}", timeout=30) as answer:
            answer.read()
        self.opened.append(1000 * (time.perf_counter() - began))
        self.memory = max(self.memory, memory_of(self.worker))

    @property
    def worker(self) -> int:
        """The process that serves; the one that reads pages is a child of it."""
        master = self._process.pid if self._process else 0
        return int(Path(f"/proc/{master}/task/{master}/children").read_text().split()[0])

    def rows(self, query: str) -> list[Any]:
        """What the database says."""
        with closing(sqlite3.connect(f"file:{self.folder / 'porchlight.db'}?mode=ro", uri=True)) as connection:
            return connection.execute(query).fetchall()

    def pages(self) -> dict[str, int]:
        return dict(self.rows("SELECT status, count(*) FROM source_pages GROUP BY status"))

    def is_over(self) -> bool:
        return bool(self.rows("SELECT 1 FROM jobs WHERE kind = 'read_source' AND finished_at IS NOT NULL"))


@contextmanager
def watched(folder: Path, port: int, *, quick: bool) -> Iterator[Watched]:
    """A server that is ended with the measurement."""
    server = Watched(folder, port, quick=quick)
    try:
        yield server
    finally:
        server.kill()


def add(server: Watched, address: str) -> str:
    """Have an agent read the website; its public id."""
    app = create_app(read_settings(server.environment))
    with app.app_context():
        workspace = Workspace(name="Benchmark", created_at=utc_now())
        db.session.add(workspace)
        db.session.commit()
        agent = agents.create(workspace, name="Bench", site_url=None, patterns=[], by=None, now=utc_now())
        keeping.add(
            agent,
            SourceKind.SITE,
            address=address,
            rules=Rules(most_pages=600),
            by=None,
            now=utc_now(),
            allow_private=True,
        )
        return agent.public_id


def measure(articles: int, *, quick: bool, port: int) -> dict[str, Any]:
    """Read the website once, and end the server in the middle."""
    with (
        tempfile.TemporaryDirectory() as folder,
        served(HostileSite(articles)) as site,
        watched(Path(folder), port, quick=quick) as server,
    ):
        server.start()
        agent_id = add(server, site.address)
        before = memory_of(server.worker)
        began = time.monotonic()
        _until(server, agent_id, lambda: sum(site.asked.values()) > articles // 2)
        server.kill()
        killed, asked = time.monotonic(), sum(site.asked.values())
        server.start()
        _until(server, agent_id, lambda: sum(site.asked.values()) > asked + 1)
        resumed = time.monotonic()
        _until(server, agent_id, server.is_over)
        seconds = time.monotonic() - began - (resumed - killed)
        times = sorted(server.opened)
        return {
            "pages": server.pages(),
            "entries": server.rows("SELECT count(*) FROM entries WHERE archived_at IS NULL")[0][0],
            "seconds": round(seconds, 1),
            "pages_a_second": round(sum(server.pages().values()) / seconds, 1),
            "server_before_mb": before // 1024**2,
            "server_and_reader_mb": server.memory // 1024**2,
            "window_ms": {"p50": round(statistics.median(times), 1), "p95": round(times[int(len(times) * 0.95)], 1)},
            "seconds_until_it_went_on_after_the_kill": round(resumed - killed, 1),
            "pages_asked_for_more_than_once": sum(
                times > 1 and path.startswith("/article") for path, times in site.asked.items()
            ),
        }


def _until(server: Watched, agent_id: str, is_reached: Any) -> None:
    while not is_reached():
        server.look(agent_id)
        time.sleep(0.2)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=ARTICLES)
    parser.add_argument("--port", type=int, default=8211)
    parser.add_argument("--quick", action="store_true")
    chosen = parser.parse_args()
    print(json.dumps(measure(chosen.articles, quick=chosen.quick, port=chosen.port), indent=2))


if __name__ == "__main__":
    main()
