"""What the tests of the outside world share."""

import pytest


@pytest.fixture
def shop(httpserver):
    """Addresses of a server on loopback that goes by public names."""

    def url(path, host="shop.example"):
        return f"http://{host}:{httpserver.port}{path}"

    return url
