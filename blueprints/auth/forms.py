"""Forms of those who are not signed in."""

from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from core import accounts, passwords, setup_codes, websites
from web.forms import PlainForm, code_field, email_field, name_field, recovery_code_field, told_at_the_field


class WelcomeForm(PlainForm):
    name = name_field()
    email = email_field()
    password = PasswordField("Password", validators=[InputRequired("Choose a password.")])
    website = StringField(
        "Your website’s address", validators=[InputRequired("Write the address of your website."), Length(max=2000)]
    )
    setup_code = StringField("Code of this server", validators=[Length(max=100)])

    @property
    def needs_setup_code(self) -> bool:
        """Whether only who runs the server may make the account."""
        return bool(setup_codes.current())

    def validate_setup_code(self, field: StringField) -> None:
        with told_at_the_field():
            setup_codes.check(field.data or "")

    def validate_password(self, field: PasswordField) -> None:
        with told_at_the_field():
            passwords.check_new(field.data, email=accounts.normal_email(self.email.data or ""))

    def validate_website(self, field: StringField) -> None:
        with told_at_the_field():
            websites.read_site(field.data)


class SignInForm(PlainForm):
    email = StringField("E-mail", validators=[InputRequired("Write your e-mail address."), Length(max=254)])
    password = PasswordField("Password", validators=[InputRequired("Write your password.")])


class CodeForm(PlainForm):
    code = code_field()


class RecoveryCodeForm(PlainForm):
    recovery_code = recovery_code_field()


class ForgotPasswordForm(PlainForm):
    email = email_field()


class NewPasswordForm(PlainForm):
    password = PasswordField("New password", validators=[InputRequired("Choose a password.")])


class InvitationForm(PlainForm):
    name = name_field()
    password = PasswordField("Password", validators=[InputRequired("Choose a password.")])
