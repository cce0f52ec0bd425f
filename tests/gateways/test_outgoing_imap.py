"""Reading a mailbox: from a server that speaks IMAP over TLS, and from some that do not."""

import datetime
import ipaddress
import socket
import ssl
import threading
from contextlib import contextmanager

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gateways.outgoing import OutgoingRefused, imap
from gateways.outgoing.imap import Account, ImapFailed, Place, new_mails

MAIL = b"From: marta@mail.example\r\n\r\nHello\r\n"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A server's certificate for 127.0.0.1, and who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "imap")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now)
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("imap") / "pair.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    return server, ssl.create_default_context(cafile=path)


class FakeMailbox:
    """A mailbox with some mails; says what a test wants it to."""

    def __init__(self, mails=(), validity=7):
        self.mails = dict(mails)
        self.validity = validity
        self.size = None
        self.password = "pw"

    def answer(self, tag, line):  # noqa: PLR0911 - one for each command
        words = line.split()
        command = words[0].upper()
        if command == "LOGIN":
            return f"{tag} OK in\r\n" if words[2] == f'"{self.password}"' else f"{tag} NO wrong\r\n"
        if command == "EXAMINE":
            following = max(self.mails, default=0) + 1
            return (
                f"* 1 EXISTS\r\n* OK [UIDVALIDITY {self.validity}] ok\r\n* OK [UIDNEXT {following}] ok\r\n"
                f"{tag} OK [READ-ONLY] in\r\n"
            )
        if command == "UID" and words[1].upper() == "SEARCH":
            # A star is the last mail, however low its number (RFC 3501): servers answer with it.
            return f"* SEARCH {' '.join(map(str, self.mails))}\r\n{tag} OK done\r\n"
        if command == "UID" and "RFC822.SIZE" in line:
            size = self.size or len(self.mails[int(words[2])])
            return f"* 1 FETCH (RFC822.SIZE {size} UID {words[2]})\r\n{tag} OK done\r\n"
        if command == "UID":
            content = self.mails[int(words[2])]
            return f"* 1 FETCH (UID {words[2]} BODY[] {{{len(content)}}}\r\n{content.decode()})\r\n{tag} OK done\r\n"
        if command == "CAPABILITY":
            return f"* CAPABILITY IMAP4rev1\r\n{tag} OK done\r\n"
        return f"* BYE\r\n{tag} OK bye\r\n"


@contextmanager
def serving(mailbox, context):
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve():
            try:
                plain, _address = listening.accept()
                with context.wrap_socket(plain, server_side=True) as client, client.makefile("rwb") as stream:
                    stream.write(b"* OK ready\r\n")
                    stream.flush()
                    for line in stream:
                        tag, _space, rest = line.decode().strip().partition(" ")
                        stream.write(mailbox.answer(tag, rest).encode())
                        stream.flush()
            except OSError:
                return

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
    thread.join(2)


def read(mailbox, certificate, since=Place(7, 0), **changes):  # noqa: B008 - a frozen value
    with serving(mailbox, certificate[0]) as port:
        account = Account(**({"host": "127.0.0.1", "user": "help", "password": "pw", "port": port} | changes))
        return list(new_mails(account, since, allow_private=True, context=certificate[1]))


def test_what_is_new_is_read_the_oldest_first(certificate):
    found = read(FakeMailbox({3: MAIL, 5: MAIL, 4: MAIL}), certificate, since=Place(7, 3))
    assert [(mail.place.last, mail.content) for mail in found] == [(4, MAIL), (5, MAIL)]


def test_what_lay_there_before_is_not_new(certificate):
    found = read(FakeMailbox({3: MAIL, 4: MAIL}), certificate, since=Place())
    assert [(mail.place, mail.content) for mail in found] == [(Place(7, 4), None)]


def test_a_mailbox_that_was_numbered_anew_begins_anew(certificate):
    found = read(FakeMailbox({1: MAIL}, validity=8), certificate, since=Place(7, 300))
    assert found[0].place == Place(8, 1)


def test_nothing_new_is_nothing(certificate):
    assert read(FakeMailbox({3: MAIL}), certificate, since=Place(7, 3)) == []


def test_too_large_a_mail_is_passed_over(certificate):
    mailbox = FakeMailbox({1: MAIL})
    mailbox.size = imap.MOST_BYTES + 1
    assert [(mail.place.last, mail.content) for mail in read(mailbox, certificate)] == [(1, None)]


def test_a_wrong_password_is_said_in_words(certificate):
    with pytest.raises(ImapFailed, match="Check user and password"):
        read(FakeMailbox(), certificate, password="no")


def test_a_server_that_cannot_prove_who_it_is_gets_no_password(certificate):
    with pytest.raises(ImapFailed, match="prove who it is"):
        read(FakeMailbox(), (certificate[0], ssl.create_default_context()))


def test_a_server_that_is_not_there_is_said_in_words():
    account = Account("127.0.0.1", "help", "pw", port=1)
    with pytest.raises(ImapFailed, match="could not be reached"):
        list(new_mails(account, Place(), allow_private=True))


def test_the_own_network_and_other_ports_are_not_spoken_to():
    with pytest.raises(OutgoingRefused):
        list(new_mails(Account("127.0.0.1", "help", "pw"), Place()))
    with pytest.raises(ImapFailed, match="993"):
        list(new_mails(Account("mail.example", "help", "pw", port=25), Place()))
