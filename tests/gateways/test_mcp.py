"""Other people's servers by MCP: the real protocol against a real server, and everything that one could do to us."""

import json
import subprocess
import sys
import threading
import time

import pytest
from werkzeug import Response

from gateways import mcp
from gateways.mcp import McpFailed, McpRefused, Server, ToolChanged
from tests.mcp_server import Shop, serving


@pytest.fixture(scope="module")
def shop():
    made = Shop()
    with serving(made.server) as url:
        made.url = url
        yield made


@pytest.fixture
def server(shop):
    shop.says = {"orders": []}
    shop.calls.clear()
    return Server(shop.url, allow_private=True)


def test_a_server_tells_its_name_and_its_tools(server):
    found = mcp.discover(server)
    assert found.name == "Lantern & Loom"
    orders = found.tools[0]
    assert (orders.name, orders.title, orders.description) == (
        "list_orders",
        "List orders",
        "The orders of a customer.",
    )
    assert orders.is_read_only
    assert not found.tools[1].is_read_only
    assert set(orders.input_schema["properties"]) == {"customer_id", "status"}


def test_a_tool_is_called_with_its_arguments_and_answers_as_text_and_structure(server, shop):
    result = mcp.call(server, "list_orders", {"customer_id": "c-1"})
    assert result.structured == {"orders": []}
    assert json.loads(result.text) == {"orders": []}
    assert shop.calls == [("list_orders", {"customer_id": "c-1", "status": ""})]


def test_a_refusal_of_the_tool_is_a_result_and_no_failure(server):
    result = mcp.call(server, "cancel_order", {"customer_id": "c-1", "order_number": "0"})
    assert result.is_error
    assert "no such order" in result.text


def test_a_tool_that_is_not_what_somebody_looked_at_is_not_called(server, shop):
    known = mcp.discover(server).tools[0]
    assert mcp.call(server, "list_orders", {"customer_id": "c-1"}, fingerprint=known.fingerprint)
    shop.calls.clear()
    with pytest.raises(ToolChanged) as changed:
        mcp.call(server, "list_orders", {"customer_id": "c-1"}, fingerprint="0" * 64)
    assert changed.value.tool == known
    with pytest.raises(ToolChanged) as gone:
        mcp.call(server, "transfer_money", {}, fingerprint="0" * 64)
    assert gone.value.tool is None
    assert shop.calls == []


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/mcp",
        "http://10.1.2.3/mcp",
        "http://[::1]/mcp",
        "http://169.254.169.254/latest/meta-data",
        "http://0x7f.1/mcp",
        "file:///etc/passwd",
        "http://user:password@93.184.216.34/mcp",
    ],
)
def test_private_addresses_and_odd_ones_are_refused(url):
    with pytest.raises(McpRefused):
        mcp.discover(Server(url))


def test_what_is_never_allowed_is_refused_where_private_addresses_are():
    with pytest.raises(McpRefused):
        mcp.discover(Server("http://169.254.169.254/mcp", allow_private=True))


def test_a_name_that_leads_to_a_private_address_is_refused(monkeypatch):
    monkeypatch.setattr("socket.getaddrinfo", lambda *_a, **_k: [(2, 1, 6, "", ("127.0.0.1", 443))])
    with pytest.raises(McpRefused):
        mcp.discover(Server("https://shop.example/mcp"))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed_wherever_it_leads(httpserver, server, shop, status):
    """Not even to a server that would answer: a key would go with it."""
    for target in (shop.url, httpserver.url_for("/elsewhere")):
        httpserver.clear()
        httpserver.expect_request("/mcp").respond_with_response(Response("", status, {"Location": target}))
        with pytest.raises(McpRefused, match="redirects"):
            mcp.discover(Server(httpserver.url_for("/mcp"), allow_private=True))
        assert {request.path for request, _response in httpserver.log} == {"/mcp"}
    assert shop.calls == []


def test_a_key_is_sent_and_a_wrong_one_told_apart(httpserver):
    httpserver.expect_request("/mcp").respond_with_response(Response("", 401))
    with pytest.raises(McpRefused, match="key"):
        mcp.discover(Server(httpserver.url_for("/mcp"), headers={"Authorization": "Bearer abc"}, allow_private=True))
    assert httpserver.log[0][0].headers["Authorization"] == "Bearer abc"
    assert "abc" not in repr(Server("https://shop.example/mcp", headers={"Authorization": "abc"}))


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (Response("no", 500), "500"),
        (Response("<html>", 200, {"Content-Type": "text/html"}), "usable"),
        (Response("{", 200, {"Content-Type": "application/json"}), "usable"),
        (Response("[" * 50_000, 200, {"Content-Type": "application/json"}), "usable"),
        (Response("data: {\n\n", 200, {"Content-Type": "text/event-stream"}), "usable"),
        (Response("x", 200, {"Content-Type": "application/json", "Content-Encoding": "gzip"}), "packed"),
        (Response(b"x" * 3_000_000, 200, {"Content-Type": "application/json"}), "too large"),
    ],
    ids=["500", "page", "half", "deep", "garbled-stream", "packed", "large"],
)
def test_no_usable_answer_is_told_in_plain_words(httpserver, answer, kind):
    httpserver.expect_request("/mcp").respond_with_response(answer)
    with pytest.raises(McpFailed, match=kind) as failure:
        mcp.discover(Server(httpserver.url_for("/mcp"), allow_private=True))
    assert len(str(failure.value)) < 80


def test_a_server_that_never_ends_its_answer_is_left_in_time(httpserver):
    is_over = threading.Event()

    def drip(_request):
        def pieces():
            while not is_over.wait(0.05):
                yield b": still there\n\n"

        return Response(pieces(), 200, {"Content-Type": "text/event-stream"})

    httpserver.expect_request("/mcp").respond_with_handler(drip)
    started = time.monotonic()
    with pytest.raises(McpFailed, match="too long"):
        mcp.discover(Server(httpserver.url_for("/mcp"), allow_private=True, seconds=0.6))
    assert time.monotonic() - started < 3
    is_over.set()


def test_greenlets_call_at_the_same_time_and_do_not_stop_each_other(shop):
    program = f"""
from gevent import monkey
monkey.patch_all()
import gevent
from gateways import mcp
server = mcp.Server({shop.url!r}, allow_private=True)

def kind(**options):
    try:
        return type(mcp.call(server, "list_orders", {{"customer_id": "c-1"}}, **options)).__name__
    except mcp.McpError as error:
        return type(error).__name__

calls = [gevent.spawn(kind), gevent.spawn(kind), gevent.spawn(kind), gevent.spawn(kind, fingerprint="0")]
gevent.joinall(calls)
print([call.value for call in calls])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.strip() == str(["Result"] * 3 + ["ToolChanged"]), done.stderr
    assert done.stderr == ""
