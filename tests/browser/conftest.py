"""A real server, a real website beside it, and real Chromium."""

import contextlib
import functools
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from config.settings import ROOT
from tests.browser.houses import CHROMIUM, SECRET, House


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
            # On a busy machine a browser loses a click now and then; the summary counts what was tried again.
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return {"executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"), "args": CHROMIUM}


@dataclass(frozen=True)
class Server:
    """One running Porchlight with a data folder of its own."""

    url: str
    data_dir: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    @property
    def port(self) -> int:
        return int(self.environment["PORT"])

    def kill(self) -> None:
        """End its processes at once, as a machine that is switched off does."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def command(self, *words: str) -> Any:
        """What `flask --app app` answers to these words, read as JSON."""
        done = subprocess.run(
            [sys.executable, "-m", "flask", "--app", "app", *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        return json.loads(done.stdout)


@contextlib.contextmanager
def running_server(
    data_dir: Path, *, app: str = "wsgi:app", options: Sequence[str] = (), **settings: str
) -> Iterator[Server]:
    """Serve from a data folder until the block ends, with these options of gunicorn and further settings."""
    port = free_port()
    environment = os.environ | {"DATA_DIR": str(data_dir), "PORT": str(port), "LOG_LEVEL": "error"}
    for name in ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "SECRET_KEY", "MAIL_URL", "HOST"):
        environment.pop(name, None)
    environment |= settings
    log_path = data_dir / f"server-{port}.log"
    log = log_path.open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "python:web.gunicorn", *options, app],
        cwd=ROOT,
        env=environment,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/icon.svg", log_path)
        yield Server(f"http://127.0.0.1:{port}", data_dir, environment, process)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Server]:
    """A server on which nobody has an account yet."""
    with running_server(tmp_path) as server:
        yield server


@dataclass(frozen=True)
class Demo:
    server: Server
    agent_id: str
    email: str
    password: str

    @property
    def url(self) -> str:
        return self.server.url


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A server with the demo shop, shared by the tests of one worker."""
    with running_server(tmp_path_factory.mktemp("demo")) as server:
        made = server.command("demo")
        yield Demo(server, made["agent_id"], made["email"], made["password"])


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server whose clock can be put forward, shared by the tests that name `houses.TOGETHER`."""
    folder = tmp_path_factory.mktemp("house")
    with running_server(folder, app="tests.browser.ahead:app") as server:
        made = server.command("agents", "create", "--name", "Lamp", "--domain", "localhost", "--domain", "127.0.0.1")
        (folder / "key.json").write_text(json.dumps({"alg": "HS256", "secret": SECRET}))
        server.command("identity", "configure", made["agent_id"], "--file", str(folder / "key.json"))
        yield House(server.url, folder, made["agent_id"])


@pytest.fixture
def admin(page: Page, demo: Demo) -> Page:
    """A browser in which the demo shop's owner is signed in."""
    page.goto(f"{demo.url}/sign-in")
    page.get_by_label("E-mail").fill(demo.email)
    page.get_by_label("Password", exact=True).fill(demo.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/**")
    return page


@dataclass(frozen=True)
class Website:
    """A stranger's website, on a port of its own."""

    url: str
    folder: Path

    def page(self, name: str, body: str, *, head: str = "") -> str:
        """Write a page and return its address."""
        text = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>A shop</title>{head}</head>'
        (self.folder / name).write_text(f"{text}<body><h1>A shop</h1><p>Things to buy.</p>{body}</body></html>")
        return f"{self.url}/{name}"


@pytest.fixture
def website(tmp_path: Path) -> Iterator[Website]:
    with serving(tmp_path / "website", "127.0.0.1") as website:
        yield website


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Website]:
    """A website that to the browser is not the server's own site: localhost beside 127.0.0.1."""
    with serving(tmp_path / "shop", "localhost") as website:
        yield website


@contextlib.contextmanager
def serving(folder: Path, host: str) -> Iterator[Website]:
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(QuietHandler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Website(f"http://{host}:{server.server_address[1]}", folder)
    server.shutdown()
    server.server_close()


class QuietHandler(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/favicon.ico":
            self.send_response(204)
            self.end_headers()
            return
        super().do_GET()

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture(autouse=True)
def complaints(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[list[str]]:
    """What the browser complained of; a test that expects some takes them out of the list."""
    found: list[str] = []
    context.on("console", lambda said: found.append(f"{said.type}: {said.text}") if said.type == "error" else None)
    context.on("weberror", lambda error: found.append(f"uncaught: {error.error}"))
    context.on("requestfailed", lambda failed: _note_failure(found, failed))
    yield found
    assert found == []


def _note_failure(found: list[str], request: Any) -> None:
    # A stream or a beacon that ends with its page is no failure.
    if request.failure not in ("net::ERR_ABORTED", None):
        found.append(f"failed: {request.method} {request.url} {request.failure}")


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Fails when axe finds anything serious on a page and in its frames."""

    def check(page: Page) -> None:
        results = Axe().run(page)
        serious = [
            f"{violation['id']}: {[node['html'][:160] for node in violation['nodes']][:4]}"
            for violation in results.response["violations"]
            if violation["impact"] in ("serious", "critical")
        ]
        assert serious == []

    return check


def leave_the_field(page: Page) -> None:
    """Take the focus away from where it is, so that the keys of the page are heard."""
    page.evaluate("document.activeElement.blur()")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(url: str, log: Path) -> None:
    ends = time.monotonic() + 90
    while time.monotonic() < ends:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"The server did not start:\n{log.read_text()[-3000:]}")
