"""Plain text and Markdown."""

import re
from collections.abc import Iterator, Sequence

from core.errors import Invalid
from core.imports import decode
from core.sources.file_readers.reading import FileRead, Unreadable, bounded
from core.texts import clean

_LONGEST_HEADING = 120
_HAS_HEADINGS = re.compile(r"^ {0,3}#{1,6} +\S", re.MULTILINE)
_LIST_ITEM = re.compile(r"\s*(?:[-*+>|•]|\d+[.)])\s")
_QUESTION = re.compile(r"(?:q|question|f|frage|p|pregunta|d|domanda)\s*[:.)]\s+(?=\S)", re.IGNORECASE)
_ANSWER = re.compile(r"(?:a|answer|antwort|r|respuesta|risposta|réponse)\s*[:.)]\s+(?=\S)", re.IGNORECASE)
_BETWEEN = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def read_markdown(content: bytes) -> FileRead:
    """Read a Markdown file.

    Raises:
        Unreadable: when it is no text.
    """
    return bounded(_without_front_matter(_decoded(content)))


def read_text(content: bytes) -> FileRead:
    """Read a file of plain text.

    Raises:
        Unreadable: when it is no text.
    """
    return bounded(as_markdown(_decoded(content)))


def as_markdown(text: str) -> str:
    """Plain text as Markdown: short lines that stand alone above a paragraph are headings, so are questions.

    Text that has headings already is left as it is, and no word is ever lost.
    """
    text = clean(text)
    if _HAS_HEADINGS.search(text):
        return text
    return "\n\n".join(_headed(_BETWEEN.split(text)))


def _headed(blocks: Sequence[str]) -> Iterator[str]:
    for number, block in enumerate(blocks):
        following = blocks[number + 1] if number + 1 < len(blocks) else ""
        first, _, rest = block.partition("\n")
        if rest and (_QUESTION.match(first) or _ANSWER.match(rest)) and len(first) <= 2 * _LONGEST_HEADING:
            yield f"## {_QUESTION.sub('', first, count=1).strip()}\n\n{_ANSWER.sub('', rest, count=1)}"
        elif _is_heading(block) and following and not _is_heading(following):
            yield f"## {_QUESTION.sub('', block, count=1).strip()}"
        elif rest and first.rstrip().endswith("?") and _is_heading(first):
            yield f"## {first.strip()}\n\n{rest}"
        else:
            yield _ANSWER.sub("", block, count=1) if _ANSWER.match(block) else block


def _is_heading(block: str) -> bool:
    line = block.strip()
    if not line or "\n" in line or len(line) > _LONGEST_HEADING or _LIST_ITEM.match(line):
        return False
    return line.endswith("?") or not line.endswith((".", ",", ";", "!", "…", "。"))


def _without_front_matter(text: str) -> str:
    """Without the settings that stand between two lines of --- at the top of many a Markdown file."""
    if not text.startswith("---\n"):
        return text
    end = text.find("\n---\n", 3)
    return text[end + 5 :] if end >= 0 else text


def _decoded(content: bytes) -> str:
    try:
        return clean(decode(content).lstrip("\ufeff"))
    except Invalid:
        raise Unreadable("This is not a text file. Save it as plain text, and add that.") from None
