"""A house of one's own for tests of who is chatting: a server whose clock can be put forward, and what customers do."""

import base64
import contextlib
import hashlib
import hmac
import json
import re
import secrets
import sqlite3
import string
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, FrameLocator, Page, Playwright, expect

# The first are Playwright's own, which the last list replaces. The others belong to the bar of a window that nobody
# sees: with each new one Chromium would load two pages for it, which took as much as the page of a test.
_LEFT_OUT = [
    "AimEnabled",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "LensOverlay",
    "MediaRouter",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PaintHolding",
    "PreconnectToSearch",
    "ThirdPartyStoragePartitioning",
    "WebUIOmniboxAimPopup",
    "WebUIOmniboxFullPopup",
    "WebUIOmniboxPopup",
]
CHROMIUM = [
    f"--disable-features={','.join(_LEFT_OUT)}",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SECRET = "forty letters of a secret, or even more…"


@dataclass(frozen=True)
class House:
    """A server whose clock can be put forward, with one agent."""

    url: str
    data_dir: Path
    agent_id: str

    def pass_time(self, seconds: float) -> None:
        # At once: a clock that is being set would stand at zero for who looks at it.
        new = self._clock.with_suffix(".new")
        new.write_text(str(self.ahead + seconds))
        new.replace(self._clock)

    @property
    def ahead(self) -> float:
        return float(self._clock.read_text()) if self._clock.exists() else 0.0

    def token(self, customer: str, *, life: float = 300, secret: str = SECRET, **claims: Any) -> str:
        """What the shop signs of its customer (RFC 7519)."""
        now = time.time() + self.ahead
        claims = {"sub": customer, "iat": int(now), "exp": int(now + life)} | claims
        signed = ".".join(_base64(json.dumps(part).encode()) for part in ({"alg": "HS256", "typ": "JWT"}, claims))
        return f"{signed}.{_base64(hmac.digest(secret.encode(), signed.encode(), hashlib.sha256))}"

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with contextlib.closing(sqlite3.connect(self._database)) as database:
            return database.execute(statement).fetchall()

    def write(self, statement: str, *values: object) -> None:
        """Change what no page of the widget can change, and what the server keeps of it."""
        with contextlib.closing(sqlite3.connect(self._database)) as database, database:
            database.execute(statement, values)
            database.execute("UPDATE workspaces SET revision = ?", (uuid.uuid4().hex,))

    @property
    def _clock(self) -> Path:
        return self.data_dir / "ahead"

    @property
    def _database(self) -> Path:
        return self.data_dir / "porchlight.db"


@contextlib.contextmanager
def browser(playwright: Playwright, folder: Path, preferences: dict[str, Any]) -> Iterator[BrowserContext]:
    """A browser of somebody who has set what it keeps of other sites."""
    (folder / "Default").mkdir(parents=True)
    (folder / "Default" / "Preferences").write_text(json.dumps(preferences))
    context = playwright.chromium.launch_persistent_context(folder, executable_path="/usr/bin/chromium", args=CHROMIUM)
    yield context
    context.close()


def snippet(house: House, settings: str = "{}") -> str:
    """What a site's page holds; it notes each event that the widget tells."""
    return f"""<script>
        window.told = [];
        for (const name of ["identity", "error", "message:sent"]) {{
            addEventListener("customer-agent:" + name, ({{ detail }}) => told.push([name, detail]));
        }}
        window.CustomerAgent = {settings};
    </script><script async src="{house.url}/widget/{house.agent_id}.js"></script>"""


def open_chat(page: Page) -> FrameLocator:
    """Open it, unless it opens by itself because it was open on the page before."""
    page.wait_for_function("Boolean(window.CustomerAgent?.open)")
    page.evaluate("CustomerAgent.open()")
    chat = page.frame_locator('iframe[data-customer-agent="frame"]')
    expect(chat.locator("textarea[name=text]")).to_be_visible()
    return chat


def say(chat: FrameLocator, text: str) -> None:
    write(chat, text)
    expect(own(chat).last).to_contain_text(text)
    expect(own(chat).last).to_have_attribute("data-state", "sent")


def write(chat: FrameLocator, text: str) -> None:
    chat.locator("textarea[name=text]").fill(text)
    chat.locator("textarea[name=text]").press("Enter")


def somebody(name: str) -> str:
    """A name or a word that no other test knows, nor this one when it is tried once more."""
    return f"{name}-{''.join(secrets.choice(string.ascii_lowercase) for _ in range(8))}"


def own(chat: FrameLocator) -> Any:
    return chat.locator('[data-message][data-from="customer"]')


def inside(page: Page) -> Any:
    """The frame's own document."""
    return next(frame for frame in page.frames if "/widget/" in frame.url or "/chat/" in frame.url)


def last_told(page: Page, name: str) -> Any:
    return page.evaluate("(name) => told.filter(([kind]) => kind === name).at(-1)?.[1]", name)


def wait_for_identity(page: Page, customer: str | None) -> None:
    page.wait_for_function(
        "(id) => told.filter(([kind]) => kind === 'identity').at(-1)?.[1].customer.id === id", arg=customer
    )


def forgive(complaints: list[str], *statuses: int) -> None:
    """Browsers complain of every refusal that a test has asked for."""
    complaints[:] = [said for said in complaints if not any(f"status of {status}" in said for status in statuses)]


def containing(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text))


def _base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
