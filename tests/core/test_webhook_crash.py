"""A sender that is killed in the middle of telling an address: nothing is lost."""

import os
import signal
import subprocess
import sys
import threading
from datetime import timedelta

import pytest
from werkzeug import Response

from config.settings import ROOT
from core import webhooks
from core.clock import utc_now
from core.webhooks import sending
from models import db
from models.webhooks import DeliveryStatus

SENDER = """
import sys, uuid
from app import create_app
from core import webhooks

with create_app().app_context():
    webhooks.work(uuid.UUID(sys.argv[1]))
"""


@pytest.fixture
def sender(app, workspace, httpserver, tmp_path, monkeypatch):
    """Starts a process that tells a webhook; it and its webhook."""
    monkeypatch.setitem(sending.reach, "allow_private", True)
    monkeypatch.setattr(sending, "_dispatch", sending._nowhere)
    hook, _secret = webhooks.add(
        workspace, name="", address=httpserver.url_for("/hook"), kinds=["message.sent"], by=None, now=utc_now()
    )
    settings = app.config["PORCHLIGHT"]
    environment = os.environ | {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": db.engine.url.render_as_string(hide_password=False),
        "SECRET_KEY": settings.secret_key,
        "ALLOW_PRIVATE_ADDRESSES": "1",
    }

    def start():
        return subprocess.Popen([sys.executable, "-c", SENDER, hook.id.hex], cwd=ROOT, env=environment)

    return hook, start


def test_killed_in_the_middle_it_is_sent_by_the_next(sender, httpserver, monkeypatch):
    hook, start = sender
    got, arrived, ended = [], threading.Event(), threading.Event()

    def answer(request):
        got.append(request.headers["webhook-id"])
        arrived.set()
        if len(got) == 1:
            ended.wait(20)
        return Response(status=200)

    httpserver.expect_request("/hook").respond_with_handler(answer)
    sent = [webhooks.test(hook, by=None, now=utc_now()) for _ in range(3)]
    process = start()
    try:
        assert arrived.wait(30)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        ended.set()
    later = utc_now() + timedelta(seconds=61)
    monkeypatch.setattr(sending, "utc_now", lambda: later)
    webhooks.work(hook.id)
    # The one that it was at comes twice, under one id; the others once.
    assert len(got) == 4
    assert set(got) == {str(row.event_id) for row in sent}
    for row in sent:
        db.session.refresh(row)
        assert row.status is DeliveryStatus.DELIVERED
