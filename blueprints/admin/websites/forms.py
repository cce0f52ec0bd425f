"""What is asked about the websites of an agent."""

from flask_wtf import FlaskForm
from wtforms import BooleanField, IntegerField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from core.domains import read_entries

_LONGEST = 20_000


class WebsitesForm(FlaskForm):  # type: ignore[misc]
    """Further websites for the list, as somebody types or pastes them."""

    addresses = StringField(
        "Add a website",
        validators=[
            InputRequired("Write the address of a website, for example example.com."),
            Length(max=_LONGEST, message="This is too long for a list of websites."),
        ],
    )
    # What is offered beside what was typed, such as *.example.com beside example.com.
    also = SelectMultipleField(validate_choice=False)
    # Where in the list, to undo a removal.
    position = IntegerField(validators=[Optional(), NumberRange(0, 1000)])

    def validate_addresses(self, field: StringField) -> None:
        problems = [entry for entry in read_entries(field.data or "") if entry.pattern is None]
        if problems:
            raise ValidationError(" ".join(f"“{entry.text[:80]}”: {entry.problem}" for entry in problems[:3]))

    def patterns(self) -> list[str]:
        """What was typed and what of the offers was taken, as patterns."""
        typed = [str(entry.pattern) for entry in read_entries(self.addresses.data)]
        return [*typed, *self.also.data]


class SwitchForm(FlaskForm):  # type: ignore[misc]
    is_on = BooleanField()


class PageForm(FlaskForm):  # type: ignore[misc]
    """A page for which the list is tried; asked by GET, changes nothing."""

    class Meta:
        csrf = False

    page = StringField("Address of a page", validators=[Length(max=_LONGEST)])
