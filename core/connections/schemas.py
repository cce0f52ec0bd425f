"""What a tool's arguments may be: a stranger's JSON Schema, cut down to what is safe to keep, show and check with.

References, patterns and whatever else could keep a checker busy are left out; the server checks for itself.
"""

from collections.abc import Mapping
from typing import Any

from core.texts import clean

_DEPTH = 6
_NODES = 400
_MOST_CHOICES = 60
_LONGEST_WORDS = 600
_TYPES = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})
_NUMBERS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_COUNTS = ("minLength", "maxLength", "minItems", "maxItems")
_JOINED = ("anyOf", "oneOf", "allOf")

Schema = Mapping[str, Any]


def simplified(schema: Schema) -> dict[str, Any]:
    """A schema of an object without references, patterns and depth without end."""
    found = _Cutting(schema).cut(schema, depth=0)
    return {**found, "type": "object", "properties": found.get("properties", {})}


def without(schema: Schema, names: frozenset[str]) -> dict[str, Any]:
    """The schema without some of its arguments."""
    properties = {name: one for name, one in schema.get("properties", {}).items() if name not in names}
    required = [name for name in schema.get("required", ()) if name not in names]
    joined = {word: [without(one, names) for one in schema[word]] for word in _JOINED if word in schema}
    return {**schema, **joined, "properties": properties, "required": required}


def undeclared(arguments: object, schema: Schema, *, place: str = "") -> str | None:
    """The first of some arguments that a tool has not told of: nobody has looked at what it would do.

    Args:
        schema: as `simplified` left it; an inner object that names no properties may hold anything.
    """
    if isinstance(arguments, list):
        inner = schema.get("items", {})
        return next((found for one in arguments if (found := undeclared(one, inner, place=f"{place}[]"))), None)
    if not isinstance(arguments, Mapping):
        return None
    known = properties_of(schema)
    for name, value in arguments.items() if known or not place else ():
        at = f"{place}.{name}".lstrip(".")
        found = undeclared(value, known[name], place=at) if name in known else at
        if found is not None:
            return found
    return None


def properties_of(schema: Schema) -> dict[str, Schema]:
    """All properties that an object may have, those of its variants included."""
    found: dict[str, Schema] = {}
    for word in _JOINED:
        for one in schema.get(word, ()):
            found |= properties_of(one)
    return {**found, **schema.get("properties", {})}


def problem_with(arguments: Mapping[str, Any], schema: Schema) -> str | None:
    """What is wrong with arguments, in a few words for a model; None when nothing is.

    Args:
        schema: as `simplified` left it.
    """
    from jsonschema import Draft202012Validator

    error = next(iter(Draft202012Validator(schema).iter_errors(dict(arguments))), None)
    if error is None:
        return None
    place = ".".join(str(part) for part in error.absolute_path) or "the arguments"
    return f"{place[:100]}: {error.message[:200]}"


class _Cutting:
    def __init__(self, root: Schema) -> None:
        self._root = root
        self._left = _NODES

    def cut(self, schema: object, *, depth: int) -> dict[str, Any]:
        schema = self._resolved(schema)
        self._left -= 1
        if not isinstance(schema, Mapping) or depth > _DEPTH or self._left < 0:
            return {}
        found: dict[str, Any] = _plain(schema)
        properties = schema.get("properties")
        if isinstance(properties, Mapping):
            told = [(name, one) for name, one in properties.items() if _is_plain(name) and len(name) <= 128][:60]
            named = {name: self.cut(one, depth=depth + 1) for name, one in told}
            required = schema.get("required")
            found["properties"] = named
            found["required"] = [name for name in required if name in named] if isinstance(required, list) else []
        if isinstance(schema.get("items"), Mapping):
            found["items"] = self.cut(schema["items"], depth=depth + 1)
        for word in _JOINED:
            if isinstance(schema.get(word), list) and schema[word]:
                found[word] = [self.cut(one, depth=depth + 1) for one in schema[word][:8]]
        return found

    def _resolved(self, schema: object) -> object:
        for _step in range(_DEPTH):
            reference = schema.get("$ref") if isinstance(schema, Mapping) else None
            if not isinstance(reference, str):
                return schema
            schema = self._at(reference)
        return None

    def _at(self, reference: str) -> object:
        found: object = self._root
        if not reference.startswith("#/"):
            return None
        for part in reference[2:].split("/")[:_DEPTH]:
            found = found.get(part) if isinstance(found, Mapping) else None
        return found


def _plain(schema: Schema) -> dict[str, Any]:
    found: dict[str, Any] = {}
    kinds = schema.get("type")
    if isinstance(kinds, str) and kinds in _TYPES:
        found["type"] = kinds
    elif isinstance(kinds, list) and kinds and all(isinstance(kind, str) and kind in _TYPES for kind in kinds):
        found["type"] = list(dict.fromkeys(kinds))
    for word in ("title", "description", "format"):
        if isinstance(schema.get(word), str):
            found[word] = clean(schema[word][:_LONGEST_WORDS])
    for word in _NUMBERS:
        if _is_number(schema.get(word)):
            found[word] = schema[word]
    for word in _COUNTS:
        if _is_number(schema.get(word)) and schema[word] >= 0:
            found[word] = int(schema[word])
    choices = schema.get("enum")
    if isinstance(choices, list) and 0 < len(choices) <= _MOST_CHOICES and all(map(_is_plain, choices)):
        found["enum"] = choices
    for word in ("default", "const"):
        if word in schema and _is_plain(schema[word]):
            found[word] = schema[word]
    if schema.get("additionalProperties") is False:
        found["additionalProperties"] = False
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15


def _is_plain(value: object) -> bool:
    """Whether it is short, and can be kept by every database."""
    if isinstance(value, str):
        return len(value) <= 200 and clean(value) == value.strip()
    return value is None or isinstance(value, bool) or _is_number(value)
