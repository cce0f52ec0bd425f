"""Forms of a teammate's own account."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from web.forms import code_field, email_field, name_field


class NameForm(FlaskForm):  # type: ignore[misc]
    name = name_field()


class EmailForm(FlaskForm):  # type: ignore[misc]
    email = email_field("E-mail you sign in with")
    password = PasswordField("Your current password", validators=[InputRequired("Write your current password.")])


class PasswordForm(FlaskForm):  # type: ignore[misc]
    current = PasswordField("Current password", validators=[InputRequired("Write your current password.")])
    new = PasswordField("New password", validators=[InputRequired("Choose a new password.")])


class AuthenticatorForm(FlaskForm):  # type: ignore[misc]
    code = code_field("Code that the app shows")


class PasskeyForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        "Name of this passkey",
        validators=[
            DataRequired("Give it a name, such as the device it is in."),
            Length(max=60, message="Use at most 60 letters."),
        ],
    )
