"""The command that serves the made-up shop, for a demo whose agent looks up orders."""

from pathlib import Path

import click

from core.clock import utc_now
from core.demos.store import SHIPPED_DATA, Store


@click.command("shop-server")
@click.option("--port", type=click.IntRange(1, 65_535), default=8765, show_default=True, help="Where it listens.")
@click.option("--data", type=click.Path(exists=True, file_okay=False, path_type=Path), default=SHIPPED_DATA)
def shop_server(port: int, data: Path) -> None:
    """Serve a small made-up shop by MCP on this machine, until Ctrl+C; what is changed is forgotten at its end."""
    # The SDK takes its time to load; no other command needs it.
    from web import shop_server as server

    address = f"http://127.0.0.1:{port}{server.PATH}"
    words = f"The shop listens on {address}; connect the demo with: flask --app app demo --shop {address}"
    click.echo(words, err=True)
    server.serve(Store(data, today=utc_now().date()), port=port)
