"""The look as the customizer's form sends it. What the values mean is checked by `core.widget_configs`."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import FieldList, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange, Optional

from core.widget_configs import COLOURS, DERIVED_COLOURS, MEASURES, MOST_QUESTIONS, WidgetConfig, preset_of
from web.fragments import is_partial

_COUNT = NumberRange(0, 2**31 - 1)
_CHOICES = ("scheme", "header", "density", "shadow", "font")
THEME_FIELDS = (*COLOURS, *DERIVED_COLOURS, *MEASURES, *_CHOICES)


class LookForm(FlaskForm):  # type: ignore[misc]
    revision = IntegerField(validators=[InputRequired(), _COUNT])
    over = IntegerField(validators=[Optional(), _COUNT])
    name = StringField("Name")
    greeting = TextAreaField("Greeting")
    question = FieldList(StringField(), min_entries=MOST_QUESTIONS, max_entries=MOST_QUESTIONS)
    preset = StringField("Start from")
    preset_before = StringField()
    proposal = StringField()
    accent = StringField("Accent colour")
    paper = StringField("Background")
    surface = StringField("Agent’s bubbles")
    ink = StringField("Words")
    said = StringField("Customer’s bubbles")
    dark_accent = StringField("Accent colour")
    dark_paper = StringField("Background")
    dark_surface = StringField("Agent’s bubbles")
    dark_ink = StringField("Words")
    corners = StringField("Round corners")
    text_size = StringField("Size of the words")
    width = StringField("Width of the window")
    height = StringField("Height of the window")
    scheme = StringField("Light or dark")
    header = StringField("Header")
    density = StringField("Space")
    shadow = StringField("Shadow")
    font = StringField("Letters")
    position = StringField("Corner")
    icon = StringField("Icon")
    text = StringField("Text beside the icon")

    def settings(self) -> dict[str, Any]:
        """What was sent, in the form of `WidgetConfig.as_settings`."""
        return {
            "name": self.name.data,
            "greeting": self.greeting.data,
            "suggested_questions": [question or "" for question in self.question.data],
            "theme": self._theme(),
            "position": self.position.data,
            "launcher": {"icon": self.icon.data, "text": self.text.data},
        }

    def _theme(self) -> dict[str, Any]:
        if self.picked_preset:
            # All of the preset counts, and nothing of what stood in the other fields before.
            return {"preset": self.preset.data}
        theme = {name: self[name].data for name in THEME_FIELDS}
        # With scripts a proposal is written into its field; htmx also sends a button that merely has the focus.
        name, _, colour = ("" if is_partial() else self.proposal.data or "").partition("=")
        return theme | {name: colour} if name in (*COLOURS, *DERIVED_COLOURS) else theme

    @property
    def picked_preset(self) -> bool:
        """Whether another preset was picked than the one that the form came with."""
        return bool(self.preset.data) and self.preset.data != self.preset_before.data


def look_form(config: WidgetConfig, *, revision: int) -> LookForm:
    """The form with a look in it; what a post leaves out stays as it is there."""
    return LookForm(data=_values_of(config) | {"revision": revision})


def fresh_form(config: WidgetConfig, *, revision: int) -> LookForm:
    """The form with a look in it, and nothing of what was posted."""
    return LookForm(formdata=None, data=_values_of(config) | {"revision": revision})


def preset_key(config: WidgetConfig) -> str:
    preset = preset_of(config.theme)
    return preset.key if preset else ""


def _values_of(config: WidgetConfig) -> dict[str, Any]:
    key = preset_key(config)
    return {
        "name": config.name,
        "greeting": config.greeting,
        "question": list(config.suggested_questions),
        "preset": key,
        "preset_before": key,
        **{name: getattr(config.theme, name) for name in THEME_FIELDS},
        "position": config.position,
        "icon": config.launcher.icon,
        "text": config.launcher.text,
    }
