"""PDF: its lines put together to paragraphs, with what is printed larger or bold as headings."""

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from core.sources.file_readers.reading import LONGEST_TEXT, FileRead, Unreadable, bounded

_MOST_PAGES = 1_000
_LONGEST_HEADING = 160
_LARGER = 1.15
_MOST_LEVELS = 4
_BULLET = re.compile(r"^\s*[•◦▪●‣∙·–]\s+")
_NUMBER_OF_PAGE = re.compile(
    r"\W*(?:\w{1,10}\s+)?\d{1,4}(?:\s*(?:/|of|von|de|sur|di|van|z)\s*\d{1,4})?\W*", re.IGNORECASE
)
_DIGITS = re.compile(r"\d+")
_FULL = 0.75


@dataclass
class _Line:
    text: str
    y: float
    size: float
    is_bold: bool
    gap: float = 0.0
    """How far below the line before."""


def read_pdf(content: bytes) -> FileRead:
    """Read the text of a PDF.

    Raises:
        Unreadable: when it is locked, or holds pictures of text only.
    """
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise Unreadable("This PDF is locked with a password. Save it without one, and add that.")
    pages, failed = _pages(reader)
    if not any(pages):
        raise Unreadable(
            "There is no text in this PDF that can be read. It may be a scan, which is a picture of text: "
            "have it recognised (OCR) and saved as a PDF with text, or paste the text."
        )
    return bounded(_markdown(_without_margins(pages)), _note(len(reader.pages), failed))


def _note(pages: int, failed: int) -> str | None:
    if pages > _MOST_PAGES:
        return f"It has {pages:,} pages; the first {_MOST_PAGES:,} were read."
    return f"{failed:,} of its {pages:,} pages could not be read." if failed else None


def _pages(reader: Any) -> tuple[list[list[_Line]], int]:
    pages: list[list[_Line]] = []
    failed = length = 0
    for number in range(min(len(reader.pages), _MOST_PAGES)):
        try:
            lines = _lines(reader.pages[number])
        except Exception:
            lines, failed = [], failed + 1
        pages.append(lines)
        length += sum(len(line.text) for line in lines)
        if length > LONGEST_TEXT:
            break
    return pages, failed


def _lines(page: Any) -> list[_Line]:
    lines: list[_Line] = []

    def see(text: str, outer: Sequence[float], inner: Sequence[float], font: Any, size: float) -> None:
        y, scale = _place(outer, inner)
        is_bold = "bold" in str((font or {}).get("/BaseFont", "")).lower()
        for words in text.split("\n"):
            if words.strip():
                _add(lines, _Line(words, y, size * scale, is_bold))

    page.extract_text(visitor_text=see)
    for before, line in pairwise(lines):
        line.gap = abs(before.y - line.y)
    for line in lines:
        line.text = " ".join(line.text.split())
    return lines


def _place(outer: Sequence[float], inner: Sequence[float]) -> tuple[float, float]:
    """How high on the page, and how much larger than the font says."""
    y = outer[1] * inner[4] + outer[3] * inner[5] + outer[5]
    stretched = abs((outer[0] * outer[3] - outer[1] * outer[2]) * (inner[0] * inner[3] - inner[1] * inner[2]))
    return y, stretched**0.5 or 1.0


def _add(lines: list[_Line], piece: _Line) -> None:
    last = lines[-1] if lines else None
    if last is None or abs(last.y - piece.y) > 0.4 * max(last.size, piece.size, 1.0):
        lines.append(piece)
        return
    last.text += piece.text
    last.size = max(last.size, piece.size)
    last.is_bold = last.is_bold and piece.is_bold


def _without_margins(pages: list[list[_Line]]) -> list[list[_Line]]:
    """The pages without what is printed above and below each of them."""
    margins = [{id(line) for line in _outermost(lines)} for lines in pages]
    times = Counter(
        mark
        for lines, margin in zip(pages, margins, strict=True)
        for mark in {_mark(line) for line in lines if id(line) in margin}
    )
    often = max(2, 0.6 * len(pages))
    return [
        [line for line in lines if id(line) not in margin or not _is_margin(line, times, often)]
        for lines, margin in zip(pages, margins, strict=True)
    ]


