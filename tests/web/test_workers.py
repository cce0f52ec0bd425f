"""What a server process begins beside the requests, in a process of its own: threads, and greenlets."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
import sys
if sys.argv[1] == "gevent":
    from gevent import monkey
    monkey.patch_all()
import threading, time
from app import create_app
from core import knowledge
from core.clock import utc_now
from core.knowledge import serving
from gateways.queue import TaskQueue
from models import db
from models.agents import Agent
from models.jobs import Job
from models.teammates import Workspace
from web import workers
from web.schema import upgrade

TaskQueue.add = lambda self, *task: None  # Or the job of the new entry would build the index.
app = create_app()
upgrade(app)
with app.app_context():
    now = utc_now()
    workspace = Workspace(name="House", created_at=now)
    db.session.add(workspace)
    db.session.flush()
    agent = Agent(workspace_id=workspace.id, name="Agent", created_at=now)
    db.session.add(agent)
    db.session.commit()
    knowledge.add(agent, question="Where is my parcel?", answer="On its way.", phrasings=(), by=None, now=now)
    db.session.query(Job).delete()
    db.session.commit()
    time.sleep(0.6)
    assert serving._shelf.get(agent.id) is None, "built before the process serves"
    longest, build = [0.0], serving._built

    def slow(*arguments, **named):
        until = time.thread_time() + 1
        while time.thread_time() < until:
            continue
        return build(*arguments, **named)

    serving._built = slow
    workers.start(app)
    # By the processor's time, of which a thread has none while the whole machine is busy with something else.
    before, until = time.thread_time(), time.monotonic() + 120
    while serving._shelf.get(agent.id) is None and time.monotonic() < until:
        time.sleep(0.005)
        longest.append(time.thread_time() - before)
        before = time.thread_time()
    assert serving._shelf.get(agent.id) is not None
    assert knowledge.index_for(agent).search("where is my parcel").entry_id is not None
    db.session.remove()
workers.stop()
print("others went on" if max(longest) < 0.8 else f"others stood still for {max(longest):.2f} s")
"""


@pytest.mark.parametrize("kind", ["threads", "gevent"])
def test_a_process_has_what_it_knows_at_hand_before_it_is_asked(kind, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, kind],
        env=os.environ | {"DATA_DIR": str(tmp_path), "PUBLIC_URL": "http://localhost:8000"},
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.stdout.strip() == "others went on", done.stderr
