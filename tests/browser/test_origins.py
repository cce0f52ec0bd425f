"""One matcher in every layer: what may frame the chat, begin it and report to it are the same websites.

Each row is a pattern and where a page stands. In real Chromium the page frames the chat twice, with its address told
to us (the answer then names that one origin) and without, and reports to `/track` by CORS; its origin, as the browser
spells it, opens a session. All are let in, or none.

Two exceptions are CSP's own, and neither lets anybody in who may not: a source cannot name an IPv6 address or a name
with an underscore, so the frame stays empty there although the list allows it; and a source with `http` also matches
https (CSP 3, 6.7.2.8), where the origin check refuses (tests/core/test_domains_words.py).
"""

import json
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Page

from config.settings import ROOT
from tests.browser.conftest import CHROMIUM, Server, running_server

# The two ports on which every website here is served are known when the test runs.
PAIRS = [
    ("shop.example", "shop.example:{one}", True),
    ("shop.example", "SHOP.example:{two}", True),
    ("shop.example", "www.shop.example:{one}", False),
    ("shop.example", "myshop.example:{one}", False),
    ("shop.example", "shop.example.evil.example:{one}", False),
    ("*.shop.example", "www.shop.example:{one}", True),
    ("*.shop.example", "a.b.c.shop.example:{two}", True),
    ("*.shop.example", "shop.example:{one}", False),
    ("*.shop.example", "myshop.example:{one}", False),
    ("*.shop.example", "www.shop.example.evil.example:{one}", False),
    ("shop.example:{one}", "shop.example:{one}", True),
    ("shop.example:{one}", "shop.example:{two}", False),
    ("*.shop.example:{two}", "www.shop.example:{two}", True),
    ("*.shop.example:{two}", "www.shop.example:{one}", False),
    ("*.shop.example:{two}", "shop.example:{two}", False),
    ("http://shop.example", "shop.example:{one}", True),
    ("http://shop.example", "www.shop.example:{one}", False),
    ("https://shop.example", "shop.example:{one}", False),
    ("https://*.shop.example", "www.shop.example:{one}", False),
    ("https://*", "shop.example:{one}", False),
    ("http://*", "shop.example:{one}", True),
    ("http://*", "127.0.0.1:{two}", True),
    ("*:{one}", "anything.example:{one}", True),
    ("*:{one}", "anything.example:{two}", False),
    ("*", "a.b.c.d.example:{one}", True),
    ("*", "127.0.0.1:{two}", True),
    ("*", "localhost:{one}", True),
    ("bücher.example", "bücher.example:{one}", True),
    ("bücher.example", "xn--bcher-kva.example:{two}", True),
    ("bücher.example", "www.bücher.example:{one}", False),
    ("*.xn--bcher-kva.example", "www.bücher.example:{one}", True),
    ("faß.example", "xn--fa-hia.example:{one}", True),
    ("faß.example", "fass.example:{one}", False),
    ("localhost", "localhost:{one}", True),
    ("localhost", "shop.localhost:{one}", False),
    ("localhost", "127.0.0.1:{one}", False),
    ("127.0.0.1", "127.0.0.1:{two}", True),
    ("127.0.0.1", "127.0.0.2:{one}", False),
    ("127.0.0.1:{one}", "0x7f.1:{one}", True),
    ("*.example.com:{two}", "shop.example:{two}", False),
    ("", "shop.example:{one}", False),
    ("", "localhost:{one}", False),
]

_MAKE = """
import json, sys
from app import create_app
from core import agents, websites, workspaces
from core.clock import utc_now
app, made, now = create_app(), {}, utc_now()
with app.app_context():
    for pattern in json.load(sys.stdin):
        workspace, patterns = workspaces.first_or_new(now=now), [pattern or "somewhere.example"]
        agent = agents.create(workspace, name="Lumi", site_url=None, patterns=patterns, by=None, now=now)
        if not pattern:
            websites.replace(agent, [], by=None, now=now)
        made[pattern] = agent.public_id
print(json.dumps(made))
"""
# Nothing runs in the frames: whether a browser shows them is all that is asked.
_PAGE = """<!doctype html><title>A shop</title><iframe sandbox src="{frame}"></iframe>
<iframe sandbox referrerpolicy="no-referrer" src="{frame}"></iframe>"""


@dataclass(frozen=True)
class Answers:
    """What each layer says to one page."""

    framed: bool
    framed_without_referer: bool
    session: bool
    report: bool


