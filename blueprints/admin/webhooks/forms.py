"""What is asked about a webhook."""

from typing import Any

from wtforms import BooleanField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from core.webhooks import KINDS
from web.forms import PlainForm


class WebhookForm(PlainForm):
    """Where it is sent, and what."""

    KINDS = KINDS

    address = StringField(
        "Address",
        validators=[
            InputRequired("Enter the address that is to be told, like https://shop.example/webhooks."),
            Length(max=2_000, message="This address is too long."),
        ],
    )
    name = StringField("Name", validators=[Optional(), Length(max=60, message="Use at most 60 letters.")])
    kinds = SelectMultipleField(
        "Events",
        choices=[SelectChoice(kind, words) for kind, words in KINDS.items()],
        validators=[InputRequired("Choose at least one event.")],
    )

    def typed(self) -> dict[str, Any]:
        return {"name": self.name.data or "", "address": self.address.data, "kinds": self.kinds.data}


class SwitchForm(PlainForm):
    is_on = BooleanField()
