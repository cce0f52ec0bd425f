"""Forms of a teammate's own account."""

from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from web.forms import email_field


class NameForm(FlaskForm):  # type: ignore[misc]
    name = StringField("Your name", validators=[InputRequired("Write your name."), Length(max=120)])


class EmailForm(FlaskForm):  # type: ignore[misc]
    email = email_field("E-mail you sign in with")
    password = PasswordField("Your current password", validators=[InputRequired("Write your current password.")])


class PasswordForm(FlaskForm):  # type: ignore[misc]
    current = PasswordField("Current password", validators=[InputRequired("Write your current password.")])
    new = PasswordField("New password", validators=[InputRequired("Choose a new password.")])
