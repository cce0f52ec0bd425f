"""Triggers: what browsers get to know of them, and why one would fire or not, in words.

static/js/widget/rules/verdict.js decides by the same rules; tests/triggers.json holds both to the same.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from core import business_hours, greetings, page_patterns
from core.widget_configs import Greeting, Trigger, WidgetConfig, spoken
from core.widget_words import LANGUAGES

_DAY = 24 * 60 * 60
_PAUSES = {"day": _DAY, "week": 7 * _DAY}
_NO_CONDITIONS = ("text", "does", "cap", "after_dismissal")
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Facts:
    """What is known of a visitor and a page at one moment."""

    seconds: float = 0
    """On this page."""
    scrolled: float = 0
    """How far down this page, in percent."""
    leaving: bool = False
    """Whether the pointer has just left the page upwards."""
    idle: float = 0
    """Seconds with no sign of the visitor."""
    events: Sequence[str] = ()
    """The events that this page has told."""
    context: Mapping[str, Any] = field(default_factory=dict)
    """What the website has told with `setContext`."""
    path: str = "/"
    returning: bool = False
    page: int = 1
    """Which page of this visit."""
    open: bool = True
    """Whether people are there."""
    ago: float | None = None
    """Seconds since this trigger has acted for this visitor, on an earlier visit too; None for never."""
    in_visit: bool = False
    """Whether it has acted in this visit."""
    on_page: bool = False
    """Whether it has acted on this page."""
    dismissed: bool = False
    """Whether the visitor has sent its greeting away."""
    opened: bool = False
    """Whether the visitor has opened the chat in this visit."""


@dataclass(frozen=True)
class Explanation:
    fires: bool
    because: tuple[str, ...]
    """The conditions that hold; when it does not fire, those that do not hold yet."""
    reasons: tuple[str, ...]
    """The same in words."""

    @property
    def sentence(self) -> str:
        if self.fires:
            return f"Would fire now, because {_listed(self.reasons)}."
        return f"Not yet: {'; '.join(self.reasons)}."


def are_plain(config: WidgetConfig) -> bool:
    """Whether the loader can heed these triggers by itself: none, or one that says the greeting after some seconds."""
    if not config.triggers:
        return True
    has_one_greeting = not config.greetings and not greetings.has_variables(config.greeting)
    return only_wait(config) and has_one_greeting and not (_chooses(config) and _said_elsewhere(config))


def only_wait(config: WidgetConfig) -> bool:
    """Whether nothing has to be heeded before some seconds have passed: there is one trigger, and it is a delay."""
    (first, *others) = config.triggers or (Trigger(),)
    return first.after_seconds is not None and first == Trigger(after_seconds=first.after_seconds) and not others


def rules_of(config: WidgetConfig, *, now: datetime) -> dict[str, Any]:
    """What browsers need to know to heed these triggers; it stays the same for a week, so that it can be cached."""
    rules: dict[str, Any] = {
        "name": config.name,
        "triggers": [_rule(trigger, number) for number, trigger in enumerate(config.triggers, start=1)],
        "greetings": greetings_for_browser(config),
    }
    if _chooses(config) and (said := _said_elsewhere(config)):
        rules |= {"said": said, "languages": list(LANGUAGES), "heedsPage": config.language == "page"}
    if config.launcher.page_rule != "all":
        rules["pages"] = [page_patterns.stem_of(page) for page in config.launcher.pages]
        rules["only"] = config.launcher.page_rule == "only"
    if config.hours.is_on and any(trigger.in_hours for trigger in config.triggers):
        monday = (now - timedelta(days=now.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)
        found = business_hours.turns(config.hours, monday, monday + 3 * _WEEK)
        rules["turns"] = [round(moment.timestamp()) for moment in found]
        rules["open"] = business_hours.is_open(config.hours, monday)
    return rules


def _chooses(config: WidgetConfig) -> bool:
    """Whether the language depends on the page or the browser; a fixed one is spoken already."""
    return config.language not in LANGUAGES


def _said_elsewhere(config: WidgetConfig) -> dict[str, dict[str, Any]]:
    """In each language what is said otherwise than in one's own."""
    own, said = _said(config), {language: _said(spoken(config, language)) for language in LANGUAGES}
    return {language: texts for language, texts in said.items() if texts != own}


def _said(config: WidgetConfig) -> dict[str, Any]:
    return {
        "name": config.name,
        "triggers": [trigger.text for trigger in config.triggers],
        "greetings": [*(greeting.text for greeting in config.greetings), config.greeting],
    }


def greetings_for_browser(config: WidgetConfig) -> list[dict[str, Any]]:
    """The special greetings and the usual one behind them, with the pages as browsers compare them."""
    return [
        *(_rest(greeting) for greeting in config.greetings),
        {"text": config.greeting},
    ]


def explain(trigger: Trigger, facts: Facts) -> Explanation:
    """Whether a trigger would act now, and why."""
    asked = [(name, *_CONDITIONS[name](trigger, facts)) for name in _asked_by(trigger)]
    missing = [one for one in asked if not one[1]]
    told = missing or [one for one in asked if one[2]]
    return Explanation(
        fires=not missing, because=tuple(one[0] for one in missing or asked), reasons=tuple(one[2] for one in told)
    )


def _asked_by(trigger: Trigger) -> list[str]:
    own = {
        "at_least": trigger.value != "",
        "visitor": trigger.visitor != "any",
        "after_dismissal": not trigger.after_dismissal,
        "cap": True,
    }
    return [name for name in _CONDITIONS if (own[name] if name in own else _is_set(getattr(trigger, name)))]


