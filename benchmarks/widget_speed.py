"""How soon the widget is there, in Chromium with a cold cache, beside a widget that does nothing.

    python -m benchmarks.widget_speed [--runs 15]

Times are taken inside the pages: from the loader's request (resource timing) or the click's own time stamp to the
first frame painted after the launcher stands, the input has the focus, or the first words of an answer are there.
"""

import argparse
import functools
import statistics
import tempfile
import threading
from collections import defaultdict
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from benchmarks.servers import Served, serve

CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync"]  # fmt: skip
SLOW = {"latency": 60, "downloadThroughput": 9e6 / 8, "uploadThroughput": 9e6 / 8, "offline": False}
NOTHING = """(()=>{const b=document.createElement("button");b.textContent="Chat";b.dataset.customerAgent="launcher";
b.style.cssText="position:fixed;right:20px;bottom:20px;width:60px;height:60px";document.body.append(b)})()"""

# Runs in every page and frame before its own scripts; wall-clock times, so that frames can be compared.
WATCH = """
(() => {
  const now = () => performance.timeOrigin + performance.now();
  const marks = (window.__marks = {});
  const painted = (name) => requestAnimationFrame(() => setTimeout(() => (marks[name] ??= now())));
  addEventListener("click", (event) => (marks.click = performance.timeOrigin + event.timeStamp), true);
  addEventListener("focusin", (event) => event.target.name === "text" && painted("usable"), true);
  addEventListener("keydown", (event) => {
    if (event.key === "Enter") marks.sent = performance.timeOrigin + event.timeStamp;
  }, true);
  new MutationObserver(() => {
    if (!marks.launcher && document.querySelector('[data-customer-agent="launcher"]')) painted("launcher");
    const answers = document.querySelectorAll('[data-message][data-from="agent"] .bubble');
    if (marks.sent && !marks.answer && [...answers].some((one) => one.textContent.trim())) painted("answer");
  }).observe(document, { childList: true, subtree: true, characterData: true });
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) if (!shift.hadRecentInput) marks.shift = (marks.shift ?? 0) + shift.value;
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => (marks.longTasks = (marks.longTasks ?? 0) + list.getEntries().length))
    .observe({ type: "longtask", buffered: true });
})();
"""


class Host:
    """A page of a stranger's website, on a port of its own."""

    def __init__(self, folder: Path) -> None:
        handler = functools.partial(Quiet, directory=str(folder))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._folder = folder
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def page(self, name: str, script: str) -> str:
        text = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title><h1>Shop</h1>{script}</html>'
        (self._folder / name).write_text(text)
        return f"{self.url}/{name}"


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        pass


def one_visit(context: BrowserContext, address: str, *, slow: bool, hover: bool) -> dict[str, float]:
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    transferred: dict[str, float] = defaultdict(float)
    session.on(
        "Network.loadingFinished",
        lambda event: transferred.update(
            bytes=transferred["bytes"] + event["encodedDataLength"], requests=transferred["requests"] + 1
        ),
    )
    if slow:
        session.send("Network.emulateNetworkConditions", SLOW)
        session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address)
    launcher = page.locator('[data-customer-agent="launcher"]')
    launcher.wait_for()
    page.wait_for_function("() => window.__marks.launcher")
    marks = page.evaluate("""() => ({...window.__marks, requested: performance.timeOrigin +
        performance.getEntriesByType("resource").find((one) => one.initiatorType === "script").startTime})""")
    found = {"launcher": marks["launcher"] - marks["requested"]}
    page.wait_for_timeout(700 if slow else 300)
    found["bytes of a page view"] = transferred["bytes"]
    session.send("HeapProfiler.collectGarbage")
    found["heap of the page, kB"] = session.send("Runtime.getHeapUsage")["usedSize"] / 1000
    found["layout shift"] = page.evaluate("() => window.__marks.shift ?? 0")
    found["long tasks"] = page.evaluate("() => window.__marks.longTasks ?? 0")
    if address.endswith("nothing.html"):
        page.close()
        return found
    if hover:
        launcher.hover()
        page.wait_for_timeout(1500 if slow else 500)
    launcher.click()
    frame = frame_of(page)
    frame.wait_for_function("() => window.__marks.usable")
    clicked = page.evaluate("() => window.__marks.click")
    found["usable after hover" if hover else "usable after click"] = (
        frame.evaluate("() => window.__marks.usable") - clicked
    )
    if not hover:
        found.update(answer(page, frame))
    page.close()
    return found


def answer(page: Page, frame: Any) -> dict[str, float]:
    page.wait_for_timeout(400)
    page.keyboard.type("How can I send something back?")
    page.keyboard.press("Enter")
    frame.wait_for_function("() => window.__marks.answer")
    marks = frame.evaluate("() => window.__marks")
    return {"first words of an answer": marks["answer"] - marks["sent"]}


def frame_of(page: Page) -> Any:
    handle = page.wait_for_selector('iframe[data-customer-agent="frame"]', state="attached")
    assert handle
    frame = handle.content_frame()
    assert frame
    return frame


def measure(served: Served, runs: int) -> None:
    demo = served.command("demo")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        host = Host(Path(folder))
        (Path(folder) / "nothing.js").write_text(NOTHING)
        addresses = {
            "a widget that does nothing": host.page("nothing.html", '<script async src="nothing.js"></script>'),
            "Porchlight": host.page(
                "shop.html", f'<script async src="{served.url}/widget/{demo["agent_id"]}.js"></script>'
            ),
        }
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        for slow in (False, True):
            print(f"\n{'60 ms latency, 9 Mbit/s, CPU slowed 4 x' if slow else 'loopback'}, medians of {runs}")
            for name, address in addresses.items():
                found: dict[str, list[float]] = defaultdict(list)
                for _number in range(runs):
                    for hover in (False, True):
                        context = browser.new_context()
                        context.add_init_script(WATCH)
                        for key, value in one_visit(context, address, slow=slow, hover=hover).items():
                            found[key].append(value)
                        context.close()
                for key, values in found.items():
                    spread = f"(best {min(values):.1f}, worst {max(values):.1f})"
                    print(f"  {name:28} {key:26} {statistics.median(values):9.1f}   {spread}")
        browser.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    arguments = parser.parse_args()
    with serve() as running:
        measure(running, arguments.runs)
