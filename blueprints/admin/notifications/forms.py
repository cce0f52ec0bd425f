"""Form of a teammate's own notifications."""

import re
from typing import Any

from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from blueprints.admin.notifications.words import KINDS, PACES, WAYS
from core.notifications import Choices, Kind, Pace, QuietHours, Way
from web.forms import PlainForm

_CLOCK = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


def _check_clock(form: Any, field: Any) -> None:
    if form.is_quiet.data and not _CLOCK.fullmatch(field.data or ""):
        raise ValidationError("Write a time like 22:00.")


class ChoicesForm(PlainForm):
    """A tick for each kind and way, how often mail comes, and when nothing does."""

    pace = RadioField("How often", choices=[SelectChoice(pace.value, words) for pace, words in PACES.items()])
    is_quiet = BooleanField("Leave me alone at certain hours")
    quiet_begins = StringField("From", validators=[_check_clock])
    quiet_ends = StringField("Until", validators=[_check_clock])
    time_zone = StringField("Time zone", validators=[Length(max=64)])

    def validate_quiet_ends(self, field: Any) -> None:
        if self.is_quiet.data and field.data == self.quiet_begins.data:
            raise ValidationError("Let the quiet hours end at another time than they begin.")

    @classmethod
    def of(cls, choices: Choices) -> "ChoicesForm":
        """With what holds."""
        ticks = {name_of(kind, way): way in choices.ways[kind] for kind in Kind for way in Way}
        quiet = choices.quiet or QuietHours("20:00", "08:00", choices.time_zone)
        hours = {"quiet_begins": quiet.begins, "quiet_ends": quiet.ends, "time_zone": choices.time_zone}
        told = {"pace": choices.pace.value, "is_quiet": choices.quiet is not None}
        return cls(formdata=None, data=ticks | hours | told)

    @property
    def choices(self) -> Choices:
        zone = self.time_zone.data or "UTC"
        return Choices(
            ways={kind: frozenset(way for way in Way if self.tick(kind, way).data) for kind in Kind},
            pace=Pace(self.pace.data),
            time_zone=zone,
            quiet=QuietHours(self.quiet_begins.data, self.quiet_ends.data, zone) if self.is_quiet.data else None,
        )

    def tick(self, kind: Kind, way: Way) -> Any:
        return self[name_of(kind, way)]


def name_of(kind: Kind, way: Way) -> str:
    """What the tick of a kind and a way is called in the form."""
    return f"{kind.value}_{way.value}"


for _kind in Kind:
    for _way in Way:
        setattr(ChoicesForm, name_of(_kind, _way), BooleanField(f"{KINDS[_kind]}: {WAYS[_way]}"))
