import datetime
import gzip
import socket
import ssl
import threading

import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from werkzeug import Request, Response

from gateways.outgoing import (
    GuardedTransport,
    OutgoingError,
    OutgoingFailed,
    OutgoingRefused,
    check_address,
    check_url,
    client,
    fetch,
    transport,
)

PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "2001:4860:4860::8888"]
PRIVATE = [
    "127.0.0.1",
    "127.9.9.9",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "::1",
    "fd12::1",
]
SPECIAL = [
    "0.0.0.0",
    "169.254.169.254",
    "100.100.100.200",
    "168.63.129.16",
    "192.0.0.192",
    "192.0.2.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "64:ff9b::808:808",
    "::ffff:0:7f00:1",
    "::ffff:10.0.0.1",
    "2002:c0a8:101::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:20::1",
    "5f00::1",
    "fec0::1",
    "ff05::1:3",
    "4000::1",
    "240.0.0.1",
    "239.255.255.250",
    "192.88.99.1",
    "0.1.2.3",
    "127.0.0.1%lo",
    "2002:7f00:1::",
    "2001:0:53aa:64c::1",
    "2001:db8::1",
    "fd00:ec2::254",
    "2606:2800:220:1:0:5efe:7f00:1",
    "100::1",
    "not an address",
]


def names(**addresses):
    """A resolver that knows these names and counts how often it was asked."""

    def resolver(host, _port):
        resolver.asked.append(host)
        found = addresses.get(host.replace(".", "_").replace("-", "_"))
        if found is None:
            raise socket.gaierror("unknown")
        return found

    resolver.asked = []
    return resolver


LOCAL = {"shop_example": ["127.0.0.1"], "other_example": ["127.0.0.1"]}


def get(url, **options):
    return fetch(url, allow_private=True, resolver=names(**LOCAL), **options)


def test_an_answer_comes_with_its_status_headers_body_and_address(httpserver, shop):
    httpserver.expect_request("/hello", headers={"Host": f"shop.example:{httpserver.port}"}).respond_with_data(
        "hi", 404, {"X-Shop": "yes"}
    )
    answer = get(shop("/hello"))
    assert (answer.status, answer.body, answer.headers["x-shop"], answer.url) == (404, b"hi", "yes", shop("/hello"))


def test_method_headers_and_body_are_sent_and_nothing_of_ours(httpserver, shop, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")

    def answer(request: Request) -> Response:
        seen = [request.method, request.headers["X-Key"], request.headers["User-Agent"], request.headers.get("Cookie")]
        return Response(f"{seen} {request.get_data(as_text=True)}")

    httpserver.expect_request("/hook").respond_with_handler(answer)
    assert get(shop("/hook"), method="post", headers={"x-key": "1", "user-agent": "me"}, body=b"data").body == (
        b"['POST', '1', 'me', None] data"
    )


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(address):
    check_address(address)


@pytest.mark.parametrize("address", PRIVATE + SPECIAL)
def test_private_and_special_addresses_are_refused(address):
    with pytest.raises(OutgoingRefused):
        check_address(address)
    resolver = names(shop_example=[address])
    with pytest.raises(OutgoingRefused):
        fetch("http://shop.example/", resolver=resolver)
    assert resolver.asked == ["shop.example"]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_operator_may_open_private_addresses(address):
    check_address(address, allow_private=True)


@pytest.mark.parametrize("address", SPECIAL)
def test_nobody_may_open_special_addresses(address):
    with pytest.raises(OutgoingRefused):
        check_address(address, allow_private=True)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://shop.example/",
        "file:///etc/passwd",
        "gopher://shop.example/",
        "javascript:alert(1)",
        "//shop.example/",
        "shop.example",
        "",
        "http://",
        "http:///path",
        "http://user@shop.example/",
        "http://user:word@shop.example/",
        "http://shop.example:8080/",
        "http://shop.example:22/",
        "http://shop.example:99999/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:7f00:1]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://127.0.0.1./",
        "http://134744072/",
        "http://8.8.2056/",
        "http://１２７.０.０.１/",
        "http://①②⑦.⓪.⓪.①/",
        "http://127。0。0。1/",
        "http://shop..example/",
        "http://shop_%00.example/",
        "http://shop.example\r\nX: y/",
        "http://shop.example\\@evil.example/",
        "http://exa mple/",
        "http://[fe80::1%25eth0]/",
        "http://[v1.a]/",
    ],
)
def test_odd_addresses_are_refused_without_a_look_up(url):
    resolver = names()
    with pytest.raises(OutgoingRefused):
        fetch(url, resolver=resolver)
    assert resolver.asked == []


def test_ordinary_addresses_pass_the_first_look():
    for url in (
        "https://shop.example",
        "http://shop.example:80/x?y#z",
        "https://münchen.example/",
        "https://8.8.8.8/",
        "https://a_b.example.",
    ):
        assert check_url(url).host


