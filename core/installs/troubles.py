"""What goes wrong with the chat in customers' browsers, in words for the owner of the site."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Trouble:
    """A kind of error that the owner of the site can do something about."""

    sentence: str
    mend: str


TROUBLES: Mapping[str, Trouble] = {
    "frame_unreachable": Trouble(
        "the chat’s window did not open",
        "Check the page below: a security policy of the site, an extension or the network kept it out.",
    ),
    "customer_token_refused": Trouble(
        "a customer’s sign-in was refused",
        "Try one of your site’s tokens under Settings, Customer sign-in: it says why it is not taken.",
    ),
    "token_required": Trouble(
        "somebody was asked to sign in first",
        "Only verified customers may chat here. Set customerToken on the page, or allow others under Customer sign-in.",
    ),
    "website_not_allowed": Trouble(
        "the chat was refused because of the page’s address",
        "Add the website to the list below.",
    ),
    "challenge_required": Trouble(
        "a browser could not show that it is not a robot",
        "If these are customers, ease the rule under Settings, Protection.",
    ),
}
"""By the code of the widget's `error` event (docs/widget-api.md); other codes are between customer and agent."""
