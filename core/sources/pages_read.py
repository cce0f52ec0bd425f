"""What a web page says: its text as Markdown, its title and language, where it leads and what it asks of crawlers.

Runs in the child process of `extraction`, since no parser is safe from every page that somebody may think of.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from core.sources.addresses import normal
from core.texts import clean, clean_line

LONGEST_TEXT = 400_000
_MOST_LINKS = 5_000
_MOST_ELEMENTS = 50_000
_LANGUAGE = re.compile(r"[a-z]{2}(?=$|[-_])", re.IGNORECASE)
# Shorter texts are told apart by their titles alone, which are often in another language than the rest.
_LEAST_TO_RECOGNISE = 200
_SURE = 0.9
# On every page the same, and worth nothing as an answer.
_FURNITURE = ["//nav", "//footer", "//*[@role='navigation' or @role='contentinfo' or @role='search']"]
_BLANK_LINES = re.compile(r"\n{3,}")
_OPENS = re.compile(r"accordion|faq|collaps|toggle|question|expand", re.IGNORECASE)
_QUESTION = re.compile(r"[?？؟]\s*$")


@dataclass(frozen=True)
class PageRead:
    """A page, as far as an agent needs it."""

    title: str = ""
    language: str | None = None
    markdown: str = ""
    canonical: str | None = None
    """The address under which the website wants it to be known."""
    links: tuple[str, ...] = ()
    may_be_kept: bool = True
    """False when the page asks search engines to leave it out (`noindex`)."""
    leads_to: str | None = None
    """Where the page sends its readers at once (`meta refresh`)."""


def read_page(body: bytes, address: str, media_type: str = "text/html") -> PageRead:
    """Read a page that was fetched.

    Args:
        body: HTML, or plain text.
        address: where it came from; links are told from there.
        media_type: text/plain and text/markdown are taken as they are.

    Returns:
        a page without text when there is none in it.
    """
    if media_type in ("text/plain", "text/markdown"):
        text = clean(body.decode("utf-8", "replace"))[:LONGEST_TEXT]
        return PageRead(markdown=text, language=_recognised(text))
    from trafilatura.utils import load_html

    tree = load_html(body)
    if tree is None or sum(1 for _ in tree.iter()) > _MOST_ELEMENTS:
        return PageRead()
    base = _first(tree, "//base/@href")
    base = normal(base, address) or address if base else address
    robots = " ".join(tree.xpath("//meta[@name='robots' or @name='porchlight']/@content")).lower()
    links = () if re.search(r"nofollow|none", robots) else tuple(_links(tree, base))
    canonical = _first(tree, "//link[@rel='canonical']/@href")
    title, language = _title(tree), _told_language(tree)
    refresh = _refresh(tree, base)
    markdown = _markdown(tree)
    return PageRead(
        title=title,
        language=language or _recognised(markdown),
        markdown=markdown,
        canonical=normal(canonical, base) if canonical else None,
        links=links,
        may_be_kept=not re.search(r"noindex|none", robots),
        leads_to=refresh,
    )


def _first(tree: Any, path: str) -> str:
    found = tree.xpath(path)
    return str(found[0]).strip() if found else ""


def _links(tree: Any, base: str) -> Iterator[str]:
    seen = set()
    for link in tree.iter("a", "area"):
        href = link.get("href")
        if not href or "nofollow" in (link.get("rel") or "").lower().split():
            continue
        address = normal(href, base)
        if address and address not in seen:
            seen.add(address)
            yield address
        if len(seen) >= _MOST_LINKS:
            return


def _refresh(tree: Any, base: str) -> str | None:
    content = _first(tree, "//meta[translate(@http-equiv, 'REFSH', 'refsh')='refresh']/@content")
    match = re.match(r"\s*(\d+)\s*[;,]\s*url\s*=\s*['\"]?([^'\"]+)", content, re.IGNORECASE)
    # A page that is shown for a while first has something to say of its own.
    return normal(match[2], base) if match and int(match[1]) <= 5 else None


def _title(tree: Any) -> str:
    title = _first(tree, "//meta[@property='og:title']/@content") or _first(tree, "//title/text()")
    heading = next((" ".join(found.text_content().split()) for found in tree.iter("h1")), "")
    title = " ".join(title.split())
    # What stands in the title behind the heading is the name of the website.
    if heading and (not title or heading.lower() in title.lower()):
        title = heading
    return clean_line(title)[:300]


def _told_language(tree: Any) -> str | None:
    found = _LANGUAGE.match(tree.get("lang") or _first(tree, "//html/@lang"))
    return found[0].lower() if found else None


def _markdown(tree: Any) -> str:
    import trafilatura

    _show_questions(tree)
    text = trafilatura.extract(
        tree,
        output_format="markdown",
        include_comments=False,
        include_tables=True,
        include_formatting=True,
        favor_recall=True,
        prune_xpath=_FURNITURE,
    )
    return _BLANK_LINES.sub("\n\n", clean(text or ""))[:LONGEST_TEXT]


def _show_questions(tree: Any) -> None:
    """Make headings of what opens an answer: buttons and terms are thrown away as decoration otherwise."""
    for element in list(tree.iter("button", "dt")):
        words = element.text_content()
        marks = " ".join(element.get(name) or "" for name in ("class", "id", "aria-controls"))
        if _QUESTION.search(words) or (element.get("aria-controls") and _OPENS.search(marks)):
            for inner in list(element):
                inner.drop_tag()
            # Within a heading it is one already.
            if element.getparent() is not None and re.fullmatch(r"h[1-6]", str(element.getparent().tag)):
                element.drop_tag()
            else:
                element.tag = "h3"
    for answer in list(tree.iter("dd")):
        before = answer.getprevious()
        if before is not None and before.tag == "h3":
            answer.tag = "p"


def _recognised(text: str) -> str | None:
    if len(text) < _LEAST_TO_RECOGNISE:
        return None
    language, sureness = _identifier().classify(text[:5000])
    return str(language) if sureness >= _SURE else None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
