"""Forms of the pages about language models."""

from wtforms import BooleanField, IntegerField, PasswordField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from core.language_models import LONGEST_PATIENCE, MOST_PRICE, Draft, read_address
from models.answering import LanguageModel
from web.forms import PlainForm, WholeOrEmpty, told_at_the_field
from web.money import MoneyField, in_millionths, in_units

_PRICE = "Write a price like 0.15, from 0 to 10,000, or leave the field empty."
_SECONDS = f"Write a whole number from 1 to {LONGEST_PATIENCE}, or leave the field empty."


def _price(label: str) -> MoneyField:
    return MoneyField(label, validators=[WholeOrEmpty(_PRICE), NumberRange(0, MOST_PRICE // 1_000_000, message=_PRICE)])


class ModelForm(PlainForm):
    title = StringField(
        "Name", validators=[InputRequired("Give it a name."), Length(max=60, message="Use at most 60 letters.")]
    )
    base_url = StringField("Address", validators=[InputRequired("Write the address of the server."), Length(max=2000)])
    name = StringField("Model", validators=[Length(max=200, message="Use at most 200 letters.")])
    key = PasswordField("Key", validators=[Length(max=500, message="A key has at most 500 letters.")])
    needs_no_key = BooleanField("It needs no key: forget the one that is kept")
    input_price = _price("A million tokens read cost")
    output_price = _price("A million tokens written cost")
    patience = IntegerField(
        "Seconds until its first word",
        validators=[WholeOrEmpty(_SECONDS), NumberRange(1, LONGEST_PATIENCE, message=_SECONDS)],
    )

    @classmethod
    def of(cls, model: LanguageModel) -> "ModelForm":
        """With what is kept; a key is never shown again."""
        kept = {name: getattr(model, name) for name in ("title", "base_url", "name", "patience")}
        prices = {name: in_units(getattr(model, name)) for name in ("input_price", "output_price")}
        return cls(formdata=None, data=kept | prices)

    def validate_base_url(self, field: StringField) -> None:
        with told_at_the_field():
            read_address(field.data or "")

    def draft(self) -> Draft:
        """What was written; an empty key keeps the one that is there."""
        key = (self.key.data or "").strip() or ("" if self.needs_no_key.data else None)
        return Draft(
            self.title.data or "",
            self.base_url.data or "",
            self.name.data or "",
            key,
            in_millionths(self.input_price.data),
            in_millionths(self.output_price.data),
            self.patience.data,
        )
