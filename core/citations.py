"""What a customer is told of where an answer comes from: the headings above it, and the page to read it on."""

import re

from core import rich_text

_LONGEST_SHOWN = 70
_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
# What Markdown would take for a mark of its own.
_MARKS = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&])")
_BREAKS_OUT = re.compile(r"[<>\s\\\x00-\x1f]")


def citation(title: str, link: str | None) -> dict[str, str]:
    """A source of an answer, as messages keep it and the widget shows it (docs/widget-api.md).

    Args:
        title: the headings above what was said, or the question that it answers.
        link: the page that it was read on.

    Returns:
        `title`, and `html` with the link; empty where there is none that can be opened.
    """
    if not link or not _SCHEME.match(link) or _BREAKS_OUT.search(link):
        return {"title": title, "html": ""}
    shown = _SCHEME.sub("", link).rstrip("/")
    shown = shown if len(shown) <= _LONGEST_SHOWN else f"{shown[: _LONGEST_SHOWN - 1]}…"
    label = _MARKS.sub(r"\\\1", shown)
    return {"title": title, "html": rich_text.to_html(f"[{label}](<{link}>)").strip()}
