"""Reads what makes the widget greet or open by itself."""

from typing import Any

from core.widget_configs.parts import CAPS, MOST_TRIGGERS, TRIGGER_ACTIONS, VISITORS, Trigger
from core.widget_configs.reading import Reader

_LONGEST_TIME = 3600
_CONDITIONS = ("after_seconds", "scrolled", "on_exit", "idle_seconds", "event", "value", "nth_page")


def triggers_of(reader: Reader, base: tuple[Trigger, ...]) -> tuple[Trigger, ...]:
    """The triggers, in their order; those before when one of them cannot be used."""
    before = len(reader.problems)
    rows = reader.rows("triggers", most=MOST_TRIGGERS, what="triggers")
    if rows is None:
        return base
    triggers = tuple(_trigger(row) for row in rows)
    return triggers if len(reader.problems) == before else base


def _trigger(row: Reader) -> Trigger:
    trigger = Trigger(
        after_seconds=_seconds(row, "after_seconds"),
        scrolled=row.optional_number("scrolled", None, 1, 100),
        on_exit=row.switch("on_exit", False),
        idle_seconds=_seconds(row, "idle_seconds"),
        event=row.text("event", "", longest=60, what="event"),
        value=row.text("value", "", longest=60, what="name of the number"),
        at_least=_amount(row),
        pages=row.pages("pages"),
        visitor=row.choice("visitor", "any", VISITORS),
        nth_page=row.optional_number("nth_page", None, 2, 100),
        in_hours=row.switch("in_hours", False),
        does=row.choice("does", "greet", TRIGGER_ACTIONS),
        text=row.greeting("text", "", longest=300, what="text"),
        cap=row.choice("cap", "visit", CAPS),
        after_dismissal=row.switch("after_dismissal", False),
    )
    conditions = [getattr(trigger, name) for name in _CONDITIONS]
    # Not by comparing with False: 0 seconds are a time, too.
    if all(value is None or value is False or value == "" for value in conditions):
        row.refuse("after_seconds", "Say what it waits for, such as a number of seconds.")
    return trigger


def _seconds(row: Reader, key: str) -> int | None:
    value = row.raw(key)
    # Whoever writes 2.5 in a file means a time, too.
    if isinstance(value, float) and 0 <= value <= _LONGEST_TIME:
        return round(value)
    return row.optional_number(key, None, 0, _LONGEST_TIME)


def _amount(row: Reader) -> float:
    value: Any = row.raw("at_least")
    if value is None or value == "":
        return 0.0
    try:
        amount = float(value)
    except (TypeError, ValueError):
        amount = -1.0
    if isinstance(value, bool) or not 0 <= amount <= 1e9:
        row.refuse("at_least", "Write a number from 0 to 1,000,000,000.")
        return 0.0
    return amount
