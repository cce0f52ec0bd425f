"""A whole run of a real server with every log switched on: nothing that somebody said, is or gets in with is there."""

import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from config.settings import ROOT
from core.privacy import mask

SITE = "https://shop.example"
API = "/api/v1/widget"
MARK = "quillfeather"
PASSWORD = f"{MARK} by the harbour at dusk"
WRONG = f"{MARK} by the harbour at dawn"
OWNER = f"olga@{MARK}.example"
INVITED = f"ann@{MARK}.example"
CARD, IBAN, PHONE = "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", "+49 30 901820"
SAID = f"I am Marta {MARK}, marta@{MARK}.example, {PHONE}. My card is {CARD}, my IBAN {IBAN}. My password is {MARK}77."


class Journey:
    """One browser after the other, and all that must not be in a log."""

    def __init__(self, url: str, data_dir: Path) -> None:
        self.url, self.data_dir = url, data_dir
        self.secrets: set[str] = {MARK, CARD, IBAN, PHONE, PASSWORD, WRONG}
        self.secrets.add((data_dir / "secret_key").read_text().strip())

    def admin(self) -> None:
        with self.browser() as browser:
            self.post(
                browser, "/welcome", name=f"Olga {MARK}", email=OWNER, password=PASSWORD, website=f"{SITE}/{MARK}"
            )
            made = self.post(browser, "/admin/team/invitations", at="/admin/team/", email=INVITED, role="viewer")
            self.link = re.search(r"/invitations/([\w-]{20,})", made.text)[1]
            agent = re.search(r"/admin/agents/([0-9a-f-]{36})", str(browser.get("/admin/").url) + made.text)[1]
            deploy = browser.get(f"/admin/agents/{agent}/deploy").text
            self.agent = re.search(r"/widget/([\w-]{22})\.js", deploy)[1]
            self.keep(self.link, *(cookie for cookie in browser.cookies.values()))
            browser.get("/admin/conversations/", params={"search": SAID})

    def people(self) -> None:
        with self.browser() as browser:
            self.post(browser, f"/invitations/{self.link}", name=f"Ann {MARK}", password="short")
            self.post(browser, f"/invitations/{self.link}", name=f"Ann {MARK}", password=PASSWORD)
            self.keep(*browser.cookies.values())
        with self.browser() as browser:
            self.post(browser, "/sign-in", email=OWNER, password=WRONG)
            self.post(browser, "/forgot-password", email=OWNER)
            reset = self.mailed(r"/reset-password/([\w-]{20,})")
            self.keep(reset)
            self.post(browser, f"/reset-password/{reset}", password=WRONG)
            self.post(browser, "/sign-in", email=OWNER, password=WRONG)
            self.keep(*browser.cookies.values())

    def customer(self) -> None:
        with self.browser() as browser:
            page = browser.get(f"/widget/{self.agent}?mode=inline", headers={"Referer": f"{SITE}/"})
            ticket = re.search(r'data-ticket="([^"]+)"', page.text)[1]
            body = {"agentId": self.agent, "parentOrigin": SITE, "ticket": ticket, "keep": "frame"}
            forged = f"eyJhbGciOiJIUzI1NiJ9.{secrets.token_urlsafe(30)}.{secrets.token_urlsafe(30)}"
            refused = browser.post(f"{API}/sessions", json=body | {"customerToken": forged})
            assert refused.status_code == 401
            page = browser.get(f"/widget/{self.agent}?mode=inline", headers={"Referer": f"{SITE}/"})
            body["ticket"] = re.search(r'data-ticket="([^"]+)"', page.text)[1]
            told = {"id": f"{MARK}-1", "name": f"Marta {MARK}", "email": f"marta@{MARK}.example"}
            started = browser.post(f"{API}/sessions", json=body | {"customer": told, "context": {"page": SAID}}).json()
            self.keep(ticket, body["ticket"], forged, started["token"], started["refreshSecret"])
            self.chat(browser, started)

    def chat(self, browser: httpx2.Client, started: dict[str, Any]) -> None:
        headers = {"X-Widget-Token": started["token"]}
        said = browser.post(f"{API}/messages", json={"clientId": "a", "text": SAID}, headers=headers)
        assert said.status_code == 201
        browser.post(f"{API}/messages", content=f'{{"text": "{SAID}"'.encode(), headers=headers)
        browser.post(f"{API}/messages", json={"clientId": SAID, "text": SAID}, headers=headers)
        browser.get(f"{API}/messages", params={"after": "0", "said": SAID}, headers=headers)
        browser.post(f"{API}/handoffs", headers=headers)
        browser.get(f"{API}/customer", headers=headers)
        browser.get(f"{API}/customer/export", headers=headers)
        event = {"kind": "load", "page": f"/{SAID}", "timings": {"launcher": 1}}
        report = {"agentId": self.agent, "events": [event]}
        browser.post(f"{API}/track", json=report, headers={"Origin": SITE})
        again = {"agentId": self.agent, "refreshSecret": started["refreshSecret"]}
        refreshed = browser.post(f"{API}/sessions/refresh", json=again).json()
        self.keep(refreshed["token"], refreshed["refreshSecret"])
        browser.request(
            "DELETE", f"{API}/sessions", json={"forget": True}, headers={"X-Widget-Token": refreshed["token"]}
        )

    def browser(self) -> httpx2.Client:
        return httpx2.Client(base_url=self.url, follow_redirects=True, timeout=30)

    def post(self, browser: httpx2.Client, path: str, at: str = "", **fields: str) -> httpx2.Response:
        page = browser.get(at or path).text
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)[1]
        self.keep(token)
        return browser.post(path, data=fields | {"csrf_token": token})

    def mailed(self, pattern: str) -> str:
        """What a link in a mail has; without a mail server they are written to a folder."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            for mail in (self.data_dir / "mail").glob("*"):
                text = mail.read_text().replace("=\n", "").replace("=3D", "=")
                if found := re.search(pattern, text):
                    return found[1]
            time.sleep(0.1)
        raise AssertionError("No mail came.")

    def keep(self, *found: str) -> None:
        self.secrets |= set(found)


def test_nothing_of_anybody_is_in_the_logs(tmp_path):
    with serving(tmp_path) as (url, log):
        journey = Journey(url, tmp_path)
        journey.admin()
        journey.people()
        journey.customer()
        time.sleep(1)
    written = log.read_text(errors="replace")
    assert written.count("\n") > 40
    assert "POST" in written
    found = {secret for secret in journey.secrets if secret.lower() in written.lower()}
    assert not found, [line for line in written.splitlines() if any(one.lower() in line.lower() for one in found)][:5]
    personal = [
        line for line in written.splitlines() if {span.kind for span in mask(line).spans} & {"email", "card", "iban"}
    ]
    assert not personal


@contextmanager
def serving(data_dir: Path) -> Iterator[tuple[str, Path]]:
    """A server that logs as much as it can, its address, and where its log is."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = data_dir / "server.log"
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    settings = {
        "DATA_DIR": str(data_dir),
        "PORT": str(port),
        "LOG_LEVEL": "debug",
        "GUNICORN_CMD_ARGS": "--access-logfile - --error-logfile -",
    }
    with log.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:web.gunicorn", "wsgi:app"],
            cwd=ROOT,
            env=kept | settings,
            stdout=file,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/icon.svg", process)
        yield f"http://127.0.0.1:{port}", log
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert process.poll() is None, "The server ended."
        try:
            httpx2.get(url)
        except httpx2.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("The server did not answer.")
