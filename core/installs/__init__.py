"""Whether the widget is rightly on a website's page, and if not, what is wrong and how to mend it."""

from core.installs.diagnosis import Fault, Finding, diagnose
from core.installs.framing import is_page_of, page_to_frame
from core.installs.health import QUIET, Health, Look, health_by_origin, look_for_quiet, look_shown, quiet_now
from core.installs.pages import Page, read_page
from core.installs.places import PLACES, Place, place_named
from core.installs.policies import lines_for
from core.installs.snippets import Snippets
from core.installs.troubles import TROUBLES, Trouble
from core.installs.visits import check

__all__ = [
    "PLACES",
    "QUIET",
    "TROUBLES",
    "Fault",
    "Finding",
    "Health",
    "Look",
    "Page",
    "Place",
    "Snippets",
    "Trouble",
    "check",
    "diagnose",
    "health_by_origin",
    "is_page_of",
    "lines_for",
    "look_for_quiet",
    "look_shown",
    "page_to_frame",
    "place_named",
    "quiet_now",
    "read_page",
]
