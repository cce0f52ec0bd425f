"""The install check in the deploy dialog: fourteen pages that are broken in a way of their own, each told its
fault. (The fifteenth, http beside https, is in tests/core/test_installs.py: it takes a certificate.)
"""

import contextlib
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Server, free_port, running_server


@dataclass
class Sick:
    """A page with something wrong, and what the check has to say of it."""

    body: str
    fault: str
    mend: str
    """A part of what it tells to do, or of the line as it should be."""
    line: str = ""
    """The line at fault, as it stands on the page."""
    headers: dict[str, str] = field(default_factory=dict)
    head: str = ""
    host: str = "127.0.0.1"
    proxy: str = ""
    """What stands in front of Porchlight and changes its headers meanwhile."""
    reports: bool = False
    """Whether the page's browser tells of the load all the same."""


def sick_pages(url: str, agent: str, other: str) -> dict[str, Sick]:
    line = f'<script async src="{url}/widget/{agent}.js"></script>'
    policy = "Content-Security-Policy"
    meta = '<meta http-equiv="Content-Security-Policy" content="{}">'
    let_in = f"script-src {url}; frame-src {url}; connect-src {url}"
    return {
        "missing": Sick("", "missing", "just before </body>"),
        "wrong-agent": Sick(line.replace(agent, other), "wrong_agent", line, line=other),
        "twice": Sick(line * 2, "twice", "Keep one of them", reports=True),
        "old": Sick(line.replace(url, "http://127.0.0.1:9"), "old_address", line, line=f"127.0.0.1:9/widget/{agent}"),
        "script-policy": Sick(
            line, "script_blocked", f"script-src 'self' {url}", "script-src 'self'", {policy: "script-src 'self'"}
        ),
        "frame-policy": Sick(
            line,
            "frame_blocked",
            f"frame-src 'self' {url}",
            "frame-src 'self'",
            head=meta.format("frame-src 'self'"),
            reports=True,
        ),
        "report-policy": Sick(
            line,
            "reports_blocked",
            f"connect-src 'self' {url}",
            "connect-src 'self'",
            {policy: let_in.replace(f"connect-src {url}", "connect-src 'self'")},
        ),
        "strict-policy": Sick(
            line,
            "script_blocked",
            "nonce=",
            "script-src 'nonce-abc' 'strict-dynamic'",
            {policy: "script-src 'nonce-abc' 'strict-dynamic'"},
        ),
        "sandbox": Sick(
            f'<iframe sandbox="allow-scripts" src="{url}/widget/{agent}?mode=inline"></iframe>',
            "sandboxed",
            "allow-same-origin",
            'sandbox="allow-scripts"',
        ),
        "not-allowed": Sick(line, "not_allowed", "localhost", host="localhost"),
        "tag-manager": Sick(
            "<script>const gtm = 'https://www.googletagmanager.com/gtm.js?id=GTM-1'; // whose tag never fires</script>",
            "missing",
            "publish the container",
        ),
        "frame-headers": Sick(
            line, "frame_headers", "Have the proxy or CDN", "X-Frame-Options: DENY", proxy="adds X-Frame-Options"
        ),
        "isolated": Sick(
            line,
            "isolated",
            "Cross-Origin-Embedder-Policy: require-corp",
            "Cross-Origin-Embedder-Policy: require-corp",
            {"Cross-Origin-Embedder-Policy": "require-corp"},
            proxy="drops Cross-Origin-Embedder-Policy",
        ),
        "extension": Sick(line, "in_browser", "an extension such as an ad blocker may hold the chat back"),
    }


@dataclass(frozen=True)
class Clinic:
    server: Server
    agent_name: str
    pages: dict[str, Sick]
    port: int
    proxy: "Proxy"

    def address(self, name: str) -> str:
        return f"http://{self.pages[name].host}:{self.port}/{name}"


@pytest.fixture
def clinic(tmp_path) -> Iterator[Clinic]:
    folder, proxy = tmp_path, Proxy()
    public_url = f"http://127.0.0.1:{free_port()}"
    with running_server(folder, ALLOW_PRIVATE_ADDRESSES="1", PUBLIC_URL=public_url) as server:
        agent = server.command("agents", "create", "--name", "Doctor Lamp", "--domain", "127.0.0.1")["agent_id"]
        other = server.command("agents", "create", "--name", "Another", "--domain", "127.0.0.1")["agent_id"]
        pages = sick_pages(public_url, agent, other)
        with serving(_handler_of(pages)) as port, serving(proxy.handler(server.url), int(public_url[17:])):
            yield Clinic(server, "Doctor Lamp", pages, port, proxy)


