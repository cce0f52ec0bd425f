"""What is asked about a key for a program."""

from collections.abc import Iterator
from typing import Any

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from blueprints.admin.api_keys.words import THINGS
from core.api_keys import DAYS, LONGEST_NAME, READ_ONLY, Thing
from web.forms import PlainForm

_NONE, _READ, _WRITE = "", "read", "write"
_PERIODS = tuple(zip(DAYS, ("30 days", "90 days", "A year"), strict=True))


class KeyForm(PlainForm):
    """A new key: what it is called, what it may do, and for how long."""

    name = StringField(
        "Name",
        validators=[
            InputRequired("Give the key a name, such as that of the program that uses it."),
            Length(max=LONGEST_NAME, message=f"Use at most {LONGEST_NAME} letters."),
        ],
    )
    days = SelectField(
        "Good for",
        choices=[*(SelectChoice(str(days), name) for days, name in _PERIODS), SelectChoice("", "Until it is revoked")],
        default=str(DAYS[1]),
    )

    def things(self) -> Iterator[tuple[str, Any]]:
        """Each thing with its field, and what it is."""
        for thing, (_name, text) in THINGS.items():
            yield text, self[f"may_{thing.value}"]

    def scopes(self) -> list[str]:
        chosen = ((thing, self[f"may_{thing.value}"].data) for thing in Thing)
        return [f"{thing.value}:{right}" for thing, right in chosen if right]

    def good_for(self) -> int | None:
        return int(self.days.data) if self.days.data else None


def _choices(thing: Thing) -> list[SelectChoice]:
    reading = [SelectChoice(_NONE, "Nothing"), SelectChoice(_READ, "Read")]
    return reading if thing in READ_ONLY else [*reading, SelectChoice(_WRITE, "Read and change")]


for _thing in Thing:
    setattr(KeyForm, f"may_{_thing.value}", SelectField(THINGS[_thing][0], choices=_choices(_thing), default=_NONE))
