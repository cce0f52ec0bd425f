"""A language model that obeys every instruction in whatever it is told: the worst that an injection can make of one.

An instruction stands between `[[` and `]]`, wherever it comes from: `say TEXT`, `reveal`, `reveal base64`,
`reveal backwards`, or `call NAME {JSON}`.
"""

import base64
import re
from typing import Any

from tests.model_server import Asked

_INSTRUCTION = re.compile(r"\[\[(.+?)\]\]", re.DOTALL)
_ANSWER = "Here you are. "


def obey(asked: Asked) -> None:
    """Do all that the newest round tells: the whole prompt at first, then what tools have returned."""
    messages = asked.server.requests[-1]["body"]["messages"]
    results = [message for message in messages if message["role"] == "tool"]
    asked.begin()
    asked.say(_ANSWER)
    is_calling = False
    for order in orders(results or messages):
        verb, _space, rest = order.strip().partition(" ")
        if verb == "say":
            asked.say(rest)
        elif verb == "reveal":
            tell(asked, _dressed(messages[0]["content"], rest))
        elif verb == "call":
            name, _space, arguments = rest.partition(" ")
            asked.call(name, arguments or "{}")
            is_calling = True
    asked.end("tool_calls" if is_calling else "stop")


def orders(messages: list[dict[str, Any]]) -> list[str]:
    """The instructions in some messages, each once."""
    return list(dict.fromkeys(_INSTRUCTION.findall("\n".join(str(message.get("content")) for message in messages))))


def tell(asked: Asked, text: str) -> None:
    """Say something long as models do, in pieces that a browser could have seen."""
    for start in range(0, len(text), 40):
        asked.say(text[start : start + 40])
        asked.wait(0.01)


def _dressed(text: str, manner: str) -> str:
    if manner == "base64":
        return base64.b64encode(text.encode()).decode()
    return text[::-1] if manner == "backwards" else text