class Proxy:
    """What stands in front of Porchlight; it may be set to harm."""

    habit = ""

    def handler(self, behind: str) -> type[BaseHTTPRequestHandler]:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._pass_on(None)

            def do_POST(self) -> None:
                self._pass_on(self.rfile.read(int(self.headers.get("Content-Length", 0))))

            def _pass_on(self, body: bytes | None) -> None:
                asked = urllib.request.Request(behind + self.path, body, dict(self.headers))
                try:
                    answer = urllib.request.urlopen(asked, timeout=10)
                except urllib.error.HTTPError as refusal:
                    answer = refusal
                self.send_response(answer.status)
                verb, _space, header = proxy.habit.partition(" ")
                for name, value in answer.headers.items():
                    if name.lower() != "transfer-encoding" and not (verb == "drops" and name == header):
                        self.send_header(name, value)
                if verb == "adds":
                    self.send_header(header, "DENY")
                self.end_headers()
                self.wfile.write(answer.read())

            def log_message(self, *_arguments: object) -> None:
                pass

        return Handler


def _handler_of(pages: dict[str, Sick]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path.strip("/"))
            self.send_response(200 if page else 204)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            for name, value in page.headers.items() if page else ():
                self.send_header(name, value)
            self.end_headers()
            if page:
                self.wfile.write(
                    f"<!doctype html><html><head>{page.head}<title>A shop</title></head>"
                    f"<body><h1>A shop</h1>{page.body}</body></html>".encode()
                )

        def log_message(self, *_arguments: object) -> None:
            pass

    return Handler


@contextlib.contextmanager
def serving(handler: type[BaseHTTPRequestHandler], port: int = 0) -> Iterator[int]:
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def dialog(page: Page, clinic: Clinic) -> Locator:
    page.goto(clinic.server.url)
    page.get_by_label("Your name").fill("Olga")
    page.get_by_label("website").fill("127.0.0.1:9")
    page.get_by_label("E-mail").fill("olga@example.com")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_role("button", name="Create my agent").click()
    page.wait_for_url("**/admin/**")
    page.goto(f"{clinic.server.url}/admin/?all=1")
    page.get_by_role("link", name=clinic.agent_name).click()
    page.get_by_role("link", name="Deploy on My Site").click()
    return page.get_by_role("dialog", name="Deploy on My Site")


def test_the_check_names_the_fault_and_the_mend_of_each_broken_page(dialog: Locator, clinic: Clinic) -> None:
    assert len(clinic.pages) >= 12
    for name, sick in clinic.pages.items():
        clinic.proxy.habit = sick.proxy
        address = clinic.address(name)
        found = checked(dialog, address)
        expect(found, name).to_have_attribute("data-fault", sick.fault)
        expect(found, name).to_contain_text(sick.mend)
        if sick.line:
            expect(found.locator(".finding-line").first, name).to_contain_text(sick.line)
    clinic.proxy.habit = ""


def checked(dialog: Locator, address: str) -> Locator:
    """The first thing that is said of a page."""
    dialog.get_by_label("Address of a page").fill(address)
    # What the last check said would look like an answer to this one.
    dialog.locator(".findings").evaluate_all("(lists) => lists.forEach((list) => list.remove())")
    dialog.get_by_role("button", name="Check the page").click()
    return dialog.locator(".finding").first


def test_the_handshake_of_a_real_browser_says_what_arrives(
    dialog: Locator, clinic: Clinic, browser: Browser, complaints
) -> None:
    """What a visitor's browser does with the same pages agrees with what the check says of them."""
    visitors = []
    for name in ("script-policy", "report-policy", "strict-policy", "extension"):
        visitors.append(browser.new_context())
        if name == "extension":
            visitors[-1].route("**/widget/**", lambda route: route.abort("blockedbyclient"))
        assert not clinic.pages[name].reports
        visitors[-1].new_page().goto(clinic.address(name))
    # Each would have told of itself a second after it was drawn.
    visitors[-1].pages[0].wait_for_timeout(1300)
    health = dialog.locator("#deploy-health")
    expect(health).to_contain_text("Waiting for your site to load the widget")
    assert clinic.pages["frame-policy"].reports
    visitors[0].pages[0].goto(clinic.address("frame-policy"))
    expect(health).to_contain_text("Working on")
    for visitor in visitors:
        visitor.close()


def test_a_window_that_a_policy_keeps_out_is_counted_with_what_to_do(
    dialog: Locator, clinic: Clinic, browser: Browser
) -> None:
    context = browser.new_context()
    visitor = context.new_page()
    visitor.goto(clinic.address("frame-policy"))
    visitor.locator('[data-customer-agent="launcher"]').click()
    visitor.wait_for_function("new Promise((done) => CustomerAgent.on('error', () => done(true)))")
    visitor.goto("about:blank")
    context.close()
    health = dialog.locator("#deploy-health")
    expect(health).to_contain_text("today the chat’s window did not open. Check the page below", timeout=25_000)
