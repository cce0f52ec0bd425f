"""Would this page be allowed? The answer of every layer, with the rule that decides."""

from dataclasses import dataclass

from core import websites
from core.domains import (
    DomainValidator,
    Origin,
    Pattern,
    admits,
    companions,
    described,
    hindrance,
    matching_pattern,
    parse_pattern,
    read_page,
    valid_patterns,
)
from core.errors import Invalid
from models.agents import Agent


@dataclass(frozen=True)
class Layer:
    """One place where the list of websites is kept to."""

    name: str
    is_allowed: bool


@dataclass(frozen=True)
class Check:
    """What is decided for a page, and by what."""

    website: str
    """The page's origin, which is all that is looked at."""
    rule: str | None
    """The pattern that allows it, as it stands in the list."""
    meaning: str
    """That pattern in words."""
    layers: tuple[Layer, ...]
    near: tuple[tuple[str, str], ...]
    """Patterns that seem to mean this website, and why they do not."""
    offers: tuple[tuple[str, str], ...]
    """Patterns that would allow it, the narrowest first, and what they mean."""

    @property
    def is_allowed(self) -> bool:
        return self.rule is not None

    @property
    def is_of_one_mind(self) -> bool:
        """Whether every layer decides as the rule says; only what CSP cannot say keeps them apart."""
        return all(layer.is_allowed == self.is_allowed for layer in self.layers)


def check(agent: Agent, address: str) -> Check:
    """Tell whether a page may show the agent.

    Args:
        address: a page as it stands in the browser, `https://` may be left out.

    Raises:
        Invalid: when it is no page of a website.
    """
    origin = read_page(address)
    if origin is None:
        raise Invalid(_no_page(address))
    listed = websites.patterns(agent)
    rule = matching_pattern(origin, listed)
    return Check(
        website=str(origin),
        rule=rule,
        meaning=described(parse_pattern(rule)) if rule else "",
        layers=_layers(agent, origin),
        near=() if rule else _near(listed, origin),
        offers=() if rule else tuple((str(offer), described(offer)) for offer in _offers(origin)),
    )


def _no_page(address: str) -> str:
    if not address.strip():
        return "Write the address of a page as it stands in the browser, such as https://shop.com/contact."
    scheme = address.strip().partition(":")[0].lower()
    if scheme in {"file", "data", "blob", "about", "chrome-extension", "javascript"}:
        return "Such a page belongs to no website, so the chat never appears on it. Open the page through a web server."
    return "This is not the address of a page. Write it as it stands in the browser, such as https://shop.com/contact."


def _layers(agent: Agent, origin: Origin) -> tuple[Layer, ...]:
    """Ask each layer by the very call that it makes itself."""
    listed, page = websites.patterns(agent), f"{origin}/"
    is_allowed = websites.is_allowed(agent, str(origin))
    return (
        Layer("The browser may show the chat there", admits(DomainValidator.frame_ancestors(listed, page), origin)),
        Layer("Also on pages that tell nobody their address", admits(DomainValidator.frame_ancestors(listed), origin)),
        Layer("The chat may begin", is_allowed),
        Layer("Visits of this page are counted", is_allowed),
    )


def _near(listed: list[str], origin: Origin) -> tuple[tuple[str, str], ...]:
    reasons = ((text, hindrance(pattern, origin)) for text, pattern in valid_patterns(listed))
    return tuple((text, reason) for text, reason in reasons if reason)


def _offers(origin: Origin) -> list[Pattern]:
    exact = parse_pattern(origin.host)
    return [exact, *(other for other in companions(exact) if other.allows(origin))]
