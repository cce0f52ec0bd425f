"""The list of the inbox: which part of it somebody looks at, and what it is made of."""

import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from flask import request

from blueprints.admin.conversations import words
from blueprints.admin.conversations.filter_choices import choices_for
from core import inboxes
from core.clock import utc_now
from core.inboxes import Filters, View, saved_views
from models.inbox import SavedView
from web import mails
from web.access import current_teammate, current_workspace


@dataclass(frozen=True)
class Choice:
    """Which part of the inbox somebody looks at."""

    view: View
    filters: Filters
    saved: SavedView | None
    """The saved view that this is."""
    before: str | None
    shown: int

    @cached_property
    def address(self) -> dict[str, str]:
        """What an address needs to come back to it."""
        return {"saved": str(self.saved.id)} if self.saved else {"view": self.view.value, **self.filters.written()}

    @cached_property
    def query(self) -> str:
        """As `address`, written into one."""
        return urlencode(self.address)

    @property
    def search(self) -> str:
        return self.filters.search

    def without(self, *names: str) -> dict[str, str]:
        """The address of the same with some filters less."""
        wanted = {"view": self.view.value, **self.filters.written()}
        return {name: value for name, value in wanted.items() if name not in names}


def read_choice() -> Choice:
    """What the address asks for.

    Raises:
        NotFound: for a view that there is not, or that is somebody else's own.
    """
    saved = _saved()
    view, filters = saved_views.read(saved) if saved else (_view(), Filters.read(request.args))
    return Choice(
        view=view,
        filters=filters,
        saved=saved,
        before=request.args.get("before"),
        # At least a page: a short list that refreshes itself has to be able to grow.
        shown=max(inboxes.PAGE, request.args.get("shown", 0, type=int)),
    )


def list_beside() -> dict[str, Any]:
    """The list, for a whole page that shows a conversation."""
    return list_of(read_choice())


def list_of(choice: Choice) -> dict[str, Any]:
    """What the templates of the list are filled with."""
    page = inboxes.page(
        current_workspace(),
        choice.view,
        reader=current_teammate(),
        now=utc_now(),
        filters=choice.filters,
        before=choice.before,
        limit=inboxes.PAGE if choice.before else choice.shown,
    )
    return {
        "choice": choice,
        "page": page,
        "shown": len(page.rows) + (choice.shown if choice.before else 0),
        "counts": inboxes.counts(current_workspace(), current_teammate()),
        "saved_views": saved_views.listed(current_workspace(), current_teammate()),
        "filter_choices": choices_for(current_workspace()),
        "reader": current_teammate(),
        "words": words,
        "mails_leave": mails.mails_leave_the_server(),
    }


def count_waiting() -> int:
    """How many customers wait for a person."""
    return inboxes.waiting_count(current_workspace())


def _saved() -> SavedView | None:
    wanted = request.args.get("saved", type=uuid.UUID)
    return saved_views.find(current_workspace(), wanted, current_teammate()) if wanted else None


def _view() -> View:
    asked = request.args.get("view")
    return inboxes.view_named(asked) if asked else View.WAITING if count_waiting() else View.ALL
