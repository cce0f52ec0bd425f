"""The install check: each broken page has its own fault, and a right one has none that can be seen from outside."""

import pytest

from core import installs
from core.installs import Fault, diagnose, lines_for, read_page
from core.widget_configs import Launcher

AGENT = "abcdefghijklmnopqrstuv"
OTHER = "vutsrqponmlkjihgfedcba"
HOST = "https://chat.example"
LINE = f'<script async src="{HOST}/widget/{AGENT}.js"></script>'
FRAME = {"cross-origin-embedder-policy": "require-corp"}


def faults(body, *, address="https://shop.example/", headers=None, patterns=("shop.example",), frame=FRAME, host=HOST):
    page = read_page(address, headers or {"Content-Type": "text/html"}, body.encode())
    found = diagnose(page, agent=AGENT, public_url=host, patterns=patterns, frame_headers=frame)
    return [finding.fault for finding in found]


@pytest.mark.parametrize(
    "body",
    [
        LINE,
        f'<script src="{HOST}/widget.js" data-agent="{AGENT}"></script>',
        f"<script>window.CustomerAgent = {{ agentId: '{AGENT}' }}</script><script src='{HOST}/widget.js'></script>",
        f'<iframe src="{HOST}/widget/{AGENT}?mode=inline"></iframe>',
        f'<base href="{HOST}/"><script src="widget/{AGENT}.js"></script>',
    ],
)
def test_nothing_is_wrong_with_a_right_page(body):
    assert faults(body) == []


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p>Hello</p>", Fault.MISSING),
        (f"<!-- {LINE} -->", Fault.MISSING),
        (f"<script>document.write({LINE!r})", Fault.MISSING),
        (LINE.replace(AGENT, OTHER), Fault.WRONG_AGENT),
        (LINE + LINE, Fault.TWICE),
        (LINE.replace(HOST, "https://old.example"), Fault.OLD_ADDRESS),
        (f'<iframe sandbox="allow-scripts" src="{HOST}/widget/{AGENT}?mode=inline"></iframe>', Fault.SANDBOXED),
        (f"<meta http-equiv=Content-Security-Policy content=\"script-src 'self'\">{LINE}", Fault.SCRIPT_BLOCKED),
    ],
)
def test_a_page_is_told_its_fault(body, fault):
    assert faults(body) == [fault]


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (f"script-src {HOST}; frame-src {HOST}; connect-src {HOST}", []),
        ("default-src https:", []),
        ("default-src *", []),
        ("img-src 'none'", []),
        (f"script-src {HOST}/widget/; frame-src *.example; connect-src chat.example", []),
        ("default-src 'self'", [Fault.SCRIPT_BLOCKED, Fault.FRAME_BLOCKED, Fault.REPORTS_BLOCKED]),
        (f"script-src {HOST}; child-src 'none'", [Fault.FRAME_BLOCKED]),
        (f"default-src {HOST}; connect-src 'self'", [Fault.REPORTS_BLOCKED]),
        ("script-src 'nonce-abc' 'strict-dynamic' https:", [Fault.SCRIPT_BLOCKED]),
        (f"script-src {HOST}, script-src 'self'", [Fault.SCRIPT_BLOCKED]),
        (f"script-src {HOST}:8443", [Fault.SCRIPT_BLOCKED]),
        (f"script-src {HOST}/other/", [Fault.SCRIPT_BLOCKED]),
        ("script-src *.chat.example", [Fault.SCRIPT_BLOCKED]),
    ],
)
def test_the_sites_policy_is_read_as_browsers_read_it(policy, expected):
    assert faults(LINE, headers={"Content-Type": "text/html", "Content-Security-Policy": policy}) == expected


def test_a_nonce_on_the_line_is_enough_for_the_script():
    body = LINE.replace("<script", '<script nonce="abc"')
    headers = {"Content-Security-Policy": "script-src 'nonce-abc' 'strict-dynamic'"}
    assert faults(body, headers=headers) == []


