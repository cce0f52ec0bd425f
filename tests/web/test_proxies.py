"""Which address is believed behind no, one and two proxies; every other header is the visitor's invention."""

import pytest
from flask import Flask, jsonify, request

from tests.conftest import settings_for
from web import proxies
from web.addresses import current_address, hides_behind_a_proxy, network, proxy_address

SOCKET = "10.0.0.1"


def served(tmp_path, hops, **headers):
    app = Flask("behind")

    @app.get("/")
    def seen():
        return jsonify(
            address=current_address(),
            network=network(),
            proxy=proxy_address(),
            host=request.host,
            secure=request.is_secure,
            hidden=hides_behind_a_proxy(),
        )

    settings = settings_for(tmp_path, trusted_proxies=hops, public_url="https://chat.example.com")
    proxies.trust_proxies(app, settings)
    sent = {name.replace("_", "-"): text for name, text in headers.items()}
    return app.test_client().get("/", headers=sent, environ_base={"REMOTE_ADDR": SOCKET}).json


@pytest.mark.parametrize(
    ("hops", "forwarded", "address"),
    [
        (0, "9.9.9.9", SOCKET),
        (0, "9.9.9.9, 8.8.8.8", SOCKET),
        (1, "9.9.9.9", "9.9.9.9"),
        (1, "1.1.1.1, 9.9.9.9", "9.9.9.9"),
        (1, "127.0.0.1, 1.1.1.1, 9.9.9.9", "9.9.9.9"),
        (2, "9.9.9.9, 10.0.0.2", "9.9.9.9"),
        (2, "1.1.1.1, 9.9.9.9, 10.0.0.2", "9.9.9.9"),
        (2, "9.9.9.9", SOCKET),
        (1, "9.9.9.9:4711", "9.9.9.9"),
        (1, "[2001:db8::7]:443", "2001:db8::7"),
        (1, "::ffff:9.9.9.9", "9.9.9.9"),
        (1, "2001:DB8:0::7", "2001:db8::7"),
        (1, "unknown", ""),
        (1, "9.9.9.9' OR 1=1 --", ""),
        (1, "x" * 500, ""),
    ],
)
def test_only_what_trusted_proxies_added_is_believed(tmp_path, hops, forwarded, address):
    assert served(tmp_path, hops, X_Forwarded_For=forwarded)["address"] == address


@pytest.mark.parametrize("hops", [0, 1, 2])
@pytest.mark.parametrize(
    "header",
    [
        {"Forwarded": "for=9.9.9.9;host=evil.example;proto=https"},
        {"X_Real_IP": "9.9.9.9"},
        {"X_Client_IP": "9.9.9.9"},
        {"True_Client_IP": "9.9.9.9"},
        {"CF_Connecting_IP": "9.9.9.9"},
        {"X_Forwarded_Host": "evil.example"},
        {"X_Forwarded_Port": "1"},
        {"X_Forwarded_Prefix": "/evil"},
    ],
)
def test_headers_that_nobody_vouches_for_change_nothing(tmp_path, hops, header):
    plain = served(tmp_path, hops)
    assert served(tmp_path, hops, **header) == plain
    assert plain["address"] == SOCKET
    assert plain["host"] == "localhost"


def test_a_proxy_may_lead_here_by_our_own_name_alone(tmp_path):
    assert served(tmp_path, 1, X_Forwarded_Host="chat.example.com")["host"] == "chat.example.com"
    assert served(tmp_path, 1, X_Forwarded_Host="evil.example, chat.example.com")["host"] == "chat.example.com"
    assert served(tmp_path, 1, X_Forwarded_Host="chat.example.com.evil.example")["host"] == "localhost"
    assert served(tmp_path, 0, X_Forwarded_Host="chat.example.com")["host"] == "localhost"


def test_the_scheme_is_believed_of_the_proxy(tmp_path):
    assert served(tmp_path, 1, X_Forwarded_Proto="https")["secure"]
    assert not served(tmp_path, 0, X_Forwarded_Proto="https")["secure"]
    assert not served(tmp_path, 1, X_Forwarded_Proto="https, http")["secure"]


def test_the_nearest_proxy_stays_known(tmp_path):
    found = served(tmp_path, 1, X_Forwarded_For="9.9.9.9")
    assert (found["address"], found["proxy"]) == ("9.9.9.9", SOCKET)


def test_a_proxy_that_nobody_told_of_is_noticed(tmp_path):
    assert served(tmp_path, 0, X_Forwarded_For="9.9.9.9")["hidden"]
    assert not served(tmp_path, 1, X_Forwarded_For="9.9.9.9")["hidden"]
    assert not served(tmp_path, 0)["hidden"]


def test_a_household_is_counted_as_one(tmp_path):
    found = {served(tmp_path, 1, X_Forwarded_For=f"2001:db8:1:2::{host}")["network"] for host in ("1", "ffff", "a:b")}
    assert found == {"2001:db8:1:2::/64"}
