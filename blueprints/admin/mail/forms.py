"""Forms of Settings → E-mail."""

from wtforms import BooleanField, IntegerField, PasswordField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from core.letters import signatures
from core.letters.mailboxes import Wanted
from core.letters.settings import LEAST_MINUTES, MOST_MINUTES, LetterSettings
from core.texts import clean_line
from gateways.outgoing.imap import PORT
from models.letters import MailboxKind
from web.forms import PlainForm, told_at_the_field

KINDS = {
    MailboxKind.POSTMARK: "Postmark",
    MailboxKind.MAILGUN: "Mailgun",
    MailboxKind.SENDGRID: "SendGrid",
    MailboxKind.IMAP: "A mailbox of your own (IMAP)",
}
_BETWEEN = f"Write a whole number from {LEAST_MINUTES} to {MOST_MINUTES:,}."


def _line(text: str | None) -> str:
    return clean_line(text) if text else ""


class LeavingForm(PlainForm):
    is_on = BooleanField("E-mail customers what a teammate writes after they have left the chat")
    minutes = IntegerField(
        "Minutes that a message may stand unread",
        validators=[InputRequired(_BETWEEN), NumberRange(LEAST_MINUTES, MOST_MINUTES, message=_BETWEEN)],
    )

    @classmethod
    def of(cls, settings: LetterSettings) -> "LeavingForm":
        """With what holds."""
        return cls(formdata=None, data=vars(settings))

    @property
    def settings(self) -> LetterSettings:
        return LetterSettings(bool(self.is_on.data), int(self.minutes.data or 0))


class MailboxForm(PlainForm):
    kind = RadioField(
        "How the mail comes in",
        choices=[SelectChoice(kind.value, words) for kind, words in KINDS.items()],
        validators=[InputRequired("Choose how the mail comes in.")],
    )
    address = StringField(
        "Address that customers answer to",
        filters=[_line],
        validators=[InputRequired("Write the address."), Length(max=254)],
    )
    key = PasswordField("Signing key of Mailgun", validators=[Length(max=500)])
    public_key = StringField("Public key of SendGrid", validators=[Length(max=500)])
    host = StringField("Server", filters=[_line], validators=[Length(max=253)])
    port = IntegerField("Port", default=PORT, validators=[NumberRange(1, 65_535, message="A port is 1 to 65,535.")])
    user = StringField("User", filters=[_line], validators=[Length(max=254)])
    password = PasswordField("Password", validators=[Length(max=500)])
    folder = StringField("Folder", default="INBOX", filters=[_line], validators=[Length(max=200)])

    def validate_host(self, field: StringField) -> None:
        if self._is_imap and not field.data:
            raise ValidationError("Write the server, like imap.example.com.")

    def validate_user(self, field: StringField) -> None:
        if self._is_imap and not field.data:
            raise ValidationError("Write who signs in to the mailbox.")

    def validate_password(self, field: PasswordField) -> None:
        if self._is_imap and not field.data:
            raise ValidationError("Write the password of the mailbox.")

    def validate_key(self, field: PasswordField) -> None:
        if self.kind.data == MailboxKind.MAILGUN and not field.data:
            raise ValidationError("Write the key that Mailgun signs with: Settings, API security, HTTP webhook key.")

    def validate_public_key(self, field: StringField) -> None:
        if self.kind.data == MailboxKind.SENDGRID and field.data:
            with told_at_the_field():
                signatures.read_key(field.data)

    @property
    def wanted(self) -> Wanted:
        kind = MailboxKind(self.kind.data)
        if kind is not MailboxKind.IMAP:
            keys = {MailboxKind.MAILGUN: self.key.data, MailboxKind.SENDGRID: self.public_key.data}
            return Wanted(kind, self.address.data, keys.get(kind) or "")
        settings = {
            "host": self.host.data,
            "port": self.port.data or PORT,
            "user": self.user.data,
            "folder": self.folder.data or "INBOX",
        }
        return Wanted(kind, self.address.data, self.password.data or "", settings)

    @property
    def _is_imap(self) -> bool:
        return bool(self.kind.data == MailboxKind.IMAP)
