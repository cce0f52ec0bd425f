"""Web push: encrypted for one browser (RFC 8291), signed for its service (RFC 8292)."""

import base64
import json
import time

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from gateways import push
from gateways.push import Address, Outcome, Signer

SIGNER = Signer(b"s" * 32)


class Browser:
    """What a browser keeps of its subscription, and can open."""

    def __init__(self, endpoint):
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._auth = b"0123456789abcdef"
        point = self._key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.address = Address(endpoint, text(point), text(self._auth))

    def read(self, body):
        return json.loads(http_ece.decrypt(body, private_key=self._key, auth_secret=self._auth, version="aes128gcm"))


def text(content):
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def send(browser, content=None, *, allow_private=True):
    return push.send(
        browser.address,
        content or {"title": "Ines waits"},
        signer=SIGNER,
        contact="https://chat.example",
        topic="a" * 32,
        allow_private=allow_private,
    )


@pytest.fixture
def service(httpserver):
    httpserver.expect_request("/push/one").respond_with_data("", status=201)
    return httpserver


def test_only_the_browser_can_read_it_and_the_service_knows_who_sends(service):
    browser = Browser(service.url_for("/push/one"))
    assert send(browser) is Outcome.TAKEN
    (request, _answer) = service.log[0]
    assert b"Ines" not in request.data
    assert browser.read(request.data) == {"title": "Ines waits"}
    assert request.headers["Content-Encoding"] == "aes128gcm"
    assert (request.headers["Topic"], int(request.headers["TTL"]) > 0) == ("a" * 32, True)
    token, key = request.headers["Authorization"].removeprefix("vapid t=").split(", k=")
    assert key == SIGNER.public_key
    point = base64.urlsafe_b64decode(key + "=")
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    claims = jwt.decode(token, ECKey.import_key(public), algorithms=["ES256"]).claims
    assert claims["aud"] == service.url_for("").rstrip("/")
    assert claims["sub"] == "https://chat.example"
    assert time.time() < claims["exp"] <= time.time() + 24 * 3600


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, Outcome.TAKEN), (202, Outcome.TAKEN), (404, Outcome.GONE), (410, Outcome.GONE), (302, Outcome.FAILED)]
    + [(status, Outcome.FAILED) for status in (400, 413, 429, 500)],
)
def test_what_the_service_answers_is_understood(httpserver, status, outcome):
    httpserver.expect_request("/push/one").respond_with_data("", status=status, headers={"Location": "/elsewhere"})
    assert send(Browser(httpserver.url_for("/push/one"))) is outcome


def test_nobody_on_the_own_network_is_written_to(service):
    assert send(Browser(service.url_for("/push/one")), allow_private=False) is Outcome.FAILED
    assert service.log == []


def test_what_is_too_long_is_not_sent(service):
    assert send(Browser(service.url_for("/push/one")), {"body": "x" * 4_000}) is Outcome.FAILED
    assert service.log == []


def test_the_same_secret_is_the_same_key():
    assert Signer(b"s" * 32).public_key == SIGNER.public_key != Signer(b"t" * 32).public_key
    assert len(base64.urlsafe_b64decode(SIGNER.public_key + "=")) == 65


@pytest.mark.parametrize(
    "wrong", [{"p256dh": "AAAA"}, {"p256dh": "é"}, {"auth": "AAAA"}, {"p256dh": text(b"\x04" * 65)}]
)
def test_keys_that_no_browser_would_send_are_refused(wrong):
    with pytest.raises(ValueError, match="no keys"):
        push.check_keys(Address(**(vars(Browser("https://push.example/1").address) | wrong)))
