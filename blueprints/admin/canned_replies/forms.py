"""What teammates type on the pages of canned replies."""

from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from core import canned_replies
from core.canned_replies import LONGEST_SHORTCUT, LONGEST_TEXT, LONGEST_TITLE
from web.forms import PlainForm, told_at_the_field


class CannedReplyForm(PlainForm):
    title = StringField(
        "Title",
        validators=[
            InputRequired("Give it a title."),
            Length(max=LONGEST_TITLE, message=f"Use at most {LONGEST_TITLE} letters."),
        ],
    )
    shortcut = StringField(
        "Shortcut",
        validators=[
            InputRequired("Choose the word to type behind a slash."),
            Length(max=LONGEST_SHORTCUT, message=f"Use at most {LONGEST_SHORTCUT} letters."),
        ],
    )
    text = TextAreaField(
        "Reply",
        validators=[
            InputRequired("Write the reply."),
            Length(max=LONGEST_TEXT, message=f"Use at most {LONGEST_TEXT:,} letters."),
        ],
    )

    def validate_text(self, field: Any) -> None:
        if not field.errors:
            with told_at_the_field():
                canned_replies.check_text(field.data)

    def typed(self) -> dict[str, str]:
        return {"title": self.title.data, "shortcut": self.shortcut.data, "text": self.text.data}