def _rule(trigger: Trigger, number: int) -> dict[str, Any]:
    """A trigger without what it does not ask for. Its id stays when only its words change, so that its cap holds."""
    rule = _rest(trigger)
    if not trigger.value:
        rule.pop("at_least")
    conditions = {name: value for name, value in rule.items() if name not in _NO_CONDITIONS}
    digest = hashlib.sha256(json.dumps(conditions, sort_keys=True).encode()).hexdigest()[:8]
    return {"id": digest, "number": number} | rule


def _rest(part: Trigger | Greeting) -> dict[str, Any]:
    """What is set of a trigger or a greeting, with its pages as browsers compare them."""
    rest = {name: value for name, value in asdict(part).items() if name != "pages" and _is_set(value)}
    if part.visitor == "any":
        del rest["visitor"]
    return rest | ({"stems": [page_patterns.stem_of(part.pages)]} if part.pages else {})


def _is_set(value: object) -> bool:
    # Not by comparing: 0 seconds are a time, too.
    return value is not None and value is not False and value != ""


_Condition = Callable[[Trigger, Facts], tuple[bool, str]]


def _waited(trigger: Trigger, facts: Facts) -> tuple[bool, str]:
    wanted = trigger.after_seconds or 0
    holds = facts.seconds >= wanted
    if holds:
        return True, f"{_seconds(facts.seconds)} on this page are at least {_count(wanted)}"
    return False, f"{_count(facts.seconds)} of {_seconds(wanted)} on this page have passed"


def _scrolled(trigger: Trigger, facts: Facts) -> tuple[bool, str]:
    wanted = trigger.scrolled or 0
    return facts.scrolled >= wanted, f"{_count(facts.scrolled)}% of the page have been seen of the {wanted}% asked for"


def _leaves(_trigger: Trigger, facts: Facts) -> tuple[bool, str]:
    return facts.leaving, f"the pointer {'leaves' if facts.leaving else 'has not left'} the page upwards"


def _idles(trigger: Trigger, facts: Facts) -> tuple[bool, str]:
    wanted = trigger.idle_seconds or 0
    return facts.idle >= wanted, f"nothing has moved for {_seconds(facts.idle)}, {_count(wanted)} are asked for"


def _heard(trigger: Trigger, facts: Facts) -> tuple[bool, str]:
    holds = trigger.event in facts.events
    return holds, f"the page has {'' if holds else 'not '}told the event {trigger.event}"


def _reached(trigger: Trigger, facts: Facts) -> tuple[bool, str]:
    number = _number(facts.context.get(trigger.value))
    if number is None:
        return False, f"the website has told no number as {trigger.value}"
    holds = number >= trigger.at_least
    comparison = "at least" if holds else "less than"
    return holds, f"{trigger.value} is {_count(number)}, {comparison} {_count(trigger.at_least)}"


def _is_there(trigger: Trigger, facts: Facts) -> tuple[bool, str]:
    holds = page_patterns.is_on([trigger.pages], facts.path)
    return holds, f"the page {facts.path} is {'' if holds else 'not '}among {trigger.pages}"


def _is_whom(trigger: Trigger, facts: Facts) -> tuple[bool, str]:
    is_new = not facts.returning
    holds = is_new == (trigger.visitor == "new")
    return holds, "this visitor is here for the first time" if is_new else "this visitor has been here before"


def _came_far(trigger: Trigger, facts: Facts) -> tuple[bool, str]:
    wanted = trigger.nth_page or 1
    return facts.page >= wanted, f"this is page {facts.page} of the visit, page {wanted} is asked for"


def _has_people(_trigger: Trigger, facts: Facts) -> tuple[bool, str]:
    return facts.open, f"it is {'within' if facts.open else 'outside'} your business hours"


def _is_due(trigger: Trigger, facts: Facts) -> tuple[bool, str]:
    if trigger.cap == "always":
        return not facts.on_page, "" if not facts.on_page else "it has greeted on this page already"
    if trigger.cap == "visit":
        return not facts.in_visit, "" if not facts.in_visit else "it has greeted in this visit already"
    if facts.ago is None or facts.ago >= _PAUSES.get(trigger.cap, float("inf")):
        return True, ""
    return False, f"it has greeted this visitor already, and comes {_AGAIN[trigger.cap]}"


def _may_come_again(_trigger: Trigger, facts: Facts) -> tuple[bool, str]:
    if facts.dismissed:
        return False, "this visitor has sent it away"
    return not facts.opened, "this visitor has opened the chat in this visit already" if facts.opened else ""


_AGAIN = {"day": "once a day", "week": "once a week", "ever": "only once"}
_CONDITIONS: Mapping[str, _Condition] = {
    "after_seconds": _waited,
    "scrolled": _scrolled,
    "on_exit": _leaves,
    "idle_seconds": _idles,
    "event": _heard,
    "at_least": _reached,
    "pages": _is_there,
    "visitor": _is_whom,
    "nth_page": _came_far,
    "in_hours": _has_people,
    "cap": _is_due,
    "after_dismissal": _may_come_again,
}


def _number(value: object) -> float | None:
    """A number as the website tells it, as a number or in digits."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None


def _count(number: float) -> str:
    return f"{number:g}" if number < 1e6 else f"{number:,.0f}"


def _seconds(number: float) -> str:
    return f"{_count(number)} second{'' if number == 1 else 's'}"


def _listed(reasons: Sequence[str]) -> str:
    return " and ".join(reasons) if len(reasons) < 3 else f"{', '.join(reasons[:-1])} and {reasons[-1]}"
