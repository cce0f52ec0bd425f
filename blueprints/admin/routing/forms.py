"""Form of Settings → Who answers."""

from typing import Any

from wtforms import RadioField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from core import routing
from core.routing import Mode, Rules
from web.forms import PlainForm

_MODES = {
    Mode.OFF: "To nobody: whoever likes takes one",
    Mode.TURNS: "In turns",
    Mode.LEAST: "To whoever has the fewest",
}
EXPLAINED = {
    Mode.OFF: "All of the team see who waits, and choose for themselves. Good for small teams.",
    Mode.TURNS: "Each gets one after the other, whoever is there and has room.",
    Mode.LEAST: "Whoever is there and has the fewest conversations gets the next one.",
}


class RoutingForm(PlainForm):
    mode = RadioField(
        "To whom a waiting conversation is given",
        choices=[SelectChoice(mode.value, words) for mode, words in _MODES.items()],
        validators=[InputRequired("Choose one of the three.")],
    )
    minutes = SelectField(
        "When nobody has answered, it goes on to somebody else",
        coerce=int,
        choices=[SelectChoice(number, f"after {number} minutes" if number else "never") for number in routing.MINUTES],
    )

    @classmethod
    def of(cls, rules: Rules) -> Any:
        """With what holds."""
        return cls(formdata=None, data={"mode": rules.mode.value, "minutes": rules.minutes})

    @property
    def rules(self) -> Rules:
        """What was chosen."""
        return Rules(Mode(self.mode.data), self.minutes.data)
