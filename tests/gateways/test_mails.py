"""Mail out: where it goes, and where it never does."""

import pytest
from flask import Flask
from flask_mailman import Mail

from gateways.mails import mail_config, send_mail


@pytest.mark.parametrize(
    ("url", "server", "port", "starttls", "implicit"),
    [
        ("smtp://mail.example.com", "mail.example.com", 587, True, False),
        ("smtp://localhost:25?tls=off", "localhost", 25, False, False),
        ("smtps://u%40x:p%2Fq@mail.example.com", "mail.example.com", 465, False, True),
    ],
)
def test_an_address_of_a_server_says_all(url, server, port, starttls, implicit, tmp_path):
    config = mail_config(url, sender="a@example.com", data_dir=tmp_path)
    assert config["MAIL_BACKEND"] == "smtp"
    assert (config["MAIL_SERVER"], config["MAIL_PORT"]) == (server, port)
    assert (config["MAIL_USE_TLS"], config["MAIL_USE_SSL"]) == (starttls, implicit)


def test_a_name_and_password_are_read_with_their_signs(tmp_path):
    config = mail_config("smtps://u%40x:p%2Fq@mail.example.com", sender="a@example.com", data_dir=tmp_path)
    assert (config["MAIL_USERNAME"], config["MAIL_PASSWORD"]) == ("u@x", "p/q")


def test_without_a_server_mails_are_files(tmp_path):
    app = Flask("mails")
    app.config.update(mail_config("", sender="a@example.com", data_dir=tmp_path))
    Mail(app)
    with app.app_context():
        send_mail(to="olga@lantern.example", subject="Hello", text="A word", html="<p>A word</p>")
    [letter] = (tmp_path / "mail").iterdir()
    assert "Subject: Hello" in letter.read_text()


def test_nobody_at_a_made_up_name_is_written_to(tmp_path):
    app = Flask("mails")
    # Nothing listens there: a mail that went out would raise.
    app.config.update(mail_config("smtp://127.0.0.1:9?tls=off", sender="a@example.com", data_dir=tmp_path))
    Mail(app)
    with app.app_context():
        send_mail(to="olga@lantern.example", subject="Hello", text="A word")
        with pytest.raises(OSError, match="refused"):
            send_mail(to="olga@example.com", subject="Hello", text="A word")
