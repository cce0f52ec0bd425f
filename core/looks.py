"""Widget settings of one agent: what they name has to be its workspace's own."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core import pictures, widget_configs
from core.widget_configs import WidgetConfig
from models.agents import Agent

_UPLOAD = "Upload the picture once more."


def check(agent: Agent, settings: Mapping[str, Any], *, base: WidgetConfig) -> tuple[WidgetConfig, dict[str, str]]:
    """Read settings that somebody wrote for an agent, as `widget_configs.check` does.

    A picture that is not of the agent's workspace is refused in words, and what was there before stays.
    """
    config, problems = widget_configs.check(settings, base=base)
    brand, launcher = config.brand, config.launcher
    if not _is_own(agent, brand.avatar, base.brand.avatar):
        brand, problems["brand.avatar"] = replace(brand, avatar=base.brand.avatar), _UPLOAD
    if not _is_own(agent, brand.logo, base.brand.logo):
        brand, problems["brand.logo"] = replace(brand, logo=base.brand.logo), _UPLOAD
    if not _is_own(agent, launcher.image, base.launcher.image):
        launcher, problems["launcher.image"] = replace(launcher, image=base.launcher.image), _UPLOAD
    brand = replace(brand, logo_tone=_tone(agent, brand.logo))
    return replace(config, brand=brand, launcher=launcher), problems


def _is_own(agent: Agent, picture: str, before: str) -> bool:
    return picture in ("", before) or pictures.owned(agent.workspace_id, picture) is not None


def _tone(agent: Agent, logo: str) -> str:
    picture = pictures.owned(agent.workspace_id, logo) if logo else None
    return picture.tone if picture else ""
