"""What a tool is good for, told by its name and by what it has to be given: shops call them as they like."""

import enum
import re
from collections.abc import Iterable, Mapping
from typing import Any

from core.connections import order_history, says_who
from core.tool_calls import Offered

_ORDER_NUMBER = re.compile(r"(?:order_?)?(?:id|number|no|name|ref(?:erence)?)|order")
_QUERY = re.compile(r"q|query|text|search|search_?(?:text|term|query)|keywords?|question")


class Purpose(enum.Enum):
    """What the built-in intents use tools for."""

    ORDERS = order_history.LISTS_ORDERS
    ORDER = re.compile(
        r"(?:get|find|show|look_?up|fetch|read|track|check)_?(?:my|customer|an?)?_?order"
        r"(?:_(?:details?|status|by_(?:id|number)))?|order_(?:status|details?)"
    )
    LATEST = re.compile(r"(?:get_)?(?:my_)?(?:most_)?(?:recent|latest|last)_order(?:_(?:status|details?))?")
    CANCEL = re.compile(r"(?:request_)?cancel_?(?:(?:my|an?|pending|open|customer)_?)*order|order_cancel(?:lation)?")
    FITS = re.compile(r"(?:find|get|list|show)?_?(?:fit\w*|recommend\w*|suggest\w*)(?:_\w+)*")
    SEARCH = re.compile(
        r"(?:search|find|list)_?(?:shop_|store_)?(?:products?|catalog(?:ue)?|items|shop)"
        r"|(?:products?|catalog(?:ue)?)_search"
    )
    ASK = re.compile(r"ask_(?:the_)?(?:business|shop|store)")


ABOUT_ORDERS = (Purpose.ORDERS, Purpose.ORDER, Purpose.LATEST)
"""What tells of the customer's own orders, in the order in which it is asked."""


def by_purpose(tools: Iterable[Offered]) -> dict[Purpose, Offered]:
    """For each purpose the first tool that serves it; what changes something never serves a look."""
    found: dict[Purpose, Offered] = {}
    for tool in tools:
        purpose = _purpose(tool)
        if purpose is not None:
            found.setdefault(purpose, tool)
    return found


def arguments_for(tool: Offered, wanted: str) -> dict[str, Any]:
    """What a tool is given whose one argument is an order's number or what is looked for.

    Args:
        wanted: that number, or those words.
    """
    return _nested(_open_argument(tool.arguments, (_ORDER_NUMBER, _QUERY)), wanted)


def reason_for(tool: Offered, *, is_mistake: bool) -> dict[str, str]:
    """Why an order is cancelled, where a tool asks for that: one of its own words, or plain ones."""
    schema = tool.arguments.get("properties", {}).get("reason")
    if not isinstance(schema, Mapping):
        return {}
    usual = "ordered by mistake" if is_mistake else "no longer needed"
    choices = [one for one in schema.get("enum", ()) if isinstance(one, str)]
    word = "mistake" if is_mistake else "need"
    return {"reason": next((one for one in choices if word in one.lower()), choices[0] if choices else usual)}


def _purpose(tool: Offered) -> Purpose | None:
    name = order_history.plain_name(tool.tool.name)
    for purpose in Purpose:
        if purpose.value.fullmatch(name) and _can_be_given(tool, purpose):
            return purpose
    return None


def _can_be_given(tool: Offered, purpose: Purpose) -> bool:
    if purpose is not Purpose.CANCEL and tool.tool.needs_confirmation:
        return False
    if purpose is Purpose.CANCEL and not tool.tool.needs_confirmation:
        # Nothing is cancelled on the word of a pattern: the customer says yes to it, or a model is asked.
        return False
    if purpose in ABOUT_ORDERS and not (tool.is_of_accounts or says_who(tool.tool.filled)):
        # Whoever knows or guesses the number of another customer's order would hear of it.
        return False
    required = set(tool.arguments.get("required", ())) - {"reason"}
    if purpose in (Purpose.ORDERS, Purpose.LATEST, Purpose.FITS):
        return not required
    kind = _QUERY if purpose in (Purpose.SEARCH, Purpose.ASK) else _ORDER_NUMBER
    path = _open_argument(tool.arguments, (kind,))
    return bool(path) and required <= {path[0]}


def _open_argument(schema: Mapping[str, Any], kinds: Iterable[re.Pattern[str]], depth: int = 0) -> tuple[str, ...]:
    """The way to the argument of one of these kinds; some servers wrap theirs in an object."""
    properties = schema.get("properties", {})
    for kind in kinds:
        for name in properties:
            if kind.fullmatch(order_history.plain_name(name)):
                return (name,)
    for name, inner in properties.items():
        if depth == 0 and isinstance(inner, Mapping) and inner.get("type") == "object":
            found = _open_argument(inner, kinds, depth + 1)
            if found:
                return (name, *found)
    return ()


def _nested(path: tuple[str, ...], wanted: str) -> dict[str, Any]:
    given: Any = wanted
    for name in reversed(path):
        given = {name: given}
    return given if isinstance(given, dict) else {}
