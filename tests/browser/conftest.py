"""A real server, a real website beside it, and real Chromium."""

import contextlib
import fcntl
import functools
import json
import os
import re
import shutil
import signal
import socket
import tempfile
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any, Protocol

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser import forks
from tests.browser.houses import CHROMIUM, SECRET, House

# Two cores are shared by several browsers, their servers and other tests, and what takes 1 s alone was seen to take 12.
# Whoever waits loses nothing where all is well; how quick the product is, the benchmarks say.
expect.set_options(timeout=20_000)


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
    process: ForkServerProcess

    @property
    def port(self) -> int:
        return int(self.environment["PORT"])

    def kill(self) -> None:
        """End its processes at once, as a machine that is switched off does."""
        os.killpg(number_of(self.process), signal.SIGKILL)
        self.process.join()

    def command(self, *words: str) -> Any:
        """What `flask --app app` answers to these words, read as JSON."""
        return command(self.data_dir, self.environment, *words)


def command(folder: Path, environment: dict[str, str], *words: str) -> Any:
    with tempfile.TemporaryDirectory() as temporary:
        out, err = Path(temporary, "out"), Path(temporary, "err")
        process = forks.start(forks.flask, ["flask", "--app", "app", *words], environment, out=out, err=err)
        process.join()
        assert process.exitcode == 0, err.read_text()[-3000:]
        return json.loads(out.read_text())


def number_of(process: ForkServerProcess) -> int:
    assert process.pid
    return process.pid


@contextlib.contextmanager
def running_server(
    data_dir: Path,
    *,
    app: str = "wsgi:app",
    options: Sequence[str] = (),
    is_anew: bool = False,
    **settings: str,
) -> Iterator[Server]:
    """Serve from a data folder until the block ends, with these options of gunicorn and further settings.

    `is_anew` for what has to be there before anything is imported: gevent, and the clock of `houses`.
    """
    port = free_port()
    environment = environment_of(data_dir, PORT=str(port), **settings)
    log = data_dir / f"server-{port}.log"
    program = forks.anew if is_anew else forks.gunicorn
    # A browser that is still open keeps its requests open; what is asked of a server here has been answered.
    words = ["gunicorn", "-c", "python:web.gunicorn", "--graceful-timeout", "1", *options, app]
    process = forks.start(program, words, environment, out=log, err=log)
    try:
        wait_for(f"http://127.0.0.1:{port}/icon.svg", log)
        yield Server(f"http://127.0.0.1:{port}", data_dir, environment, process)
    finally:
        process.terminate()
        process.join(20)
        process.kill()
        process.join()


def environment_of(data_dir: Path, **settings: str) -> dict[str, str]:
    environment = os.environ | {"DATA_DIR": str(data_dir), "LOG_LEVEL": "error"}
    for name in ("DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "SECRET_KEY", "MAIL_URL", "HOST"):
        environment.pop(name, None)
    return environment | settings


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
def made_demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]]:
    """The data folder of a demo shop that nobody has used, to be copied, and what was said when it was made.

    One serves all workers of a run: it learns what it knows, which takes a while.
    """
    root = tmp_path_factory.getbasetemp()
    shared = root.parent if "PYTEST_XDIST_WORKER" in os.environ else root
    folder, said = shared / "made-demo", shared / "made-demo.json"
    with (shared / "made-demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not said.exists():
            # What a worker that failed has left would be in the way.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            said.write_text(json.dumps(command(folder, environment_of(folder), "demo")))
    return folder, json.loads(said.read_text())


@contextlib.contextmanager
def running_demo(made: tuple[Path, dict[str, str]], folder: Path, **options: Any) -> Iterator[Demo]:
    """A server with a demo shop of its own, which it takes a moment to copy."""
    shutil.copytree(made[0], folder, dirs_exist_ok=True)
    with running_server(folder, **options) as server:
        yield Demo(server, made[1]["agent_id"], made[1]["email"], made[1]["password"])


@pytest.fixture(scope="session")
def demo(made_demo: tuple[Path, dict[str, str]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A server with the demo shop, shared by the tests of one worker."""
    with running_demo(made_demo, tmp_path_factory.mktemp("demo")) as demo:
        yield demo


@pytest.fixture
def own_demo(made_demo: tuple[Path, dict[str, str]], tmp_path: Path) -> Iterator[Demo]:
    """A server with the demo shop for tests that change how the whole shop works."""
    with running_demo(made_demo, tmp_path / "own-demo") as demo:
        yield demo


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A server whose clock can be put forward, shared by the tests of one worker."""
    folder = tmp_path_factory.mktemp("house")
    with running_server(folder, app="tests.browser.ahead:app", is_anew=True) as server:
        made = server.command("agents", "create", "--name", "Lamp", "--domain", "localhost", "--domain", "127.0.0.1")
        (folder / "key.json").write_text(json.dumps({"alg": "HS256", "secret": SECRET}))
        server.command("identity", "configure", made["agent_id"], "--file", str(folder / "key.json"))
        yield House(server.url, folder, made["agent_id"])


@pytest.fixture
def admin(page: Page, demo: Demo) -> Page:
    """A browser in which the demo shop's owner is signed in."""
    sign_in(page.context, demo)
    return page


class Office(Protocol):
    """Where somebody signs in, and who."""

    @property
    def url(self) -> str: ...
    @property
    def email(self) -> str: ...
    @property
    def password(self) -> str: ...


def sign_in(context: BrowserContext, here: Office) -> None:
    """Send the form of the page for it, without showing the page: what it looks like is told elsewhere."""
    page = context.request.get(f"{here.url}/sign-in").text()
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert token, page
    form = {"csrf_token": token[1], "email": here.email, "password": here.password}
    answer = context.request.post(f"{here.url}/sign-in", form=form)
    assert "/admin" in answer.url, answer.text()


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
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
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


# What axe fetches anew before it begins is for rules about sound and about turned screens, of which there is none.
AXE_OPTIONS = '{ resultTypes: ["violations"], selectors: false, preload: false }'
# A rule that can find nothing serious, whose findings would be left out, is not asked at all.
SERIOUS = f"""async () => {{
    const rules = {{}};
    for (const {{ id, impact }} of axe._audit.rules)
        if (impact === "minor" || impact === "moderate") rules[id] = {{ enabled: false }};
    const {{ violations }} = await axe.run(document, {{ ...{AXE_OPTIONS}, rules }});
    return violations
        .filter(({{ impact }}) => impact === "serious" || impact === "critical")
        .map(({{ id, nodes }}) => [id, ...nodes.slice(0, 4).map(({{ html }}) => html.slice(0, 160))].join(" | "));
}}"""


def faults_of(page: Page) -> list[str]:
    """What axe finds serious on a page and in its frames."""
    for frame in page.frames:
        # One that has not come to any address never answers.
        if frame.url and not frame.is_detached() and not frame.evaluate("Boolean(window.axe)"):
            frame.evaluate(AXE_SCRIPT)
    faults: list[str] = page.evaluate(SERIOUS)
    return faults


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Fails when axe finds anything serious on a page and in its frames."""

    def check(page: Page) -> None:
        assert faults_of(page) == []

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
