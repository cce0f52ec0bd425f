"""What matters of a page's HTML: its scripts, frames, and the policies in its head."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from core.texts import html_to_read

_MOST_TAGS = 50_000


@dataclass(frozen=True)
class Script:
    address: str
    """Absolute."""
    nonce: str
    agent: str
    """What stands in `data-agent`."""


@dataclass(frozen=True)
class Frame:
    address: str
    sandbox: str | None
    """The tokens of the attribute; None without it."""


@dataclass(frozen=True)
class Page:
    """One page of a website as it was sent, before any of its scripts ran."""

    address: str
    headers: Mapping[str, str]
    """Names in lower case."""
    scripts: tuple[Script, ...] = ()
    inline_scripts: str = ""
    """The text of all scripts in the page itself."""
    frames: tuple[Frame, ...] = ()
    policies: tuple[str, ...] = ()
    """Content security policies of the head, by `<meta>`."""
    is_html: bool = True

    @property
    def is_https(self) -> bool:
        return urlsplit(self.address).scheme == "https"

    @property
    def origin(self) -> str:
        parts = urlsplit(self.address)
        return f"{parts.scheme}://{parts.netloc}"


def read_page(address: str, headers: Mapping[str, str], body: bytes) -> Page:
    """Read a page.

    Args:
        address: where it came from in the end, after redirects.
        headers: of the answer.
        body: at most a few megabytes; read in whatever encoding, as what is looked for is ASCII.
    """
    lower = {name.lower(): value for name, value in headers.items()}
    reader = _Reader(address)
    reader.feed(html_to_read(body))
    reader.close()
    return Page(
        address=address,
        headers=lower,
        scripts=tuple(reader.scripts),
        inline_scripts="\n".join(reader.inline),
        frames=tuple(reader.frames),
        policies=tuple(reader.policies),
        is_html="html" in lower.get("content-type", "text/html"),
    )


@dataclass
class _Found:
    scripts: list[Script] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self._base = address
        self._tags = 0
        self._is_in_script = False
        found = _Found()
        self.scripts, self.frames, self.policies, self.inline = (
            found.scripts,
            found.frames,
            found.policies,
            found.inline,
        )

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._tags += 1
        if self._tags > _MOST_TAGS:
            return
        given = {name: value or "" for name, value in attributes}
        if tag == "base" and "href" in given:
            self._base = self._absolute(given["href"])
        elif tag == "script":
            self._take_script(given)
        elif tag == "iframe" and "src" in given:
            self.frames.append(Frame(self._absolute(given["src"]), given.get("sandbox")))
        elif tag == "meta" and given.get("http-equiv", "").lower() == "content-security-policy":
            self.policies.append(given.get("content", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._is_in_script = False

    def handle_data(self, text: str) -> None:
        if self._is_in_script:
            self.inline.append(text)

    def _take_script(self, given: dict[str, str]) -> None:
        if "src" in given:
            script = Script(self._absolute(given["src"]), given.get("nonce", ""), given.get("data-agent", ""))
            self.scripts.append(script)
        else:
            self._is_in_script = True

    def _absolute(self, address: str) -> str:
        try:
            return urljoin(self._base, address.strip())
        except ValueError:
            return ""
