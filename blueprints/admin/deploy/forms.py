"""What is asked in the deploy dialog."""

from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from core.installs import PLACES
from web.forms import PlainForm, email_field

_TOO_LONG = "This is too long for the address of a website."


class WebsiteForm(PlainForm):
    pattern = StringField(
        "Add a website",
        validators=[
            InputRequired("Write the address of a website, for example example.com."),
            Length(max=2000, message=_TOO_LONG),
        ],
    )


class CheckForm(PlainForm):
    address = StringField(
        "Address of a page",
        validators=[
            InputRequired("Write the address of a page of your site, for example www.example.com."),
            Length(max=2000, message=_TOO_LONG),
        ],
    )


class HandoverForm(PlainForm):
    email = email_field("E-mail of your developer")
    place = SelectField(choices=[SelectChoice(place.key, place.name) for place in PLACES], default="any")
