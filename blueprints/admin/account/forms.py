"""Forms of a teammate's own account."""

from wtforms import PasswordField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from web.forms import PlainForm, code_field, email_field, name_field


class NameForm(PlainForm):
    name = name_field()


class EmailForm(PlainForm):
    email = email_field("E-mail you sign in with")
    password = PasswordField("Your current password", validators=[InputRequired("Write your current password.")])


class PasswordForm(PlainForm):
    current = PasswordField("Current password", validators=[InputRequired("Write your current password.")])
    new = PasswordField("New password", validators=[InputRequired("Choose a new password.")])


class AuthenticatorForm(PlainForm):
    code = code_field("Code that the app shows")


class PasskeyForm(PlainForm):
    name = StringField(
        "Name of this passkey",
        validators=[
            DataRequired("Give it a name, such as the device it is in."),
            Length(max=60, message="Use at most 60 letters."),
        ],
    )
