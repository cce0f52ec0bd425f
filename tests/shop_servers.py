"""The made-up shop as a real MCP server on loopback, in a thread."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import uvicorn

from core.demos.store import Store
from web import shop_server

TODAY = date(2026, 11, 23)


@contextmanager
def serving(store: Store | None = None) -> Iterator[str]:
    """Serve a shop, the shipped one if none is given; the address of its MCP endpoint."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    made = shop_server.make(store or Store(today=TODAY), address=address)
    application = made.streamable_http_app(stateless_http=True, json_response=True)
    server = uvicorn.Server(uvicorn.Config(application, log_level="error", lifespan="on"))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    try:
        deadline = time.monotonic() + 10
        while not server.started and time.monotonic() < deadline:
            time.sleep(0.01)
        yield f"{address}{shop_server.PATH}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()
