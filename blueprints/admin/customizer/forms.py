"""The look as the customizer's form sends it. What the values mean is checked by `core.widget_configs`."""

from typing import Any

from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, NumberRange, Optional

from blueprints.admin.customizer.sections import SECTIONS, SECTIONS_WITH_LISTS, theme
from core.widget_configs import WidgetConfig
from web.forms import PlainForm

_COUNT = NumberRange(0, 2**31 - 1)


class LookForm(PlainForm, *(section.Fields for section in SECTIONS)):  # type: ignore[misc]
    revision = IntegerField(validators=[InputRequired(), _COUNT])
    over = IntegerField(validators=[Optional(), _COUNT])
    arrange = StringField()

    def settings(self) -> dict[str, Any]:
        """What was sent, in the form of `WidgetConfig.as_settings`."""
        return {name: value for section in SECTIONS for name, value in section.settings_of(self).items()}

    @property
    def picked_preset(self) -> bool:
        """Whether another preset was picked than the one that the form came with."""
        return theme.picked_preset(self)


def look_form(config: WidgetConfig, *, revision: int) -> LookForm:
    """The form with a look in it; what a post leaves out stays as it is there."""
    form = LookForm(data=_values_of(config) | {"revision": revision})
    for section in SECTIONS_WITH_LISTS:
        section.arrange(form)
    return form


def fresh_form(config: WidgetConfig, *, revision: int) -> LookForm:
    """The form with a look in it, and nothing of what was posted."""
    return LookForm(formdata=None, data=_values_of(config) | {"revision": revision})


def _values_of(config: WidgetConfig) -> dict[str, Any]:
    return {name: value for section in SECTIONS for name, value in section.values_of(config).items()}
