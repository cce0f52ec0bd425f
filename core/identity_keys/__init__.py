"""What a site signs its customers' tokens with. Two keys may be live at once, so that one can replace the other."""

from core.identity_keys.checking import verify
from core.identity_keys.debugging import TEST_LIFETIME, TEST_SUBJECT, Examined, examine, trial_token
from core.identity_keys.descriptions import Description, Source, described
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
    "TEST_LIFETIME",
    "TEST_SUBJECT",
    "Description",
    "Examined",
    "Source",
    "add",
    "configure",
    "described",
    "examine",
    "find",
    "is_required",
    "live",
    "new_secret",
    "read_key",
    "reread",
    "retire",
    "retired",
    "set_required",
    "trial_token",
    "verify",
]
