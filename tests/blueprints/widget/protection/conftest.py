"""Somebody who has opened the chat, and an admin."""

import pytest
from sqlalchemy import select

from models import db
from models.customers import Customer
from models.teammates import Role
from tests.blueprints.widget.test_api import open_chat
from tests.conftest import make_teammate


@pytest.fixture
def adam_himself(workspace):
    return make_teammate(workspace, "Adam", Role.ADMIN)


@pytest.fixture
def opened(vera, agent):
    return open_chat(vera, agent).json["token"]


@pytest.fixture
def customer(opened):
    return db.session.scalars(select(Customer)).one()
