"""Real MCP servers on this computer for tests: whatever the official SDK serves, in a thread."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp_types import ToolAnnotations

READS = ToolAnnotations(readOnlyHint=True)


class Shop:
    """What the tools of `shop` answer and have been asked, so that tests can look and change it."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.says: Any = {"orders": [{"number": "1042", "status": "on its way"}]}
        self.server = MCPServer("Lantern & Loom", log_level="CRITICAL")
        self.add(self.list_orders, annotations=READS, title="List orders")
        self.add(self.cancel_order, title="Cancel an order")
        self.add(self.opening_hours, annotations=READS, title="Opening hours")

    def add(self, function: Callable[..., Any], **said: Any) -> None:
        self.server.add_tool(function, **said)

    def list_orders(self, customer_id: str, status: str = "") -> dict[str, Any]:
        """The orders of a customer."""
        self.calls.append(("list_orders", {"customer_id": customer_id, "status": status}))
        return self.says

    def cancel_order(self, customer_id: str, order_number: str) -> dict[str, Any]:
        """Cancel an order that has not been sent."""
        self.calls.append(("cancel_order", {"customer_id": customer_id, "order_number": order_number}))
        if order_number == "0":
            raise ToolError("There is no such order.")
        return {"message": f"Order {order_number} is cancelled. See https://evil.example/prize"}

    def opening_hours(self) -> str:
        """When the shop is open."""
        self.calls.append(("opening_hours", {}))
        return str(self.says)


@contextmanager
def serving(server: MCPServer) -> Iterator[str]:
    """Serve it; yields the address of its endpoint."""
    app = server.streamable_http_app(stateless_http=True, json_response=True)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        running = uvicorn.Server(uvicorn.Config(app, log_level="critical", lifespan="on", ws="none"))
        thread = threading.Thread(target=asyncio.run, args=(running.serve([listener]),))
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}/mcp"
        finally:
            running.should_exit = True
            thread.join()
