"""Programs that come with a key."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import api_keys
from core.clock import utc_now
from models.teammates import Teammate, Workspace


class Program:
    """A program of a site: a client that sends its key with each call."""

    def __init__(self, app: Flask, secret: str) -> None:
        self.client: FlaskClient = app.test_client(use_cookies=False)
        self.secret = secret

    def __getattr__(self, method: str) -> Any:
        def call(path: str, *, headers: dict[str, str] | None = None, **options: Any) -> Any:
            sent = {"Authorization": f"Bearer {self.secret}"} | (headers or {})
            return getattr(self.client, method)(f"/api/v1{path}", headers=sent, **options)

        return call


def make_program(
    app: Flask, workspace: Workspace, *scopes: str, by: Teammate | None = None, days: int | None = None
) -> Program:
    made = api_keys.make(workspace, name="Warehouse", scopes=scopes or api_keys.SCOPES, days=days, by=by, now=utc_now())
    return Program(app, made.secret)


@pytest.fixture
def program(app, workspace) -> Program:
    """A program of the workspace that may do everything."""
    return make_program(app, workspace)


@pytest.fixture
def other_program(app, other_workspace) -> Program:
    """A program of another workspace that may do everything there."""
    return make_program(app, other_workspace)
