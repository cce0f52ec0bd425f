"""A shop at Shopify as it answers since 2026: UCP shapes, no answer without our profile, and the old endpoint empty."""

import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import uvicorn
from mcp.server.mcpserver import MCPServer
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from core import connections, jwks
from core.clock import utc_now
from core.connections import shopify
from models.agents import Agent
from models.connections import Connection, ConnectionKind
from tests.shopify_accounts import MCP_PATH, Accounts

PATH = "/api/ucp/mcp"
ENVELOPE = {"ucp": {"version": "2026-04-08", "capabilities": {}}}


def product(name: str, *, price: int = 8400, dearest: int = 8400, is_there: bool = True) -> dict[str, Any]:
    """A product in the form of UCP, whose amounts are in the smallest unit of their currency."""
    return {
        "id": f"gid://shopify/Product/{name}",
        "title": name,
        "description": {"html": f"<p>{name}, made by <b>hand</b>.</p>"},
        "url": "https://shop.example/products/firefly",
        "price_range": {
            "min": {"amount": price, "currency": "GBP"},
            "max": {"amount": dearest, "currency": "GBP"},
        },
        "media": [
            {"type": "video", "url": "https://cdn.shopify.com/lamp.mp4"},
            {"type": "image", "url": "https://cdn.shopify.com/s/files/lamp.jpg", "alt_text": name},
        ],
        "variants": [
            {
                "id": f"gid://shopify/ProductVariant/{amount}",
                "title": title,
                "price": {"amount": amount, "currency": "GBP"},
                "availability": {"available": is_there},
                "options": [{"name": "Finish", "label": title}],
            }
            for title, amount in (("Brass", price), ("Silver", dearest))
        ],
    }


class Search(BaseModel):
    """What is looked for, or asked."""

    query: str


class ShopifyShop:
    """What the shop has and was asked, so that tests can look and change it."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.listings: list[Any] = []
        self.accounts = Accounts()
        self.row: Connection
        """The connection to it, where there is one."""
        self.goods = [product("Firefly lantern", dearest=9600)]
        self.answer: Any = {"plain": "Sale items can be returned within 14 days."}
        self.server = MCPServer("Lantern & Loom at Shopify", log_level="CRITICAL")
        for tool in (self.search_catalog, self.get_product, self.ask_business, self.update_cart, self.get_order):
            self.server.add_tool(tool)

    def search_catalog(self, meta: dict[str, Any], catalog: Search) -> dict[str, Any]:
        """Search the store's product catalog."""
        self._called("search_catalog", {"meta": meta, "catalog": catalog.model_dump()})
        return {**ENVELOPE, "products": self.goods, "pagination": {"has_next_page": False}}

    def get_product(self, meta: dict[str, Any], catalog: dict[str, Any]) -> dict[str, Any]:
        """One product in full."""
        self._called("get_product", {"meta": meta, "catalog": catalog})
        return {**ENVELOPE, "product": self.goods[0]}

    def ask_business(self, meta: dict[str, Any], ask: Search) -> dict[str, Any]:
        """Ask a question about policies, shipping and the like."""
        self._called("ask_business", {"meta": meta, "ask": ask.model_dump()})
        return {**ENVELOPE, "answer": self.answer}

    def update_cart(self, meta: dict[str, Any], cart_id: str, cart: dict[str, Any]) -> dict[str, Any]:
        """Replace the whole cart."""
        self._called("update_cart", {"meta": meta, "cart_id": cart_id, "cart": cart})
        return {**ENVELOPE, "cart": cart}

    def get_order(self, meta: dict[str, Any], order_id: str) -> dict[str, Any]:
        """Any order of the shop, for whom it trusts."""
        self._called("get_order", {"meta": meta, "order_id": order_id})
        return {**ENVELOPE, "order": {"id": order_id, "status": "pending"}}

    def _called(self, name: str, arguments: dict[str, Any]) -> None:
        self.calls.append((name, arguments))


