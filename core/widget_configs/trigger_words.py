"""Triggers as sentences."""

from collections.abc import Iterator

from core.widget_configs.parts import Trigger

_CAPS = {
    "visit": "once in a visit",
    "day": "once a day",
    "week": "once a week",
    "ever": "once",
    "always": "on every page",
}
_VISITORS = {"new": "for new visitors", "returning": "for returning visitors"}


def described(trigger: Trigger) -> str:
    """A trigger as a sentence, such as *Greet after 20 seconds on pages under /pricing, once a day*."""
    words = [trigger.does.capitalize(), " and ".join(_waits_of(trigger)), *_limits_of(trigger)]
    return f"{' '.join(word for word in words if word)}, {_CAPS[trigger.cap]}"


def _waits_of(trigger: Trigger) -> Iterator[str]:
    if trigger.after_seconds is not None:
        yield f"after {trigger.after_seconds} second{'' if trigger.after_seconds == 1 else 's'}"
    if trigger.scrolled is not None:
        yield f"after {trigger.scrolled}% of the page"
    if trigger.on_exit:
        yield "on the way out"
    if trigger.idle_seconds is not None:
        yield f"after {trigger.idle_seconds} seconds without a move"
    if trigger.event:
        yield f"at the event {trigger.event}"
    if trigger.value:
        yield f"when {trigger.value} reaches {trigger.at_least:g}"
    if trigger.nth_page is not None:
        yield f"from page {trigger.nth_page} of a visit on"


def _limits_of(trigger: Trigger) -> Iterator[str]:
    if trigger.pages:
        under = trigger.pages.endswith("*")
        yield f"on {'pages under ' if under else ''}{trigger.pages.removesuffix('*').rstrip('/') or 'all pages'}"
    if trigger.visitor != "any":
        yield _VISITORS[trigger.visitor]
    if trigger.in_hours:
        yield "in business hours"
