"""Tools on other people's servers by the Model Context Protocol: streamable HTTP alone, no program is ever started.

What a server says of itself, of its tools and in its results is data from outside. One call is one short session of its
own: nothing of one customer's is left when the next one asks.
"""

import asyncio
import hashlib
import importlib
import json
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from gateways.asyncio_apart import run_apart
from gateways.outgoing import ApartTransport, OutgoingError, OutgoingRefused

if TYPE_CHECKING:
    from mcp import Client, types

Answer = TypeVar("Answer")

MOST_TOOLS = 100
_PAGES = 5
_MOST_BYTES = 2 * 1024 * 1024
_LONGEST_TEXT = 100_000


class McpError(Exception):
    """A server gave no usable answer; the message says why in plain words, without any of the server's own."""


class McpRefused(McpError):
    """The address must not be asked, or the server does not accept our key."""


class McpUnauthorized(McpRefused):
    """The server does not accept our key, or that of the customer."""


class McpFailed(McpError):
    """There was no usable answer this time."""


class ToolChanged(McpError):
    """The tool is not any more what somebody has looked at; `tool` is what it is now, None when it is gone."""

    def __init__(self, tool: "Tool | None") -> None:
        super().__init__("The tool has changed." if tool else "The server does not have this tool any more.")
        self.tool = tool


