"""The form that asks again who sits there."""

from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import InputRequired


class ConfirmationForm(FlaskForm):  # type: ignore[misc]
    password = PasswordField("Your password", validators=[InputRequired("Write your password.")])
