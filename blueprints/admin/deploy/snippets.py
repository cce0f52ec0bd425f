"""What the owner of a site pastes, to the letter of design.md 5.3."""

from dataclasses import dataclass
from urllib.parse import quote

from models.agents import Agent

_INLINE = 'title="Chat with us" style="width:100%;height:640px;border:0"'


@dataclass(frozen=True)
class Snippets:
    bubble: str
    inline: str
    link: str
    letter: str
    """A mailto: address with a letter to whoever looks after the site."""


def snippets_for(agent: Agent, *, public_url: str) -> Snippets:
    widget = f"{public_url}/widget/{agent.public_id}"
    bubble = f'<script async src="{widget}.js"></script>'
    return Snippets(
        bubble=bubble,
        inline=f'<iframe src="{widget}?mode=inline" {_INLINE}></iframe>',
        link=f"{public_url}/chat/{agent.public_id}",
        letter=_letter(agent, bubble),
    )


def _letter(agent: Agent, snippet: str) -> str:
    text = (
        f"Hello,\n\nplease add our chat “{agent.name}” to our website. Paste this line once, on every page, "
        f"just before </body>:\n\n{snippet}\n\nIt loads after the page and needs nothing else. If the site sends "
        "a Content Security Policy, allow the address above in script-src and frame-src.\n\nThank you"
    )
    return f"mailto:?subject={quote('Add our chat to the website')}&body={quote(text)}"
