"""Keeps what the customizer's form holds as the draft, also when somebody else has saved meanwhile."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import request

from blueprints.admin.customizer.forms import LookForm, look_form
from core import looks, widget_configs
from core.clock import utc_now
from core.errors import Conflict
from core.widget_configs import FOR_ALL, MINE, THEIRS, Merge, WidgetConfig
from models.agents import Agent
from web.access import current_teammate

_CHOICE = "choice."
_COUNT = re.compile(r"\d{1,9}")
_MOST_NAMES = 3


@dataclass(frozen=True)
class Outcome:
    """What became of a form."""

    problems: Mapping[str, str] = field(default_factory=dict)
    """A sentence for each part that could not be used and stays as it was."""
    conflict: str = ""
    """Why nothing was saved; the form still holds it."""
    merge: Merge | None = None
    """What others had changed since the form began."""
    mine: WidgetConfig | None = None
    """What the form holds, where it was not saved."""

    @property
    def is_saved(self) -> bool:
        return self.mine is None

    @property
    def is_open(self) -> bool:
        """Whether somebody has to choose between their own and another's settings."""
        return self.merge is not None and not self.merge.is_settled

    @property
    def told(self) -> str:
        """What others had changed and is kept, in words; nothing when nobody had."""
        if self.merge is None or not (self.is_saved and (self.merge.from_them or self.merge.clashes)):
            return ""
        if not self.merge.from_them:
            return "Saved as you chose."
        names = list(dict.fromkeys(change.what for change in self.merge.from_them))
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        who = self.merge.their_name or "You, in another tab,"
        return f"{who} changed {', '.join(names[:_MOST_NAMES])}{more} meanwhile; both changes are kept."

    @property
    def status(self) -> int:
        if not self.is_saved:
            return 409
        return 422 if self.problems else 200


def form_of(agent: Agent) -> LookForm:
    """The form with the draft in it, and what was posted over it."""
    began = widget_configs.draft(agent).revision
    return look_form(_begun_from(agent, _posted_count("revision")) or widget_configs.drafted(agent), revision=began)


def save(agent: Agent, form: LookForm) -> Outcome:
    """Keep what can be used of the form as the draft."""
    if not form.validate():
        return _refused(agent, form, "This page does not know which draft it began from.")
    began = form.revision.data if form.over.data is None else form.over.data
    base = _begun_from(agent, began)
    if base is None:
        return _refused(agent, form, _who_was_faster(agent))
    mine, problems = looks.check(agent, form.settings(), base=base)
    try:
        merged = widget_configs.save_merged(
            agent,
            mine,
            began=began,
            base=base,
            choices=_choices(),
            seen=_posted_count("seen"),
            by=current_teammate(),
            now=utc_now(),
        )
    except Conflict as conflict:
        return _refused(agent, form, conflict.message)
    is_saved = merged.is_settled
    return Outcome(problems=problems, merge=merged, mine=None if is_saved else merged.config)


def _refused(agent: Agent, form: LookForm, why: str) -> Outcome:
    mine, _problems = looks.check(agent, form.settings(), base=widget_configs.drafted(agent))
    return Outcome(conflict=why, mine=mine)


def _begun_from(agent: Agent, revision: int | None) -> WidgetConfig | None:
    if revision is None:
        return None
    if revision == widget_configs.draft(agent).revision:
        return widget_configs.drafted(agent)
    return widget_configs.begun_from(agent, revision)


def _posted_count(name: str) -> int | None:
    text = request.form.get(name, "")
    return int(text) if _COUNT.fullmatch(text) else None


def _choices() -> dict[str, str]:
    """What was chosen for each setting that two people have changed, by its path."""
    for_all = request.form.get("choose_all", "")
    if for_all in (MINE, THEIRS):
        return {FOR_ALL: for_all}
    return {name.removeprefix(_CHOICE): value for name, value in request.form.items() if name.startswith(_CHOICE)}


def _who_was_faster(agent: Agent) -> str:
    author, reader = widget_configs.draft(agent).updated_by, current_teammate()
    if author is None:
        return "The draft has been changed since you opened this page."
    if author.id == reader.id:
        return "You have changed the draft in another tab since you opened this page."
    return f"{author.name} has changed the draft since you opened this page."
