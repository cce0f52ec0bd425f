"""A Porchlight of the benchmark's own on loopback, ended with it."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Served:
    url: str
    port: int
    pid: int
    environment: dict[str, str]

    def command(self, *words: str) -> Any:
        """What `flask --app app` answers to these words."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)

    def call(self, method: str, path: str, body: object = None, **headers: str) -> Any:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        if data is not None:
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=30) as answer:
            text = answer.read().decode()
        return json.loads(text) if text.startswith(("{", "[")) else text

    def open_chat(self, agent_id: str, origin: str, **more: object) -> dict[str, Any]:
        """Fetch a frame and make a session with its ticket, as a browser would."""
        page = self.call("GET", f"/widget/{agent_id}", Referer=f"{origin}/")
        found = re.search(r'data-ticket="([^"]+)"', page)
        assert found
        body = {"agentId": agent_id, "parentOrigin": origin, "ticket": found[1], **more}
        session: dict[str, Any] = self.call("POST", "/api/v1/widget/sessions", body)
        return session


@contextlib.contextmanager
def serve(**settings: str) -> Iterator[Served]:
    """Serve on a free port from an empty data folder, with these further settings."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        environment = os.environ | {"DATA_DIR": folder, "PORT": str(port), "LOG_LEVEL": "error"} | settings
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:web.gunicorn", "wsgi:app"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        url = f"http://127.0.0.1:{port}"
        try:
            wait_for(f"{url}/icon.svg")
            yield Served(url, port, process.pid, environment)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def wait_for(url: str) -> None:
    ends = time.monotonic() + 60
    while True:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)


def memory_of(pid: int) -> int:
    """Bytes resident in a process and its children."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        if int(fields["Pid"]) == pid or int(fields["PPid"]) == pid:
            total += int(fields.get("VmRSS", "0 kB").split()[0]) * 1024
    return total