class Shops(BaseHTTPRequestHandler):
    """Every website there is: each page frames the address that its query names."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path.startswith("/page?") else 204)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        if self.path.startswith("/page?"):
            self.wfile.write(_PAGE.format(frame=self.path.partition("?")[2]).encode())

    def log_message(self, *_arguments: object) -> None:
        pass


@pytest.fixture
def ports() -> Iterator[dict[str, int]]:
    """Two ports on which the websites are served, by IPv4 and where there is one by IPv6."""
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Shops), ThreadingHTTPServer(("127.0.0.1", 0), Shops)]
    one, two = (server.server_address[1] for server in servers)
    servers.append(ThreadingHTTPServer(("127.0.0.2", one), Shops))
    if socket.has_ipv6:
        six = type("SixServer", (ThreadingHTTPServer,), {"address_family": socket.AF_INET6})
        servers.append(six(("::1", one), Shops))
    for server in servers:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield {"one": one, "two": two}
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def server(tmp_path, monkeypatch) -> Iterator[Server]:
    monkeypatch.setenv("TRUSTED_PROXIES", "1")
    with running_server(tmp_path) as running:
        yield running


@pytest.fixture
def chromium(browser_type, browser_type_launch_args) -> Iterator[Browser]:
    names = "MAP *.example 127.0.0.1, MAP *.localhost 127.0.0.1"
    arguments = browser_type_launch_args | {"args": [*CHROMIUM, f"--host-resolver-rules={names}"]}
    browser = browser_type.launch(**arguments)
    yield browser
    browser.close()


def test_every_layer_lets_in_the_same_pages(server, ports, chromium):
    pairs = [(pattern.format(**ports), page.format(**ports), allowed) for pattern, page, allowed in PAIRS]
    expected = {pair[:2]: Answers(pair[2], pair[2], pair[2], pair[2]) for pair in pairs}
    # CSP has no word for such pages: their frames stay empty, and are never let in by something wider.
    unnamed = Answers(framed=False, framed_without_referer=False, session=True, report=True)
    expected["under_score.shop.example", f"under_score.shop.example:{ports['two']}"] = unnamed
    if socket.has_ipv6:
        expected["[::1]", f"[::1]:{ports['one']}"] = unnamed
    made = agents_for(server, [pattern for pattern, _page in expected])
    assert len(pairs) >= 40
    assert ask(server, chromium, made, list(expected)) == expected


def agents_for(server: Server, patterns: list[str]) -> dict[str, str]:
    """An agent for each pattern, all made by one process."""
    done = subprocess.run(
        [sys.executable, "-c", _MAKE],
        cwd=ROOT,
        env=server.environment,
        input=json.dumps(sorted(set(patterns))),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def ask(
    server: Server, chromium: Browser, agents: dict[str, str], visits: list[tuple[str, str]]
) -> dict[tuple[str, str], Answers]:
    with chromium.new_page() as page:
        return {
            (pattern, address): asked(server, page, agents[pattern], address, number)
            for number, (pattern, address) in enumerate(visits)
        }


def asked(server: Server, page: Page, agent: str, address: str, number: int) -> Answers:
    page.goto(f"http://{address}/page?{server.url}/widget/{agent}?mode=inline")
    told, untold = (frame.url.startswith(server.url) for frame in page.main_frame.child_frames)
    return Answers(
        framed=told,
        framed_without_referer=untold,
        session=opens(server, agent, page.evaluate("location.origin"), number),
        report=page.evaluate(
            """([url, body]) => fetch(url, {method: "POST", body}).then((answer) => answer.ok, () => false)""",
            [f"{server.url}/api/v1/widget/track", json.dumps({"agentId": agent, "events": [{"kind": "load"}]})],
        ),
    )


def opens(server: Server, agent: str, origin: str, number: int) -> bool:
    """Whether a session begins for a page of this origin whose frame came without a Referer."""
    # Each comes from an address of its own: what is tried here is no flood.
    headers = {"X-Forwarded-For": f"198.51.100.{number}"}
    with urllib.request.urlopen(urllib.request.Request(f"{server.url}/widget/{agent}", headers=headers)) as answer:
        ticket = answer.read().decode().partition('data-ticket="')[2].partition('"')[0]
    body = json.dumps({"agentId": agent, "parentOrigin": origin, "ticket": ticket}).encode()
    call = urllib.request.Request(
        f"{server.url}/api/v1/widget/sessions", body, headers | {"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(call) as answer:
            return answer.status == 201
    except urllib.error.HTTPError as refusal:
        if json.load(refusal)["error"]["code"] != "website_not_allowed":
            raise
        return False