def _outermost(lines: Sequence[_Line]) -> list[_Line]:
    from_top = sorted(lines, key=lambda line: line.y)
    return [*from_top[:2], *from_top[-2:]]


def _mark(line: _Line) -> str:
    return _DIGITS.sub("0", line.text)


def _is_margin(line: _Line, times: Counter[str], often: float) -> bool:
    return times[_mark(line)] >= often or bool(_NUMBER_OF_PAGE.fullmatch(line.text) and len(line.text) <= 20)


def _markdown(pages: Iterable[Sequence[_Line]]) -> str:
    lines = [line for page in pages for line in page]
    usual = _usual_size(lines)
    levels = _levels(lines, usual)
    pitch = _pitch(lines, usual)
    width = sorted(len(line.text) for line in lines)[int(0.9 * len(lines))] if lines else 0
    blocks = [_block(block, levels, width) for block in _blocks(lines, usual, pitch)]
    return "\n\n".join(filter(None, blocks))


def _usual_size(lines: Iterable[_Line]) -> float:
    letters: Counter[float] = Counter()
    for line in lines:
        letters[_rounded(line.size)] += len(line.text)
    return letters.most_common(1)[0][0] if letters else 1.0


def _levels(lines: Iterable[_Line], usual: float) -> dict[float, int]:
    """The level of a heading by the size of its letters, the largest first."""
    sizes = {_rounded(line.size) for line in lines if _is_large(line, usual)}
    return {size: min(level, _MOST_LEVELS) for level, size in enumerate(sorted(sizes, reverse=True), 1)}


def _is_large(line: _Line, usual: float) -> bool:
    return line.size >= _LARGER * usual and len(line.text) <= _LONGEST_HEADING and any(map(str.isalpha, line.text))


def _rounded(size: float) -> float:
    return round(2 * size) / 2


def _pitch(lines: Iterable[_Line], usual: float) -> float:
    """From line to line within a paragraph."""
    gaps = sorted(line.gap for line in lines if _rounded(line.size) == usual and 0 < line.gap < 2 * usual)
    return gaps[len(gaps) // 5] if gaps else 1.2 * usual


def _blocks(lines: Iterable[_Line], usual: float, pitch: float) -> Iterator[list[_Line]]:
    """Lines that belong together: a paragraph, a list, or a heading."""
    block: list[_Line] = []
    for line in lines:
        if block and _begins_anew(block[-1], line, usual, pitch):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _begins_anew(before: _Line, line: _Line, usual: float, pitch: float) -> bool:
    is_large = _is_large(line, usual)
    if is_large or _is_large(before, usual):
        return not is_large or _rounded(before.size) != _rounded(line.size) or line.gap > 2 * line.size
    if before.is_bold != line.is_bold and (_ends(before) or before.is_bold):
        return True
    return line.gap == 0 or line.gap > max(1.25 * pitch, 1.25 * line.size)


def _ends(line: _Line) -> bool:
    return line.text.endswith((".", "!", "?", ":", "。"))


def _block(lines: Sequence[_Line], levels: dict[float, int], width: int) -> str:
    first = lines[0]
    level = levels.get(_rounded(first.size)) if len(first.text) <= _LONGEST_HEADING else None
    if level:
        return f"{'#' * level} {' '.join(line.text for line in lines)}"
    text = _joined([_BULLET.sub("- ", line.text) for line in lines], width)
    is_heading = all(line.is_bold for line in lines) and len(text) <= _LONGEST_HEADING and "\n" not in text
    return f"**{text}**" if is_heading else text


def _joined(texts: Sequence[str], width: int) -> str:
    """A paragraph of its lines: a line that is full goes on in the next one, a short one ends there."""
    whole = texts[0]
    for before, text in pairwise(texts):
        if text.startswith("- ") or len(before) < _FULL * width:
            whole += f"\n{text}"
        elif before.endswith("-") and before[-2:-1].isalpha() and text[:1].islower():
            whole = whole[:-1] + text
        else:
            whole += f" {text}"
    return whole
