"""Forms of the page about how an agent answers."""

from wtforms import IntegerField, RadioField, SelectMultipleField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from blueprints.admin.answering.words import LENGTHS, TONES, UNSUPPORTED
from core import answer_settings
from core.answer_settings import LONGEST_GUARDRAIL, MOST_GUARDRAILS, MOST_MONEY, MOST_TOKENS, Limits, Manner
from core.widget_words.languages import ENGLISH_NAMES
from web.forms import PlainForm, WholeOrEmpty
from web.money import MoneyField, in_millionths, in_units

_CHOOSE = "Choose one of these."
_TOKENS = f"Write a whole number from 1 to {MOST_TOKENS:,}, or leave the field empty."
_MONEY = "Write a sum like 2.50, or leave the field empty."


class MannerForm(PlainForm):
    tone = RadioField(
        "Tone",
        choices=[SelectChoice(tone.value, title) for tone, (title, _text) in TONES.items()],
        validators=[InputRequired(_CHOOSE)],
    )
    length = RadioField(
        "Length",
        choices=[SelectChoice(length.value, title) for length, (title, _text) in LENGTHS.items()],
        validators=[InputRequired(_CHOOSE)],
    )
    languages = SelectMultipleField(
        "Languages", choices=[SelectChoice(code, name) for code, name in ENGLISH_NAMES.items()]
    )
    guardrails = TextAreaField(
        "Rules", validators=[Length(max=MOST_GUARDRAILS * (LONGEST_GUARDRAIL + 2), message="These are too many words.")]
    )
    unsupported = RadioField(
        "An answer that nothing supports",
        choices=[SelectChoice(choice.value, title) for choice, (title, _text) in UNSUPPORTED.items()],
        validators=[InputRequired(_CHOOSE)],
    )

    @classmethod
    def of(cls, manner: Manner) -> "MannerForm":
        return cls(
            formdata=None,
            data={
                "tone": manner.tone.value,
                "length": manner.length.value,
                "languages": list(manner.languages),
                "guardrails": "\n".join(manner.guardrails),
                "unsupported": manner.unsupported.value,
            },
        )

    def manner(self) -> Manner:
        return Manner(
            tone=answer_settings.Tone(self.tone.data),
            length=answer_settings.Length(self.length.data),
            languages=tuple(self.languages.data or ()),
            guardrails=tuple((self.guardrails.data or "").splitlines()),
            unsupported=answer_settings.Unsupported(self.unsupported.data),
        )


def _tokens() -> IntegerField:
    return IntegerField("", validators=[WholeOrEmpty(_TOKENS), NumberRange(1, MOST_TOKENS, message=_TOKENS)])


def _money() -> MoneyField:
    return MoneyField(
        "", validators=[WholeOrEmpty(_MONEY), NumberRange(0.000001, MOST_MONEY // 1_000_000, message=_MONEY)]
    )


class LimitsForm(PlainForm):
    """One number for each limit; an empty one is no limit."""

    conversation_tokens = _tokens()
    conversation_money = _money()
    day_tokens = _tokens()
    day_money = _money()

    @classmethod
    def of(cls, limits: Limits) -> "LimitsForm":
        return cls(
            formdata=None,
            data={
                "conversation_tokens": limits.conversation_tokens,
                "conversation_money": in_units(limits.conversation_money),
                "day_tokens": limits.day_tokens,
                "day_money": in_units(limits.day_money),
            },
        )

    def limits(self) -> Limits:
        return Limits(
            self.conversation_tokens.data,
            in_millionths(self.conversation_money.data),
            self.day_tokens.data,
            in_millionths(self.day_money.data),
        )
