"""What teammates type in the inbox."""

from wtforms import HiddenField, MultipleFileField, TextAreaField
from wtforms.validators import Optional, Regexp

from core import conversations
from core.texts import required_text
from web.forms import PlainForm, told_at_the_field
from web.uploads import sent_files


class ReplyForm(PlainForm):
    """A message to the customer: words, files, or both."""

    text = TextAreaField("Your reply")
    # Made where the reply is typed: the same reply sent twice is stored once.
    client_id = HiddenField(validators=[Optional(), Regexp(r"[A-Za-z0-9-]{8,64}\Z", message="Reload the page.")])

    files = MultipleFileField("Add files")

    def validate_text(self, field: TextAreaField) -> None:
        if not (field.data or "").strip() and sent_files("files"):
            field.data = ""
            return
        with told_at_the_field():
            field.data = required_text(field.data, name="Your reply", limit=conversations.MESSAGE_LIMIT)
