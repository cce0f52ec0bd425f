"""One more website for the list."""

from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.validators import InputRequired, Length


class WebsiteForm(FlaskForm):  # type: ignore[misc]
    pattern = StringField(
        "Add a website",
        validators=[
            InputRequired("Write the address of a website, for example example.com."),
            Length(max=2000, message="This is too long for the address of a website."),
        ],
    )
