"""What differs between two looks, in the words of the customizer."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import TypeVar

from core.widget_configs.config import Theme, WidgetConfig
from core.widget_configs.parts import Brand, Consent, Hours, Launcher, PreChat
from core.widget_configs.presets import preset_of
from core.widget_configs.trigger_words import described
from core.widget_words import LANGUAGES

_Row = TypeVar("_Row")
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
    "header_layout": "Name in the header",
    "icon": "Icon",
    "text": "Text beside the icon",
    "fill": "Launcher",
    "colour": "Colour of the launcher",
    "second_colour": "Second colour of the launcher",
    "image": "Picture of the launcher",
    "size": "Size of the launcher",
    "side": "Distance from the side",
    "edge": "Distance from the edge",
    "phone_position": "Corner on phones",
    "phone_size": "Size of the launcher on phones",
    "phone_side": "Distance from the side on phones",
    "phone_edge": "Distance from the edge on phones",
    "layer": "Layer (z-index)",
    "full_screen_below": "Fills the screen below",
    "screens": "Shown on",
    "badge": "Count of unread messages",
    "opener": "Own element that opens the chat",
    "bubble": "Button beside your own element",
    "page_rule": "Pages",
    "pages": "Addresses of pages",
    "avatar": "Picture of the agent",
    "logo": "Logo",
    "handoff": "Offer of a person",
    "attachments": "Files and pictures",
    "emoji": "Emoji",
    "sound": "Sounds",
    "transcript": "Copy of the conversation",
    "pop_out": "Own window",
    "resize": "Larger window",
    "link_previews": "Previews of links",
    "custom_css_is_on": "Custom CSS",
    "language": "Language",
    "own_language": "Language of your texts",
}
# What a choice is called in the customizer, where its own word would mean little to a reader.
_CHOICES = {
    "font": {
        "system": "of the device",
        "humanist": "open",
        "geometric": "round and even",
        "rounded": "soft",
        "serif": "bookish",
        "mono": "typewriter",
        "inter": "Inter",
        "nunito": "Nunito",
        "manrope": "Manrope",
        "source-serif": "Source Serif",
        "lora": "Lora",
        "jetbrains-mono": "JetBrains Mono",
    },
    "header": {"plain": "plain", "accent": "in the accent colour"},
    "header_layout": {"start": "at the side", "center": "in the middle"},
    "scheme": {"auto": "as the visitor’s device", "light": "light", "dark": "dark"},
}
# What is named after nothing: its value would mean little to a reader.
_PICTURES = ("avatar", "logo", "image")


@dataclass(frozen=True)
class Change:
    what: str
    before: str
    after: str


def changes(before: WidgetConfig, after: WidgetConfig) -> tuple[Change, ...]:
    """Each setting that differs, in the order of the customizer; nothing when the looks are the same."""
    return tuple(_changes(before, after))


def name_of(setting: str) -> str:
    """What a setting is called, by its own name."""
    return _WORDS.get(setting, setting.replace("_", " ").capitalize())


def _changes(before: WidgetConfig, after: WidgetConfig) -> Iterator[Change]:
    yield from _changed("name", before.name, after.name)
    yield from _changed("greeting", before.greeting, after.greeting)
    yield from _listed("Special greetings", before.greetings, after.greetings, lambda greeting: greeting.text)
    yield from _listed("First questions", before.suggested_questions, after.suggested_questions, str)
    yield from _changed("language", before.language, after.language)
    yield from _changed("own_language", before.own_language, after.own_language)
    yield from _word_changes(before, after)
    yield from _theme_changes(before.theme, after.theme)
    yield from _part_changes(before.brand, after.brand)
    yield from _changed("position", before.position, after.position)
    yield from _part_changes(before.launcher, after.launcher)
    if before.custom_css != after.custom_css:
        was, now = (f"{len(one.custom_css.splitlines()):,} lines" for one in (before, after))
        yield Change(_WORDS["custom_css"], was, now)
    yield from _changed("custom_css_is_on", before.custom_css_is_on, after.custom_css_is_on)
    for name in after.features:
        yield from _changed(name, before.features.get(name, False), after.features[name])
    yield from _listed("Opens by itself", before.triggers, after.triggers, described, none="never")
    yield from _whole("Business hours", before.hours, after.hours)
    yield from _whole("Form before the chat", before.pre_chat, after.pre_chat)
    yield from _whole("Consent line", before.consent, after.consent)


def _part_changes(before: Brand | Launcher, after: Brand | Launcher) -> Iterator[Change]:
    for one in fields(before):
        # What the tone of a logo is, follows from the logo.
        if one.name != "logo_tone":
            yield from _changed(one.name, getattr(before, one.name), getattr(after, one.name))


def _word_changes(before: WidgetConfig, after: WidgetConfig) -> Iterator[Change]:
    for language in LANGUAGES:
        was, now = (one.words.get(language, {}) for one in (before, after))
        for name in sorted(was.keys() | now.keys()):
            if was.get(name) != now.get(name):
                what = f"Words in {language}: {name.replace('_', ' ')}"
                yield Change(what, *(_shown(one.get(name) or "the usual ones") for one in (was, now)))


def _listed(
    what: str, before: Sequence[_Row], after: Sequence[_Row], words: Callable[[_Row], str], *, none: str = "nothing"
) -> Iterator[Change]:
    if before != after:
        yield Change(what, *(_shown(" · ".join(map(words, rows)) or none) for rows in (before, after)))


def _whole(what: str, before: Hours | PreChat | Consent, after: Hours | PreChat | Consent) -> Iterator[Change]:
    """One line for a part whose single values say little."""
    if before.is_on != after.is_on:
        yield Change(what, *("on" if one.is_on else "off" for one in (before, after)))
    elif before != after:
        names = [
            one.name.replace("_", " ")
            for one in fields(before)
            if getattr(before, one.name) != getattr(after, one.name)
        ]
        yield Change(what, "as before", f"other {', '.join(names)}")


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
        yield Change(_WORDS[name], *(_value(name, value) for value in (before, after)))


def _value(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if name in _PICTURES:
        return "a picture" if value else "nothing"
    if name in _CHOICES:
        return _CHOICES[name][str(value)]
    return _shown(" · ".join(value) if isinstance(value, tuple) else str(value))


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return (text if len(text) <= _LONGEST else f"{text[:_LONGEST].rstrip()}…") or "nothing"
