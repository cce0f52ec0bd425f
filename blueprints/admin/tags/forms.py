"""What is typed on the pages of tags."""

from wtforms import RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from core.tags import COLOURS, LONGEST
from web.forms import PlainForm


class TagForm(PlainForm):
    name = StringField(
        "Name",
        validators=[
            InputRequired("Write the word that the tag shows."),
            Length(max=LONGEST, message=f"Use at most {LONGEST} letters."),
        ],
    )
    colour = RadioField(
        "Colour",
        choices=[SelectChoice(colour, colour.capitalize()) for colour in COLOURS],
        default=COLOURS[0],
        validators=[],
    )

    def typed(self) -> dict[str, str]:
        return {"name": self.name.data, "colour": self.colour.data}
