"""Check the value of one declaration and write it anew, token by token."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tinycss2 import parse_component_value_list
from tinycss2.ast import Declaration, FunctionBlock, Node

from core.custom_css.bounds import COLOURS, MATHS, OTHER_UNITS, PIXELS, SECONDS, Reach
from core.custom_css.properties import CUSTOM_PROPERTY, KINDS, Kind
from core.custom_css.selectors import split_at_commas
from core.custom_css.words import Refused, names, shown

KEYFRAMES_PREFIX = "custom-"
_WORD = re.compile(r"-?[a-zA-Z][a-zA-Z0-9-]{0,63}")
_VARIABLE = re.compile(r"--[a-zA-Z0-9_-]{1,64}")
_HEX_COLOUR = re.compile(r"[0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8}")
# They mean nothing where they are allowed by shape, and too much where a browser reads more into them.
_UNSAFE_WORDS = frozenset({"fixed", "url", "expression", "behavior"})
_UNSAFE_IN_TEXT = frozenset('<>"\\{}()@;')
_SAFE_AREAS = frozenset(f"safe-area-inset-{side}" for side in ("top", "right", "bottom", "left"))
_ANIMATION_WORDS = names(
    """none inherit initial unset revert linear ease ease-in ease-out ease-in-out step-start step-end infinite
    normal reverse alternate alternate-reverse forwards backwards both running paused"""
)


@dataclass(frozen=True)
class Written:
    """A declaration that may stay."""

    text: str
    reach: Reach
    only_generated: bool


def write_declaration(declaration: Declaration) -> Written:
    """Check a declaration and write it anew; raises `Refused` in words for the admin."""
    name = declaration.name if declaration.name.startswith("--") else declaration.lower_name
    kind = _kind_of(name)
    value = _Writer(kind).write(declaration.value)
    if not value:
        raise Refused(f"“{name}” has no value.")
    important = " !important" if declaration.important else ""
    # What counts is what was written: rounding may have moved a value across a bound.
    tokens = [token for token in parse_component_value_list(value) if token.type != "whitespace"]
    return Written(f"{name}: {value}{important}", kind.reach(tokens), kind.only_generated)


def _kind_of(name: str) -> Kind:
    if name.startswith("--"):
        if not _VARIABLE.fullmatch(name) or name.lower().startswith("--protected"):
            raise Refused(f"“{shown(name)}” cannot be set here.")
        return CUSTOM_PROPERTY
    if name not in KINDS:
        raise Refused(f"The property “{shown(name)}” cannot be used here.")
    return KINDS[name]


class _Writer:
    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._operations = 0

    def write(self, tokens: Sequence[Node], depth: int = 0, *, in_maths: bool = False) -> str:
        if depth > 5 or len(tokens) > 400:
            raise Refused("This value is too long or nested too deeply.")
        pieces = [
            self._piece(token, depth, in_maths) for token in tokens if token.type not in ("whitespace", "comment")
        ]
        return " ".join(pieces).replace(" ,", ",")

    def _piece(self, token: Node, depth: int, in_maths: bool) -> str:
        if token.type == "function":
            return self._function(token, depth, in_maths)
        if token.type == "() block" and in_maths:
            return f"({self.write(token.content, depth + 1, in_maths=True)})"
        if token.type == "literal" and (token.value in (",", "/") or (in_maths and token.value in "+-*/")):
            return self._operator(token.value, in_maths)
        return self._plain(token)

    def _plain(self, token: Node) -> str:
        if token.type == "ident":
            return self._word(token.value)
        if token.type in ("number", "percentage", "dimension"):
            return write_amount(token)
        if token.type == "hash" and _HEX_COLOUR.fullmatch(token.value):
            return f"#{token.value}"
        if token.type == "string" and self._kind.strings:
            return _text(token.value)
        if token.type == "url":
            raise Refused("Addresses cannot be used here: nothing is loaded from elsewhere.")
        raise Refused("Something in this value cannot be used here.")

    def _word(self, word: str) -> str:
        if not _WORD.fullmatch(word) or word.lower() in _UNSAFE_WORDS:
            raise Refused(f"“{shown(word)}” cannot be used here.")
        if not self._kind.names_keyframes or word.lower() in _ANIMATION_WORDS or word.startswith(KEYFRAMES_PREFIX):
            return word
        return KEYFRAMES_PREFIX + word

    def _operator(self, sign: str, in_maths: bool) -> str:
        self._operations += in_maths and sign in "*/"
        if self._operations > 1:
            raise Refused("Only one multiplication or division can be used in a value.")
        return sign

    def _function(self, token: FunctionBlock, depth: int, in_maths: bool) -> str:
        name = token.lower_name
        if name not in self._kind.functions and not (name in MATHS and in_maths):
            raise Refused(f"“{shown(token.name)}()” cannot be used here.")
        if name in ("var", "env"):
            return self._variable(token, depth)
        is_maths = name in MATHS or (in_maths and name not in COLOURS)
        return f"{name}({self.write(token.arguments, depth + 1, in_maths=is_maths)})"

    def _variable(self, token: FunctionBlock, depth: int) -> str:
        first, *fallbacks = split_at_commas(token.arguments)
        names = [part for part in first if part.type not in ("whitespace", "comment")]
        name = names[0].value if len(names) == 1 and names[0].type == "ident" else ""
        if not (_VARIABLE.fullmatch(name) if token.lower_name == "var" else name in _SAFE_AREAS):
            raise Refused(f"“{token.lower_name}({shown(name)})” cannot be used here.")
        values = [self.write(part, depth + 1) for part in fallbacks]
        return f"{token.lower_name}({', '.join([name, *values])})"


def write_amount(token: Node) -> str:
    unit = "%" if token.type == "percentage" else ""
    if token.type == "dimension":
        unit = token.lower_unit
        if unit not in PIXELS and unit not in SECONDS and unit not in OTHER_UNITS:
            raise Refused(f"The unit “{shown(token.unit)}” cannot be used here.")
    if not abs(token.value * SECONDS.get(unit, 0)) <= 10:
        raise Refused("Nothing can take longer than ten seconds.")
    if not abs(token.value) <= 10_000:
        raise Refused("This number is too large.")
    return _number(token.value) + unit


def _number(value: float) -> str:
    words = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if words == "-0" else words


def _text(value: str) -> str:
    if len(value) > 80 or any(sign in _UNSAFE_IN_TEXT or not sign.isprintable() for sign in value):
        raise Refused("Quoted text must be short and plain: no line breaks, brackets, quotation marks or backslashes.")
    return f'"{value}"'
