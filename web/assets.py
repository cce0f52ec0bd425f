"""Built front-end files under their hashed names, and icons as inline SVG."""

import json
import re
from functools import cache
from pathlib import Path

from flask import Flask
from markupsafe import Markup
from whitenoise import WhiteNoise

from config.settings import ROOT
from web.headers import headers_of_assets

DIST = ROOT / "static" / "dist"
_HASHED = re.compile(r"-[0-9A-Z]{8}\.[a-z0-9.]+$")


class AssetMissing(RuntimeError):
    """The front end has not been built; `./run --setup` does it."""


def serve_assets(app: Flask) -> None:
    """Serve static/dist by WhiteNoise, pre-compressed and, by their hashes, for ever."""
    app.jinja_env.globals.update(asset=asset_url, icon=icon)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(DIST),
        prefix="/assets/",
        immutable_file_test=lambda _path, url: bool(_HASHED.search(url)),
        max_age=300,
        allow_all_origins=False,
        add_headers_function=headers_of_assets,
    )


def asset_url(name: str) -> str:
    """The address of a built file, like `admin.js`.

    Raises:
        AssetMissing: when it has not been built.
    """
    return f"/assets/{_built_name(name)}"


def asset_text(name: str) -> str:
    """The content of a built file, to be inlined."""
    return (DIST / _built_name(name)).read_text(encoding="utf-8")


@cache
def icon(name: str, label: str = "") -> Markup:
    """A Tabler icon as inline SVG; decorative unless it gets a label."""
    body = _icons().get(name)
    if body is None:
        raise AssetMissing(f"The icon {name} is not built: run ./run --setup.")
    named = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup(
        '<svg class="icon" width="24" height="24" viewBox="0 0 24 24" fill="none" stroke="currentColor" '
        'stroke-width="2" stroke-linecap="round" stroke-linejoin="round" {}>{}</svg>'
    ).format(named, Markup(body))  # noqa: S704 - our own build output


def _built_name(name: str) -> str:
    try:
        return _manifest()[name]
    except KeyError:
        raise AssetMissing(f"{name} is not built: run ./run --setup.") from None


@cache
def _manifest() -> dict[str, str]:
    return _read_json(DIST / "manifest.json")


@cache
def _icons() -> dict[str, str]:
    return _read_json(DIST / "icons.json")


def _read_json(path: Path) -> dict[str, str]:
    try:
        content: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AssetMissing(f"{path.name} is not built: run ./run --setup.") from None
    return content
