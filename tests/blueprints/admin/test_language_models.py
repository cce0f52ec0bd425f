"""Settings → Models: who may, what is shown, and that no key comes back."""

import pytest

from core import language_models
from core.language_models import Draft
from gateways import llm
from models import db
from models.answering import LanguageModel
from tests.conftest import NOW
from tests.model_server import FAILURES, saying, serving

PAGE = "/admin/settings/models/"
HTMX = {"HX-Request": "true"}
FORM = {"title": "Hosted", "base_url": "https://models.example", "key": "sk-secret", "input_price": "0,15"}


@pytest.fixture
def model(workspace):
    draft = Draft("Hosted", "https://models.example/v1", "small", "sk-secret")
    return language_models.add(workspace, draft, by=None, now=NOW)


@pytest.fixture
def server():
    language_models.reach(allow_private=True)
    llm.breaker.clear()
    with serving() as server:
        yield server
    language_models.reach(allow_private=False)


def test_a_model_is_added_and_its_key_never_shown(adam):
    assert "No language model" in adam.get(PAGE).text
    assert adam.post(PAGE, data=FORM).status_code == 303
    [model] = db.session.query(LanguageModel).all()
    assert (model.base_url, model.input_price) == ("https://models.example/v1", 150_000)
    for address in (PAGE, f"{PAGE}{model.id}"):
        page = adam.get(address).text
        assert "Hosted" in page
        assert "sk-secret" not in page


def test_what_is_wrong_is_told_and_what_was_typed_is_kept(olga):
    wrong = FORM | {"base_url": "https://10.0.0.1/v1", "input_price": "much"}
    answer = olga.post(PAGE, data=wrong, headers=HTMX)
    assert answer.status_code == 422
    assert "ALLOW_PRIVATE_ADDRESSES" in answer.text
    assert "Write a price like 0.15" in answer.text
    assert "https://10.0.0.1/v1" in answer.text
    assert "<h1" not in answer.text
    assert "<h1" in olga.post(PAGE, data=wrong).text


def test_a_model_is_changed_and_keeps_its_key(olga, model):
    answer = olga.post(f"{PAGE}{model.id}", data={"title": "Other", "base_url": model.base_url}, headers=HTMX)
    assert answer.headers["HX-Redirect"] == PAGE
    assert (model.title, language_models.endpoint_of(model).model.api_key) == ("Other", "sk-secret")
    olga.post(f"{PAGE}{model.id}", data={"title": "Other", "base_url": model.base_url, "needs_no_key": "y"})
    assert model.sealed_key is None


def test_the_order_is_changed_a_model_switched_off_and_removed(olga, model, workspace):
    other = language_models.add(workspace, Draft("Other", "https://other.example/v1"), by=None, now=NOW)
    moved = olga.post(f"{PAGE}{other.id}/place", data={"up": "1"}, headers=HTMX).text
    assert moved.index("Other") < moved.index("Hosted")
    assert "Switch on" in olga.post(f"{PAGE}{other.id}/switch", data={"is_on": "0"}, headers=HTMX).text
    assert olga.post(f"{PAGE}{other.id}/switch", data={"is_on": "1"}).status_code == 303
    assert olga.post(f"{PAGE}{other.id}/removal").status_code == 303
    assert [row.title for row in language_models.listed(workspace)] == ["Hosted"]


def test_a_try_says_that_it_answers_or_what_to_do(olga, workspace, server):
    draft = Draft("Mine", server.base_url)
    model = language_models.add(workspace, draft, by=None, now=NOW)
    server.behaviour = saying("Yes, I am here.")
    assert "It answers." in olga.post(f"{PAGE}{model.id}/trial", headers=HTMX).text
    server.behaviour = FAILURES["status 401"]
    told = olga.post(f"{PAGE}{model.id}/trial").text
    assert "does not accept the key" in told
    assert "secret details" not in told
    assert "does not accept the key" in olga.get(PAGE).text


def test_the_servers_own_model_is_tried_too(olga, server):
    assert olga.post(f"{PAGE}own/trial").status_code == 404
    language_models.use_model(llm.Model(server.base_url, "small", may_be_private=True))
    try:
        assert "It answers." in olga.post(f"{PAGE}own/trial", headers=HTMX).text
        assert language_models.SERVERS_OWN in olga.get(PAGE).text
    finally:
        language_models.use_model(None)


def test_only_owners_and_admins_see_models(eddy, sue, rita, model):
    for reader in (eddy, sue, rita):
        assert reader.get(PAGE).status_code == 403
        assert reader.post(PAGE, data=FORM).status_code == 403
        assert reader.post(f"{PAGE}{model.id}/trial").status_code == 403
        assert "settings/models" not in reader.get("/admin/settings/websites/", follow_redirects=True).text


def test_a_stranger_finds_nothing(stan, vera, model):
    for rest in ("", "/switch", "/place", "/removal", "/trial"):
        assert stan.post(f"{PAGE}{model.id}{rest}", data=FORM).status_code == 404
    assert stan.get(f"{PAGE}{model.id}").status_code == 404
    assert "Hosted" not in stan.get(PAGE).text
    assert "/sign-in" in vera.get(PAGE).location