def test_the_line_at_fault_is_shown_with_the_one_that_is_needed():
    page = read_page("https://shop.example/", {"content-security-policy": "frame-src 'self'"}, LINE.encode())
    [finding] = diagnose(page, agent=AGENT, public_url=HOST, patterns=["shop.example"], frame_headers=FRAME)
    assert (finding.found, finding.wanted) == ("frame-src 'self'", f"frame-src 'self' {HOST}")


def test_what_stands_around_the_page_is_told():
    assert faults(LINE, patterns=["other.example"]) == [Fault.NOT_ALLOWED]
    assert faults(LINE.replace("https", "http"), host=HOST.replace("https", "http")) == [Fault.MIXED]
    assert faults(LINE, frame=FRAME | {"x-frame-options": "DENY"}) == [Fault.FRAME_HEADERS]
    isolated = {"Content-Type": "text/html", "Cross-Origin-Embedder-Policy": "require-corp"}
    assert faults(LINE, headers=isolated, frame={"date": "today"}) == [Fault.ISOLATED]
    assert faults(LINE, headers=isolated) == []
    assert faults("%PDF", headers={"Content-Type": "application/pdf"}) == [Fault.NO_PAGE]


def test_a_tag_manager_gets_other_words():
    gtm = '<script src="https://www.googletagmanager.com/gtm.js?id=GTM-1"></script>'
    page = read_page("https://shop.example/", {}, gtm.encode())
    [finding] = diagnose(page, agent=AGENT, public_url=HOST, patterns=["shop.example"], frame_headers=FRAME)
    assert finding.fault is Fault.MISSING
    assert "Tag Manager" in finding.sentence


@pytest.mark.parametrize("body", [b"\x00\xff<script", b"<script src='http://[::1'></script>", b"<" * 200_000, b""])
def test_broken_pages_are_read_as_far_as_they_go(body):
    assert faults(body.decode("latin-1")) == [Fault.MISSING]


def visit(agent, httpserver, path="/", **options):
    return installs.check(
        agent, httpserver.url_for(path), public_url=f"http://127.0.0.1:{httpserver.port}", allow_private=True, **options
    )


def test_the_page_is_visited_and_its_redirects_followed(agent, httpserver):
    from core import websites
    from core.clock import utc_now

    websites.replace(agent, ["localhost"], by=None, now=utc_now())
    line = f'<script async src="http://127.0.0.1:{httpserver.port}/widget/{agent.public_id}.js"></script>'
    httpserver.expect_request("/").respond_with_data(status=302, headers={"Location": "/shop"})
    httpserver.expect_request("/shop").respond_with_data(line, content_type="text/html")
    httpserver.expect_request(f"/widget/{agent.public_id}").respond_with_data("", headers={"X-Frame-Options": "DENY"})
    found = visit(agent, httpserver)
    assert [finding.fault for finding in found] == [Fault.FRAME_HEADERS]


def test_a_page_that_cannot_be_opened_says_so(agent, httpserver):
    httpserver.expect_request("/").respond_with_data("no", status=503)
    [finding] = visit(agent, httpserver)
    assert finding.fault is Fault.UNREACHABLE
    assert "503" in finding.sentence


def test_the_own_network_is_not_visited(agent, httpserver):
    [finding] = installs.check(agent, httpserver.url_for("/"), public_url=HOST, allow_private=False)
    assert finding.fault is Fault.UNREACHABLE
    assert httpserver.log == []


def test_every_place_has_steps_and_one_snippet():
    snippets = installs.Snippets(AGENT, HOST)
    for place in installs.PLACES:
        assert sum("{snippet}" in step for step in place.steps) == 1, place.key
        assert AGENT in place.snippet(snippets), place.key
    assert len({place.key for place in installs.PLACES}) == len(installs.PLACES)


def test_the_lines_for_a_policy_know_of_a_picture_on_the_launcher():
    plain, pictured = Launcher(), Launcher(fill="image", image="0192aaaa-0000-7000-8000-000000000000")
    assert list(lines_for(HOST, plain)) == ["script-src", "frame-src", "connect-src"]
    assert lines_for(HOST, pictured)["img-src"] == HOST
