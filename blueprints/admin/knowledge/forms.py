"""What is asked of somebody who teaches an agent."""

from datetime import datetime
from typing import Any

from flask_wtf.file import FileField
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, StopValidation, ValidationError

from core.knowledge.wording import LONGEST_ANSWER, LONGEST_QUESTION, MOST_PHRASINGS, worded
from models.knowledge import Entry
from web.forms import PlainForm


def _plain_newlines(text: str | None) -> str | None:
    # Browsers send two characters for a line break and count one.
    return text.replace("\r\n", "\n") if text else text


def _not_blank(form: PlainForm, field: Any) -> None:
    if not worded(field.data or "", field.data or "", ()).answer:
        raise StopValidation(f"Write the {field.short_name}.")


class EntryForm(PlainForm):
    """A question, its answer, and other ways to ask."""

    question = StringField(
        "Question",
        validators=[
            InputRequired("Write the question."),
            _not_blank,
            Length(max=LONGEST_QUESTION, message=f"Keep the question to {LONGEST_QUESTION} characters."),
        ],
    )
    answer = TextAreaField(
        "Answer",
        filters=[_plain_newlines],
        validators=[
            InputRequired("Write the answer."),
            _not_blank,
            Length(max=LONGEST_ANSWER, message=f"Keep the answer to {LONGEST_ANSWER:,} characters."),
        ],
    )
    phrasings = TextAreaField("Other ways to ask this", filters=[_plain_newlines])
    # The customer's words that this entry is made for; they are settled when it is saved.
    asked = HiddenField(validators=[Length(max=2000)])
    # When the texts were changed last before they were shown here.
    seen = HiddenField()

    @classmethod
    def of(cls, entry: Entry) -> "EntryForm":
        """The form filled with what an entry holds."""
        return cls(
            question=entry.question,
            answer=entry.answer,
            phrasings="\n".join(phrasing.text for phrasing in entry.phrasings),
            seen=entry.updated_at.isoformat(),
        )

    def validate_phrasings(self, field: TextAreaField) -> None:
        ways = self.ways_to_ask()
        if len(ways) > MOST_PHRASINGS:
            raise ValidationError(f"Keep it to {MOST_PHRASINGS} other ways to ask; there are {len(ways)}.")
        too_long = next((number for number, way in enumerate(ways, 1) if len(way) > LONGEST_QUESTION), None)
        if too_long:
            raise ValidationError(f"Keep each to {LONGEST_QUESTION} characters; number {too_long} is longer.")

    def validate_seen(self, field: HiddenField) -> None:
        try:
            self.seen_at()
        except ValueError:
            raise ValidationError("Reload the page and try again.") from None

    def ways_to_ask(self) -> tuple[str, ...]:
        return worded(self.question.data or "", "", (self.phrasings.data or "").split("\n")).phrasings

    def seen_at(self) -> datetime | None:
        return datetime.fromisoformat(self.seen.data) if self.seen.data else None

    def texts(self) -> dict[str, Any]:
        """What the core is to store."""
        return {"question": self.question.data, "answer": self.answer.data, "phrasings": self.ways_to_ask()}


class ImportForm(PlainForm):
    """A list, as a file or pasted."""

    file = FileField("A CSV or JSON file")
    pasted = TextAreaField("Or paste a list")

    def content(self) -> tuple[bytes, str]:
        """What was sent and what to call it; empty when nothing was."""
        if self.file.data and self.file.data.filename:
            return self.file.data.read(), self.file.data.filename
        return (self.pasted.data or "").encode("utf-8", "replace"), "what you pasted"
