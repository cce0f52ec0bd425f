"""Forms of a teammate's own account."""

from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import InputRequired

from web.forms import email_field, name_field


class NameForm(FlaskForm):  # type: ignore[misc]
    name = name_field()


class EmailForm(FlaskForm):  # type: ignore[misc]
    email = email_field("E-mail you sign in with")
    password = PasswordField("Your current password", validators=[InputRequired("Write your current password.")])


class PasswordForm(FlaskForm):  # type: ignore[misc]
    current = PasswordField("Current password", validators=[InputRequired("Write your current password.")])
    new = PasswordField("New password", validators=[InputRequired("Choose a new password.")])
