"""What the API can do: each operation says once what it takes, answers and needs, and is checked and documented so."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from flask import Response, request
from flask.typing import ResponseReturnValue

from blueprints.api import caller, once, receiving, versions
from blueprints.api.blueprint import bp
from blueprints.api.shapes.base import Shape
from core import audits
from models import transaction
from models.api_keys import ApiKey
from web.access import public

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Operation:
    """One thing that a program can ask for."""

    name: str
    method: str
    path: str
    summary: str
    description: str
    scope: str | None
    """What the key has to be made for; None: any good key."""
    query: type[Shape] | None
    body: type[Shape] | None
    answer: type[Shape] | None
    status: int
    takes_file: bool
    """Whether the body is a form with one file. Checking it takes its time: nothing else is done with it."""
    is_versioned: bool
    """Whether the answer carries an ETag, and a change may be bound to the one that was seen."""

    @property
    def is_read(self) -> bool:
        return self.method == "GET"

    @property
    def is_done_once(self) -> bool:
        """Whether an idempotency key counts. A file that is sent twice is kept twice, until it is swept away."""
        return not self.is_read and not self.takes_file


OPERATIONS: list[Operation] = []
"""All of them, in the order in which they are documented."""


def operation(
    method: str,
    path: str,
    *,
    summary: str,
    scope: str | None,
    query: type[Shape] | None = None,
    body: type[Shape] | None = None,
    answer: type[Shape] | None = None,
    status: int = 200,
    takes_file: bool = False,
    is_versioned: bool = False,
) -> Callable[[View], View]:
    """Serve a view as an operation; its docstring becomes the description.

    The view gets the ids in the path, and `query` and `body` as the shapes that it declares. It returns the shape to
    answer with. Whatever writes runs in one transaction, together with what its idempotency key is remembered by; but
    one that takes a file reads it by itself (`receiving.file`), once it knows what for.
    """

    def register(view: View) -> View:
        made = Operation(
            name=view.__name__,
            method=method,
            path=path,
            summary=summary,
            description=" ".join((view.__doc__ or "").split()),
            scope=scope,
            query=query,
            body=body,
            answer=answer,
            status=status,
            takes_file=takes_file,
            is_versioned=is_versioned,
        )
        OPERATIONS.append(made)
        bp.add_url_rule(path, endpoint=made.name, view_func=_handler(made, view), methods=[method])
        return view

    return register


def _handler(made: Operation, view: Callable[..., Any]) -> Callable[..., ResponseReturnValue]:
    @public
    @wraps(view)
    def handle(**values: Any) -> ResponseReturnValue:
        key = caller.identify(made.scope)
        if made.query is not None:
            values["query"] = receiving.query(made.query)
        if made.body is not None:
            values["body"] = receiving.body(made.body)
        with audits.through(f"the API key “{key.name}”"):
            if made.is_read:
                return versions.unless_known(_answer(made, view(**values)))
            if not made.is_done_once:
                return _answer(made, view(**values))
            return _written(made, key, lambda: view(**values))

    return handle


def _written(made: Operation, key: ApiKey, do: Callable[[], Any]) -> Response:
    with transaction():
        return once.done(key, lambda: _answer(made, do()))


def _answer(made: Operation, shape: Shape | None) -> Response:
    if shape is None:
        return Response(status=made.status)
    response = Response(shape.as_json(), status=made.status, mimetype="application/json")
    if made.is_versioned:
        response.headers["ETag"] = versions.tag_of(shape)
    if made.status == 201 and (number := getattr(shape, "id", None)) is not None and made.is_versioned:
        response.headers["Location"] = f"{request.path}/{number}"
    return response
