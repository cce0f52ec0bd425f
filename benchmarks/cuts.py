"""Five customers in real browsers whose connections are cut every 1–5 seconds, for ten minutes.

Says how much was said and cut, and whether every screen shows each message once and in its order. On a busy machine
the shop takes a minute or two to be made before that, and the screens some time to come to rest after it.

    .venv/bin/python -m benchmarks.cuts [MINUTES]
"""

import sys
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.servers import serve
from tests.browser import crowds
from tests.browser.houses import CHROMIUM
from tests.proxies import proxy


def main(minutes: float) -> int:
    with serve() as served, proxy(served.port) as line, sync_playwright() as playwright:
        _tell("the server runs; a shop is made")
        agent_id = served.command("demo")["agent_id"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        customers = [crowds.customer(browser, name) for name in ("ann", "ben", "cleo", "dora", "emil")]
        for one in customers:
            one.open(line.url, agent_id)
        _tell(f"five customers write for {minutes:g} minutes")
        crowds.talk_on_a_broken_line(customers, line, seconds=minutes * 60, pause=4)
        _tell(f"{line.cuts} cuts; the screens come to rest")
        data_dir = Path(served.environment["DATA_DIR"])
        broken = [one.name for one in customers if not crowds.comes_to_rest(one, data_dir)]
        turned = [one.name for one in customers if one.heard() != [word for word, _at in one.sent]]
        said = sum(len(one.sent) for one in customers)
        shown = sum(len(one.on_screen()) for one in customers)
        browser.close()
    print(f"{minutes:g} minutes, {line.cuts} cuts, {said} messages of customers, {shown} on their screens")
    print(f"gaps or doubles: {', '.join(broken) or 'none'}; wrong order: {', '.join(turned) or 'none'}")
    return 1 if broken or turned else 0


def _tell(what: str) -> None:
    """Say how far it is: whoever waits for so long wants to see that something happens."""
    print(f"{time.strftime('%H:%M:%S')} {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    raise SystemExit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 10))
