"""Five customers in real browsers whose connections are cut every 1–5 seconds, for ten minutes.

Says how much was said and cut, and whether every screen shows each message once and in its order.

    .venv/bin/python -m benchmarks.cuts [MINUTES]
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.servers import serve
from tests.browser import crowds
from tests.browser.houses import CHROMIUM
from tests.proxies import proxy


def main(minutes: float) -> int:
    with serve() as served, proxy(served.port) as line, sync_playwright() as playwright:
        agent_id = served.command("demo")["agent_id"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        customers = [crowds.customer(browser, name) for name in ("ann", "ben", "cleo", "dora", "emil")]
        for one in customers:
            one.open(line.url, agent_id)
        crowds.talk_on_a_broken_line(customers, line, seconds=minutes * 60, pause=4)
        data_dir = Path(served.environment["DATA_DIR"])
        broken = [one.name for one in customers if not crowds.comes_to_rest(one, data_dir)]
        turned = [one.name for one in customers if one.heard() != [word for word, _at in one.sent]]
        said = sum(len(one.sent) for one in customers)
        shown = sum(len(one.on_screen()) for one in customers)
        browser.close()
    print(f"{minutes:g} minutes, {line.cuts} cuts, {said} messages of customers, {shown} on their screens")
    print(f"gaps or doubles: {', '.join(broken) or 'none'}; wrong order: {', '.join(turned) or 'none'}")
    return 1 if broken or turned else 0


if __name__ == "__main__":
    raise SystemExit(main(float(sys.argv[1]) if len(sys.argv) > 1 else 10))
