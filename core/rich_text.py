"""Turn what an agent, a teammate or a customer wrote into HTML that is safe to put on a page."""

import html
import re
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

MAX_MARKDOWN = 20_000
MAX_PLAIN = 100_000
_MAX_TOKENS = 20_000
_MAX_BRACKETS = 1_000  # Looking for the end of a link is quadratic in unclosed brackets.
_MAX_CELLS = 20_000  # The parser fills up short rows of a wide table.
_MAX_DEPTH = 20

# Controls, lone surrogates, and the bidirectional embeddings that can make text read as what it is not.
# The marks that single words of Arabic and Hebrew need (U+200E, U+200F, U+061C) stay.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufff9-\ufffb\ufeff]"
)
_LINE_BREAK = re.compile("\r\n?|[\u2028\u2029]")

_BARE_LINK = re.compile(
    r"(?<![a-z0-9_@/.:])(?P<web>(?:https?://|www\.)[^\s<>\"`|\\^{}]{1,2000})"
    r"|(?<![\w.%+@/:-])(?P<mail>[a-z0-9][a-z0-9._%+-]{0,63}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24})(?![\w@])",
    re.IGNORECASE,
)
_CLOSING_PUNCTUATION = ".,;:!?'*_~…’”»。、，！？"
_BRACKETS = {")": "(", "]": "["}
_TELEPHONE = re.compile(r"tel:\+?[0-9().;=a-z-]{2,40}", re.IGNORECASE)
_MAIL = re.compile(r"mailto:[^\s@?]{1,200}@[^\s@?]{1,200}(\?[^\s]{0,1000})?", re.IGNORECASE)

# One line in which nothing can mean anything: an answer that grows is rendered again with each piece of it.
_PLAIN = re.compile(r"""[^\W\d_](?:[^\W_]|[ ,.;:!?()'"’“”„…/%€$£–—-])*+(?<! )""")
_MAY_LINK = re.compile(r"://|www\.", re.IGNORECASE)

_ADDRESS_OF_LINK = re.compile(r'<a [^>]*href="([^"]*)"')
_LINK_TO_NOWHERE = re.compile(r'<a target="_blank" rel="[a-z ]+">(.*?)</a>', re.DOTALL)

_SHIFTED_HEADINGS = {"h1": "h3", "h2": "h4", "h3": "h5", "h4": "h6", "h5": "h6"}
_STRUCTURE = {"p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote"}
_WORDS = {"strong", "em", "s", "code", "pre", "a"}
_TABLE = {"table", "thead", "tbody", "tr", "th", "td"}


