"""Nothing secret or personal stands in any line that the product writes, whoever writes it and whatever fails."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from config.settings import ROOT

TOKEN = "plantedtokenplantedtokenplantedtokenplanted"
PLANTED = ["planted", "ann.marker", "purple giraffe"]


def environment(folder, **more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("FLASK_", "PORCHLIGHT_"))}
    return kept | {"DATA_DIR": str(folder), "PYTHONUNBUFFERED": "1"} | more


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_people_use_the_product_and_everything_fails(database, tmp_path, request):
    more = {"DATABASE_URL": f"sqlite:///{tmp_path / 'logs.db'}"}
    if database == "postgresql":
        more["DATABASE_URL"] = request.getfixturevalue("empty_postgres_url")
    done = subprocess.run(
        [sys.executable, "-m", "tests.web.logged_journeys", str(tmp_path)],
        cwd=ROOT,
        env=environment(tmp_path, **more),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    log = done.stdout + done.stderr
    assert done.returncode == 0, log[-3_000:]
    markers = json.loads((tmp_path / "markers.json").read_text())
    assert len(markers) > 20
    leaks = [(marker, line) for line in log.splitlines() for marker in markers if marker in line]
    assert leaks == []
    # It was really written, and still says what happened where.
    for expected in (
        *("A request failed.", "mail_not_sent", "job_failed", "answer_failed", "after_commit_failed", "thread_failed"),
        *("IntegrityError", "SQL parameters hidden", "SMTPRecipientsRefused", "in _breaks", "somebody wrote [email]"),
    ):
        assert expected in log, expected


@pytest.fixture
def empty_postgres_url(postgres_url):
    """The run's database, with no tables in it for as long as the test takes."""
    from sqlalchemy import create_engine, text

    admin = create_engine(postgres_url, isolation_level="AUTOCOMMIT")
    name = f"logs_{os.getpid()}"
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    yield admin.url.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


SERVERS = {
    "gunicorn": ["gunicorn", "-c", "python:web.gunicorn", "--access-logfile", "-", "wsgi:app"],
    "flask": ["flask", "--app", "app", "run", "--port"],
}


@pytest.mark.parametrize("server", SERVERS)
def test_a_server_logs_no_query_and_no_link_that_lets_somebody_in(server, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [sys.executable, "-m", *SERVERS[server], *([str(port)] if server == "flask" else [])]
    with (tmp_path / "log").open("w+") as log:
        more = {"PORT": str(port), "HOST": "127.0.0.1", "LOG_LEVEL": "debug"}
        process = subprocess.Popen(words, cwd=ROOT, env=environment(tmp_path, **more), stdout=log, stderr=log)
        try:
            _ask(port, process)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
        log.seek(0)
        text = log.read()
    assert "/sign-in" in text, text
    assert [(marker, line) for line in text.splitlines() for marker in PLANTED if marker in line] == []


def _ask(port, process):
    """Requests that carry what nobody should read in a log, some of them broken."""
    wait_until_it_answers(port, process)
    headers = {"X-Widget-Token": TOKEN, "Cookie": f"a={TOKEN}", "Referer": f"http://x/?{TOKEN}", "User-Agent": TOKEN}
    for path in (
        f"/sign-in?next=/admin/?token={TOKEN}",
        f"/reset-password/{TOKEN}",
        f"/invitations/{TOKEN}",
        f"/handovers/{TOKEN}",
        "/api/v1/widget/messages?after=ann.marker@shop.example",
        "/nowhere?said=purple%20giraffe",
    ):
        _get(port, path, headers)
    _get(port, "/api/v1/widget/track", headers, body=b'{"agentId": "purple giraffe"}')
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(f"GET /sign-in?token={TOKEN} HTTP/9.9\r\n\r\n".encode())
        connection.recv(4_096)


def _get(port, path, headers, body=None):
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers, data=body)
    try:
        urllib.request.urlopen(request, timeout=20).read()
    except urllib.error.HTTPError as refusal:
        refusal.close()


def wait_until_it_answers(port, process):
    for _ in range(300):
        assert process.poll() is None
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("The server did not start.")
