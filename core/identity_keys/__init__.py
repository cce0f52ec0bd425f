"""What a site signs its customers' tokens with. Two keys may be live at once, so that one can replace the other."""

from core.identity_keys.checking import used_by, verify
from core.identity_keys.descriptions import Description, Source, content_of, described
from core.identity_keys.keeping import (
    MOST_LIVE,
    add,
    configure,
    find,
    is_required,
    live,
    new_secret,
    reread,
    retire,
    retired,
    set_required,
)
from core.identity_keys.reading import read_key

__all__ = [
    "MOST_LIVE",
    "Description",
    "Source",
    "add",
    "configure",
    "content_of",
    "described",
    "find",
    "is_required",
    "live",
    "new_secret",
    "read_key",
    "reread",
    "retire",
    "retired",
    "set_required",
    "used_by",
    "verify",
]
