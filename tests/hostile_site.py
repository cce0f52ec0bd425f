"""A website as bad as websites get: for the tests and the benchmark of the crawler.

Five hundred addresses that can be found, most of them pages, and between them loops, redirects, duplicates, errors,
a page of a gigabyte, pages that never end and a calendar that goes on for ever.
"""

import gzip
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ARTICLES = 400
# 64 megabytes in 64 kilobytes.
_BOMB = gzip.compress(b"a" * 64 * 1024 * 1024, compresslevel=6)
_TOPICS = ("lamps", "shades", "cables", "bulbs", "returns", "delivery", "repairs", "gifts")


class HostileSite:
    """The website, and what it was asked for.

    Args:
        articles: how many real pages it has.
        traps: what else its first page leads to.
    """

    def __init__(self, articles: int = ARTICLES, traps: Sequence[str] | None = None) -> None:
        self.articles = articles
        self.traps = TRAPS if traps is None else traps
        self.asked: Counter[str] = Counter()
        self.changed: set[int] = set()
        self.removed: set[int] = set()
        self.robots = "User-agent: *\nDisallow: /private/\n"
        self.slowness = 0.0
        self.is_down = False
        self.ends = threading.Event()
        self.address = ""

    def article(self, number: int) -> str:
        """An article that links to its neighbours, so that the whole is found from the first page."""
        topic = _TOPICS[number % len(_TOPICS)]
        again = " This was written anew." if number in self.changed else ""
        links = [number * 2 + 1, number * 2 + 2, number - 1, 0]
        return _page(
            f"Article {number} about {topic}",
            f"<h1>Article {number} about {topic}</h1><p>What to know of {topic} in case {number}: they come in "
            f"{number % 7 + 2} kinds, and each of them is made by hand in our workshop.{again}</p>"
            f"<h2>How long does case {number} take?</h2><p>It takes {number % 9 + 1} days until your {topic} are with "
            f"you, and you can follow them on their way with number {number}.</p>",
            [f"/article/{link}" for link in links if 0 <= link < self.articles],
        )


def _page(title: str, body: str, links: list[str], head: str = "") -> str:
    anchors = "".join(f'<li><a href="{link}">{link}</a></li>' for link in links)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} | Lantern</title>{head}</head>'
        f"<body><nav><ul>{anchors}</ul></nav><main>{body}</main><footer>Lantern & Loom</footer></body></html>"
    )


