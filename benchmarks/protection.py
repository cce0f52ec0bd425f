"""What protection adds to a message, on SQLite: blocks, limits and risk marks together.

    python -m benchmarks.protection [--calls 500]

Inside one process and without a network: `POST /messages` with protection and with nothing in its place, for a
workspace with more and more blocked addresses. Taken is the processor's time, which others on the machine do not
lengthen.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

from flask import Flask

from app import create_app
from blueprints.widget import api
from config.settings import Settings
from core import agents, answers, protection, tickets
from core import protection_settings as settings
from core.clock import utc_now
from core.protection_settings import Limit
from models import db
from models.agents import Agent
from models.protection import Block
from models.teammates import Workspace
from web.extensions import limiter

ADDRESSES = {"IPv4": "203.0.113.7", "IPv6": "2001:db8:1:2::7"}


def app_on_disk(folder: Path) -> Flask:
    chosen = Settings(
        public_url="http://localhost",
        data_dir=folder,
        secret_key="a secret for measuring only, long enough",
        database_url=f"sqlite:///{folder / 'porchlight.db'}",
        testing=True,
    )
    return create_app(chosen)


def make_agent() -> Agent:
    now = utc_now()
    workspace = Workspace(name="Measured", created_at=now)
    db.session.add(workspace)
    db.session.commit()
    return agents.create(workspace, name="Lumi", site_url=None, patterns=["example.com"], by=None, now=now)


def block(agent: Agent, number: int) -> None:
    now = utc_now()
    db.session.add_all(
        Block(
            workspace_id=agent.workspace_id,
            network=f"{IPv4Address(0x0B000000 + one)}/32",
            created_at=now,
        )
        for one in range(number)
    )
    db.session.commit()


def open_chat(client: Any, agent: Agent) -> str:
    ticket = tickets.issue(agent, origin=None, channel="web")
    body = {"agentId": agent.public_id, "parentOrigin": "https://example.com", "ticket": ticket}
    return str(client.post("/api/v1/widget/sessions", json=body).json["token"])


def time_of(call: Callable[[int], object], calls: int) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    taken = []
    for number in range(calls):
        began = time.thread_time()
        call(number)
        taken.append((time.thread_time() - began) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[-1]


def measure(app: Flask, agent: Agent, calls: int, name: str, address: str) -> None:
    from_there = {"environ_base": {"REMOTE_ADDR": address}}
    client = app.test_client()
    tokens = [open_chat(client, agent) for _ in range(20)]

    def say(number: int) -> None:
        body = {"clientId": str(time.perf_counter_ns()), "text": f"Question {number}"}
        headers = {"X-Widget-Token": tokens[number % len(tokens)]}
        answer = client.post("/api/v1/widget/messages", json=body, headers=headers, **from_there)
        assert answer.status_code == 201, answer.text

    admit, note = api.admit, protection.note_text
    with_it = time_of(say, calls)
    api.admit, protection.note_text = lambda *_: None, lambda *_, **__: None  # type: ignore[assignment]
    without = time_of(say, calls)
    api.admit, protection.note_text = admit, note  # type: ignore[assignment]
    print(f"  {name}: {with_it[0]:.2f} ms (p95 {with_it[1]:.2f}), without protection {without[0]:.2f} ms "
          f"(p95 {without[1]:.2f}), added {with_it[0] - without[0]:.2f} ms")  # fmt: skip


def main(calls: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        app = app_on_disk(Path(folder))
        with app.app_context():
            db.create_all()
            agent = make_agent()
            answers.use_dispatcher(lambda _: None)
            # No limit and no wall is to be reached: what is measured is the counting.
            settings.LIMITS = {key: Limit(10**6, limit.seconds) for key, limit in settings.LIMITS.items()}  # type: ignore[misc]
            limiter.enabled = False
            so_far = 0
            for number in (0, 500, 50_000):
                block(agent, number - so_far)
                so_far = number
                print(f"{number:,} blocked addresses")
                for name, address in ADDRESSES.items():
                    measure(app, agent, calls, name, address)
            db.session.remove()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=500)
    main(parser.parse_args().calls)
