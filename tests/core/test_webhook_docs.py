"""What docs/webhooks.md shows is true: its code checks what we send, and its table knows every event."""

import json
import re
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from config.settings import ROOT
from core import signing, webhooks
from core.webhooks import signatures
from models import new_id
from models.webhooks import Webhook, WebhookDelivery

DOCUMENT = (ROOT / "docs" / "webhooks.md").read_text()


@pytest.fixture
def sent():
    """A secret, and the headers and the body of an event that was signed with it."""
    before = list(signing._secrets)
    signing.use_secret("a secret for tests only, long enough")
    webhook, now = Webhook(id=new_id()), datetime.now(UTC)
    first = signatures.renew(webhook, now=now)
    second = signatures.renew(webhook, now=now)
    delivery = WebhookDelivery(event_id=new_id(), body='{"type":"message.sent","text":"Grüße"}')
    headers = signatures.headers(webhook, delivery, now=now)
    late = signatures.headers(webhook, delivery, now=now - timedelta(minutes=6))
    signing._secrets[:] = before
    small = [{name.lower(): value for name, value in one.items()} for one in (headers, late)]
    return first, second, *small, delivery.body.encode()


def code(language):
    return re.search(rf"```{language}\n(.*?)```", DOCUMENT, re.DOTALL)[1]


def test_the_python_of_the_document_checks_what_we_send(sent):
    first, second, headers, late, body = sent
    known = {}
    exec(compile(code("python"), "docs/webhooks.md", "exec"), known)
    is_from_porchlight = known["is_from_porchlight"]
    assert is_from_porchlight(first, headers, body)
    assert is_from_porchlight(second, headers, body)
    assert not is_from_porchlight(second, headers, body + b" ")
    assert not is_from_porchlight("whsec_" + "A" * 44, headers, body)
    assert not is_from_porchlight(second, late, body)


def test_the_javascript_of_the_document_checks_what_we_send(sent, tmp_path):
    first, second, headers, late, body = sent
    cases = [
        (first, headers, body.decode()),
        (second, headers, body.decode()),
        (second, headers, body.decode() + " "),
        ("whsec_" + "A" * 44, headers, body.decode()),
        (second, late, body.decode()),
    ]
    script = tmp_path / "check.mjs"
    script.write_text(
        code("js")
        + f"\nconst cases = {json.dumps(cases)};"
        + "\nconsole.log(JSON.stringify(cases.map(([s, h, b]) => isFromPorchlight(s, h, Buffer.from(b)))));"
    )
    done = subprocess.run(["node", str(script)], capture_output=True, text=True, timeout=20, check=True)
    assert json.loads(done.stdout) == [True, True, False, False, False]


def test_the_table_knows_every_event():
    told = re.findall(r"^\| `([a-z]+\.[a-z]+)` \| (.+) \|$", DOCUMENT, re.MULTILINE)
    assert {name for name, _ in told} == {*webhooks.KINDS, webhooks.TEST}
