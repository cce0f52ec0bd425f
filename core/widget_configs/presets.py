"""Looks to start from."""

from dataclasses import dataclass

from core.widget_configs.config import Theme


@dataclass(frozen=True)
class Preset:
    key: str
    name: str
    theme: Theme


PRESETS: tuple[Preset, ...] = (
    Preset("lantern", "Lantern", Theme()),
    Preset(
        "harbour",
        "Harbour",
        Theme(accent="#1f5fbf", paper="#f4f7fb", ink="#1c2733", font="system", corners=16),
    ),
    Preset(
        "meadow",
        "Meadow",
        Theme(accent="#2f7a4d", paper="#f5f8f2", ink="#24301f", font="humanist", corners=20),
    ),
    Preset(
        "orchid",
        "Orchid",
        Theme(accent="#7a3fb8", paper="#faf6fd", ink="#2a2233", font="geometric", corners=22, header="accent"),
    ),
    Preset(
        "rosewood",
        "Rosewood",
        Theme(accent="#a8324f", paper="#fdf6f5", ink="#33211f", font="serif", corners=12),
    ),
    Preset(
        "slate",
        "Slate",
        Theme(
            accent="#334155", paper="#f5f6f8", ink="#1e2530", corners=8, density="compact", shadow="none", text_size=14
        ),
    ),
    Preset(
        "midnight",
        "Midnight",
        Theme(accent="#0e7490", paper="#f2f8fa", ink="#10222a", scheme="dark", corners=18, header="accent"),
    ),
    Preset(
        "ink",
        "Ink",
        Theme(
            accent="#111111", paper="#ffffff", surface="#f3f3f3", ink="#111111", font="serif", corners=0, shadow="none"
        ),
    ),
)


def preset_named(key: object) -> Preset | None:
    """The preset of this key, if there is one."""
    return next((preset for preset in PRESETS if preset.key == key), None)


def preset_of(theme: Theme) -> Preset | None:
    """The preset that a theme is, unchanged."""
    return next((preset for preset in PRESETS if preset.theme == theme), None)
