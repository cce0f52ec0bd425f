"""Pictures of the business: of the agent, and its logo."""

from typing import Any

from wtforms import StringField

from core.widget_configs import WidgetConfig
from web.fragments import is_partial

PROBLEMS = ("brand.avatar", "brand.logo")


class Fields:
    avatar = StringField("Picture of the agent")
    logo = StringField("Logo")
    without = StringField()


def settings_of(form: Any) -> dict[str, Any]:
    # With scripts the field is emptied; htmx also sends a button that merely has the focus.
    without = "" if is_partial() else form.without.data
    return {"brand": {name: "" if name == without else form[name].data for name in ("avatar", "logo")}}


def values_of(config: WidgetConfig) -> dict[str, Any]:
    return {"avatar": config.brand.avatar, "logo": config.brand.logo}
