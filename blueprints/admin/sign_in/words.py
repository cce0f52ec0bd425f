"""Keys, places for code and refusals, in words for the page."""

from dataclasses import dataclass
from functools import cache

from flask import current_app

from core import identity_keys
from core.customer_tokens import Check, Step
from core.identity_keys import Description, Source
from models.customers import IdentityKey
from models.teammates import Workspace

STEPS = {
    Step.SHAPE: "Shape",
    Step.HEADER: "Header",
    Step.ALGORITHM: "Algorithm",
    Step.KEY: "Key",
    Step.SIGNATURE: "Signature",
    Step.CONTENT: "Content",
    Step.EXPIRES: "Expiry (exp)",
    Step.STARTS: "Not before (nbf)",
    Step.ISSUED: "Issued at (iat)",
    Step.AUDIENCE: "Audience (aud)",
    Step.ISSUER: "Issuer (iss)",
    Step.SUBJECT: "Customer (sub)",
}
_MORE = {
    "bad_signature": "Most often the secret on your server is another one: cut off while copying, with quotes or a "
    "line end around it, or from a key that was retired since. Make a new key if you are not sure.",
    "unknown_key": "Has your sign-in service changed its keys? Press “Check now” at the key on the first page.",
    "expired": "Make the token when the chat asks for it, not when the page is stored in a cache.",
    "not_yet_valid": "The chat forgives one minute of difference between the clocks.",
    "bad_claim": "In JavaScript that is Math.floor(Date.now() / 1000), in PHP time().",
    "wrong_algorithm": "The key on the first page says which algorithm it is for. The token has to use that one.",
}


@dataclass(frozen=True)
class Key:
    """A key in the list."""

    row: IdentityKey
    title: str
    kind: str
    is_readable_again: bool
    """Whether it is read from an address, and so can be read again."""
    can_sign: bool
    address: str
    asks_for: str
    keys_found: int


@dataclass(frozen=True)
class Place:
    """Where a site may be built, with the code for it."""

    name: str
    title: str
    server_file: str
    page_file: str
    page_title: str


PLACES = (
    Place("flask", "Flask", "flask.py", "flask-page.txt", "In your template"),
    Place("django", "Django", "django.py", "django-page.txt", "In your template"),
    Place("node", "Node", "node.js", "node-page.txt", "In your template, here EJS"),
    Place("php", "PHP", "php.php", "php-page.txt", "In your page"),
    Place("rails", "Rails", "rails.rb", "rails-page.txt", "In your layout"),
    Place("shopify", "Shopify", "shopify.liquid", "shopify-page.txt", "In your theme's layout, before </body>"),
)


def keys(workspace: Workspace) -> list[Key]:
    return [key_in_words(row) for row in identity_keys.live(workspace)]


def key_in_words(row: IdentityKey) -> Key:
    description = identity_keys.described(row)
    return Key(
        row=row,
        title=description.title,
        kind=f"{description.source.in_words}, {description.algorithm}",
        is_readable_again=description.source is Source.JWKS_URL and row.retired_at is None,
        can_sign=description.can_sign,
        address=description.address,
        asks_for=_asks_for(description),
        keys_found=len((row.jwks or {}).get("keys", ())),
    )


def more_help(check: Check) -> str:
    """What usually lies behind a refusal, beyond what has to be mended."""
    return _MORE.get(check.code, "")


@cache
def code(file: str) -> str:
    """A piece of code to paste, as it stands in its file."""
    environment = current_app.jinja_env
    assert environment.loader is not None  # For the type checker: an app has one.  # nosec B101
    source, _path, _is_new = environment.loader.get_source(environment, f"admin/sign_in/code/{file}")
    return source.rstrip("\n")


def _asks_for(description: Description) -> str:
    parts = [f"aud {', '.join(description.audiences)}"] if description.audiences else []
    return " and ".join([*parts, f"iss {description.issuer}"] if description.issuer else parts)
