"""The few elements that a Word file is turned into, as Markdown."""

import re
from html.parser import HTMLParser

_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
_MARKS = {"strong": "**", "b": "**", "em": "*", "i": "*"}
_BLOCKS = {"p", "li", *_HEADINGS}
_DEEPEST_LIST = 6
_EMPTY_MARKS = re.compile(r"\*\*\s*\*\*")
_MARKED_LINE = re.compile(r"[ \t]*\n[ \t]*")


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self._words: list[str] = []
        self._lists: list[str] = []
        self._numbers: list[int] = []
        self._heading = ""
        self._link: str | None = None
        self._row: list[str] | None = None
        self._tables = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS and self._row is None:
            self._finish()
            self._heading = _HEADINGS.get(tag, self._heading)
            if tag == "li" and self._numbers:
                self._numbers[-1] += 1
        elif tag in ("ul", "ol"):
            self._finish()
            self._lists.append(tag)
            self._numbers.append(0)
        elif tag in _MARKS:
            self._words.append(_MARKS[tag])
        elif tag == "a":
            self._link = dict(attrs).get("href") or None
            if self._link and self._link.startswith("#"):
                self._link = None
            elif self._link:
                self._words.append("[")
        elif tag == "br":
            self._words.append("\n" if self._row is None else " ")
        else:
            self._start_table(tag)

    def _start_table(self, tag: str) -> None:
        if tag == "table":
            self._finish()
            self._tables += 1
        elif tag == "tr":
            self._row = []
        elif tag in ("td", "th"):
            self._words = []

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS and self._row is None:
            self._finish()
        elif tag in _BLOCKS:
            self._words.append(" ")
        elif tag in ("ul", "ol") and self._lists:
            self._finish()
            self._lists.pop()
            self._numbers.pop()
        elif tag in _MARKS:
            self._words.append(_MARKS[tag])
        elif tag == "a" and self._link:
            self._words.append(f"]({self._link})")
            self._link = None
        else:
            self._end_table(tag)

    def _end_table(self, tag: str) -> None:
        if tag in ("td", "th") and self._row is not None:
            self._row.append(" ".join("".join(self._words).split()).replace("|", "/"))
            self._words = []
        elif tag == "tr" and self._row is not None:
            self._add_row(self._row)
            self._row = None
        elif tag == "table":
            self._tables -= 1
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        self._words.append(data)

    def close(self) -> None:
        super().close()
        self._finish()

    def _finish(self) -> None:
        text = _EMPTY_MARKS.sub("", _MARKED_LINE.sub("\n", "".join(self._words))).strip()
        self._words = []
        if text and self._heading:
            self.blocks += [f"{self._heading} {' '.join(text.split())}", ""]
        elif text and self._lists:
            self.blocks.append(f"{self._item()} {text}")
        elif text:
            self.blocks += [text, ""]
        self._heading = ""
        if not self._lists and self.blocks and self.blocks[-1]:
            self.blocks.append("")

    def _item(self) -> str:
        depth = min(len(self._lists), _DEEPEST_LIST) - 1
        return "  " * depth + (f"{self._numbers[-1]}." if self._lists[-1] == "ol" else "-")

    def _add_row(self, cells: list[str]) -> None:
        is_first = not self.blocks or not self.blocks[-1].startswith("|")
        if is_first and self.blocks and self.blocks[-1]:
            self.blocks.append("")
        self.blocks.append(f"| {' | '.join(cells)} |")
        if is_first:
            self.blocks.append(f"|{' --- |' * max(len(cells), 1)}")


def to_markdown(html: str) -> str:
    """Markdown of simple HTML: headings, paragraphs, lists, tables, bold, italic and links; the rest is left out."""
    writer = _Writer()
    writer.feed(html)
    writer.close()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(writer.blocks)).strip()