def test_one_private_address_among_public_ones_is_refused():
    with pytest.raises(OutgoingRefused):
        fetch("http://shop.example/", resolver=names(shop_example=[*PUBLIC, "127.0.0.1"]))


def test_the_connection_goes_to_what_was_checked_with_no_second_look_up(httpserver, shop):
    httpserver.expect_request("/").respond_with_data("ok")
    answers = iter([["127.0.0.1"], ["169.254.169.254"]])
    assert fetch(shop("/"), allow_private=True, resolver=lambda _host, _port: next(answers)).status == 200


def test_the_next_address_is_tried_when_one_does_not_answer(httpserver, shop):
    httpserver.expect_request("/").respond_with_data("ok")
    assert fetch(shop("/"), allow_private=True, resolver=names(shop_example=["127.0.0.2", "127.0.0.1"])).body == b"ok"


def test_redirects_are_followed_and_told(httpserver, shop):
    httpserver.expect_request("/a").respond_with_data("", 302, {"Location": "/b?c"})
    httpserver.expect_request("/b").respond_with_data("end")
    assert get(shop("/a")).url == shop("/b?c")


def test_a_redirect_is_handed_back_where_it_is_not_to_be_followed(httpserver, shop):
    httpserver.expect_request("/old").respond_with_response(Response(status=301, headers={"Location": "/new"}))
    answer = get(shop("/old"), follows=False)
    assert (answer.status, answer.headers["location"], answer.url) == (301, "/new", shop("/old"))


def test_too_many_redirects_fail(httpserver, shop):
    httpserver.expect_request("/a").respond_with_data("", 302, {"Location": "/a"})
    with pytest.raises(OutgoingFailed, match="too many"):
        get(shop("/a"))
    assert len(httpserver.log) == 6


@pytest.mark.parametrize(
    "location",
    [
        "http://169.254.169.254/latest/meta-data",
        "http://[::ffff:127.0.0.1]/",
        "file:///etc/passwd",
        "http://0x7f.1/",
        "//user@shop.example/",
    ],
)
def test_a_redirect_is_checked_like_the_first_address(httpserver, shop, location):
    httpserver.expect_request("/a").respond_with_data("", 302, {"Location": location})
    with pytest.raises(OutgoingRefused):
        get(shop("/a"))


def test_a_redirect_to_a_name_of_a_special_address_is_refused(httpserver, shop):
    httpserver.expect_request("/a").respond_with_data("", 302, {"Location": "http://meta.example/"})
    with pytest.raises(OutgoingRefused):
        fetch(shop("/a"), allow_private=True, resolver=names(**LOCAL, meta_example=["169.254.169.254"]))


def test_keys_and_cookies_stay_with_the_website_they_were_meant_for(httpserver, shop):
    def answer(request: Request) -> Response:
        return Response(",".join(sorted(name.lower() for name, _ in request.headers)))

    httpserver.expect_request("/same").respond_with_data("", 302, {"Location": "/seen", "Set-Cookie": "a=b"})
    httpserver.expect_request("/other").respond_with_data("", 302, {"Location": shop("/seen", "other.example")})
    httpserver.expect_request("/seen").respond_with_handler(answer)
    headers = {"Authorization": "Bearer x", "X-Signature": "y"}
    assert (
        get(shop("/same"), headers=headers).body == b"accept,accept-encoding,authorization,host,user-agent,x-signature"
    )
    assert get(shop("/other"), headers=headers).body == b"accept,accept-encoding,host,user-agent"


def test_a_body_is_repeated_on_the_same_website_only(httpserver, shop):
    httpserver.expect_request("/moved").respond_with_data("", 303, {"Location": "/seen"})
    httpserver.expect_request("/same").respond_with_data("", 307, {"Location": "/seen"})
    httpserver.expect_request("/other").respond_with_data("", 308, {"Location": shop("/seen", "other.example")})
    httpserver.expect_request("/seen").respond_with_handler(
        lambda request: Response(f"{request.method} {request.get_data(as_text=True)}")
    )
    assert get(shop("/moved"), method="POST", body=b"x").body == b"GET "
    assert get(shop("/same"), method="POST", body=b"x").body == b"POST x"
    with pytest.raises(OutgoingRefused, match="another website"):
        get(shop("/other"), method="POST", body=b"x")


@pytest.mark.parametrize("coding", ["br", "deflate", "gzip, gzip", "gzip,br", "zstd", "identity, gzip"])
def test_an_answer_packed_otherwise_than_asked_for_fails(httpserver, shop, coding):
    httpserver.expect_request("/").respond_with_data(gzip.compress(b"ok"), headers={"Content-Encoding": coding})
    with pytest.raises(OutgoingFailed, match="packed in a way"):
        get(shop("/"))


