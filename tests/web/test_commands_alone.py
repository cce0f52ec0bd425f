"""A command in a process of its own, as an operator runs it: nothing is there yet, and no server runs."""

import json
import subprocess
import sys

from config.settings import ROOT


def command(data_dir, *arguments):
    environment = {"PATH": "/usr/bin:/bin", "DATA_DIR": str(data_dir), "PORT": "8123", "PYTHONWARNINGS": "default"}
    return subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", *map(str, arguments)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        check=False,
        timeout=240,
    )


def test_a_shop_is_made_and_asked_from_nothing(tmp_path):
    shop = command(tmp_path / "data", "demo")
    assert shop.returncode == 0, shop.stderr.decode()
    made = json.loads(shop.stdout)
    assert shop.stdout.count(b"\n") == 1
    assert made["demo_url"] == "http://127.0.0.1:8123/demo"
    questions = tmp_path / "questions.jsonl"
    questions.write_text('{"id": 1, "text": "how many days until my parcel gets here?"}\n{"id": 2, "text": "hi"}\n')
    asked = command(tmp_path / "data", "ask", made["agent_id"], "--file", questions)
    assert asked.returncode == 0, asked.stderr.decode()
    first, second = map(json.loads, asked.stdout.splitlines())
    assert first["ranking"][0] == "delivery-time"
    assert second["abstained"]
    assert second["entry_id"] is None


def test_a_database_that_cannot_be_opened_is_told_in_a_sentence(tmp_path):
    (tmp_path / "porchlight.db").mkdir()
    refused = command(tmp_path, "agents", "create", "--name", "Lumi")
    assert refused.returncode == 1
    assert refused.stdout == b""
    assert b"The database cannot be used" in refused.stderr
    assert b"Traceback" not in refused.stderr
