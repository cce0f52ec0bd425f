"""How soon a change in the customizer is seen in its preview, in Chromium, beside the bare round trip of a save.

    python -m benchmarks.preview [--edits 100]

From the time stamp of a keystroke in the greeting to the first frame that the chat's own iframe paints with the new
text, in wall-clock time of the two documents. The reference is a POST of the same form by `fetch` from the same page,
one at a time, between the edits.
"""

import argparse
import json
import statistics
from os import getloadavg

from playwright.sync_api import Frame, Page, sync_playwright

from benchmarks.servers import Served, serve
from benchmarks.widget_speed import CHROMIUM

# In the page: when a key went down. In the chat: when what it made was painted.
KEYS = """addEventListener("keydown", (event) => (window.__key = performance.timeOrigin + event.timeStamp), true)"""
PAINTS = """
() => {
  const greeting = document.getElementById("greeting");
  window.__painted = {};
  new MutationObserver(() => {
    const text = greeting.textContent;
    const note = () => (window.__painted[text] ??= performance.timeOrigin + performance.now());
    requestAnimationFrame(() => setTimeout(note));
  }).observe(greeting, { childList: true, characterData: true, subtree: true });
}
"""
ROUND_TRIP = """
async () => {
  const form = document.getElementById("look-form");
  const began = performance.now();
  const asked = { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" } };
  await (await fetch(form.action, asked)).text();
  return performance.now() - began;
}
"""


def open_customizer(page: Page, url: str, account: dict[str, str]) -> Frame:
    """Sign in, open the first agent's customizer, and return the chat's frame in its preview."""
    page.goto(f"{url}/sign-in")
    page.get_by_label("E-mail").fill(account["email"])
    page.get_by_label("Password", exact=True).fill(account["password"])
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/**")
    page.get_by_role("link", name="Customize").first.click()
    chat = page.frame_locator(".preview-frame").frame_locator("[data-customer-agent=frame]")
    chat.locator("#greeting").wait_for()
    page.wait_for_timeout(2000)
    return next(frame for frame in page.frames if "/widget/" in frame.url)


def measure(page: Page, chat: Frame, edits: int) -> tuple[list[float], list[float]]:
    """The milliseconds from key to paint of each edit, and of a bare round trip after each."""
    page.evaluate(KEYS)
    chat.evaluate(PAINTS)
    field = page.get_by_role("textbox", name="Greeting", exact=True)
    field.fill("Good day")
    seen, trips = [], []
    for number in range(edits):
        page.wait_for_timeout(150)
        field.press("End")
        field.press(chr(ord("a") + number % 26))
        wanted = field.input_value()
        painted = chat.wait_for_function("(text) => window.__painted[text]", arg=wanted, timeout=10_000).json_value()
        seen.append(painted - page.evaluate("window.__key"))
        page.wait_for_timeout(150)
        trips.append(page.evaluate(ROUND_TRIP))
    return seen, trips


def summary(times: list[float]) -> dict[str, float]:
    return {
        "median_ms": round(statistics.median(times)),
        "p95_ms": round(statistics.quantiles(times, n=20)[-1]),
        "most_ms": round(max(times)),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=100)
    edits = parser.parse_args().edits
    with serve() as served, sync_playwright() as playwright:
        account = demo_account(served)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        chat = open_customizer(page, served.url, account)
        seen, trips = measure(page, chat, edits)
        browser.close()
    result = {
        "edits": edits,
        "load": round(getloadavg()[0], 1),
        "change_to_paint": summary(seen),
        "bare_round_trip": summary(trips),
    }
    print(json.dumps(result, indent=2))


def demo_account(served: Served) -> dict[str, str]:
    account: dict[str, str] = served.command("demo")
    return account


if __name__ == "__main__":
    main()
