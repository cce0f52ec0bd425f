"""Forms of Settings → Rooms."""

from typing import Any

from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from core.rooms import NAME_LIMIT, Told, check_address
from core.texts import clean_line
from web.forms import PlainForm, told_at_the_field

WORDS = {
    Told.WAITING: "A customer asks for a person",
    Told.LATE: "A customer has waited too long",
    Told.RATED_BADLY: "A customer was not content",
    Told.STARTED: "A new conversation begins",
}


class RoomForm(PlainForm):
    """What a room is called, and what it is told."""

    name = StringField(
        "Name",
        filters=[lambda text: clean_line(text) if text else text],
        validators=[InputRequired("Write a name."), Length(max=NAME_LIMIT, message="Use at most 60 letters.")],
    )
    is_on = BooleanField("Tell this room")

    @property
    def told(self) -> list[Told]:
        return [kind for kind in Told if self[kind.value].data]

    def ticks(self) -> list[Any]:
        """The ticks of what can be told, in their order on the page."""
        return [self[kind.value] for kind in WORDS]


for _kind, _words in WORDS.items():
    setattr(RoomForm, _kind.value, BooleanField(_words))


class NewRoomForm(RoomForm):
    address = StringField("Address of the room", validators=[InputRequired("Paste the address."), Length(max=2_000)])

    def validate_address(self, field: StringField) -> None:
        field.data = (field.data or "").strip()
        with told_at_the_field():
            check_address(field.data)
