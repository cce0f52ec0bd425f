"""Colours, letters and measures."""

from typing import Any

from wtforms import StringField

from core.widget_configs import COLOURS, DERIVED_COLOURS, MEASURES, WidgetConfig, preset_of
from web.fragments import is_partial

_CHOICES = ("scheme", "header", "header_layout", "density", "shadow", "font")
_NAMES = (*COLOURS, *DERIVED_COLOURS, *MEASURES, *_CHOICES)
PROBLEMS = tuple(f"theme.{name}" for name in (*COLOURS, *DERIVED_COLOURS, *MEASURES))


class Fields:
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
    header_layout = StringField("Name in the header")
    density = StringField("Space")
    shadow = StringField("Shadow")
    font = StringField("Letters")


def settings_of(form: Any) -> dict[str, Any]:
    if picked_preset(form):
        # All of the preset counts, and nothing of what stood in the other fields before.
        return {"theme": {"preset": form.preset.data}}
    theme = {name: form[name].data for name in _NAMES}
    # With scripts a proposal is written into its field; htmx also sends a button that merely has the focus.
    name, _, colour = ("" if is_partial() else form.proposal.data or "").partition("=")
    return {"theme": theme | {name: colour} if name in (*COLOURS, *DERIVED_COLOURS) else theme}


def values_of(config: WidgetConfig) -> dict[str, Any]:
    key = preset_key(config)
    return {"preset": key, "preset_before": key, **{name: getattr(config.theme, name) for name in _NAMES}}


def picked_preset(form: Any) -> bool:
    """Whether another preset was picked than the one that the form came with."""
    return bool(form.preset.data) and form.preset.data != form.preset_before.data


def preset_key(config: WidgetConfig) -> str:
    preset = preset_of(config.theme)
    return preset.key if preset else ""
