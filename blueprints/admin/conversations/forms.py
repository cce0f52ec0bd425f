"""What teammates type in the inbox."""

from wtforms import BooleanField, HiddenField, MultipleFileField, RadioField, StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import Optional, Regexp, ValidationError

from core import conversations, notes
from core.inboxes import saved_views
from core.texts import required_text
from web.forms import PlainForm, told_at_the_field
from web.uploads import sent_files


class ReplyForm(PlainForm):
    """A message to the customer: words, files, or both. Or a note, which the customer never gets: words alone."""

    mode = RadioField(
        "For whom", choices=[SelectChoice("reply", "Reply"), SelectChoice("note", "Note to the team")], default="reply"
    )
    text = TextAreaField("Your reply")
    # Made where the reply is typed: the same reply sent twice is stored once.
    client_id = HiddenField(validators=[Optional(), Regexp(r"[A-Za-z0-9-]{8,64}\Z", message="Reload the page.")])

    # The canned reply that it began as, so that the useful ones are known.
    canned_reply = HiddenField()
    files = MultipleFileField("Add files")

    @property
    def is_note(self) -> bool:
        return bool(self.mode.data == "note")

    def validate_text(self, field: TextAreaField) -> None:
        if not (field.data or "").strip() and sent_files("files") and not self.is_note:
            field.data = ""
            return
        name = "Your note" if self.is_note else "Your reply"
        with told_at_the_field():
            field.data = required_text(field.data, name=name, limit=conversations.MESSAGE_LIMIT)

    def validate_files(self, field: MultipleFileField) -> None:
        if self.is_note and sent_files("files"):
            raise ValidationError("A note takes no files. Send them as a reply, or take them off.")


class DraftForm(PlainForm):
    """What somebody has typed so far."""

    mode = HiddenField()
    text = TextAreaField()


class NoteForm(PlainForm):
    """A note that is worded anew."""

    text = TextAreaField("Your note")

    def validate_text(self, field: TextAreaField) -> None:
        with told_at_the_field():
            field.data = required_text(field.data, name="Your note", limit=notes.LIMIT)


class SavedViewForm(PlainForm):
    """What a saved view is called, and for whom it is."""

    name = StringField("Name")
    is_shared = BooleanField("For everybody in the team")

    @property
    def problem(self) -> str:
        return " ".join(self.name.errors)

    def validate_name(self, field: StringField) -> None:
        with told_at_the_field():
            field.data = required_text(field.data, name="The name", limit=saved_views.NAME_LIMIT)


class CorrectionForm(PlainForm):
    """What the agent should have answered; the core says what is missing."""

    question = StringField("Question")
    answer = TextAreaField("Answer")
