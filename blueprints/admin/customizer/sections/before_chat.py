"""What comes before the first message: the form, and the line about privacy."""

from typing import Any

from wtforms import BooleanField, FieldList, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from core.widget_configs import MOST_FIELDS, WidgetConfig

_KINDS = [
    SelectChoice("text", "A line of text"),
    SelectChoice("email", "E-mail address"),
    SelectChoice("phone", "Telephone number"),
    SelectChoice("choice", "One of several answers"),
]
_NUMBERS = [SelectChoice(str(row)) for row in range(MOST_FIELDS)]
_OWN_KEYS = ("email", "phone")
PROBLEMS = (
    "pre_chat.intro",
    "pre_chat.fields",
    *(f"pre_chat.fields.{row}.{part}" for row in range(MOST_FIELDS) for part in ("label", "choices")),
    "consent.text",
    "consent.link",
)


def _rows(field: Any) -> FieldList:
    return FieldList(field, min_entries=MOST_FIELDS, max_entries=MOST_FIELDS)


class Fields:
    # An unticked box sends nothing; this says that the section was there.
    has_before_chat = HiddenField()
    pre_chat_is_on = BooleanField("Ask before the first message")
    pre_chat_intro = TextAreaField("Above the questions")
    asked_key = _rows(HiddenField())
    asked_label = _rows(StringField())
    asked_kind = _rows(SelectField(choices=_KINDS, default="text", validate_choice=False))
    asked_choices = _rows(TextAreaField())
    # By the numbers of their rows: a list of boxes would forget which of them were not ticked.
    asked_required = SelectMultipleField(choices=_NUMBERS, validate_choice=False)
    consent_is_on = BooleanField("Show a line about privacy")
    consent_text = TextAreaField("The line")
    consent_link = StringField("Address of your privacy policy")
    consent_must_agree = BooleanField("Customers have to agree before they can write")


def settings_of(form: Any) -> dict[str, Any]:
    if not form.has_before_chat.data:
        return {}
    return {
        "pre_chat": {
            "is_on": form.pre_chat_is_on.data,
            "intro": form.pre_chat_intro.data,
            "fields": _fields_of(form),
        },
        "consent": {
            "is_on": form.consent_is_on.data,
            "text": form.consent_text.data,
            "link": form.consent_link.data,
            "must_agree": form.consent_must_agree.data,
        },
    }


def values_of(config: WidgetConfig) -> dict[str, Any]:
    fields = config.pre_chat.fields
    return {
        "pre_chat_is_on": config.pre_chat.is_on,
        "pre_chat_intro": config.pre_chat.intro,
        "asked_key": [field.key for field in fields],
        "asked_label": [field.label for field in fields],
        "asked_kind": [field.kind for field in fields],
        "asked_choices": ["\n".join(field.choices) for field in fields],
        "asked_required": [str(row) for row, field in enumerate(fields) if field.is_required],
        "consent_is_on": config.consent.is_on,
        "consent_text": config.consent.text,
        "consent_link": config.consent.link,
        "consent_must_agree": config.consent.must_agree,
    }


def _fields_of(form: Any) -> list[dict[str, Any]]:
    fields: list[dict[str, Any]] = []
    rows = zip(form.asked_key, form.asked_label, form.asked_kind, form.asked_choices, strict=True)
    for number, (key, label, kind, choices) in enumerate(rows):
        if not (label.data or "").strip():
            continue
        used = {field["key"] for field in fields}
        own = kind.data if kind.data in _OWN_KEYS and kind.data not in used else ""
        fields.append(
            {
                "key": key.data or own,
                "label": label.data,
                "kind": kind.data,
                "choices": (choices.data or "").splitlines(),
                "is_required": str(number) in (form.asked_required.data or ()),
            }
        )
    return fields
