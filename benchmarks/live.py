"""How soon what one side writes is on the other's screen: three customers and two teammates in real browsers.

.venv/bin/python -m benchmarks.live [ROUNDS]
"""

import contextlib
import sqlite3
import sys
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from benchmarks.servers import serve
from tests.browser import crowds
from tests.browser.crowds import PATIENCE, Customer, Helper
from tests.browser.houses import CHROMIUM

_SUPPORT = "samir@lantern-and-loom.example"
_READING = 600
"""Milliseconds that nobody reads and answers faster than."""


def main(rounds: int) -> int:
    with serve() as served, sync_playwright() as playwright:
        made = served.command("demo")
        with contextlib.closing(sqlite3.connect(Path(served.environment["DATA_DIR"]) / "porchlight.db")) as database:
            database.execute(
                "UPDATE teammates SET password_hash ="
                " (SELECT password_hash FROM teammates WHERE email = ?) WHERE email = ?",
                (made["email"], _SUPPORT),
            )
            database.commit()
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        customers = [crowds.customer(browser, name) for name in ("ann", "ben", "cleo")]
        for one in customers:
            one.open(served.url, made["agent_id"])
            one.say("I want to talk to a person")
            expect(one.page.locator("#answering")).to_contain_text("Waiting", timeout=PATIENCE)
        team = [crowds.helper(browser, "olga"), crowds.helper(browser, "samir")]
        pairs = list(zip(team, customers, strict=False))
        for (helper, customer), email in zip(pairs, (made["email"], _SUPPORT), strict=True):
            helper.sign_in(served.url, email, made["password"])
            helper.open(served.url, customer)
        for _round in range(rounds):
            for helper, customer in pairs:
                _exchange(helper, customer)
        waits = {
            "teammate to customer": [wait for helper, customer in pairs for wait in helper.waits(customer)],
            "customer to teammate": [wait for helper, customer in pairs for wait in customer.waits(helper, since=1)],
        }
        is_whole = all(customer.heard() == helper.heard() for helper, customer in pairs)
        browser.close()
    for way, found in waits.items():
        found.sort()
        print(f"{way}: {len(found)} messages, median {crowds.median(found):.0f} ms, slowest {found[-1]:.0f} ms")
    print("both screens of each conversation are alike" if is_whole else "the screens differ")
    return 0 if is_whole else 1


def _exchange(helper: Helper, customer: Customer) -> None:
    """One message each way, each seen before the next is written; nobody writes while the one before is still told."""
    helper.page.wait_for_timeout(_READING)
    said = helper.say()
    expect(customer.page.locator("#thread")).to_contain_text(said, timeout=PATIENCE)
    customer.page.wait_for_timeout(_READING)
    said = customer.say()
    expect(helper.page.locator("#thread")).to_contain_text(said, timeout=PATIENCE)


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
