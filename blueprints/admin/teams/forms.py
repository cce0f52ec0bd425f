"""Form of a team."""

import uuid
from collections.abc import Sequence
from typing import Any

from wtforms import SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from core import teams
from core.texts import clean_line
from core.widget_words import NAMES
from models.teammates import Teammate
from web.forms import PlainForm

_LONG = f"Use at most {teams.NAME_LIMIT} letters."


class TeamForm(PlainForm):
    name = StringField(
        "Name",
        filters=[lambda text: clean_line(text) if text else ""],
        validators=[DataRequired("Write a name."), Length(max=teams.NAME_LIMIT, message=_LONG)],
    )
    languages = SelectMultipleField("Languages", choices=[SelectChoice(code, name) for code, name in NAMES.items()])
    members = SelectMultipleField("Who belongs to it")

    @classmethod
    def offering(cls, people: Sequence[Teammate], **options: Any) -> Any:
        """With those who may belong to it."""
        form = cls(**options)
        form.members.choices = [SelectChoice(str(one.id), one.name) for one in people]
        return form

    @property
    def chosen(self) -> dict[str, Any]:
        """What was written, as `teams.add` and `teams.change` take it."""
        members = {uuid.UUID(one) for one in self.members.data or []}
        return {"name": self.name.data, "languages": self.languages.data or [], "members": members}
