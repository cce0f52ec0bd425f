"""What differs between two looks, in the words of the customizer."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from core.widget_configs.config import Theme, WidgetConfig
from core.widget_configs.presets import preset_of

_LONGEST = 80
_WORDS = {
    "name": "Name",
    "greeting": "Greeting",
    "position": "Corner",
    "custom_css": "Custom CSS",
    "accent": "Accent colour",
    "scheme": "Light or dark",
    "paper": "Background",
    "surface": "Agent’s bubbles",
    "ink": "Words",
    "said": "Customer’s bubbles",
    "header": "Header",
    "corners": "Round corners",
    "density": "Space",
    "shadow": "Shadow",
    "font": "Letters",
    "text_size": "Size of the words",
    "width": "Width of the window",
    "height": "Height of the window",
    "dark_accent": "Accent colour in dark mode",
    "dark_paper": "Background in dark mode",
    "dark_surface": "Agent’s bubbles in dark mode",
    "dark_ink": "Words in dark mode",
    "icon": "Icon",
    "text": "Text beside the icon",
    "handoff": "Offer of a person",
}


@dataclass(frozen=True)
class Change:
    what: str
    before: str
    after: str


def changes(before: WidgetConfig, after: WidgetConfig) -> tuple[Change, ...]:
    """Each setting that differs, in the order of the customizer; nothing when the looks are the same."""
    return tuple(_changes(before, after))


def _changes(before: WidgetConfig, after: WidgetConfig) -> Iterator[Change]:
    yield from _changed("name", before.name, after.name)
    yield from _changed("greeting", before.greeting, after.greeting)
    if before.suggested_questions != after.suggested_questions:
        was, now = (" · ".join(one.suggested_questions) for one in (before, after))
        yield Change("First questions", _shown(was), _shown(now))
    yield from _theme_changes(before.theme, after.theme)
    yield from _changed("position", before.position, after.position)
    yield from _changed("icon", before.launcher.icon, after.launcher.icon)
    yield from _changed("text", before.launcher.text, after.launcher.text)
    if before.custom_css != after.custom_css:
        was, now = (f"{len(one.custom_css.splitlines()):,} lines" for one in (before, after))
        yield Change(_WORDS["custom_css"], was, now)
    for name in after.features:
        was, now = ("on" if one.features.get(name) else "off" for one in (before, after))
        yield from _changed(name, was, now)
    if before.triggers != after.triggers:
        was, now = (
            ", ".join(f"after {trigger.after_seconds} s" for trigger in one.triggers) for one in (before, after)
        )
        yield Change("Opens by itself", was or "never", now or "never")


def _theme_changes(before: Theme, after: Theme) -> Iterator[Change]:
    preset = preset_of(after)
    if preset is not None and before != after:
        # Twenty single values would say less than the one thing that was done.
        earlier = preset_of(before)
        yield Change("Theme", earlier.name if earlier else "your own", preset.name)
        return
    for field in fields(Theme):
        yield from _changed(field.name, getattr(before, field.name), getattr(after, field.name))


def _changed(name: str, before: object, after: object) -> Iterator[Change]:
    if before != after:
        yield Change(_WORDS[name], _shown(str(before)), _shown(str(after)))


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return (text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()}…") or "nothing"