TRAPS = [
    *(f"/loop/{number}" for number in range(5)),
    *(f"/moved/{number}" for number in range(10)),
    *(f"/copy/{number}" for number in range(10)),
    *(f"/print/{number}" for number in range(5)),
    *(f"/broken/{number}" for number in range(5)),
    *(f"/missing/{number}" for number in range(5)),
    *(f"/private/{number}" for number in range(3)),
    *("/self", "/chain/0", "/away", "/gigabyte", "/endless", "/trickle", "/headers", "/bomb", "/deep", "/picture"),
    *("/empty", "/garbage", "/login", "/noindex", "/calendar/2026/1", "/sort?by=0", "/entities", "/cut-off"),
    *("/article/3#part", "/article/3?utm_source=mail", "mailto:a@b.c", "javascript:void(0)", "http://[broken", "/a b"),
]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: HostileSite

    def do_GET(self) -> None:
        self.close_connection = True
        self.site.asked[self.path] += 1
        if self.site.is_down:
            self._answer("Down for today", status=500)
            return
        time.sleep(self.site.slowness)
        path, _, query = self.path.partition("?")
        steps = path.strip("/").split("/")
        try:
            getattr(self, f"_{steps[0].replace('.', '_').replace('-', '_') or 'home'}", self._none)(
                *(steps[1:] + ([query] if query else []))
            )
        except (BrokenPipeError, ConnectionResetError):
            return

    def log_message(self, *_arguments: Any) -> None:
        return

    def _answer(
        self, body: str | bytes, *, status: int = 200, media_type: str = "text/html; charset=utf-8", **headers: str
    ) -> None:
        content = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    def _redirect(self, target: str, status: int = 302) -> None:
        self._answer("", status=status, Location=target)

    def _none(self, *_rest: str) -> None:
        self._answer(_page("Not found", "<p>There is nothing here.</p>", ["/"]), status=404)

    def _robots_txt(self, *_rest: str) -> None:
        self._answer(self.site.robots, media_type="text/plain")

    def _home(self, *_rest: str) -> None:
        self._answer(
            _page(
                "Lantern and Loom",
                "<h1>Lantern and Loom</h1><p>We make lamps by hand, and answer questions about them here.</p>",
                ["/article/0", *self.site.traps],
            )
        )

    def _article(self, number: str, *_query: str) -> None:
        wanted = int(number)
        if wanted in self.site.removed or wanted >= self.site.articles:
            self._none()
            return
        etag = f'"{wanted}-{wanted in self.site.changed}"'
        if self.headers.get("If-None-Match") == etag:
            self.send_response(304)
            self.end_headers()
            return
        self._answer(self.site.article(wanted), ETag=etag)

    def _loop(self, number: str) -> None:
        self._redirect(f"/loop/{(int(number) + 1) % 5}")

    def _self(self) -> None:
        self._redirect("/self")

    def _chain(self, number: str) -> None:
        self._redirect(f"/chain/{int(number) + 1}")

    def _moved(self, number: str) -> None:
        self._redirect(f"/article/{number}", status=301)

    def _away(self) -> None:
        self._redirect("http://169.254.169.254/latest/meta-data/")

    def _copy(self, number: str) -> None:
        self._answer(self.site.article(int(number)))

    def _print(self, number: str) -> None:
        canonical = f'<link rel="canonical" href="/article/{number}">'
        whole = self.site.article(int(number)).replace("</head>", f"{canonical}</head>")
        self._answer(whole.replace("</main>", "<p>Printed.</p></main>"))

    def _broken(self, _number: str) -> None:
        self._answer("Something went wrong", status=500)

    def _private(self, _number: str) -> None:
        self._answer(_page("Private", "<p>Nobody should have asked for this page.</p>", []))

    def _busy(self) -> None:
        self._answer("Later", status=429, Retry_After="1")

    def _login(self) -> None:
        self._answer("Sign in", status=401)

    def _noindex(self) -> None:
        head = '<meta name="robots" content="noindex">'
        self._answer(_page("Thanks", "<p>Thank you very much for your order.</p>", [], head))

    def _gigabyte(self) -> None:
        self._open(str(1024**3))
        for _ in range(16 * 1024):
            self.wfile.write(b"<p>word</p> " * 5461)

    def _endless(self) -> None:
        self._open(None)
        while not self.site.ends.is_set():
            piece = b"<p>on and on</p>" * 4096
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))

    def _trickle(self) -> None:
        self._open(None)
        while not self.site.ends.wait(0.1):
            self.wfile.write(b"1\r\n.\r\n")

    def _headers(self) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self.site.ends.is_set():
            self.wfile.write(b"X-More: " + b"a" * 8000 + b"\r\n")

    def _open(self, length: str | None) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header(*(("Content-Length", length) if length else ("Transfer-Encoding", "chunked")))
        self.end_headers()

    def _bomb(self) -> None:
        self._answer(_BOMB, Content_Encoding="gzip")

    def _deep(self) -> None:
        self._answer("<div>" * 200_000 + "deep")

    def _picture(self) -> None:
        self._answer(b"\x89PNG", media_type="image/png")

    def _empty(self) -> None:
        self._answer("")

    def _garbage(self) -> None:
        self._answer(bytes(range(256)) * 500)

    def _entities(self) -> None:
        self._answer(
            '<!DOCTYPE x [<!ENTITY a "&b;&b;"><!ENTITY b "&a;&a;">]><urlset><url><loc>&a;</loc></url></urlset>'
        )

    def _cut_off(self) -> None:
        self._open("1000000")
        self.wfile.write(b"<p>That is")

    def _calendar(self, year: str, month: str) -> None:
        after = f"{year}/{int(month) + 1}" if int(month) < 12 else f"{int(year) + 1}/1"
        text = f"<p>Nothing happens in month {month} of the year {year}.</p>"
        self._answer(_page("Calendar", text, [f"/calendar/{after}"]))

    def _sort(self, query: str) -> None:
        number = int(query.partition("=")[2])
        links = [f"/sort?by={number + step}" for step in (1, 2, 3)]
        self._answer(_page("Sorted", "<p>The same things as ever, in another order.</p>", links))

    def _sitemap_xml(self, *_rest: str) -> None:
        places = "".join(f"<url><loc>{self.site.address}/article/{n}</loc></url>" for n in range(self.site.articles))
        self._answer(
            f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>',
            media_type="application/xml",
        )


@contextmanager
def served(site: HostileSite) -> Iterator[HostileSite]:
    """Have a site answer on a port of this machine."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"site": site}))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    site.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield site
    finally:
        site.ends.set()
        server.shutdown()
        server.server_close()
