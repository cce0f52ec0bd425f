"""Cutting a page into the parts that an agent answers with: one for each heading, and several of a long section."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from core.knowledge.wording import LONGEST_QUESTION, folded
from core.sources.file_titles import readable
from core.texts import clean, clean_line

# An answer that can be read in a chat; the beginning of an entry is also what its meaning is judged by.
_FITTING = 1_500
# What cannot be parted between paragraphs is parted anyway when it is longer.
_LONGEST = 4_000
_LONGEST_PATH = 600
_BETWEEN = " › "
# Below all real headings: a line that is bold from end to end, as many pages write their questions.
_BOLD_LEVEL = 7
_LONGEST_BOLD = 160
_LONGEST_UNTITLED = 120
# A heading with fewer words says too little without the one above it ("Costs").
_SAYS_ENOUGH = 4

_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*)")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1:?")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_UNDERLINE = re.compile(r" {0,3}(=+|-{3,})[ \t]*")
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_MARKS = re.compile(r"[*`]+|__+")
_LIST_ITEM = re.compile(r"\s*(?:[-*+>|]|\d+[.)])\s")


@dataclass(frozen=True)
class Part:
    """A piece of a page that can answer by itself."""

    key: str
    """Stays the same while the headings above it do."""
    title_path: str
    """The headings above it, the outermost first, put together."""
    question: str
    text: str
    """Markdown."""
    link: str | None


@dataclass
class _Section:
    """What stands under one heading, up to the next of any level."""

    titles: tuple[str, ...]
    lines: list[str] = field(default_factory=list)


def cut(markdown: str, title: str, address: str) -> list[Part]:
    """Cut a page into parts by its headings.

    It takes time in proportion to the text, whatever that holds. A heading with nothing under it makes no part, and
    what stands twice under the same headings makes one.

    Args:
        title: what the page is called; it stands before all of its headings.
        address: where customers can read it; empty for files and texts.

    Returns:
        The parts in their order, each with a text, a question of at most 300 characters and a key of its own.
    """
    link = address or None
    seen: Counter[str] = Counter()
    said: set[tuple[str, str]] = set()
    parts = []
    for section in _sections(clean(markdown), clean_line(title)):
        path = _BETWEEN.join(section.titles)[:_LONGEST_PATH]
        whole = "\n".join(section.lines).strip()
        if (path, whole) in said:
            continue
        said.add((path, whole))
        titles, pieces = _shown(section.titles, title, link), [*_pieces("\n".join(section.lines))]
        for text in pieces:
            # The number tells the pieces of a long section apart, and sections that are called the same.
            key = hashlib.sha256(f"{path}\n{seen[path]}".encode("utf-8", "replace")).hexdigest()
            seen[path] += 1
            is_one_of_many = not link and len(pieces) > 1 and len(section.titles) == 1
            parts.append(Part(key, path, _question(titles, text, has_beginning=is_one_of_many), text, link))
    return parts


def _sections(markdown: str, title: str) -> list[_Section]:
    above: list[tuple[int, str]] = [(0, title)] if title else []
    sections = [_Section(_titles(above))]
    for level, line in _levelled(markdown.split("\n")):
        if level is None:
            sections[-1].lines.append(line)
            continue
        while above and above[-1][0] >= level:
            above.pop()
        above.append((level, line))
        sections.append(_Section(_titles(above)))
    return sections


def _titles(above: Iterable[tuple[int, str]]) -> tuple[str, ...]:
    """The headings above a section; one that only repeats the one above it, as a page's first often does, once."""
    titles: list[str] = []
    for _, title in above:
        if not titles or folded(titles[-1]) != folded(title):
            titles.append(title)
    return tuple(titles)


def _levelled(lines: list[str]) -> Iterator[tuple[int | None, str]]:
    """Each line with its level: that of a heading, with its plain words, or none."""
    fence = ""
    skipped = False
    for number, line in enumerate(lines):
        if skipped:
            skipped = False
            continue
        fenced = _FENCE.match(line)
        if fence or fenced:
            fence = _fence_after(fence, line, fenced)
            yield None, line
            continue
        following = lines[number + 1] if number + 1 < len(lines) else ""
        level, words, skipped = _heading(line, following, lines[number - 1] if number else "")
        yield (level, words) if words else (None, line)


