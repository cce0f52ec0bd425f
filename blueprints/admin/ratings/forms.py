"""Form of Settings → Ratings."""

from wtforms import BooleanField, RadioField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length

from core.ratings import QUESTION_LIMIT, Asked, Decisions
from core.texts import clean_line
from web.forms import PlainForm

_WHO = {
    Asked.EVERYBODY: "Every customer",
    Asked.PEOPLE: "Only customers to whom somebody of the team has written",
}


class RatingsForm(PlainForm):
    is_on = BooleanField("Ask customers how a conversation was when it is resolved")
    asked = RadioField("Who is asked", choices=[SelectChoice(who.value, words) for who, words in _WHO.items()])
    question = StringField(
        "Your own question",
        filters=[lambda text: clean_line(text) if text else ""],
        validators=[Length(max=QUESTION_LIMIT, message=f"Use at most {QUESTION_LIMIT} letters.")],
    )

    @classmethod
    def of(cls, decisions: Decisions) -> "RatingsForm":
        """With what holds."""
        return cls(formdata=None, data=decisions.as_json())

    @property
    def decisions(self) -> Decisions:
        return Decisions(bool(self.is_on.data), Asked(self.asked.data), self.question.data or "")
