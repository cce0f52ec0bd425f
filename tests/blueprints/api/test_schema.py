"""schemathesis reads the document and asks the server all that it says: no crash, and no answer beside its schema."""

import itertools
import uuid
from typing import Any

import pytest
import schemathesis
from hypothesis import Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks as of_openapi

from blueprints.api import caller, document_routes
from blueprints.api.operations import OPERATIONS
from models import db
from models.teammates import Teammate
from tests.blueprints.api.conftest import make_program
from tests.shops import Shop, fingerprint, make_shop

ALWAYS = [
    not_a_server_error,
    of_openapi.status_code_conformance,
    of_openapi.content_type_conformance,
    of_openapi.response_headers_conformance,
    of_openapi.response_schema_conformance,
]
EXAMPLES = {GenerationMode.POSITIVE: 8, GenerationMode.NEGATIVE: 4}


@pytest.fixture
def shop(app, monkeypatch) -> Shop:
    monkeypatch.setattr(caller, "CALLS", 1_000_000)
    document_routes.documents.written.cache_clear()
    return make_shop("Brambleby", is_staffed=False)


def test_every_answer_is_as_the_document_says(app, shop):
    others = make_shop("Quillfeather", is_staffed=False)
    known = fingerprint(others.workspace)
    owner = db.session.get_one(Teammate, shop.id_of("owner"))
    program = make_program(app, owner.workspace, by=owner)
    document = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    asked = 0
    found = [one.ok() for one in document.get_all_operations()]
    # What takes things away comes last.
    for operation, mode in itertools.product(sorted(found, key=lambda one: one.method == "delete"), EXAMPLES):
        asked += _examine(operation, mode, shop, others, program.secret)
    print(f"\n{asked} requests")
    assert asked > 300
    assert fingerprint(others.workspace) == known


def _examine(found: Any, mode: GenerationMode, shop: Shop, others: Shop, secret: str) -> int:
    asked = 0
    ids = _ids(found.path, shop), _ids(found.path, others)

    @settings(max_examples=EXAMPLES[mode], phases=[Phase.generate], derandomize=True, database=None)
    @given(case=found.as_strategy(generation_mode=mode))
    def examine(case: Any) -> None:
        nonlocal asked
        asked += 1
        if _is_possible(case.path_parameters or {}):
            # Mostly what is there, now and then what is somebody else's, or what nobody has.
            case.path_parameters = {0: ids[1], 1: case.path_parameters}.get(asked % 5, ids[0]) or None
        if isinstance(case.body, dict) and case.body.keys() >= {"agentId", "customerId"} and asked % 4:
            case.body |= {name: str(shop.id_of(name[:-2])) for name in ("agentId", "customerId")}
        if mode is GenerationMode.POSITIVE or "Authorization" not in (case.headers or {}):
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {secret}"}
        checks = [*ALWAYS, of_openapi.negative_data_rejection] if mode is GenerationMode.NEGATIVE else ALWAYS
        response = case.call_and_validate(checks=checks)
        assert others.marker not in response.text.lower()

    examine()
    return asked


def _is_possible(path_parameters: dict[str, Any]) -> bool:
    try:
        return all(uuid.UUID(str(number)) for number in path_parameters.values())
    except ValueError:
        return False


def _ids(path: str, shop: Shop) -> dict[str, str]:
    kinds = {"customerId": "customer", "conversationId": "conversation", "agentId": "agent", "entryId": "entry"}
    kinds |= {"sourceId": "source", "webhookId": "webhook"}
    return {name: str(shop.id_of(kind)) for name, kind in kinds.items() if f"{{{name}}}" in path}


def test_the_document_has_every_operation_once(app, vera):
    document = vera.get("/api/v1/openapi.json")
    assert document.json["openapi"] == "3.1.0"
    paths = document.json["paths"]
    named = [told["operationId"] for methods in paths.values() for told in methods.values()]
    assert len(named) == len(set(named)) == len(OPERATIONS)
    again = vera.get("/api/v1/openapi.json", headers={"If-None-Match": document.headers["ETag"]})
    assert again.status_code == 304