def _fence_after(fence: str, line: str, fenced: re.Match[str] | None) -> str:
    """The fence that is open after this line; none after the one that closes it."""
    if not fence:
        return fenced.group(1) if fenced else ""
    mark = line.strip()
    return "" if mark and set(mark) == {fence[0]} and len(mark) >= len(fence) else fence


def _heading(line: str, following: str, before: str) -> tuple[int | None, str, bool]:
    """A heading's level and words, and whether the line after it belongs to it."""
    if match := _HEADING.fullmatch(line):
        return len(match.group(1)), _plain(match.group(2).strip().rstrip("#")), False
    text = line.strip()
    is_alone = bool(text) and not before.strip() and not _LIST_ITEM.match(line)
    if is_alone and len(text) <= LONGEST_QUESTION and (match := _UNDERLINE.fullmatch(following)):
        return (1 if match.group(1)[0] == "=" else 2), _plain(text), True
    if is_alone and len(text) <= _LONGEST_BOLD and not following.strip() and _BOLD.fullmatch(text):
        return _BOLD_LEVEL, _plain(text).rstrip(":"), False
    return None, "", False


def _plain(heading: str) -> str:
    """The words of a heading without marks and addresses."""
    return clean_line(_MARKS.sub("", _LINK.sub(r"\1", heading[: 4 * LONGEST_QUESTION])))


def _shown(titles: tuple[str, ...], title: str, link: str | None) -> tuple[str, ...]:
    """The headings as customers read them: what a file is called may say nothing to them."""
    if link or not clean_line(title):
        return titles
    said = readable(title)
    return (said, *titles[1:]) if said else titles[1:]


def _question(titles: tuple[str, ...], text: str, *, has_beginning: bool) -> str:
    """What a part is asked by.

    Args:
        has_beginning: whether others stand under the same title, and no heading tells them apart.
    """
    beginning = _plain(text.split("\n", 1)[0].strip("#>-*+| ").replace(" | ", ", ")) or _plain(text)
    if not titles:
        return _shortened(beginning, _LONGEST_UNTITLED)
    if has_beginning:
        return _shortened(f"{titles[0]}: {beginning}", _LONGEST_UNTITLED)
    last = titles[-1]
    if len(titles) == 1 or last.endswith(("?", "？", "؟")) or len(last.split()) >= _SAYS_ENOUGH:
        return _shortened(last, LONGEST_QUESTION)
    return _shortened(f"{titles[-2]}: {last}", LONGEST_QUESTION)


def _shortened(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return text[: most - 1].rpartition(" ")[0].rstrip(" ,.;:") + "…" if " " in text[: most - 1] else text[:most]


def _pieces(text: str) -> Iterator[str]:
    """A section's text, in pieces that end between paragraphs wherever that is possible."""
    piece: list[str] = []
    size = 0
    for block in _blocks(text):
        if piece and size + len(block) > _FITTING:
            yield "\n\n".join(piece)
            piece, size = [], 0
        piece.append(block)
        size += len(block)
    if piece:
        yield "\n\n".join(piece)


def _blocks(text: str) -> Iterator[str]:
    """The paragraphs of a text; code and what stands between its fences is one, however long up to a bound."""
    block: list[str] = []
    fence = ""
    for line in text.split("\n"):
        fence = _fence_after(fence, line, _FENCE.match(line))
        if line.strip() or fence:
            block.append(line)
        elif block:
            yield from _bounded("\n".join(block))
            block = []
    if block:
        yield from _bounded("\n".join(block))


def _bounded(block: str) -> Iterator[str]:
    start = 0
    while len(block) - start > _LONGEST:
        end = _end_of_piece(block, start)
        if piece := block[start:end].strip():
            yield piece
        start = end
    if piece := block[start:].strip("\n").rstrip():
        yield piece


def _end_of_piece(text: str, start: int) -> int:
    """Where to part a text that is too long: after a line, else a sentence, else a word, else anywhere."""
    for mark in ("\n", ". ", "。", " "):
        place = text.rfind(mark, start + _FITTING // 2, start + _FITTING)
        if place > 0:
            return place + len(mark)
    return start + _FITTING