@dataclass(frozen=True)
class Server:
    """Where a server is, and what it is told with each request."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    arguments: Mapping[str, Any] = field(default_factory=dict)
    """What stands among the arguments of every request, whatever else does; some servers ask for it already in the
    one for their tools."""
    allow_private: bool = False
    seconds: float = 10.0
    """That a whole call may take."""


@dataclass(frozen=True)
class Tool:
    """What a server says of one of its tools; nobody has to believe it."""

    name: str
    title: str
    description: str
    input_schema: Mapping[str, Any]
    output_schema: Mapping[str, Any] | None
    annotations: Mapping[str, Any]

    @property
    def is_read_only(self) -> bool:
        return self.annotations.get("readOnlyHint") is True

    @property
    def fingerprint(self) -> str:
        """SHA-256 of all that is said of it."""
        said = [
            self.name,
            self.title,
            self.description,
            self.input_schema,
            self.output_schema,
            self.annotations,
        ]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Found:
    """A server and its tools."""

    name: str
    tools: Sequence[Tool]


@dataclass(frozen=True)
class Result:
    """What a tool answered, as text and as far as there is any in a structure; `is_error`: it says that it failed."""

    text: str
    structured: Any = None
    is_error: bool = False


def prepare() -> None:
    """Import what the first call would: that takes a second or two, and most processes never call."""
    run_apart(_prepared())


def discover(server: Server) -> Found:
    """Ask a server what it is called and which tools it has.

    Raises:
        McpRefused: the address must not be asked, redirects, or does not accept the key.
        McpFailed: no usable answer.
    """
    return _run(server, lambda client: _discovered(client, server))


def call(
    server: Server,
    name: str,
    arguments: Mapping[str, Any],
    *,
    fingerprint: str | None = None,
    meta: Mapping[str, Any] | None = None,
) -> Result:
    """Call a tool.

    Args:
        fingerprint: of the tool as somebody has looked at it; the server is asked for it again in the same session.
        meta: what goes with the call beside its arguments.

    Raises:
        ToolChanged: nothing was called.
        McpRefused: as `discover`.
        McpFailed: no usable answer; whether the tool was called nobody can tell.
    """

    async def called(client: "Client") -> Result:
        if fingerprint is not None:
            tool = next((tool for tool in await _tools(client, server) if tool.name == name), None)
            if tool is None or tool.fingerprint != fingerprint:
                raise ToolChanged(tool)
        return await _called(client, name, {**arguments, **server.arguments}, meta)

    return _run(server, called)


async def _prepared() -> None:
    for name in ("mcp", "mcp.client.streamable_http"):
        importlib.import_module(name)


async def _discovered(client: "Client", server: Server) -> Found:
    about = client.server_info
    name = " ".join((about.title or about.name).split())[:200] if about else ""
    return Found(name, await _tools(client, server))


async def _tools(client: "Client", server: Server) -> list[Tool]:
    tools: list[Tool] = []
    cursor: str | None = None
    for _page in range(_PAGES):
        listed = await _listed(client, server, cursor)
        tools += [_tool(tool) for tool in listed.tools]
        cursor = listed.next_cursor
        if not cursor or len(tools) >= MOST_TOOLS:
            break
    # Of two with one name, the first: a second one could take its place unseen.
    return list({tool.name: tool for tool in reversed(tools[:MOST_TOOLS])}.values())[::-1]


async def _listed(client: "Client", server: Server, cursor: str | None) -> "types.ListToolsResult":
    if not server.arguments:
        return await client.list_tools(cursor=cursor)
    from mcp import types

    class Params(types.PaginatedRequestParams):
        arguments: dict[str, Any]

    class Request(types.ListToolsRequest):
        params: Params

    request = Request(params=Params(cursor=cursor, arguments=dict(server.arguments)))
    return await client.session.send_request(request, types.ListToolsResult)


def _tool(tool: Any) -> Tool:
    said = tool.model_dump(mode="json", by_alias=True, exclude_none=True)
    annotations = said.get("annotations") or {}
    title = said.get("title") or annotations.get("title") or said["name"]
    return Tool(
        name=said["name"],
        title=title,
        description=said.get("description") or "",
        input_schema=said.get("inputSchema") or {},
        output_schema=said.get("outputSchema"),
        annotations=annotations,
    )


async def _called(client: "Client", name: str, arguments: Mapping[str, Any], meta: Mapping[str, Any] | None) -> Result:
    from mcp import types

    # Not by `client.call_tool`: that checks the result against the server's own schema, whose patterns may never end.
    request = types.CallToolRequest(
        params=types.CallToolRequestParams.model_validate(
            {"name": name, "arguments": dict(arguments), "_meta": dict(meta) if meta else None}
        )
    )
    answered = await client.session.send_request(request, types.CallToolResult)
    text = "\n".join(block.text for block in answered.content if isinstance(block, types.TextContent))
    return Result(text[:_LONGEST_TEXT], answered.structured_content, bool(answered.is_error))


def _run(server: Server, ask: "Callable[[Client], Coroutine[Any, Any, Answer]]") -> Answer:
    """Ask a server in a session of its own, and wait for the answer."""
    try:
        transport = ApartTransport(
            server.url, allow_private=server.allow_private, seconds=server.seconds, most_bytes=_MOST_BYTES
        )
    except OutgoingError as error:
        raise _outgoing(error) from None
    try:
        return run_apart(_asked(server, transport, ask))
    except McpError:
        raise
    except Exception as error:
        raise _failure(transport, error) from None


async def _asked(
    server: Server, transport: ApartTransport, ask: "Callable[[Client], Coroutine[Any, Any, Answer]]"
) -> Answer:
    from mcp import Client
    from mcp.client.streamable_http import streamable_http_client
    from mcp.types import Implementation

    headers = {"User-Agent": "Porchlight", **server.headers}
    answers: list[Answer] = []
    changes: list[ToolChanged] = []
    async with (
        asyncio.timeout(server.seconds),
        transport.client(headers) as http,
        Client(
            streamable_http_client(server.url, http_client=http),
            client_info=Implementation(name="Porchlight", version="1"),
            cache=None,
        ) as client,
    ):
        try:
            answers.append(await ask(client))
        except ToolChanged as change:
            # Thrown through the tasks of the library, it would come out as one of a group.
            changes.append(change)
    if changes:
        raise changes[0]
    return answers[0]


def _failure(transport: ApartTransport, error: Exception) -> McpError:
    if transport.problem is not None:
        return _outgoing(transport.problem)
    if transport.status in (401, 403):
        return McpUnauthorized("The server does not accept the key.")
    if any(isinstance(one, TimeoutError) for one in _each(error)):
        return McpFailed("The answer took too long.")
    if transport.status is not None and transport.status >= 400:
        return McpFailed(f"The server answered with status {transport.status}.")
    return McpFailed("The server gave no usable answer.")


def _outgoing(error: OutgoingError) -> McpError:
    return McpRefused(str(error)) if isinstance(error, OutgoingRefused) else McpFailed(str(error))


def _each(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [inner for one in error.exceptions for inner in _each(one)]
    return [error]
