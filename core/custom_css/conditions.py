"""The conditions of `@media` and `@supports`."""

import re
from collections.abc import Sequence

import tinycss2
from tinycss2.ast import Node

from core.custom_css.values import write_amount, write_declaration
from core.custom_css.words import Refused, names, shown

_LINKS = frozenset({"and", "or", "not"})
_MEDIA_WORDS = _LINKS | {"only", "all", "screen", "print"}
_FEATURES = names(
    """width min-width max-width height min-height max-height aspect-ratio min-aspect-ratio max-aspect-ratio
    orientation resolution min-resolution max-resolution hover any-hover pointer any-pointer display-mode
    prefers-color-scheme prefers-reduced-motion prefers-contrast prefers-reduced-transparency forced-colors
    color-gamut dynamic-range"""
)
_WORD = re.compile(r"[a-zA-Z][a-zA-Z-]{0,40}")


def write_media(prelude: Sequence[Node]) -> str:
    """Write a media query list anew; raises `Refused`."""
    pieces = [_media_piece(token, 0) for token in _significant(prelude)]
    if not pieces:
        raise Refused("This @media has no condition.")
    return " ".join(pieces).replace(" ,", ",")


def write_supports(prelude: Sequence[Node], depth: int = 0) -> str:
    """Write a feature query anew; only what custom CSS may use can be asked for. Raises `Refused`."""
    tokens = _significant(prelude)
    if not tokens or depth > 4 or len(tokens) > 50:
        raise Refused("This @supports has no condition that can be used here.")
    return " ".join(_supports_piece(token, depth) for token in tokens)


def _media_piece(token: Node, depth: int) -> str:
    if token.type == "ident" and token.lower_value in _MEDIA_WORDS:
        return str(token.lower_value)
    if token.type == "literal" and token.value == "," and depth == 0:
        return ","
    if token.type == "() block" and depth < 4:
        return f"({_media_condition(_significant(token.content), depth + 1)})"
    raise Refused("There is something in this @media that cannot be used here.")


def _media_condition(tokens: list[Node], depth: int) -> str:
    if any(token.type == "() block" for token in tokens):
        return " ".join(_media_piece(token, depth) for token in tokens)
    words = [token.lower_value for token in tokens if token.type == "ident"]
    if not any(word in _FEATURES for word in words) or len(tokens) > 9:
        raise Refused(f"@media cannot ask for “{shown(words[0] if words else '')}” here.")
    text = " ".join(_feature_piece(token) for token in tokens)
    return text.replace(" :", ":").replace("< =", "<=").replace("> =", ">=")


def _feature_piece(token: Node) -> str:
    if token.type == "ident" and _WORD.fullmatch(token.value):
        return str(token.lower_value)
    if token.type in ("number", "dimension"):
        return write_amount(token)
    if token.type == "literal" and token.value in (":", "/", "<", ">", "="):
        return str(token.value)
    raise Refused("There is something in this @media that cannot be used here.")


def _supports_piece(token: Node, depth: int) -> str:
    if token.type == "ident" and token.lower_value in _LINKS:
        return str(token.lower_value)
    if token.type != "() block":
        raise Refused("@supports can only ask for a property and its value here.")
    declaration = tinycss2.parse_one_declaration(token.content)
    if declaration.type != "declaration":
        return f"({write_supports(token.content, depth + 1)})"
    return f"({write_declaration(declaration).text})"


def _significant(tokens: Sequence[Node]) -> list[Node]:
    return [token for token in tokens if token.type not in ("whitespace", "comment")]
