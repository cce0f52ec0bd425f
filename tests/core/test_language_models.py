"""A workspace's models: who is asked, in which order, and where their keys may go."""

import pytest

from core import language_models
from core.errors import Conflict, Invalid, NotFound
from core.language_models import Draft
from gateways.llm import Model
from models import db
from models.audits import AuditEntry
from tests.conftest import NOW

HOSTED = Draft("Hosted", "https://models.example/v1", "small", "sk-secret", 150_000, 600_000)


def add(workspace, title="Hosted", **changes):
    values = vars(HOSTED) | {"title": title} | changes
    return language_models.add(workspace, Draft(**values), by=None, now=NOW)


def titles(workspace):
    return [endpoint.title for endpoint in language_models.endpoints(workspace.id)]


@pytest.fixture(autouse=True)
def servers_own():
    yield
    language_models.use_model(None)
    language_models.reach(allow_private=False)


def test_they_are_asked_in_their_order_after_the_servers_own(workspace):
    for title in ("One", "Two", "Three"):
        add(workspace, title)
    language_models.use_model(Model("http://127.0.0.1:1/v1"))
    language_models.move(language_models.listed(workspace)[2], up=True, by=None, now=NOW)
    language_models.switch(language_models.listed(workspace)[0], is_on=False, by=None, now=NOW)
    assert titles(workspace) == [language_models.SERVERS_OWN, "Three", "Two"]
    language_models.remove(language_models.listed(workspace)[1], by=None, now=NOW)
    assert titles(workspace) == [language_models.SERVERS_OWN, "Two"]


def test_nobody_asks_the_models_of_another_shop(workspace, other_workspace):
    model = add(workspace)
    assert titles(other_workspace) == []
    with pytest.raises(NotFound):
        language_models.find(other_workspace, model.id)


def test_a_key_is_sealed_and_in_no_log(workspace):
    model = add(workspace)
    assert b"sk-secret" not in model.sealed_key
    assert language_models.endpoint_of(model).model.api_key == "sk-secret"
    assert "sk-secret" not in repr(language_models.endpoints(workspace.id))
    language_models.change(model, Draft("Hosted", HOSTED.base_url, key="sk-other"), by=None, now=NOW)
    told = [(entry.action, str(entry.before), str(entry.after)) for entry in db.session.query(AuditEntry)]
    assert sorted(action for action, _before, _after in told) == ["language_model.add", "language_model.change"]
    assert "sk-" not in str(told)


def test_a_key_does_not_move_to_another_address_unasked(workspace):
    model = add(workspace)
    with pytest.raises(Invalid, match="Write the key again"):
        language_models.change(model, Draft("Hosted", "https://thief.example/v1"), by=None, now=NOW)
    language_models.change(model, Draft("Hosted", "https://new.example/v1", key="sk-new"), by=None, now=NOW)
    assert language_models.endpoint_of(model).model.base_url == "https://new.example/v1"


@pytest.mark.parametrize(
    "address",
    [
        "ftp://models.example/v1",
        "http://models.example/v1",
        "https://10.0.0.1/v1",
        "https://169.254.169.254/v1",
        "https://models.example:8443/v1",
        "https://user:word@models.example/v1",
        "https://models.example/v1?key=1",
        "models",
    ],
)
def test_addresses_that_must_not_be_asked_are_refused(workspace, address):
    with pytest.raises(Invalid):
        add(workspace, base_url=address)
    assert titles(workspace) == []


def test_the_own_network_is_asked_where_the_operator_allows_it_and_metadata_never(workspace):
    language_models.reach(allow_private=True)
    assert add(workspace, base_url="http://127.0.0.1:11434").base_url == "http://127.0.0.1:11434/v1"
    with pytest.raises(Invalid):
        add(workspace, "Two", base_url="http://169.254.169.254/v1")


def test_what_cannot_be_meant_is_refused(workspace):
    add(workspace)
    for changes in ({"title": " hosted "}, {"title": language_models.SERVERS_OWN}, {"title": ""}):
        with pytest.raises(Invalid):
            add(workspace, **changes)
    for changes in ({"input_price": -1}, {"patience": 0}, {"patience": 99}, {"key": "a\nb"}):
        with pytest.raises(Invalid):
            add(workspace, "Other", **changes)
    for number in range(language_models.MOST - 1):
        add(workspace, f"Model {number}")
    with pytest.raises(Conflict):
        add(workspace, "One too many")


def test_the_cost_is_never_rounded_to_nothing():
    endpoint = language_models.Endpoint("One", Model("https://models.example/v1"), 150_000, 600_000)
    assert endpoint.cost(1_000_000, 1_000_000) == 750_000
    assert endpoint.cost(1, 0) == 1
    assert language_models.Endpoint("Free", endpoint.model).cost(10**6, 10**6) == 0
