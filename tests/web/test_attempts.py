"""A browser that proved itself stays known when the secret of the server is changed, as long as the old one counts."""

import pytest

from core import signing
from web import attempts

FIRST, NEXT = "a secret for tests only, long enough", "the secret after a rotation, long enough"


@pytest.fixture
def cookie(app):
    before = list(signing._secrets)
    signing.use_secret(FIRST)
    with app.test_request_context():
        attempts.know_browser("una@example.com")
        answer = app.process_response(app.make_response(""))
    yield answer.headers["Set-Cookie"].partition(";")[0]
    signing._secrets[:] = before


def is_known(app, cookie, email="una@example.com"):
    with app.test_request_context(headers={"Cookie": cookie}):
        return attempts._known_browser(email) != ""


def test_a_rotation_does_not_make_a_browser_a_stranger(app, cookie):
    assert is_known(app, cookie)
    signing.use_secret(NEXT, previous=[FIRST])
    assert is_known(app, cookie)
    assert not is_known(app, cookie, "somebody@example.com")
    signing.use_secret(NEXT)
    assert not is_known(app, cookie)
