"""The site owner's own CSS."""

from typing import Any

from wtforms import BooleanField, HiddenField, TextAreaField

from core.custom_css import PROPERTIES, SELECTORS
from core.widget_configs import WidgetConfig

PROBLEMS = ("custom_css",)
NAMES = {
    kind: [(one.name, one.meaning) for one in listed]
    for kind, listed in (("selectors", SELECTORS), ("properties", PROPERTIES))
}
"""What the editor completes, as it takes it."""


class Fields:
    custom_css = TextAreaField("Custom CSS")
    custom_css_is_on = BooleanField("Use this CSS")
    # An unticked box sends nothing; this says that it was there.
    has_css_switch = HiddenField()


def settings_of(form: Any) -> dict[str, Any]:
    settings = {"custom_css": form.custom_css.data}
    if form.has_css_switch.data:
        settings["custom_css_is_on"] = form.custom_css_is_on.data
    return settings


def values_of(config: WidgetConfig) -> dict[str, Any]:
    return {"custom_css": config.custom_css, "custom_css_is_on": config.custom_css_is_on}