class _Door:
    """Lets nobody in who does not say where their profile is; the endpoint of before 2026 has no tools any more."""

    def __init__(self, shop: ShopifyShop, inside: ASGIApp) -> None:
        self._shop, self._inside = shop, inside

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] != PATH and scope["path"] != "/api/mcp":
            await self._of_accounts(scope, receive, send)
            return
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._inside(scope, receive, send)
            return
        body = await Request(scope, receive).body()
        asked = json.loads(body)
        problem = self._problem(scope["path"], asked)
        if problem is not None:
            error = {"jsonrpc": "2.0", "id": asked.get("id"), "error": {"code": -32602, "message": problem}}
            await JSONResponse(error)(scope, receive, send)
            return

        async def replay() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        await self._inside(scope, replay, send)

    async def _of_accounts(self, scope: Scope, receive: Receive, send: Send) -> None:
        accounts, request = self._shop.accounts, Request(scope, receive)
        if scope["path"] != MCP_PATH:
            answer = await accounts.answer(request)
            await (answer or JSONResponse({}, status_code=404))(scope, receive, send)
            return
        body = await request.body()
        asked = json.loads(body or b"{}")
        # What there is, everybody may know; what there is of somebody, their own token alone tells.
        if asked.get("method") == "tools/call" and not accounts.who_of(request.headers.get("authorization", "")):
            await JSONResponse({"error": "unauthorized"}, status_code=401)(scope, receive, send)
            return

        async def replay() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        await self._inside(scope, replay, send)

    def _problem(self, path: str, asked: dict[str, Any]) -> str | None:
        if path != PATH:
            return "Tool not found"
        if asked["method"] not in ("tools/list", "tools/call"):
            return None
        told = asked["params"].get("arguments", {}).get("meta", {}).get("ucp-agent", {}).get("profile")
        if asked["method"] == "tools/list":
            self._shop.listings.append(told)
        return None if told else "Agent profile is required"


def _both(shop: ShopifyShop) -> ASGIApp:
    """The server of the shop and that of its customers' accounts, which begin and end together."""
    options = {"stateless_http": True, "json_response": True}
    of_shop = shop.server.streamable_http_app(streamable_http_path=PATH, **options)
    of_accounts = shop.accounts.server.streamable_http_app(streamable_http_path=MCP_PATH, **options)

    @asynccontextmanager
    async def together(_app: Starlette) -> AsyncIterator[None]:
        async with of_shop.router.lifespan_context(of_shop), of_accounts.router.lifespan_context(of_accounts):
            yield

    return Starlette(lifespan=together, routes=[*of_shop.routes, *of_accounts.routes])


@contextmanager
def serving(shop: ShopifyShop) -> Iterator[str]:
    """Serve it; yields the address of the shop."""
    inside = _both(shop)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        running = uvicorn.Server(uvicorn.Config(_Door(shop, inside), log_level="critical", lifespan="on", ws="none"))
        thread = threading.Thread(target=running.run, args=([listener],))
        thread.start()
        try:
            deadline = time.monotonic() + 10
            while not running.started and time.monotonic() < deadline:
                time.sleep(0.01)
            shop.accounts.address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            yield shop.accounts.address
        finally:
            running.should_exit = True
            thread.join()


@contextmanager
def connected(made: ShopifyShop, url: str, agent: Agent) -> Iterator[ShopifyShop]:
    """An agent is connected to the shop, as `row`; nobody has signed in there before."""
    made.accounts.reset()
    for module in (connections, jwks):
        module.reach(allow_private=True)
    made.row = connections.add(agent, title="Shop", url=url, kind=ConnectionKind.SHOPIFY, by=None, now=utc_now())
    yield made
    for module in (connections, jwks):
        module.reach(allow_private=False)


@contextmanager
def served_at(url: str) -> Iterator[None]:
    """Have shops read who we are at `url`, and as before afterwards."""
    known = shopify.profile_url()
    shopify.introduce(url)
    yield
    shopify.introduce(known.removesuffix(shopify.PROFILE_PATH))