@pytest.mark.parametrize("name", ["Host", "content-length", "Transfer-Encoding", "connection", "Accept-Encoding"])
def test_nobody_says_for_us_where_a_request_goes_and_ends(name):
    with pytest.raises(OutgoingRefused, match="cannot be set"):
        get("http://shop.example/", headers={name: "evil.example"})


@pytest.mark.parametrize("text", ["a\r\nX-Evil: 1", "a\nb", "a\x00b"])
def test_a_line_end_in_a_header_field_starts_no_other(httpserver, shop, text):
    httpserver.expect_request("/").respond_with_data("ok")
    with pytest.raises(OutgoingFailed):
        get(shop("/"), headers={"X-Key": text})
    assert httpserver.log == []


def test_keys_stay_behind_when_the_port_or_the_scheme_changes(httpserver, shop):
    httpserver.expect_request("/port").respond_with_data("", 302, {"Location": "http://shop.example:1/"})
    with pytest.raises(OutgoingFailed, match="no usable answer"):
        get(shop("/port"), headers={"Authorization": "Bearer x"})
    sent = client._Request(check_url("http://shop.example/"), "GET", {"Authorization": "x", "Accept": "y"}, None)
    for location in ("https://shop.example/", "http://www.shop.example/", "//shop.example.org/"):
        assert sent.redirected(302, location, allow_private=False).headers == {"Accept": "y"}
    assert sent.redirected(302, "http://SHOP.example:80/x", allow_private=False).headers == sent.headers


def test_a_redirect_to_an_unusual_port_is_refused_on_the_public_internet():
    sent = client._Request(check_url("http://shop.example/"), "GET", {}, None)
    for location in ("http://shop.example:6379/", "http://other.example:25/", "gopher://shop.example/", "\x00"):
        with pytest.raises(OutgoingError):
            sent.redirected(302, location, allow_private=False)


def test_a_name_with_a_dot_at_its_end_is_checked_by_where_it_leads():
    with pytest.raises(OutgoingRefused):
        fetch("http://localhost./", resolver=lambda _host, _port: ["127.0.0.1"])


def test_a_broken_answer_fails(httpserver, shop):
    httpserver.expect_request("/").respond_with_data(b"not packed", headers={"Content-Encoding": "gzip"})
    with pytest.raises(OutgoingFailed, match="no usable answer"):
        get(shop("/"))


def test_an_unknown_name_and_a_closed_port_fail():
    with pytest.raises(OutgoingFailed):
        get("http://nowhere.example/")
    with pytest.raises(OutgoingFailed):
        get("http://shop.example:1/")


def test_https_never_redirects_to_http(monkeypatch):
    from gateways.outgoing import Response as Answer

    answer = Answer(302, httpx2.Headers({"Location": "http://shop.example/"}), b"", "https://shop.example/")
    monkeypatch.setattr(client, "_fetch_once", lambda *_, **__: answer)
    with pytest.raises(OutgoingRefused, match="from https to http"):
        fetch("https://shop.example/", resolver=names())


def test_the_certificate_is_checked_for_the_name_and_not_for_the_address(httpserver_for_tls, monkeypatch):
    port, trusted, seen = httpserver_for_tls
    monkeypatch.setattr(transport, "trusted", lambda: trusted)
    answer = fetch(f"https://shop.example:{port}/", allow_private=True, resolver=names(**LOCAL))
    assert (answer.body, seen) == (b"ok", ["shop.example"])
    with pytest.raises(OutgoingFailed):
        fetch(f"https://other.example:{port}/", allow_private=True, resolver=names(**LOCAL))


@pytest.fixture
def httpserver_for_tls(tmp_path):
    """A server with a certificate for shop.example, and the names that were asked of it."""
    certificate = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    seen = []
    context.sni_callback = lambda _socket, name, _context: seen.append(name)
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        for _ in range(2):
            connection, _ = listener.accept()
            try:
                with context.wrap_socket(connection, server_side=True) as secured:
                    secured.recv(4096)
                    secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok")
            except OSError:
                connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1], ssl.create_default_context(cafile=certificate), seen
    thread.join(5)
    listener.close()


def _certificate(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop.example")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("shop.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = folder / "certificate.pem"
    path.write_bytes(secret + certificate.public_bytes(pem))
    return path


def test_other_libraries_clients_are_guarded_too(httpserver, shop):
    httpserver.expect_request("/a").respond_with_data("", 302, {"Location": "http://169.254.169.254/"})
    guarded = GuardedTransport(allow_private=True, resolver=names(**LOCAL))
    with (
        httpx2.Client(transport=guarded, trust_env=False, follow_redirects=True) as client,
        pytest.raises(OutgoingRefused),
    ):
        client.get(shop("/a"))
