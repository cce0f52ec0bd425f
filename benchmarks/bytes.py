"""How many bytes each part of the widget weighs on the wire, from the built files and the pages that are served.

    python -m benchmarks.bytes

Prints Markdown. Scripts, sheets and words are counted in brotli as their server packs them (11 for what is cached,
7 for the frame's page); fonts are packed by themselves.
"""

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import brotli
from flask.testing import FlaskClient

from app import create_app
from blueprints.widget.frame_page import PARTS
from config.settings import Settings
from core import agents, widget_configs, widget_words
from core.clock import utc_now
from core.widget_configs import LANGUAGES, WidgetConfig
from models import db, transaction
from models.agents import Agent, WidgetVersion
from models.teammates import Workspace
from web.assets import DIST, asset_text

EVERYTHING: Mapping[str, Any] = {
    "name": "Lantern & Loom",
    "greeting": "Hello, I am Lumi. What can I do for you?",
    "suggested_questions": [f"How long does delivery number {n} take?" for n in range(1, 7)],
    "theme": {"font": "inter", "header": "accent", "said": "#14508c", "dark_accent": "#f0a06a"},
    "launcher": {
        "text": "Ask us",
        "fill": "gradient",
        "second_colour": "#146e50",
        "page_rule": "only",
        "pages": ["/shop"],
    },
    "features": dict.fromkeys(widget_configs.FEATURES, True),
    "greetings": [{"text": "Welcome back, {{customer.first_name|there}}.", "visitor": "returning"}],
    "hours": {"is_on": True, "time_zone": "Europe/Berlin", "away": "We are back tomorrow."},
    "pre_chat": {"is_on": True},
    "consent": {"is_on": True},
    "triggers": [
        {"after_seconds": 20, "pages": "/pricing"},
        {"scrolled": 60},
        {"on_exit": True, "visitor": "returning"},
    ],
    "custom_css": ".bubble { border-radius: 4px }",
}


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(_settings(Path(folder)))
        with app.app_context():
            db.create_all()
            agent = _agent()
            for line in _report(app.test_client(), agent):
                print(line)


def _settings(folder: Path) -> Settings:
    return Settings(
        public_url="https://chat.example.com",
        data_dir=folder,
        secret_key="of no use to anybody but a measurement",
        database_url=f"sqlite:///{folder / 'bytes.db'}",
        testing=True,
    )


def _agent() -> Agent:
    with transaction():
        workspace = Workspace(name="Lantern & Loom", created_at=utc_now())
        db.session.add(workspace)
        db.session.flush()
        return agents.create(workspace, name="Lantern & Loom", site_url=None, patterns=[], by=None, now=utc_now())


def _report(client: FlaskClient, agent: Agent) -> Iterator[str]:
    yield "| on every page of the website | bytes |\n|---|---|"
    yield f"| loader, default look | {_loader(client, agent):,} |"
    page = _page(client, agent)
    pages = {language: _page(client, agent, language) for language in LANGUAGES}
    _publish(agent, EVERYTHING)
    yield f"| loader, everything on | {_loader(client, agent):,} |"
    yield f"| rules, only where a trigger needs more than a delay | {_packed(asset_text('rules.js')):,} |"
    yield "\n| when somebody shows interest | bytes |\n|---|---|"
    yield f"| frame page, default look, English | {page:,} |"
    yield f"| frame page, everything on, English | {_page(client, agent):,} |"
    size, language = max((_page(client, agent, language), language) for language in LANGUAGES)
    yield f"| the same in the language that needs most ({language}) | {size:,} |"
    yield f"| style of a conversation | {_packed(asset_text('thread.css')):,} |"
    yield "\n| frame page by language | " + " | ".join(pages) + " |"
    yield "|---" * (len(pages) + 1) + "|"
    yield "| bytes | " + " | ".join(f"{size:,}" for size in pages.values()) + " |"
    yield "\n| only when it is used | script | style | words | together |\n|---|---|---|---|---|"
    for name in sorted({part.partition(".")[0] for part in PARTS}):
        yield _row_of_part(name)
    yield "\n| data and letters, only when used | bytes |\n|---|---|"
    yield from _rows_of_data()


def _loader(client: FlaskClient, agent: Agent) -> int:
    return _packed(client.get(f"/widget/{agent.public_id}.js").text)


def _page(client: FlaskClient, agent: Agent, language: str = "en") -> int:
    answer = client.get(f"/widget/{agent.public_id}?mode=bubble&locale={language}")
    return _packed(answer.text, quality=7)


def _publish(agent: Agent, settings: Mapping[str, Any]) -> None:
    config, problems = widget_configs.check(settings, base=WidgetConfig(name=agent.name))
    if problems:
        raise SystemExit(f"These settings cannot all be used: {problems}")
    with transaction():
        row = WidgetVersion(agent_id=agent.id, number=2, settings=config.as_settings(), published_at=utc_now())
        db.session.add(row)


def _row_of_part(name: str) -> str:
    script, style = (_built(f"{name}.{kind}") for kind in ("js", "css"))
    group = widget_words.groups("en").get(name.replace("-", "_"))
    words = _packed(json.dumps(group, ensure_ascii=False, separators=(",", ":"))) if group else 0
    cells = (f"{size:,}" if size else "" for size in (script, style, words, script + style + words))
    return f"| {name} | " + " | ".join(cells) + " |"


def _rows_of_data() -> Iterator[str]:
    emoji = {path.name.split("-")[1]: _packed(path.read_text("utf-8")) for path in sorted(DIST.glob("emoji-??-*.json"))}
    if emoji:
        yield f"| names of emoji, English | {emoji['en']:,} |"
        yield f"| names of emoji, largest ({max(emoji, key=lambda one: emoji[one])}) | {max(emoji.values()):,} |"
    for path in sorted(DIST.glob("*-latin-wght-normal-*.woff2")):
        yield f"| {path.name.partition('-latin')[0]}, Latin letters | {path.stat().st_size:,} |"


def _built(name: str) -> int:
    manifest = json.loads((DIST / "manifest.json").read_text("utf-8"))
    return _packed((DIST / manifest[name]).read_text("utf-8")) if name in manifest else 0


def _packed(text: str, *, quality: int = 11) -> int:
    # A page's nonce and ticket differ each time, and with them a byte or two.
    steady = re.sub(r'(?<=data-ticket=")[^"]+', lambda found: "x" * len(found[0]), text)
    return len(brotli.compress(steady.encode(), quality=quality))


if __name__ == "__main__":
    main()
