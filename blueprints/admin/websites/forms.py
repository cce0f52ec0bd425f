"""What is asked about the websites of an agent."""

from wtforms import BooleanField, IntegerField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from core import websites
from web.forms import PlainForm, told_at_the_field

_LONGEST = 20_000


class WebsitesForm(PlainForm):
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
        with told_at_the_field():
            websites.read_written(field.data or "")

    def patterns(self) -> list[str]:
        """What was typed and what of the offers was taken, as patterns."""
        return [*websites.read_written(self.addresses.data), *self.also.data]


class SwitchForm(PlainForm):
    is_on = BooleanField()


class PageForm(PlainForm):
    """A page for which the list is tried; asked by GET, changes nothing."""

    class Meta:
        csrf = False

    page = StringField("Address of a page", validators=[Length(max=_LONGEST)])
