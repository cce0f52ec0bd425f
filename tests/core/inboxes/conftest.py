"""Somebody who reads the inbox."""

import pytest

from models.teammates import Role
from tests.conftest import make_teammate


@pytest.fixture
def reader(workspace):
    return make_teammate(workspace, "Rhea", Role.SUPPORT)


@pytest.fixture
def other(workspace):
    return make_teammate(workspace, "Otto", Role.SUPPORT)
