"""What the commands share: JSON on standard output, words on standard error, and a refusal as a sentence."""

import json
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NoReturn, ParamSpec

from flask import current_app
from sqlalchemy.exc import DBAPIError

from config.settings import Settings
from core import agents
from core.errors import DomainError
from models.agents import Agent
from web import schema

Parameters = ParamSpec("Parameters")
# An agent's id may begin with a hyphen and is no option for that.
FOR_AN_AGENT = {"ignore_unknown_options": True}


def plainly(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Bring the database to the present first, and turn a refusal into a sentence and exit status 1."""

    @wraps(command)
    def run(*arguments: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            bring_to_present()
            command(*arguments, **options)
        except DomainError as error:
            fail(error.message)
        except DBAPIError as error:
            fail(f"The database cannot be used: {error.orig}")

    return run


def bring_to_present() -> None:
    """Migrate the database; tests have made theirs."""
    if not settings().testing:
        schema.upgrade(current_app._get_current_object())  # type: ignore[attr-defined]


def find_agent(public_id: str) -> Agent:
    """The agent of this id; without one the command ends."""
    agent = agents.by_public_id(public_id)
    if agent is None:
        fail(f"There is no agent {public_id[:60]}.")
    return agent


def settings() -> Settings:
    """What this server is set to."""
    found: Settings = current_app.config["PORCHLIGHT"]
    return found


def show(content: Mapping[str, Any]) -> None:
    """Print the result, on a line of its own."""
    # As ASCII, so that no terminal's encoding stands in the way.
    print(json.dumps(content, allow_nan=False), flush=True)


def tell(message: str) -> None:
    """Say something to whoever has called the command."""
    print(message, file=sys.stderr, flush=True)


def fail(message: str) -> NoReturn:
    """Say why it could not be done, and end."""
    tell(message)
    raise SystemExit(1)
