"""What services sign: their own word, just now, of these very bytes; everything else is refused."""

import base64
import hmac
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from core.errors import Forbidden, Invalid
from core.letters import signatures
from tests.conftest import NOW

KEY = "key-of-mailgun"


def stamped(*, seconds=0, stamp=None, token="a token", key=KEY):
    stamp = str(int((NOW + timedelta(seconds=seconds)).timestamp())) if stamp is None else stamp
    signed = hmac.new(key.encode(), f"{stamp}{token}".encode(), "sha256").hexdigest()
    return {"timestamp": stamp, "token": token, "signature": signed}


@pytest.mark.parametrize(
    "form",
    [
        {},
        stamped(key="another"),
        stamped() | {"token": "another"},
        stamped() | {"signature": "ü"},
        stamped(seconds=-16 * 60),
        stamped(seconds=16 * 60),
        stamped(stamp=""),
        stamped(stamp="-1"),
        stamped(stamp="１７６４"),
        stamped(stamp="9" * 40),
    ],
)
def test_what_mailgun_did_not_sign_just_now_is_refused(app, form):
    with pytest.raises(Forbidden) as refused:
        signatures.check_mailgun(form, KEY, now=NOW)
    assert refused.value.code == "signature_refused"


def test_each_signature_of_mailgun_is_good_once_and_a_wrong_one_spends_none(app):
    form = stamped(token="one")
    with pytest.raises(Forbidden):
        signatures.check_mailgun(form | {"signature": "0" * 64}, KEY, now=NOW)
    signatures.check_mailgun(form, KEY, now=NOW)
    with pytest.raises(Forbidden):
        signatures.check_mailgun(form, KEY, now=NOW + timedelta(minutes=14))
    signatures.check_mailgun(stamped(token="two", seconds=-14 * 60), KEY, now=NOW)


@pytest.fixture(scope="module")
def pair():
    private = ec.generate_private_key(ec.SECP256R1())
    return private, public_text(private)


def public_text(private):
    return base64.b64encode(private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


def signed_by(private, body, stamp="1764000000"):
    signature = base64.b64encode(private.sign(stamp.encode() + body, ec.ECDSA(SHA256()))).decode()
    names = {"Timestamp": stamp, "Signature": signature}
    return {f"X-Twilio-Email-Event-Webhook-{name}": value for name, value in names.items()}


def test_the_key_of_sendgrid_is_taken_as_it_is_shown_or_as_a_file(pair):
    private, text = pair
    broken = "\n".join(text[place : place + 64] for place in range(0, len(text), 64))
    for shown in (text, f"  {text}\n", f"-----BEGIN PUBLIC KEY-----\r\n{broken}\r\n-----END PUBLIC KEY-----\n"):
        assert signatures.read_key(shown) == private.public_key()
        signatures.check_sendgrid(signed_by(private, b"a mail"), b"a mail", shown)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "MFkw",
        "not base64!",
        base64.b64encode(b"\x30" * 80).decode(),
        public_text(rsa.generate_private_key(65_537, 2_048)),
    ],
)
def test_what_is_no_such_key_is_said_in_words(text):
    with pytest.raises(Invalid) as refused:
        signatures.read_key(text)
    assert "public key of SendGrid" in refused.value.message


@pytest.mark.parametrize("signature", ["", "not base64!", "AAAA", base64.b64encode(b"\x00" * 70).decode()])
def test_a_signature_that_is_none_is_refused(pair, signature):
    private, text = pair
    headers = signed_by(private, b"a mail") | {"X-Twilio-Email-Event-Webhook-Signature": signature}
    with pytest.raises(Forbidden):
        signatures.check_sendgrid(headers, b"a mail", text)
