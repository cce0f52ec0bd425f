"""What is said to customers while nobody of the business is there."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from core import business_hours, widget_configs, widget_words
from core.widget_configs import Hours, WidgetConfig

_AHEAD = timedelta(days=8)
_MOST_TURNS = 16


@dataclass(frozen=True)
class Absence:
    text: str
    """The sentence, in which `{time}` may stand for when somebody is back."""
    until: datetime | None
    """When somebody is back; None where that is not known."""
    time: str
    """The same in words, by the clock of the business, for who has no script to say it by their own."""

    @property
    def sentence(self) -> str:
        return self.text.replace("{time}", self.time)


def absence(config: WidgetConfig, *, language: str, now: datetime) -> Absence | None:
    """What is said now; nothing while people are there."""
    return None if business_hours.is_open(config.hours, now) else next_absence(config, language=language, now=now)


def next_absence(config: WidgetConfig, *, language: str, now: datetime) -> Absence:
    """What is said when people are not there, whether they are or not."""
    until = business_hours.next_opening(config.hours, now)
    words = widget_words.say(language, "away_until" if until else "away", own=config.words)
    own = widget_configs.spoken(config, language).hours.away
    return Absence(own or words, until, _time(config.hours, until))


def turns_ahead(config: WidgetConfig, *, now: datetime) -> list[datetime]:
    """When people go and come next, in turn, so that an open chat can tell by itself.

    Returns:
        Moments of which the last one is when they come; none where no hours are set, or nobody ever comes.
    """
    hours = config.hours
    found = business_hours.turns(hours, now, now + _AHEAD)[:_MOST_TURNS]
    is_open_at_last = business_hours.is_open(hours, now) == (len(found) % 2 == 0)
    if is_open_at_last:
        return found
    back = business_hours.next_opening(hours, found[-1] if found else now)
    return [*found, back] if back else found[:-1]


def waiting_sentence(config: WidgetConfig, *, language: str, now: datetime) -> str | None:
    """What somebody is told who asks for a person while nobody is there; nothing while people are."""
    told = absence(config, language=language, now=now)
    if told is None:
        return None
    key = "handoff_away_until" if told.until else "handoff_away"
    return widget_words.say(language, key, own=config.words, time=told.time)


def _time(hours: Hours, until: datetime | None) -> str:
    # Figures alone read well in each language.
    return f"{until.astimezone(ZoneInfo(hours.time_zone)):%Y-%m-%d, %H:%M} ({hours.time_zone})" if until else ""
