"""What the customizer shows of greetings, hours and triggers beside their fields."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from blueprints.admin.customizer.forms import LookForm
from blueprints.admin.customizer.sections.triggers import KINDS
from core import absences, business_hours, greetings, widget_configs
from core.clock import utc_now
from core.widget_configs import Hours, WidgetConfig

_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def talk_of(form: LookForm, config: WidgetConfig) -> dict[str, Any]:
    """What the templates of these sections need.

    Args:
        config: what is in the draft, which may lack a row that cannot be used yet.
    """
    now = utc_now()
    has_all = len(config.triggers) == len(form.triggers)
    return {
        "trigger_kinds": [(kind, words) for kind, (words, _values) in KINDS.items()],
        "trigger_words": [widget_configs.described(trigger) for trigger in config.triggers] if has_all else [],
        "is_rearranged": bool(form.arrange.data),
        "variables": greetings.VARIABLES,
        "day_names": _DAY_NAMES,
        "zones": sorted(zone for zone in widget_configs.time_zones() if "/" in zone or zone == "UTC"),
        "hours_line": hours_line(config.hours, now),
        "usual_away": absences.next_absence(config, language=config.own_language, now=now).text,
    }


def away_of(config: WidgetConfig) -> dict[str, str]:
    """What the preview shows outside business hours, beside the look."""
    absence = absences.next_absence(config, language=config.own_language, now=utc_now())
    return {"away": absence.sentence} if config.hours.is_on else {}


def hours_line(hours: Hours, now: datetime) -> str:
    """Whether people are there now, and until when, by the clock of the business."""
    if not hours.is_on:
        return "People count as there at any time."
    if business_hours.is_open(hours, now):
        closes = business_hours.next_closing(hours, now)
        return f"Open now, closes {_at(closes, hours, now)}." if closes else "Open now, and never closed."
    opens = business_hours.next_opening(hours, now)
    return f"Closed now, opens {_at(opens, hours, now)}." if opens else "Closed now, and never open."


def _at(moment: datetime, hours: Hours, now: datetime) -> str:
    zone = ZoneInfo(hours.time_zone)
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    days = (local.date() - today).days
    if days == 0:
        return f"at {local:%H:%M}"
    return f"on {_DAY_NAMES[local.weekday()]} at {local:%H:%M}" if days < 7 else f"on {local:%d %B %Y} at {local:%H:%M}"
