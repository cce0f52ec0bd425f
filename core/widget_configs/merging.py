"""Brings together what two people made of the same look: three ways, setting by setting."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.widget_configs.changes import Change, changes
from core.widget_configs.config import WidgetConfig
from core.widget_configs.setting_words import in_words, named

MINE = "mine"
THEIRS = "theirs"
FOR_ALL = "*"
"""Under this key stands the choice for every clash that has none of its own."""

_Leaves = dict[str, Any]
# A language's words may be missing on one side; JSON has no value for that.
_MISSING = object()


@dataclass(frozen=True)
class Clash:
    """A setting that both have changed, each to something else."""

    key: str
    """Its path, such as `theme.accent`."""
    what: str
    """Its name in the words of the customizer."""
    before: str
    theirs: str
    mine: str
    choice: str = ""
    """`mine`, `theirs`, or nothing while it is open."""


@dataclass(frozen=True)
class Merge:
    """What comes of two looks that began from the same one."""

    config: WidgetConfig
    """With the own value where a clash is open, as it stands in the form."""
    from_them: tuple[Change, ...]
    """What only they changed, and is in `config`."""
    clashes: tuple[Clash, ...]

    their_name: str = ""
    """Who they are; empty for one's own other tab."""

    @property
    def is_settled(self) -> bool:
        return all(clash.choice for clash in self.clashes)


def merge(
    base: WidgetConfig, *, theirs: WidgetConfig, mine: WidgetConfig, choices: Mapping[str, str] | None = None
) -> Merge:
    """Take each setting from whoever changed it; where both did, as it was chosen.

    A list, such as the questions, is one setting: rows of two lists would make a third that nobody wrote.

    Args:
        base: what both began from.
        choices: `mine` or `theirs` for a clash, by its key.
    """
    old, left, right = (dict(_leaves(one.as_settings())) for one in (base, theirs, mine))
    merged, clashing = _merged(old, left, right, choices or {})
    from_them = {
        key: left.get(key, _MISSING)
        for key in _keys(old, left)
        if _differ(key, old, left) and _differ(key, left, right) and key not in clashing
    }
    return Merge(
        config=_config(merged),
        from_them=changes(base, _config(_with(old, from_them))),
        clashes=tuple(_clash(key, _choice(choices or {}, key), old, left, right) for key in clashing),
    )


def _merged(old: _Leaves, left: _Leaves, right: _Leaves, choices: Mapping[str, str]) -> tuple[_Leaves, list[str]]:
    merged, clashing = dict(right), []
    for key in _keys(old, left, right):
        if not _differ(key, old, left) or not _differ(key, left, right):
            continue
        is_clash = _differ(key, old, right)
        if is_clash:
            clashing.append(key)
        if not is_clash or _choice(choices, key) == THEIRS:
            _put(merged, key, left.get(key, _MISSING))
    return merged, clashing


def _clash(key: str, choice: str, *sides: _Leaves) -> Clash:
    before, theirs, mine = (in_words(key, side.get(key)) for side in sides)
    return Clash(key, named(key), before=before, theirs=theirs, mine=mine, choice=choice)


def _choice(choices: Mapping[str, str], key: str) -> str:
    choice = choices.get(key) or choices.get(FOR_ALL)
    return choice if choice in (MINE, THEIRS) else ""


def _leaves(settings: Mapping[str, Any], within: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{within}{name}.")
        else:
            yield f"{within}{name}", value


def _config(leaves: _Leaves) -> WidgetConfig:
    settings: dict[str, Any] = {}
    for path, value in leaves.items():
        *folders, name = path.split(".")
        place = settings
        for folder in folders:
            place = place.setdefault(folder, {})
        place[name] = value
    return WidgetConfig.from_settings(settings)


def _with(leaves: _Leaves, changed: _Leaves) -> _Leaves:
    result = dict(leaves)
    for key, value in changed.items():
        _put(result, key, value)
    return result


def _put(leaves: _Leaves, key: str, value: Any) -> None:
    if value is _MISSING:
        leaves.pop(key, None)
    else:
        leaves[key] = value


def _keys(*sides: _Leaves) -> dict[str, None]:
    return {key: None for side in sides for key in side}


def _differ(key: str, one: _Leaves, other: _Leaves) -> bool:
    return bool(one.get(key, _MISSING) != other.get(key, _MISSING))
