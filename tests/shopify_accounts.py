"""The customer accounts of a made-up shop at Shopify: a sign-in by OAuth 2.0 with PKCE, and the tools behind it.

Shapes as Shopify's documentation and shops that were looked at in 2026 have them; nobody there was asked for any of it.
"""

import asyncio
import base64
import hashlib
import json
import secrets
import time
from typing import Any
from urllib.parse import parse_qs, urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from mcp.server.mcpserver import Context, MCPServer
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

CLIENT_ID = "client-of-the-chat"
MCP_PATH = "/customer/api/mcp"
GRAPHQL_PATH = "/customer/api/2026-10/graphql"
TOKEN_PATH = "/authentication/oauth/token"
_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
KID = "accounts-1"


def order(name: str, status: str, *, item: str = "Firefly lantern", amount: str = "84.00") -> dict[str, Any]:
    """An order in the form of the Customer Account API."""
    return {
        "id": f"gid://shopify/Order/{name.strip('#')}",
        "name": name,
        "processedAt": "2026-11-20T09:00:00Z",
        "fulfillmentStatus": status,
        "totalPrice": {"amount": amount, "currencyCode": "GBP"},
        "lineItems": {"nodes": [{"title": item, "quantity": 1}]},
        "fulfillments": {"nodes": [{"trackingInformation": [], "trackingNumber": f"TRACK-{name.strip('#')}"}]},
    }


def in_graphql(one: dict[str, Any]) -> dict[str, Any]:
    """The same order as GraphQL tells it, to whom asks for it so: with where a parcel is in its own field."""
    state = one["fulfillmentStatus"]
    is_moving = state in ("IN_TRANSIT", "DELIVERED")
    parcel = {
        "latestShipmentStatus": state if is_moving else None,
        "estimatedDeliveryAt": None,
        "trackingInformation": [{"number": parcel["trackingNumber"]} for parcel in one["fulfillments"]["nodes"]],
    }
    told = {"cancelledAt": None, "financialStatus": "PAID", "fulfillmentStatus": "FULFILLED" if is_moving else state}
    return {**one, "statusPageUrl": "https://shop.example/orders/secret-of-a-link", **told} | {
        "fulfillments": {"nodes": [parcel] if is_moving else []}
    }


