"""The made-up shop as an MCP server: what a business would run beside its own shop, on the official SDK."""

from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any, ParamSpec

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from core.demos.store import Store
from core.errors import DomainError
from web.shop_pictures import drawn

PATH = "/mcp"
_READS = ToolAnnotations(read_only_hint=True)
_CHANGES = ToolAnnotations(read_only_hint=False, destructive_hint=True)

Parameters = ParamSpec("Parameters")
Structured = dict[str, Any]
OrderNumber = Annotated[str, Field(title="Order")]
Reason = Annotated[str, Field(title="Reason")]
Items = Annotated[list[str], Field(title="Items")]


def make(store: Store, *, address: str, name: str = "Lantern & Loom") -> MCPServer:
    """A server whose tools look into a shop and, where a customer wants it, change an order.

    Args:
        store: the shop.
        address: where the server is reached, for the addresses of its pictures.
        name: what the server calls itself.
    """
    server = MCPServer(name, log_level="WARNING")
    _add_order_tools(server, store)
    _add_product_tools(server, store, f"{address}/pictures")
    _add_changes(server, store)
    _add_pictures(server, store)
    return server


def serve(store: Store, *, port: int, host: str = "127.0.0.1") -> None:
    """Serve it until the process ends."""
    server = make(store, address=f"http://{host}:{port}")
    server.run("streamable-http", host=host, port=port, stateless_http=True, json_response=True)


def _plainly(tool: Callable[Parameters, Structured]) -> Callable[Parameters, Structured]:
    """Turn a refusal of the shop into a result that says so."""

    @wraps(tool)
    def run(*arguments: Parameters.args, **named: Parameters.kwargs) -> Structured:
        try:
            return tool(*arguments, **named)
        except DomainError as error:
            raise ToolError(error.message) from None

    return run


def _add_order_tools(server: MCPServer, store: Store) -> None:
    @server.tool(title="List a customer's orders", annotations=_READS)
    @_plainly
    def list_orders(customer_id: str) -> Structured:
        """All orders of the customer: number, status, items with prices, tracking ids, payments."""
        return {"orders": store.orders(customer_id)}

    @server.tool(title="Look up one order", annotations=_READS)
    @_plainly
    def get_order(customer_id: str, order_id: OrderNumber) -> Structured:
        """One order of the customer by its number."""
        return {"order": store.order(customer_id, order_id)}

    @server.tool(title="Look up the customer", annotations=_READS)
    @_plainly
    def get_customer(customer_id: str) -> Structured:
        """The customer's name, address and ways to pay."""
        return {"customer": store.customer(customer_id)}


def _add_product_tools(server: MCPServer, store: Store, pictures: str) -> None:
    def pictured(row: Structured) -> Structured:
        return row | {"image": f"{pictures}/{row['product_id']}.png"}

    @server.tool(title="Search the products", annotations=_READS)
    @_plainly
    def search_products(query: str) -> Structured:
        """Products that match some words, with their variants, prices and whether they are there."""
        return {"products": [pictured(row) for row in store.search(query)]}

    @server.tool(title="Look up one product", annotations=_READS)
    @_plainly
    def get_product(product_id: str) -> Structured:
        """One product with its variants."""
        return {"product": pictured(store.product(product_id))}

    @server.tool(title="Find what fits a customer", annotations=_READS)
    @_plainly
    def find_fitting_products(customer_id: str) -> Structured:
        """Parts for what the customer has bought, and things in their size."""
        return {"products": [pictured(row) for row in store.fitting(customer_id)]}


def _add_changes(server: MCPServer, store: Store) -> None:
    @server.tool(title="Cancel an order", annotations=_CHANGES)
    @_plainly
    def cancel_pending_order(
        customer_id: str, order_id: OrderNumber, reason: Reason = "no longer needed"
    ) -> Structured:
        """Cancel an order that is pending; the reason is "no longer needed" or "ordered by mistake"."""
        order = store.cancel(customer_id, order_id, reason)
        return {"message": f"Order {order['order_id']} is cancelled. {_money(order)} goes back to you.", "order": order}

    @server.tool(title="Return items of an order", annotations=_CHANGES)
    @_plainly
    def return_delivered_order_items(customer_id: str, order_id: OrderNumber, item_ids: Items) -> Structured:
        """Ask for the return of some items of a delivered order."""
        order = store.send_back(customer_id, order_id, item_ids)
        return {"message": f"The return for order {order['order_id']} is noted.", "order": order}


def _money(order: Structured) -> str:
    return f"{order['total']:.2f} {order.get('currency', '')}".strip()


def _add_pictures(server: MCPServer, store: Store) -> None:
    async def show_picture(request: Request) -> Response:
        try:
            product = store.product(request.path_params["product_id"])
        except DomainError:
            return Response(status_code=404)
        return Response(drawn(product["product_id"], tuple(product.get("tags", ()))), media_type="image/png")

    server.custom_route("/pictures/{product_id}.png", methods=["GET"])(show_picture)
