"""The form that asks again who sits there."""

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from web.forms import PlainForm


class ConfirmationForm(PlainForm):
    password = PasswordField("Your password", validators=[InputRequired("Write your password.")])
    # One of them, for those who have a second factor.
    code = StringField("Code of your app", validators=[Length(max=20)])
    recovery_code = StringField("Recovery code", validators=[Length(max=60)])
