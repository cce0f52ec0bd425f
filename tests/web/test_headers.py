"""Headers that every answer carries, whatever it is and however it went."""

import re

import pytest

from tests.conftest import make_agent

HTMX = {"HX-Request": "true"}


def policy_of(answer):
    return dict(part.partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split("; "))


@pytest.fixture
def pages(olga, vera, agent):
    """A page of each kind, with who looks at it."""
    return {
        "admin": olga.get(f"/admin/agents/{agent.id}"),
        "fragment": olga.get(f"/admin/agents/{agent.id}/state", headers=HTMX),
        "sign-in": vera.get("/sign-in"),
        "redirect": vera.get("/admin/"),
        "missing": vera.get("/nowhere"),
        "refused": olga.get("/admin/agents/00000000-0000-7000-8000-000000000000"),
        "not allowed": vera.post("/nowhere"),
    }


def test_pages_of_ours_are_shut_against_everything_from_elsewhere(pages):
    for name, answer in pages.items():
        policy = policy_of(answer)
        assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'", name
        assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'", name
        assert policy["require-trusted-types-for"] == "'script'"
        assert policy["trusted-types"] == "porchlight"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Server" not in answer.headers


def test_only_what_teammates_need_of_the_browser_is_open(pages):
    allowed = dict(entry.split("=") for entry in pages["admin"].headers["Permissions-Policy"].split(", "))
    assert {name for name, who in allowed.items() if who == "(self)"} == {
        "clipboard-write",
        "publickey-credentials-create",
        "publickey-credentials-get",
    }
    assert {who for name, who in allowed.items()} == {"(self)", "()"}
    assert {"camera", "microphone", "geolocation", "payment", "usb", "browsing-topics"} <= set(allowed)


def test_the_chat_needs_nothing_of_the_browser(vera, agent):
    for path in (f"/widget/{agent.public_id}", f"/chat/{agent.public_id}"):
        allowed = vera.get(path).headers["Permissions-Policy"]
        assert re.fullmatch(r"([a-z-]+=\(\), )+[a-z-]+=\(\)", allowed)


def test_the_chat_is_framed_by_its_websites_and_its_link_by_nobody(vera, workspace):
    agent = make_agent(workspace, websites=("shop.com",))
    framed = vera.get(f"/widget/{agent.public_id}")
    assert "X-Frame-Options" not in framed.headers
    assert framed.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert framed.headers["Cross-Origin-Embedder-Policy"] == "require-corp"
    linked = vera.get(f"/chat/{agent.public_id}")
    assert linked.headers["X-Frame-Options"] == "DENY"
    assert policy_of(linked)["frame-ancestors"] == "'none'"


def test_what_is_no_page_does_nothing_when_it_is_opened(olga, vera, agent):
    answers = [
        vera.post("/api/v1/widget/sessions", json={}),
        vera.get("/api/v1/widget/nowhere"),
        olga.get(f"/admin/agents/{agent.id}/knowledge/questions.csv"),
        olga.get(f"/admin/agents/{agent.id}/knowledge/questions.json"),
        vera.get("/icon.svg"),
    ]
    for answer in answers:
        assert answer.mimetype in ("application/json", "text/csv", "image/svg+xml")
        assert policy_of(answer) == {"default-src": "'none'", "frame-ancestors": "'none'", "sandbox": ""}
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"]


def test_what_the_widget_calls_may_be_called_from_customers_pages(vera, agent):
    loader = vera.get(f"/widget/{agent.public_id}.js")
    report = vera.post("/api/v1/widget/track", json={"agentId": agent.public_id, "events": []})
    for answer in (loader, report):
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Content-Security-Policy" not in loader.headers


def test_https_is_asked_for_where_it_is_spoken(vera):
    assert "Strict-Transport-Security" not in vera.get("/sign-in").headers
    secure = vera.get("/sign-in", base_url="https://localhost")
    assert secure.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_built_files_are_for_our_own_pages(olga, vera):
    [script] = re.findall(r'src="(/assets/theme-[^"]+)"', olga.get("/admin/team/").text)
    answer = vera.get(script)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "immutable" in answer.headers["Cache-Control"]
    answer.close()
