"""The install check in the deploy dialog: twelve pages that are broken in a way of their own, each told its fault."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Server, running_server


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
        "extension": Sick(line, "in_browser", "an extension such as an ad blocker may hold the chat back"),
    }


@dataclass(frozen=True)
class Clinic:
    server: Server
    agent_name: str
    pages: dict[str, Sick]
    port: int

    def address(self, name: str) -> str:
        return f"http://{self.pages[name].host}:{self.port}/{name}"


@pytest.fixture(scope="module")
def clinic(tmp_path_factory) -> Iterator[Clinic]:
    folder = tmp_path_factory.mktemp("clinic")
    with running_server(folder, ALLOW_PRIVATE_ADDRESSES="1") as server:
        made = server.command("demo")
        agent = server.command("agents", "create", "--name", "Doctor Lamp", "--domain", "127.0.0.1")["agent_id"]
        other = server.command("agents", "create", "--name", "Another", "--domain", "127.0.0.1")["agent_id"]
        pages = sick_pages(server.url, agent, other)
        with serving(pages) as port:
            (folder / "who").write_text(f"{made['email']} {made['password']}")
            yield Clinic(server, "Doctor Lamp", pages, port)


@contextlib.contextmanager
def serving(pages: dict[str, Sick]) -> Iterator[int]:
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

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@pytest.fixture
def dialog(page: Page, clinic: Clinic) -> Locator:
    email, password = (clinic.server.data_dir / "who").read_text().split()
    page.goto(f"{clinic.server.url}/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/**")
    page.goto(f"{clinic.server.url}/admin/?all=1")
    page.get_by_role("link", name=clinic.agent_name).click()
    page.get_by_role("link", name="Deploy on My Site").click()
    return page.get_by_role("dialog", name="Deploy on My Site")


def test_the_check_names_the_fault_and_the_mend_of_each_broken_page(dialog: Locator, clinic: Clinic) -> None:
    assert len(clinic.pages) == 12
    for name, sick in clinic.pages.items():
        address = clinic.address(name)
        found = checked(dialog, address)
        expect(found, name).to_have_attribute("data-fault", sick.fault)
        expect(found, name).to_contain_text(sick.mend)
        if sick.line:
            expect(found.locator(".finding-line").first, name).to_contain_text(sick.line)


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
    for name in ("script-policy", "report-policy", "strict-policy", "extension", "frame-policy"):
        context = browser.new_context()
        if name == "extension":
            context.route(f"{clinic.server.url}/widget/**", lambda route: route.abort("blockedbyclient"))
        visitor = context.new_page()
        visitor.goto(clinic.address(name))
        visitor.wait_for_timeout(1600)
        health = dialog.locator("#deploy-health")
        if clinic.pages[name].reports:
            expect(health, name).to_contain_text("Working on", timeout=8000)
        else:
            expect(health, name).to_contain_text("Waiting for your site to load the widget")
        context.close()


def test_a_window_that_a_policy_keeps_out_is_counted_with_what_to_do(
    dialog: Locator, clinic: Clinic, browser: Browser
) -> None:
    context = browser.new_context()
    visitor = context.new_page()
    visitor.goto(clinic.address("frame-policy"))
    visitor.locator('[data-customer-agent="launcher"]').click()
    visitor.wait_for_function("new Promise((done) => CustomerAgent.on('error', () => done(true)))", timeout=12_000)
    visitor.goto("about:blank")
    context.close()
    health = dialog.locator("#deploy-health")
    expect(health).to_contain_text("today the chat’s window did not open. Check the page below", timeout=25_000)
