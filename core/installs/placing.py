"""What of ours stands on somebody's page: the script of an agent, or its frame."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from core.installs.pages import Page, Script

_OURS = re.compile(r"/widget(?:/(?P<agent>[A-Za-z0-9_-]{22,36}))?\.js$")
_FRAME = re.compile(r"/(?:widget|chat)/(?P<agent>[A-Za-z0-9_-]{22,36})/?$")


@dataclass(frozen=True)
class Placed:
    """Where an agent's chat was put into a page, and which other chats were."""

    right: tuple[Script, ...]
    elsewhere: tuple[Script, ...]
    """The right agent at another address than Porchlight's."""
    others: tuple[str, ...]
    """Public ids of other agents."""
    is_framed: bool
    """The chat stands inside the page, without our script."""
    sandboxes: tuple[str, ...]

    @property
    def script(self) -> Script | None:
        return self.right[0] if self.right else None


def placed_on(page: Page, agent: str, public_url: str) -> Placed:
    """What stands on a page for the agent of this public id, served at this address."""
    right: list[Script] = []
    elsewhere: list[Script] = []
    others: list[str] = []
    for script in page.scripts:
        named = _agent_of(script, page)
        if named is None:
            continue
        is_here = script.address.startswith(f"{public_url}/")
        if named == agent:
            (right if is_here else elsewhere).append(script)
        elif is_here:
            others.append(named)
    frames = [frame for frame in page.frames if frame.address.startswith(f"{public_url}/")]
    own = [frame for frame in frames if _framed_agent(frame.address) == agent]
    others += [named for frame in frames if (named := _framed_agent(frame.address)) not in (None, agent)]
    return Placed(
        right=tuple(right),
        elsewhere=tuple(elsewhere),
        others=tuple(others),
        is_framed=bool(own),
        sandboxes=tuple(frame.sandbox for frame in own if frame.sandbox is not None),
    )


def _agent_of(script: Script, page: Page) -> str | None:
    """The agent that a script tag is for; None when it is none of ours. Unknown where a script of the page says it."""
    found = _OURS.search(urlsplit(script.address).path)
    if not found:
        return None
    if found["agent"]:
        return found["agent"]
    if script.agent:
        return script.agent
    named = re.search(r"agentId[\"']?\s*:\s*[\"']([A-Za-z0-9_-]{22,36})", page.inline_scripts)
    return named[1] if named else None


def _framed_agent(address: str) -> str | None:
    found = _FRAME.search(urlsplit(address).path)
    return found["agent"] if found else None
