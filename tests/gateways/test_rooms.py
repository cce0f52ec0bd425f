"""Rooms of other services: which addresses are taken, and that only the guarded client reaches the network."""

import pytest
import requests

from gateways import rooms
from gateways.rooms import NoRoom

SLACK = "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"
TEAMS = (
    "https://prod-15.uksouth.logic.azure.com:443/workflows/3abc5/triggers/manual/paths/invoke"
    "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=abc"
)
DISCORD = "https://discord.com/api/webhooks/123456789012345678/abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP"
MATTERMOST = "mmosts://127.0.0.1/abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def no_other_way(monkeypatch):
    """Whatever reached the network past the guarded client would come through here."""

    def refuse(*_arguments, **_options):
        raise AssertionError("requests was asked to send something itself.")

    monkeypatch.setattr(requests.Session, "send", refuse)
    yield
    rooms.reach(allow_private=False)


@pytest.mark.parametrize(
    ("address", "service"),
    [
        (SLACK, "slack"),
        (TEAMS, "workflows"),
        (DISCORD, "discord"),
        ("https://chat.googleapis.com/v1/spaces/AAAA/messages?key=abc&token=def", "google_chat"),
        ("tgram://123456789:abcdefg_hijklmnop/12315544/", "telegram"),
        (MATTERMOST, "mattermost"),
    ],
)
def test_addresses_as_the_services_give_them_out_are_taken(address, service):
    assert rooms.service_of(address) == service


@pytest.mark.parametrize(
    "address",
    [
        "",
        "file:///etc/passwd",
        "dbus://",
        "syslog://",
        "json://127.0.0.1",
        "http://127.0.0.1/",
        "https://example.com/hook",
        "https://ntfy.sh/topic",
        "mailto://ann:secret@example.com",
        "mmost://chat.example.com/abcdefghijklmnopqrstuvwxyz",
        f"{SLACK}?template=/etc/passwd",
        f"{SLACK}?schema=json",
        f"{SLACK}?verify=no",
        f"{SLACK}?+X-Header=1",
        f"{DISCORD}?avatar_url=http://127.0.0.1/",
        f"{SLACK} {DISCORD}",
        f"{SLACK}\nHost: localhost",
        "slack://",
        "https://[",
        SLACK + "x" * 2_000,
    ],
)
def test_anything_else_is_refused_in_plain_words(address):
    with pytest.raises(NoRoom, match=r"\.$"):
        rooms.service_of(address)


def test_the_own_network_is_not_written_to():
    assert "private" in rooms.send(MATTERMOST, title="Ines waits", body="https://chat.example/1")


def test_it_is_written_by_the_guarded_client(monkeypatch, httpserver):
    httpserver.expect_request("/hooks/abcdefghijklmnopqrstuvwxyz").respond_with_data("ok")
    rooms.reach(allow_private=True)
    address = f"mmosts://127.0.0.1:{httpserver.port}/abcdefghijklmnopqrstuvwxyz"
    plain = rooms.fetch
    monkeypatch.setattr(rooms, "fetch", lambda url, **how: plain(url.replace("https:", "http:"), **how))
    assert rooms.send(address, title="Ines waits", body="https://chat.example/1") == ""
    assert "Ines waits" in httpserver.log[0][0].get_data(as_text=True)
    httpserver.clear()
    httpserver.expect_request("/hooks/abcdefghijklmnopqrstuvwxyz").respond_with_data("no", status=403)
    assert rooms.send(address, title="Ines waits", body="x") == "The service answered with status 403."
