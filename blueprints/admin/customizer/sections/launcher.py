"""The button on the website's pages, and where it stands."""

from typing import Any

from wtforms import StringField

from core.widget_configs import WidgetConfig

PROBLEMS = ("launcher.text",)


class Fields:
    position = StringField("Corner")
    icon = StringField("Icon")
    text = StringField("Text beside the icon")


def settings_of(form: Any) -> dict[str, Any]:
    return {"position": form.position.data, "launcher": {"icon": form.icon.data, "text": form.text.data}}


def values_of(config: WidgetConfig) -> dict[str, Any]:
    return {"position": config.position, "icon": config.launcher.icon, "text": config.launcher.text}