class _Parser(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 (the parser's own name)
        """Take every link; refused here it would be shown as source, `_without_unsafe_links` keeps its label."""
        return True


_parser = _Parser("js-default", {"html": False, "linkify": False, "breaks": True, "maxNesting": _MAX_DEPTH})
_cleaner = nh3.Cleaner(
    tags=_STRUCTURE | _WORDS | _TABLE,
    clean_content_tags=set(),
    # Without an entry for every element, titles and languages of the writer's choice would stay.
    attributes={"*": set(), "a": {"href"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto", "tel"},
    url_relative="deny",
    link_rel="noopener noreferrer nofollow ugc",
    set_tag_attribute_values={"a": {"target": "_blank"}},
)


def to_html(markdown: str) -> str:
    """Render Markdown as a safe fragment: no raw HTML, no images, no attributes of the writer's choice.

    Single line breaks are kept, bare addresses become links, headings start at `h3`. Text that is too long
    (over `MAX_MARKDOWN` characters) or nested too deeply is shown as plain paragraphs; over
    `MAX_PLAIN` it is cut.

    Args:
        markdown: anything, also hostile; it is never refused.
    Returns:
        HTML that is safe as element content in a page.
    """
    text = _readable(markdown)
    if _PLAIN.fullmatch(text) and not _MAY_LINK.search(text):
        return f"<p>{text}</p>\n"
    tokens = _parsed(text)
    if tokens is None:
        return _cleaner.clean(_as_paragraphs(text))
    # The cleaner's reading of an address is stricter still, and leaves a link without one.
    return _LINK_TO_NOWHERE.sub(r"\1", _cleaner.clean(_parser.renderer.render(tokens, _parser.options, {})))


def links_in(markdown: str) -> list[str]:
    """The addresses that the links of a text lead to once it is shown."""
    return [html.unescape(address) for address in _ADDRESS_OF_LINK.findall(to_html(markdown))]


def plain_to_html(text: str) -> str:
    """Show text that is no Markdown as safe paragraphs: what was written, sign for sign."""
    return _as_paragraphs(_readable(text))


def to_text(markdown: str) -> str:
    """Render Markdown as plain text, for previews, notifications and mail subjects.

    Links keep their label, images their description; blocks are separated by single line breaks.
    """
    text = _readable(markdown)
    tokens = _parsed(text)
    if tokens is None:
        return text.strip()
    lines = (line.rstrip() for line in "".join(_plain_pieces(tokens)).splitlines())
    return "\n".join(line for line in lines if line.strip())


def _readable(markdown: str) -> str:
    cut = markdown if len(markdown) <= MAX_PLAIN else markdown[:MAX_PLAIN] + "…"
    return _UNWANTED.sub("", _LINE_BREAK.sub("\n", cut))


def _parsed(text: str) -> list[Token] | None:
    """Parse the text, or answer None where rendering it would cost too much or nest too deeply."""
    if len(text) > MAX_MARKDOWN or text.count("[") > _MAX_BRACKETS or _cells(text) > _MAX_CELLS:
        return None
    tokens = _parser.parse(text)
    size = sum(1 + len(token.children or ()) for token in tokens)
    if size > _MAX_TOKENS or _depth(tokens) >= _MAX_DEPTH - 1:
        return None
    for token in tokens:
        token.tag = _SHIFTED_HEADINGS.get(token.tag, token.tag)
        if token.children:
            token.children = list(_with_bare_links(_without_unsafe_links(_without_images(token.children))))
    return tokens


def _cells(text: str) -> int:
    lines = text.splitlines()
    return len(lines) * max((line.count("|") for line in lines), default=0)


def _depth(tokens: Iterable[Token]) -> int:
    return max((token.level + _depth(token.children or ()) for token in tokens), default=0)


def _as_paragraphs(text: str) -> str:
    paragraphs = (paragraph.strip("\n") for paragraph in re.split(r"\n[ \t]*\n", text))
    return "\n".join(f"<p>{html.escape(words).replace(chr(10), '<br>')}</p>" for words in paragraphs if words)


def _without_images(tokens: Iterable[Token]) -> Iterator[Token]:
    """An image would tell a foreign host who reads what; its description says enough."""
    for token in tokens:
        if token.type == "image":
            yield _text("".join(_plain_pieces(token.children or [])))
        else:
            # Character references may have brought some back.
            token.content = _UNWANTED.sub("", token.content)
            yield token


def _without_unsafe_links(tokens: Iterable[Token]) -> Iterator[Token]:
    refused = False
    for token in tokens:
        if token.type == "link_open":
            address = _in_lower_case(str(token.attrGet("href") or ""))
            token.attrSet("href", address)
            refused = not _is_safe(address)
        if not (refused and token.type in ("link_open", "link_close")):
            yield token
        if token.type == "link_close":
            refused = False


def _in_lower_case(address: str) -> str:
    """The address with its scheme in the one spelling in which everybody looks for it."""
    scheme, colon, rest = address.partition(":")
    return f"{scheme.lower()}{colon}{rest}"


def _is_safe(address: str) -> bool:
    if len(address) > 2_000 or any(sign <= " " or sign == "\\" for sign in address):
        return False
    if _MAIL.fullmatch(address) or _TELEPHONE.fullmatch(address):
        return True
    try:
        parts = urlsplit(address)
        # A user name in front of the host is there to make another host look familiar.
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except ValueError:
        return False


def _with_bare_links(tokens: Iterable[Token]) -> Iterator[Token]:
    inside_link = False
    for token in tokens:
        inside_link = token.type == "link_open" or (inside_link and token.type != "link_close")
        if token.type == "text" and not inside_link:
            yield from _split_at_links(token.content)
        else:
            yield token


def _split_at_links(content: str) -> Iterator[Token]:
    shown = 0
    for match in _BARE_LINK.finditer(content):
        words = _without_closing_punctuation(match[0]) if match["web"] else match[0]
        address = _address_of(words, is_mail=match["web"] is None)
        if address is None:
            continue
        yield _text(content[shown : match.start()])
        yield Token("link_open", "a", 1, attrs={"href": address})
        yield _text(words)
        yield Token("link_close", "a", -1)
        shown = match.start() + len(words)
    yield _text(content[shown:])


def _address_of(words: str, *, is_mail: bool) -> str | None:
    if is_mail:
        return f"mailto:{words}"
    address = _in_lower_case(words) if words[:4].lower() == "http" else f"https://{words}"
    normalised = _parser.normalizeLink(address)
    host = normalised.partition("//")[2]
    return normalised if host[:1].isalnum() and _is_safe(normalised) else None


def _without_closing_punctuation(words: str) -> str:
    """Leave the sentence's own full stop or bracket outside, but keep `…/Lamp_(desk)` whole."""
    while words:
        last = words[-1]
        if last in _BRACKETS and words.count(last) <= words.count(_BRACKETS[last]):
            break
        if last not in _BRACKETS and last not in _CLOSING_PUNCTUATION:
            break
        words = words[:-1]
    return words


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _plain_pieces(tokens: Iterable[Token]) -> Iterator[str]:
    for token in tokens:
        if token.children is not None:
            yield from _plain_pieces(token.children)
        elif token.type in ("softbreak", "hardbreak"):
            yield "\n"
        elif token.type == "list_item_open":
            yield f"{token.info}{token.markup} " if token.info else "- "
        elif token.type in ("th_close", "td_close"):
            yield "  "
        else:
            yield token.content
            yield "\n" if _ends_line(token) else ""


def _ends_line(token: Token) -> bool:
    return token.block and token.nesting <= 0 and token.type != "inline"
