"""The OpenAPI 3.1 document, made from the operations themselves."""

import json
import re
from functools import lru_cache
from typing import Any

from pydantic.json_schema import JsonSchemaMode, models_json_schema

from blueprints.api import once
from blueprints.api.caller import CALLS, SECONDS
from blueprints.api.operations import OPERATIONS, Operation
from blueprints.api.shapes.base import Problem, Shape

VERSION = "1.0.0"
_REFERENCE = "#/components/schemas/{model}"
_ID = re.compile(r"<uuid:(\w+)>")
_PROBLEMS = {
    "400": "What was sent is no JSON.",
    "401": "There is no key, or it is not good any more.",
    "403": "The key was not made for this.",
    "404": "There is no such thing in the workspace of the key.",
    "409": "It cannot be done in the state that things are in.",
    "412": "It was changed since the version that `If-Match` names.",
    "413": "It is too large.",
    "415": "It is not sent as JSON, or a file not as a form.",
    "422": "Something in it cannot be used; `fields` says what.",
    "429": "The key was used too often; `Retry-After` says when it may be used again.",
    "503": "Something that is needed does not answer; `Retry-After` says when to try again.",
}
_ABOUT = f"""Everything here is JSON, in UTF-8, but for files, which come as forms. Send your key as
`Authorization: Bearer pl_…`.

Lists come in pages: send `next` of one page as `cursor` of the next. A key may make {CALLS} calls in {SECONDS} seconds;
`RateLimit` says how many are left. A change with an `{once.HEADER}` is done once, however often it is sent within 24
hours. A change with `If-Match` is done only while the ETag is still that of what you have read.
"""


@lru_cache(maxsize=2)
def written(public_url: str) -> bytes:
    """The document of the server that is reached at an address."""
    return json.dumps(_document(public_url), ensure_ascii=False).encode()


def _document(public_url: str) -> dict[str, Any]:
    schemas, definitions = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        path = _ID.sub(lambda found: "{" + _camel(found[1]) + "}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _described(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Porchlight", "version": VERSION, "description": _ABOUT},
        "servers": [{"url": f"{public_url.rstrip('/')}/api/v1"}],
        "security": [{"key": []}],
        "tags": [{"name": name} for name in dict.fromkeys(map(_tag, OPERATIONS))],
        "paths": paths,
        "components": {
            "schemas": definitions,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "An API key, made in the settings."}
            },
            "headers": _HEADERS,
        },
    }


_HEADERS: dict[str, Any] = {
    "RateLimit-Policy": {"description": "How many calls in how many seconds.", "schema": {"type": "string"}},
    "RateLimit": {"description": "How many calls are left, and for how long.", "schema": {"type": "string"}},
    "ETag": {"description": "The version of what is answered.", "schema": {"type": "string"}},
}


def _schemas() -> tuple[dict[tuple[type[Shape], JsonSchemaMode], dict[str, Any]], dict[str, Any]]:
    taken: list[tuple[type[Shape], JsonSchemaMode]] = [(Problem, "serialization")]
    for operation in OPERATIONS:
        taken += [(shape, "validation") for shape in (operation.query, operation.body) if shape is not None]
        taken += [(operation.answer, "serialization")] if operation.answer is not None else []
    # What is not asked for comes as null: a schema that has it required would be wrong for errors alone.
    made, whole = models_json_schema(list(dict.fromkeys(taken)), by_alias=True, ref_template=_REFERENCE)
    return made, whole["$defs"]  # type: ignore[return-value]


def _described(operation: Operation, schemas: dict[tuple[type[Shape], JsonSchemaMode], dict[str, Any]]) -> Any:
    described: dict[str, Any] = {
        "operationId": _camel(operation.name),
        "summary": operation.summary,
        "tags": [_tag(operation)],
        "parameters": _parameters(operation),
        "responses": _responses(operation, schemas),
        "security": [{"key": [operation.scope] if operation.scope else []}],
    }
    if operation.description:
        described["description"] = operation.description
    if operation.body is not None:
        content = {"application/json": {"schema": schemas[operation.body, "validation"]}}
        described["requestBody"] = {"required": True, "content": content}
    if operation.takes_file:
        described["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": _FILE}}}
    return described


_FILE: dict[str, Any] = {
    "type": "object",
    "properties": {"file": {"type": "string", "format": "binary", "description": "At most 10 MB."}},
    "required": ["file"],
    "additionalProperties": False,
}


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"name": _camel(name), "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
        for name in _ID.findall(operation.path)
    ]
    if operation.query is not None:
        schema = operation.query.model_json_schema(by_alias=True, ref_template=_REFERENCE)
        found += [_asked(name, told) for name, told in schema["properties"].items()]
    if operation.is_done_once:
        found.append(_KEY)
    if operation.is_versioned or operation.method == "DELETE":
        found.append(_header("If-None-Match" if operation.is_read else "If-Match", "An ETag that was answered before."))
    return found


def _asked(name: str, told: dict[str, Any]) -> dict[str, Any]:
    # What may be left out has no null: an address cannot say it.
    choices = [choice for choice in told.get("anyOf", [told]) if choice.get("type") != "null"]
    schema = {key: content for key, content in choices[0].items() if key not in ("title", "description")}
    parameter = {"name": name, "in": "query", "required": False, "schema": schema}
    description = told.get("description") or choices[0].get("description")
    return parameter | ({"description": description} if description else {})


def _header(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": description,
        "schema": {"type": "string"} | schema,
    }


_KEY = _header(
    once.HEADER,
    "The same for each time that this request is sent, such as a UUID: it is done once.",
    pattern=once.PATTERN,
)


def _responses(
    operation: Operation, schemas: dict[tuple[type[Shape], JsonSchemaMode], dict[str, Any]]
) -> dict[str, Any]:
    done: dict[str, Any] = {"description": "Done." if not operation.is_read else "Here it is.", "headers": _told()}
    if operation.answer is not None:
        done["content"] = {"application/json": {"schema": schemas[operation.answer, "serialization"]}}
    if operation.is_versioned:
        done["headers"]["ETag"] = {"$ref": "#/components/headers/ETag"}
    found = {str(operation.status): done}
    if operation.is_read and operation.is_versioned:
        found["304"] = {"description": "You have it already."}
    return found | {status: _problem(status) for status in _possible(operation)}


def _told() -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in ("RateLimit-Policy", "RateLimit")}


def _possible(operation: Operation) -> list[str]:
    possible = {"401", "403", "404", "422", "429"}
    if operation.body is not None or operation.takes_file:
        possible |= {"400", "413", "415"}
    if not operation.is_read:
        possible |= {"409", "412", "503"}
    return sorted(possible)


def _problem(status: str) -> dict[str, Any]:
    schema = {"$ref": _REFERENCE.format(model="Problem")}
    return {"description": _PROBLEMS[status], "content": {"application/json": {"schema": schema}}}


def _tag(operation: Operation) -> str:
    if operation.scope is None:
        return "key"
    return operation.scope.partition(":")[0]


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)
