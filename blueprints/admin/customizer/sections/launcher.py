"""The button on the website's pages, and where it and the window stand."""

from typing import Any

from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from core.widget_configs import LAUNCHER_MEASURES, WidgetConfig
from web.fragments import is_partial

COLOURS = ("colour", "second_colour")
_SWITCHES = ("badge", "bubble")
_TEXTS = ("colour", "second_colour", "fill", "phone_position", "screens", "opener", "page_rule", *LAUNCHER_MEASURES)
PROBLEMS = tuple(
    f"launcher.{name}" for name in ("text", "colour", "second_colour", "image", "pages", "opener", *LAUNCHER_MEASURES)
)


class Fields:
    position = StringField("Place")
    icon = StringField("Icon")
    text = StringField("Text beside the icon")
    image = StringField("Picture")
    launcher_fill = StringField("Filled with")
    launcher_colour = StringField("Colour of the launcher")
    launcher_second_colour = StringField("Second colour")
    launcher_phone_position = StringField("Place on phones")
    launcher_size = StringField("Size")
    launcher_side = StringField("Distance from the left or right")
    launcher_edge = StringField("Distance from the top or bottom")
    launcher_phone_size = StringField("Size on phones")
    launcher_phone_side = StringField("Distance from the left or right on phones")
    launcher_phone_edge = StringField("Distance from the top or bottom on phones")
    launcher_screens = StringField("Devices")
    launcher_badge = BooleanField("Count unread messages on it")
    launcher_page_rule = StringField("Pages")
    launcher_pages = TextAreaField("Addresses, one in each line")
    launcher_opener = StringField("Your own button")
    launcher_bubble = BooleanField("Show our button, too")
    launcher_full_screen_below = StringField("Fill pages up to this width")
    launcher_layer = StringField("Layer (z-index)")
    # An unticked box sends nothing; this says that they were there.
    has_launcher_switches = HiddenField()
    # No setting: a page to try the rule on.
    tried_page = StringField("Would it show on …?")


def settings_of(form: Any) -> dict[str, Any]:
    launcher = {name: form[f"launcher_{name}"].data for name in _TEXTS}
    launcher |= {"icon": form.icon.data, "text": form.text.data, "image": form.image.data}
    launcher["pages"] = (form.launcher_pages.data or "").splitlines()
    if form.has_launcher_switches.data:
        launcher |= {name: form[f"launcher_{name}"].data for name in _SWITCHES}
    return {"position": form.position.data, "launcher": launcher | _pressed(form)}


def values_of(config: WidgetConfig) -> dict[str, Any]:
    launcher = config.launcher
    values = {f"launcher_{name}": getattr(launcher, name) for name in (*_TEXTS, *_SWITCHES)}
    return values | {
        "position": config.position,
        "icon": launcher.icon,
        "text": launcher.text,
        "image": launcher.image,
        "launcher_pages": "\n".join(launcher.pages),
    }


def _pressed(form: Any) -> dict[str, str]:
    """What a button of this section changes. With scripts its field is filled; htmx also sends a button in focus."""
    if is_partial():
        return {}
    name, _, colour = (form.proposal.data or "").partition("=")
    changes = {name: colour} if name in COLOURS else {}
    return changes | ({"image": ""} if form.without.data == "image" else {})
