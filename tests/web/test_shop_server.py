"""The made-up shop answers as any MCP server does."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

from mcp import Client

from tests.shop_servers import serving


def test_a_client_finds_the_tools_and_calls_them():
    async def ask(url):
        async with Client(url) as client:
            tools = (await client.list_tools()).tools
            own = await client.call_tool("get_order", {"customer_id": "LL-20417", "order_id": "LL-87102"})
            foreign = await client.call_tool("get_order", {"customer_id": "LL-31882", "order_id": "LL-87102"})
            return tools, own, foreign

    # In a thread of its own: browser tests leave a loop in this one.
    with serving() as url, ThreadPoolExecutor(1) as thread:
        tools, own, foreign = thread.submit(asyncio.run, ask(url)).result()
    changing = {tool.name for tool in tools if not tool.annotations.read_only_hint}
    assert changing == {"cancel_pending_order", "return_delivered_order_items"}
    assert own.structured_content["order"]["fulfillments"][0]["tracking_id"] == ["PM7310449182"]
    assert foreign.is_error
    assert "no such order" in foreign.content[0].text
