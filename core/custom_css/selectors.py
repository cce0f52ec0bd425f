"""Read a selector list, keep what is on the allow-list, and write it with a guard around protected elements."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import tinycss2
from tinycss2.ast import FunctionBlock, Node
from tinycss2.nth import parse_nth

from core.custom_css.words import Refused, names, shown

_SPARE_PROTECTED = "[data-protected], [data-protected] *"
# What stands beside them in the header and the footer could push them out.
_SPARE_AROUND = f"{_SPARE_PROTECTED}, :has([data-protected]), header *, footer, footer *"

_NAME = re.compile(r"-?[a-zA-Z_][a-zA-Z0-9_-]{0,63}")
_CUSTOM_ELEMENT = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+")
_ELEMENTS = names(
    """html body main header footer section article aside nav div span p a button textarea input select option
    form label fieldset legend ul ol li dl dt dd h1 h2 h3 h4 h5 h6 strong em b i s u small sub sup mark kbd
    code pre blockquote table thead tbody tfoot tr th td hr br img svg path circle time details summary
    dialog figure figcaption output progress picture video audio"""
)
_ATTRIBUTES = names(
    """data-from data-state data-message data-kind data-open data-theme data-mode data-position data-size
    data-customer-agent type role disabled open dir lang rel target aria-busy aria-checked aria-current
    aria-disabled aria-expanded aria-hidden aria-invalid aria-label aria-live aria-pressed aria-selected"""
)
_PSEUDO_CLASSES = names(
    """hover focus focus-visible focus-within active link any-link disabled enabled checked indeterminate
    placeholder-shown read-only read-write required optional valid invalid in-range out-of-range default
    first-child last-child only-child first-of-type last-of-type only-of-type empty root target modal
    popover-open"""
)
_PSEUDO_ELEMENTS = names(
    """before after placeholder selection marker first-letter first-line file-selector-button -webkit-scrollbar
    -webkit-scrollbar-thumb -webkit-scrollbar-track -webkit-scrollbar-corner"""
)
_OLD_PSEUDO_ELEMENTS = frozenset({"before", "after", "first-letter", "first-line"})
_NTH = frozenset({"nth-child", "nth-last-child", "nth-of-type", "nth-last-of-type"})
_LOGICAL = frozenset({"not", "is", "where"})
_PROTECTED_WORDS = re.compile(r"close(?!d)|consent|protected|automat|disclos|notice", re.IGNORECASE)
_ALWAYS_VISIBLE = "The close button, the consent and the automation notice always stay as they are."


@dataclass
class Selector:
    """One selector, without its guard."""

    before: str = ""
    subject: str = ""
    pseudo_element: str = ""
    has_class: bool = False
    _names: list[str] = field(default_factory=list)

    def guarded(self, *, around: bool) -> str:
        """Write the selector so that it spares protected elements and, if asked, everything around them."""
        guard = f":not({_SPARE_AROUND if around else _SPARE_PROTECTED})"
        return f"{self.before}{self.subject}{guard}{self.pseudo_element}"

    @property
    def is_generated(self) -> bool:
        """Whether this is the text in front of or behind an element."""
        return self.pseudo_element in ("::before", "::after")

    def refuse_to_hide(self) -> None:
        """Raise `Refused` where hiding was surely meant for a protected element, or for far too much."""
        if any(_PROTECTED_WORDS.search(name) for name in self._names):
            raise Refused(_ALWAYS_VISIBLE)
        if not self.has_class:
            raise Refused("Only something named by its own class (such as .message) can be hidden or taken away.")


def read_selectors(prelude: Sequence[Node]) -> tuple[list[Selector], list[str]]:
    """Read a selector list; returns what may stay, and why the others may not."""
    selectors, refusals = [], []
    for tokens in split_at_commas(prelude):
        try:
            selectors.append(_Reader(tokens).selector())
        except Refused as refusal:
            refusals.append(str(refusal))
    return selectors, refusals


def without_guards(css: str) -> str:
    """The sheet as it is without what `Selector.guarded` adds."""
    return css.replace(f":not({_SPARE_AROUND})", "").replace(f":not({_SPARE_PROTECTED})", "")


def split_at_commas(tokens: Iterable[Node]) -> list[list[Node]]:
    """Split component values at their top-level commas."""
    parts: list[list[Node]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


class _Reader:
    def __init__(self, tokens: Iterable[Node], depth: int = 0) -> None:
        self._tokens = _trimmed([token for token in tokens if token.type != "comment"])
        self._depth = depth
        self._written = Selector()
        self._compounds = 1

    def selector(self) -> Selector:
        if not self._tokens:
            raise Refused("This selector is incomplete.")
        if self._depth > 2 or len(self._tokens) > 200:
            raise Refused("This selector is too long or nested too deeply.")
        tokens = self._tokens
        while tokens:
            tokens = self._after_simple(tokens[0], tokens[1:])
        if not self._written.subject:
            self._written.subject = self._any_element()
        return self._written

    def _any_element(self) -> str:
        if not self._written.pseudo_element:
            raise Refused("This selector is incomplete.")
        return "*"

    def _after_simple(self, token: Node, rest: list[Node]) -> list[Node]:
        """Take the token and those that belong to it; returns the tokens behind them."""
        following = rest[0] if rest else None
        if token.type == "whitespace" or (token.type == "literal" and token.value in ">+~"):
            return self._after_combinator([token, *rest])
        if self._written.pseudo_element and not (token.type == "literal" and token.value == ":"):
            raise Refused("Nothing can follow a pseudo-element here.")
        if token.type == "ident" or (token.type == "literal" and token.value == "*"):
            self._take_element(token.value)
        elif token.type == "literal" and token.value == "." and following is not None and following.type == "ident":
            self._take_name(".", following.value)
            return rest[1:]
        elif token.type == "hash" and token.is_identifier:
            self._take_name("#", token.value)
        elif token.type == "[] block":
            self._written.subject += _attribute(token.content)
        elif token.type == "literal" and token.value == ":" and following is not None:
            return self._after_colon(following, rest[1:])
        else:
            raise Refused("This selector cannot be used here.")
        return rest

    def _after_combinator(self, tokens: list[Node]) -> list[Node]:
        sign = " "
        while tokens and (tokens[0].type == "whitespace" or (tokens[0].type == "literal" and tokens[0].value in ">+~")):
            if tokens[0].type == "literal":
                if sign != " ":
                    raise Refused("This selector cannot be used here.")
                sign = f" {tokens[0].value} "
            tokens = tokens[1:]
        self._compounds += 1
        written = self._written
        if self._depth or not tokens or not written.subject or written.pseudo_element or self._compounds > 8:
            raise Refused("This selector cannot be used here.")
        written.before += written.subject + sign
        written.subject, written.has_class = "", False
        return tokens

    def _take_element(self, name: str) -> None:
        lowered = name.lower()
        if self._written.subject:
            raise Refused("This selector cannot be used here.")
        if lowered != "*" and lowered not in _ELEMENTS and not _CUSTOM_ELEMENT.fullmatch(lowered):
            raise Refused(f"The element “{shown(name)}” cannot be styled.")
        self._written.subject = lowered

    def _take_name(self, sign: str, name: str) -> None:
        if not _NAME.fullmatch(name):
            raise Refused(f"The name “{shown(name)}” can only have plain letters, digits, hyphens and underscores.")
        self._written.subject += sign + name
        self._written.has_class = self._written.has_class or sign == "."
        self._written._names.append(name)

    def _after_colon(self, token: Node, rest: list[Node]) -> list[Node]:
        if token.type == "literal" and token.value == ":" and rest and rest[0].type == "ident":
            self._take_pseudo_element(rest[0].value.lower())
            return rest[1:]
        if token.type == "ident" and token.value.lower() in _OLD_PSEUDO_ELEMENTS:
            self._take_pseudo_element(token.value.lower())
        elif token.type == "ident" and token.value.lower() in _PSEUDO_CLASSES:
            self._append(f":{token.value.lower()}")
        elif token.type == "function":
            self._append(self._function(token))
        else:
            raise Refused(f"“:{shown(str(getattr(token, 'value', '')))}” cannot be used in a selector.")
        return rest

    def _take_pseudo_element(self, name: str) -> None:
        if name not in _PSEUDO_ELEMENTS or self._written.pseudo_element or self._depth:
            raise Refused(f"“::{shown(name)}” cannot be used in this selector.")
        self._written.pseudo_element = f"::{name}"

    def _append(self, words: str) -> None:
        if self._written.pseudo_element:
            if words not in (":hover", ":active"):
                raise Refused("Nothing can follow a pseudo-element here.")
            self._written.pseudo_element += words
        else:
            self._written.subject += words

    def _function(self, token: FunctionBlock) -> str:
        name = token.lower_name
        if (
            name == "not"
            and self._depth == 0
            and tinycss2.serialize(token.arguments) in (_SPARE_PROTECTED, _SPARE_AROUND)
        ):
            return self._guard()
        if name in _NTH:
            return f":{name}({_nth(token)})"
        if name in ("lang", "dir"):
            words = [part for part in token.arguments if part.type != "whitespace"]
            if len(words) == 1 and words[0].type == "ident" and _NAME.fullmatch(words[0].value):
                return f":{name}({words[0].value})"
        if name in _LOGICAL:
            inner = [_Reader(part, self._depth + 1).selector() for part in split_at_commas(token.arguments)]
            self._written._names.extend(word for selector in inner for word in selector._names)
            return f":{name}({', '.join(selector.subject for selector in inner)})"
        raise Refused(f"“:{shown(name)}()” cannot be used in a selector.")

    def _guard(self) -> str:
        """Drop a guard of an earlier pass from the subject: it is written again at the end."""
        self._written.subject = self._written.subject or "*"
        return ""


def _attribute(content: Sequence[Node]) -> str:
    tokens = [token for token in content if token.type not in ("whitespace", "comment")]
    name = tokens[0].lower_value if tokens and tokens[0].type == "ident" else ""
    if name == "data-protected":
        raise Refused(_ALWAYS_VISIBLE)
    if name not in _ATTRIBUTES:
        raise Refused(f"The attribute “{shown(name)}” cannot be used in a selector.")
    if len(tokens) == 1:
        return f"[{name}]"
    value = tokens[2].value if len(tokens) == 3 and tokens[2].type in ("ident", "string") else ""
    operator = tokens[1].value if tokens[1].type == "literal" else ""
    if operator not in ("=", "~=") or not _NAME.fullmatch(value):
        raise Refused(
            "An attribute in a selector can only be compared with a whole plain word, as in [data-from=agent]."
        )
    return f'[{name}{operator}"{value}"]'


def _nth(token: FunctionBlock) -> str:
    try:
        pattern = parse_nth(token.arguments)
    except ValueError:
        pattern = None
    if pattern is None or max(map(abs, pattern)) > 9999:
        raise Refused(f"“:{token.lower_name}()” needs a number, odd, even, or a pattern such as 2n+1.")
    return f"{pattern[0]}n{pattern[1]:+d}"


def _trimmed(tokens: list[Node]) -> list[Node]:
    start, end = 0, len(tokens)
    while start < end and tokens[start].type == "whitespace":
        start += 1
    while end > start and tokens[end - 1].type == "whitespace":
        end -= 1
    return tokens[start:end]
