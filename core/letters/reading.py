"""What is new in a mail: the words of its writer, without what they quote."""

import re
from html.parser import HTMLParser

from mailparser_reply import EmailReplyParser

from core.letters.arrived import Arrived
from core.letters.writing import ABOVE
from core.texts import clean, html_to_read

LONGEST = 4_000
# Our own line in the mail that is answered, in whatever language and behind whatever marks of quoting.
_ABOVE = re.compile(re.escape(ABOVE) + r"[^\n]{1,200}?" + re.escape(ABOVE[::-1]))
_LONGEST_HTML = 500_000
# The parser's patterns take the square of what they are given: this much takes a moment, ten times as much a minute.
_LONGEST_PARSED = LONGEST
_BLANKS = re.compile(r"[\s\u00a0]+")
_GAPS = re.compile(r"\n{3,}")
_QUOTING = re.compile(r"(?m)^[ \t]*>.*$")
_TRAILING = re.compile(r"(?:\n[ \t]*>[^\n]*)+\Z")
# How mail programs begin a quote: "On Monday, 3 May 2027, Sue <help@shop.example> wrote:", in any language.
_ATTRIBUTION = re.compile(r"\n+[^\n]{0,200}(?:\n[^\n]{1,200}){0,2}(?:[:：]|@[^\n]{0,80})\s*\Z")
# It stands at the end; on all of a long mail the pattern would take seconds.
_LONGEST_END = 2_000
_DROPPED = frozenset({"script", "style", "head", "title", "blockquote"})
_QUOTES = re.compile(r"\b(?:gmail_quote|yahoo_quoted|divRplyFwdMsg|appendonsend)\b")
_BLOCKS = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "pre", "table", "hr"})


def new_words(mail: Arrived, *, language: str) -> str:
    """What somebody wrote in a mail, as plain text, at most as long as a message may be.

    Args:
        language: of their chat; mail programs mostly quote in the language of their owner.
    """
    whole = mail.text if mail.text.strip() else text_of_html(mail.html)
    above, line, _below = _parted(_GAPS.sub("\n\n", clean(whole)))
    if line:
        own = f"\n{_unquoted(above)}"
        return (own[:-_LONGEST_END] + _ATTRIBUTION.sub("", own[-_LONGEST_END:])).strip()[:LONGEST]
    parsed = EmailReplyParser(languages=["en", language]).parse_reply(above[:_LONGEST_PARSED]) or ""
    words = _GAPS.sub("\n\n", parsed or above).strip()
    return (_TRAILING.sub("", words).strip() or words)[:LONGEST]


def text_of_html(html: str) -> str:
    """The text of a mail that has no other, without what it quotes."""
    reader = _Reader()
    reader.feed(html_to_read(html[:_LONGEST_HTML].encode("utf-8", "replace")))
    return _GAPS.sub("\n\n", re.sub(r" ?\n ?", "\n", "".join(reader.pieces))).strip()


class _Reader(HTMLParser):
    """Takes the words of a page and where its blocks begin, in one go, however deep it is nested."""

    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        # The element that is left out, and how many of its name are open within it.
        self._left_out = ""
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._left_out:
            self._depth += tag == self._left_out
        elif tag in _DROPPED or (tag == "div" and _QUOTES.search(" ".join(value or "" for _name, value in attrs))):
            self._left_out, self._depth = tag, 1
        elif tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._left_out:
            self._depth -= 1
            self._left_out = self._left_out if self._depth else ""
        elif tag == "p" and not self._left_out:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._left_out:
            self.pieces.append(_BLANKS.sub(" ", data))


def _parted(text: str) -> tuple[str, str, str]:
    found = _ABOVE.search(text)
    return (text[: found.start()], found[0], text[found.end() :]) if found else (text, "", "")


def _unquoted(text: str) -> str:
    return _QUOTING.sub("", text).rstrip(" \t\n>*")
