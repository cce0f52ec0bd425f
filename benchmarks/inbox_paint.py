"""How soon the inbox is painted when 200 unread conversations wait: a server and Chromium on the same cores.

    python -m benchmarks.inbox_paint [ROUNDS]

Counted from the beginning of the navigation to the frame after which all rows of the page stand on the screen or below
it: for the page as it opens (30 rows) and with all 200 on one page, at 1,440 and at 390 px.
"""

import os
import random
import statistics
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import insert

from app import create_app
from benchmarks.inbox import sentence
from benchmarks.servers import Served, serve
from config.settings import Settings
from core.clock import utc_now
from models import db, new_id
from models.agents import Agent
from models.conversations import Conversation, Message, Priority, Sender, State
from models.customers import Customer, Standing, folded
from tests.browser.houses import CHROMIUM

_ROWS = 200
# A paint is over when the task after a frame begins.
_TELLS = """() => {
  const wanted = Number(new URLSearchParams(location.search).get("shown") ?? 30);
  const look = () => {
    if (document.querySelectorAll(".inbox-row").length < wanted) return requestAnimationFrame(look);
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (window.painted = performance.now());
      port2.postMessage(0);
    });
  };
  requestAnimationFrame(look);
}"""


def main(rounds: int) -> int:
    with serve() as served, sync_playwright() as playwright:
        made = served.command("demo")
        _fill(served)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page = browser.new_page()
        page.goto(f"{served.url}/sign-in")
        page.get_by_label("E-mail").fill(made["email"])
        page.get_by_label("Password", exact=True).fill(made["password"])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/admin/**")
        page.add_init_script(f"({_TELLS})()")
        print(f"load average {os.getloadavg()[0]:.1f}")
        for rows in (30, _ROWS):
            for width in (1440, 390):
                page.set_viewport_size({"width": width, "height": 900})
                address = f"{served.url}/admin/conversations/?view=waiting&shown={rows}"
                _tell(f"{rows} rows at {width} px", [_load(page, address) for _round in range(rounds + 1)][1:])
        print(f"load average {os.getloadavg()[0]:.1f}")
        browser.close()
    return 0


def _load(page: Page, address: str) -> dict[str, float]:
    page.goto(address)
    page.wait_for_function("window.painted")
    found: dict[str, float] = page.evaluate(
        """() => {
          const [{ responseStart, responseEnd, decodedBodySize }] = performance.getEntriesByType("navigation");
          return { painted, responseStart, responseEnd, kilobytes: decodedBodySize / 1000 };
        }"""
    )
    return found


def _tell(name: str, loads: list[dict[str, float]]) -> None:
    middle = {key: statistics.median(load[key] for load in loads) for key in loads[0]}
    print(
        f"| {name} | {middle['painted']:.0f} ms | {max(load['painted'] for load in loads):.0f} ms | "
        f"{middle['responseStart']:.0f} ms | {middle['responseEnd']:.0f} ms | {middle['kilobytes']:.0f} kB |",
        flush=True,
    )


def _fill(served: Served) -> None:
    """Customers who wait for a person in the demo's workspace, and whom nobody has read."""
    environment = served.environment
    folder = Path(environment["DATA_DIR"])
    settings = Settings(
        public_url=served.url,
        data_dir=folder,
        secret_key=(folder / "secret_key").read_text().strip(),
        database_url=f"sqlite:///{folder / 'porchlight.db'}",
    )
    with create_app(settings).app_context():
        agent = db.session.query(Agent).one()
        chance, now = random.Random(7), utc_now()
        rows: dict[Any, list[dict[str, Any]]] = {table: [] for table in (Customer, Conversation, Message)}
        for place in range(_ROWS):
            _add(rows, agent, place, chance, now - timedelta(minutes=3 * place))
        for table, values in rows.items():
            db.session.execute(insert(table), values)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()


def _add(rows: dict[Any, list[dict[str, Any]]], agent: Agent, place: int, chance: random.Random, at: Any) -> None:
    customer_id, conversation_id, name = new_id(), new_id(), f"Customer {place}"
    of_all = {"workspace_id": agent.workspace_id, "created_at": at}
    rows[Customer].append(
        {
            **of_all,
            "id": customer_id,
            "standing": Standing.IDENTIFIED,
            "name": name,
            "attributes": {},
            "told": {},
            "search_text": folded(name),
            "last_seen_at": at,
        }
    )
    rows[Conversation].append(
        {
            **of_all,
            "id": conversation_id,
            "agent_id": agent.id,
            "customer_id": customer_id,
            "channel": "web",
            "state": State.WAITING,
            "last_seq": 4,
            "origin": "https://big.example",
            "language": "en",
            "last_message_at": at,
            "waiting_since": at,
            "priority": Priority.URGENT if place % 20 == 0 else Priority.NORMAL,
        }
    )
    for seq, sender in enumerate((Sender.CUSTOMER, Sender.AGENT, Sender.CUSTOMER, Sender.CUSTOMER), start=1):
        rows[Message].append(
            {
                **of_all,
                "id": new_id(),
                "conversation_id": conversation_id,
                "seq": seq,
                "sender": sender,
                "text": " ".join(sentence(chance)),
                "details": {},
            }
        )


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 9))