class Accounts:
    """Who can sign in at the shop, what they ordered, and what the shop was asked."""

    def __init__(self) -> None:
        self.address = ""
        self.reset()
        self.server = MCPServer("Lantern & Loom accounts", log_level="CRITICAL")
        for tool in (
            *(self.get_most_recent_order_status, self.get_order_status),
            *(self.get_store_credit_balances, self.request_return),
        ):
            self.server.add_tool(tool)

    def reset(self) -> None:
        """As it was before anybody came."""
        self.orders: dict[str, list[dict[str, Any]]] = {
            "ines": [order("#1042", "IN_TRANSIT"), order("#1007", "DELIVERED", item="Moss throw", amount="45.50")],
            "tom": [order("#2001", "UNFULFILLED", item="Brass lamp", amount="120.00")],
        }
        self.signs_in = "ines"
        """Whom the shop's own sign-in knows in the browser that asks."""
        self.is_careless = False
        """Whether it does not look at the verifier: then the nonce alone tells codes apart."""
        self.wants_bare = False
        self.lifetime = 3600
        self.claims: dict[str, Any] = {}
        """What its id_token says in the place of what it should."""
        self.discovery: dict[str, Any] = {}
        self.api: dict[str, Any] = {}
        self.signing_key = _KEY
        self.tokens: dict[str, str] = {}
        self.renewals: dict[str, tuple[str, str]] = {}
        self.asked: list[dict[str, str]] = []
        self.calls: list[tuple[str, str | None, dict[str, Any]]] = []
        self.scopes: dict[str, str] = {}
        """Of each token, what its customer has agreed to."""
        self.wants_bearer_for_graphql = False
        self.graphql: Response | None = None
        """What GraphQL answers, to whom it lets in, in the place of what it should."""
        self.instead: dict[str, Response] = {}
        """By path, what is answered in the place of what should be."""
        self.slowly: dict[str, float] = {}
        """By path, after how many seconds."""
        self.queries: list[tuple[str | None, dict[str, Any]]] = []
        self._codes: dict[str, dict[str, str]] = {}
        self._began = object()

    # Tools, each about whoever the token is of.

    def get_most_recent_order_status(self, context: Context) -> dict[str, Any]:
        """The status of the customer's most recent order."""
        who = self._who("get_most_recent_order_status", context, {})
        return {"order": self.orders[who][0] if self.orders[who] else None}

    def get_order_status(self, order_number: str, context: Context) -> dict[str, Any]:
        """The status of one of the customer's orders, by its number."""
        who = self._who("get_order_status", context, {"order_number": order_number})
        found = [one for one in self.orders[who] if one["name"].strip("#") == order_number.strip("#")]
        if not found:
            raise ValueError("No such order.")
        return {"order": found[0]}

    def get_store_credit_balances(self, context: Context) -> dict[str, Any]:
        """The customer's store credit."""
        self._who("get_store_credit_balances", context, {})
        return {"balances": []}

    def request_return(self, line_items: list[dict[str, Any]], context: Context) -> dict[str, Any]:
        """Ask to send something back."""
        self._who("request_return", context, {"line_items": line_items})
        return {"message": "A return was requested."}

    def _who(self, name: str, context: Context, given: dict[str, Any]) -> str:
        request = context.request_context.request
        who = self.who_of(request.headers.get("authorization", ""))
        self.calls.append((name, who, given))
        assert who is not None
        return who

    def who_of(self, authorization: str) -> str | None:
        """Whose token a request shows."""
        is_bearer = authorization.startswith("Bearer ")
        token = authorization.removeprefix("Bearer ")
        return self.tokens.get(token) if is_bearer is not self.wants_bare else None

    async def _orders(self, headers: Headers, asked: dict[str, Any]) -> Response:
        """GraphQL, for whoever shows a token whose customer has agreed to that."""
        shown = headers.get("authorization", "")
        token = shown.removeprefix("Bearer ")
        who = self.tokens.get(token) if shown.startswith("Bearer ") is self.wants_bearer_for_graphql else None
        self.queries.append((who, asked | {"origin": headers.get("origin")}))
        if who is None or "customer-account-api:full" not in self.scopes.get(token, "").split():
            return JSONResponse({"errors": [{"message": "unauthorized"}]}, status_code=401)
        if self.graphql is not None:
            return self.graphql
        most = asked["variables"]["most"]
        told = [in_graphql(one) for one in self.orders[who]]
        page = {"nodes": told[:most], "pageInfo": {"hasNextPage": len(told) > most}}
        return JSONResponse({"data": {"customer": {"orders": page}}})

    # The sign-in.

    async def answer(self, request: Request) -> Response | None:
        """The answer to a request for anything but tools; None when it is none of these."""
        began = self._began
        await asyncio.sleep(self.slowly.get(request.url.path, 0.0))
        if began is not self._began:
            # Nobody waits for it any more, and the next test has begun.
            return Response(status_code=503)
        if request.url.path in self.instead:
            return self.instead[request.url.path]
        if request.url.path == GRAPHQL_PATH:
            return await self._orders(request.headers, json.loads(await request.body()))
        return await self._signing_in(request)

    async def _signing_in(self, request: Request) -> Response | None:
        path = request.url.path
        if path == "/.well-known/openid-configuration":
            return JSONResponse(self._openid())
        if path == "/.well-known/customer-account-api":
            told = {"graphql_api": f"{self.address}{GRAPHQL_PATH}", "mcp_api": f"{self.address}{MCP_PATH}"}
            return JSONResponse({name: value for name, value in (told | self.api).items() if value is not None})
        if path == "/authentication/jwks.json":
            return JSONResponse({"keys": [_public(_KEY)]})
        if path == "/authentication/oauth/authorize":
            return self._authorize(dict(request.query_params))
        if path == TOKEN_PATH:
            form = parse_qs((await request.body()).decode())
            return self._token({name: values[0] for name, values in form.items()})
        return None

    def authorize(self, asked: dict[str, str], *, who: str | None = None) -> dict[str, str]:
        """What the shop sends a customer back with who has signed in."""
        code = secrets.token_urlsafe(16)
        self._codes[code] = asked | {"who": who or self.signs_in}
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    @property
    def issuer(self) -> str:
        return f"{self.address}/authentication/7"

    def _openid(self) -> dict[str, Any]:
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.address}/authentication/oauth/authorize",
            "token_endpoint": f"{self.address}/authentication/oauth/token",
            "jwks_uri": f"{self.address}/authentication/jwks.json",
            "scopes_supported": ["openid", "email", "customer-account-api:full", "customer-account-mcp-api:full"],
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
        }
        return {name: value for name, value in (told | self.discovery).items() if value is not None}

    def _authorize(self, asked: dict[str, str]) -> Response:
        is_right = asked.get("client_id") == CLIENT_ID and asked.get("code_challenge_method") == "S256"
        if not is_right or "customer-account-mcp-api:full" not in asked.get("scope", ""):
            return HTMLResponse("<h1>No such client</h1>", status_code=400)
        if asked.get("as") is None:
            way = urlencode(asked | {"as": self.signs_in})
            return HTMLResponse(
                f"<!doctype html><link rel=icon href=data:,><title>Shop</title><h1>Sign in at the shop</h1>"
                f'<a href="/authentication/oauth/authorize?{way}">Go on as {self.signs_in}</a>'
            )
        back = self.authorize(asked, who=asked["as"])
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(back)}", 302)

    def _token(self, asked: dict[str, str]) -> Response:
        self.asked.append(asked)
        if asked.get("client_id") != CLIENT_ID:
            return _refused("invalid_client")
        if asked.get("grant_type") == "refresh_token":
            renewed = self.renewals.pop(asked.get("refresh_token", ""), None)
            return _refused("invalid_grant") if renewed is None else self._given(*renewed)
        began = self._codes.pop(asked.get("code", ""), None)
        if began is None or began["redirect_uri"] != asked.get("redirect_uri"):
            return _refused("invalid_grant")
        digest = hashlib.sha256(asked.get("code_verifier", "").encode()).digest()
        if not self.is_careless and _base64url(digest) != began["code_challenge"]:
            return _refused("invalid_grant")
        return self._given(began["who"], began["scope"], nonce=began["nonce"])

    def _given(self, who: str, scope: str, *, nonce: str | None = None) -> Response:
        access, renewing = f"access-{secrets.token_urlsafe(16)}", f"renewing-{secrets.token_urlsafe(16)}"
        self.tokens[access], self.scopes[access], self.renewals[renewing] = who, scope, (who, scope)
        told: dict[str, Any] = {"access_token": access, "token_type": "Bearer", "expires_in": self.lifetime}
        told["refresh_token"] = renewing
        if nonce is not None:
            now = int(time.time())
            claims = {"iss": self.issuer, "sub": who, "aud": CLIENT_ID, "nonce": nonce, "iat": now, "exp": now + 600}
            told["id_token"] = self.signed({**claims, **self.claims})
        return JSONResponse(told)

    def signed(self, claims: dict[str, Any]) -> str:
        """An id_token."""
        content = f"{_part({'alg': 'RS256', 'kid': KID, 'typ': 'JWT'})}.{_part(claims)}"
        signature = self.signing_key.sign(content.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{content}.{_base64url(signature)}"


def _refused(code: str) -> Response:
    return JSONResponse({"error": code}, status_code=400)


def _public(key: rsa.RSAPrivateKey) -> dict[str, str]:
    numbers = key.public_key().public_numbers()
    return {"kty": "RSA", "kid": KID, "use": "sig", "alg": "RS256", "n": _number(numbers.n), "e": _number(numbers.e)}


def _number(number: int) -> str:
    return _base64url(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _part(content: dict[str, Any]) -> str:
    return _base64url(json.dumps(content).encode())


def _base64url(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()
