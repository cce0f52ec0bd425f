"""The inbox: which conversations a team has before it, in which order, and what it does with many at once."""

from core.inboxes.filters import ANY_TIME, MOODS, PERIODS, Filters
from core.inboxes.found_texts import Found
from core.inboxes.pages import PAGE, Page, Row, page
from core.inboxes.previews import preview_of
from core.inboxes.readings import mark_read
from core.inboxes.views import COUNTED, View, counts, view_named, waiting_count

__all__ = [
    "ANY_TIME",
    "COUNTED",
    "MOODS",
    "PAGE",
    "PERIODS",
    "Filters",
    "Found",
    "Page",
    "Row",
    "View",
    "counts",
    "mark_read",
    "page",
    "preview_of",
    "view_named",
    "waiting_count",
]
