"""Walk over a style sheet and write what may stay."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import tinycss2
from tinycss2.ast import AtRule, Declaration, Node, QualifiedRule

from core.custom_css.bounds import Reach
from core.custom_css.conditions import write_media, write_supports
from core.custom_css.selectors import Selector, read_selectors, without_guards
from core.custom_css.values import KEYFRAMES_PREFIX, Written, write_declaration
from core.custom_css.words import Refused, shown

MAX_SIZE = 50 * 1024
_MAX_PROBLEMS = 100
_MAX_SELECTORS = 2_000
_MAX_DEPTH = 3
_KEYFRAMES_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_-]{0,63}")
_LONG_NUMBER = re.compile(r"\d{18,}")
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Problem:
    """Something that was left out of the sheet, and why."""

    line: int
    message: str


@dataclass(frozen=True)
class SanitizedCss:
    """A sheet that can be served, and what an admin should know about it."""

    css: str
    problems: list[Problem]


def sanitize(css: str) -> SanitizedCss:
    """Keep what custom CSS may do, and tell what was left out.

    The answer, put in again, comes back unchanged and without problems. Serve it as UTF-8 in a sheet of its own.

    Args:
        css: anything, also hostile; it is never refused as a whole unless it is too long (`MAX_SIZE` bytes).
    """
    if _size(css) > MAX_SIZE:
        return SanitizedCss("", [Problem(1, f"This is too long: at most {MAX_SIZE // 1024} KB can be kept.")])
    # Python refuses to read numbers of thousands of digits, and half a character cannot be served.
    readable = _LONG_NUMBER.sub(lambda match: match[0][:18], _UNREADABLE.sub("\ufffd", css))
    sanitizer = _Sanitizer()
    rules = list(sanitizer.rules(tinycss2.parse_stylesheet(readable, skip_comments=True, skip_whitespace=True)))
    while _size("\n".join(rules)) > MAX_SIZE:
        rules.pop()
        sanitizer.report(1, "Written out, this is too long: the last rules were left out.")
    problems = sorted(sanitizer.problems, key=lambda problem: problem.line)
    return SanitizedCss("".join(f"{rule}\n" for rule in rules), problems)


def _size(css: str) -> int:
    return len(without_guards(css).encode("utf-8", "replace"))


class _Sanitizer:
    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._selectors = 0

    def report(self, line: int, message: str) -> None:
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(Problem(line, message))

    def rules(self, nodes: Sequence[Node], depth: int = 0) -> Iterator[str]:
        for node in nodes:
            try:
                if node.type == "qualified-rule":
                    yield from self._style_rule(node)
                elif node.type == "at-rule":
                    yield from self._at_rule(node, depth)
                else:
                    self.report(node.source_line, "This cannot be read as CSS: is a bracket or a semicolon missing?")
            except Refused as refusal:
                self.report(node.source_line, str(refusal))

    def _style_rule(self, rule: QualifiedRule) -> Iterator[str]:
        selectors, refusals = read_selectors(rule.prelude)
        for refusal in refusals:
            self.report(rule.source_line, refusal)
        written = list(self._declarations(rule.content, selectors)) if selectors else []
        for around, run in groupby(written, key=lambda declaration: declaration.reach > Reach.EVERYWHERE):
            self._selectors += len(selectors)
            if self._selectors > _MAX_SELECTORS:
                raise Refused("There are too many selectors in this sheet.")
            words = ", ".join(selector.guarded(around=around) for selector in selectors)
            yield f"{words} {{ {'; '.join(declaration.text for declaration in run)} }}"

    def _declarations(self, content: Sequence[Node], selectors: Sequence[Selector]) -> Iterator[Written]:
        for node in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
            try:
                yield self._declaration(node, selectors)
            except Refused as refusal:
                self.report(node.source_line, str(refusal))

    def _declaration(self, node: Node, selectors: Sequence[Selector]) -> Written:
        if not isinstance(node, Declaration):
            if node.type == "error":
                raise Refused("This cannot be read as CSS: is a colon, a semicolon or a bracket missing?")
            raise Refused("Rules inside of rules cannot be used here: write the whole selector.")
        written = write_declaration(node)
        if written.only_generated and not all(selector.is_generated for selector in selectors):
            raise Refused(f"“{node.lower_name}” can only be used with ::before and ::after.")
        if written.reach is Reach.HIDING:
            for selector in selectors:
                selector.refuse_to_hide()
        return written

    def _at_rule(self, rule: AtRule, depth: int) -> Iterator[str]:
        name = rule.lower_at_keyword
        if name not in ("media", "supports", "keyframes"):
            raise Refused(f"“@{shown(rule.at_keyword)}” cannot be used here.")
        if rule.content is None or depth >= _MAX_DEPTH:
            raise Refused(f"This @{name} is incomplete or nested too deeply.")
        nodes = tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
        if name == "keyframes":
            head, rules = _keyframes_name(rule.prelude), list(self._frames(nodes))
        else:
            condition = write_media(rule.prelude) if name == "media" else write_supports(rule.prelude)
            head, rules = condition, list(self.rules(nodes, depth + 1))
        if rules:
            yield "\n".join([f"@{name} {head} {{", *rules, "}"])

    def _frames(self, nodes: Sequence[Node]) -> Iterator[str]:
        for node in nodes:
            try:
                if node.type != "qualified-rule":
                    raise Refused("Only steps such as “from”, “50%” and “to” can stand in @keyframes.")
                steps = _steps(node.prelude)
                texts = "; ".join(written.text for written in self._declarations(node.content, []))
                if texts:
                    yield f"{steps} {{ {texts} }}"
            except Refused as refusal:
                self.report(node.source_line, str(refusal))


def _keyframes_name(prelude: Sequence[Node]) -> str:
    """Names of our own, so that the widget's own animations cannot be replaced."""
    names = [token for token in prelude if token.type not in ("whitespace", "comment")]
    name = names[0].value if len(names) == 1 and names[0].type == "ident" else ""
    if not _KEYFRAMES_NAME.fullmatch(name):
        raise Refused("@keyframes needs a plain name.")
    return name if name.startswith(KEYFRAMES_PREFIX) else KEYFRAMES_PREFIX + name


def _steps(prelude: Sequence[Node]) -> str:
    steps = []
    for token in prelude:
        if token.type == "ident" and token.lower_value in ("from", "to"):
            steps.append(str(token.lower_value))
        elif token.type == "percentage" and 0 <= token.value <= 100:
            steps.append(f"{token.value:.2f}".rstrip("0").rstrip(".") + "%")
        elif token.type not in ("whitespace", "comment") and not (token.type == "literal" and token.value == ","):
            raise Refused("A step in @keyframes is “from”, “to” or a percentage.")
    if not steps:
        raise Refused("A step in @keyframes is “from”, “to” or a percentage.")
    return ", ".join(steps)
