"""The code that site owners paste: it runs, and the tokens that it makes are accepted."""

import json
import subprocess
import sys
import time
import types
from pathlib import Path

import pytest

from config.settings import ROOT
from core.customer_tokens import verify

FOLDER = ROOT / "templates/admin/sign_in/code"
SECRET = "b0" * 32
NAME = 'Änne "Q" O’Neil <b>'


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    monkeypatch.setenv("PORCHLIGHT_SECRET", SECRET)


def customer_of(token):
    return verify(token, {"alg": "HS256", "secret": SECRET}, now=time.time())


def run_python(name, monkeypatch, **modules):
    for module, content in modules.items():
        monkeypatch.setitem(sys.modules, module.replace("__", "."), types.SimpleNamespace(**content))
    code: dict = {"__name__": "snippet"}
    exec(compile((FOLDER / name).read_text(), name, "exec"), code)
    return code


def is_annes(customer):
    return (customer.customer_id, customer.name, customer.email) == ("4711", NAME, "anne@example.com")


def test_flask(monkeypatch):
    anne = types.SimpleNamespace(id=4711, name=NAME, email="anne@example.com")
    shop = {"find_customer": {4711: anne}.get}
    app = run_python("flask.py", monkeypatch, shop=shop)["app"]
    app.secret_key = "for the session of the shop"
    client = app.test_client()
    assert client.get("/chat-token").status_code == 404
    with client.session_transaction() as session:
        session["customer_id"] = 4711
    answer = client.get("/chat-token")
    assert is_annes(customer_of(answer.text))
    assert answer.headers["Cache-Control"] == "no-store"


class Response:
    def __init__(self, content=b"", status=200, content_type=""):
        self.content, self.status = content, status


def test_django(monkeypatch):
    view = run_python(
        "django.py",
        monkeypatch,
        django={},
        django__http={"HttpResponse": Response},
        django__views={},
        django__views__decorators={},
        django__views__decorators__cache={"never_cache": lambda view: view},
    )["chat_token"]
    anne = types.SimpleNamespace(is_authenticated=True, pk=4711, email="anne@example.com", get_full_name=lambda: NAME)
    assert is_annes(customer_of(view(types.SimpleNamespace(user=anne)).content))
    nobody = types.SimpleNamespace(is_authenticated=False)
    assert view(types.SimpleNamespace(user=nobody)).status == 404


_SHOP = """
let answer;
const app = { get: (path, handler) => (answer = handler) };
const response = {
  set: () => response,
  type: () => response,
  send: (text) => console.log(text),
  sendStatus: (status) => console.log(status),
};
"""
_ASK = """
answer({ session: { customer: { id: 4711, name: NAME, email: "anne@example.com" } } }, response);
answer({ session: {} }, response);
"""


def test_node(tmp_path: Path):
    imports, rest = (FOLDER / "node.js").read_text().split("\n", 1)
    program = tmp_path / "shop.mjs"
    program.write_text("\n".join([imports, f"const NAME = {json.dumps(NAME)};", _SHOP, rest, _ASK]))
    done = subprocess.run(["node", program], capture_output=True, text=True, check=True)
    token, status = done.stdout.split()
    assert is_annes(customer_of(token))
    assert status == "404"


@pytest.mark.parametrize("path", sorted(FOLDER.iterdir()), ids=lambda path: path.name)
def test_no_code_holds_a_secret_or_takes_an_id_for_a_number(path):
    text = path.read_text()
    assert text.isascii()
    assert "\t" not in text
    if "hmac" in text.lower():
        assert "PORCHLIGHT_SECRET" in text or "shop.metafields.porchlight.secret" in text
        assert '"HS256"' in text or "'HS256'" in text
