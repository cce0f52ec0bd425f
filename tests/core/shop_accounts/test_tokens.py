"""What a shop's token endpoint answers, renewed tokens and refusals alike, is data with bounds."""

from datetime import timedelta

import pytest
from starlette.responses import JSONResponse, RedirectResponse, Response

from core import shop_accounts
from core.errors import Invalid
from core.shop_accounts import tokens
from gateways.outgoing import Limits
from models import db
from models.connections import CallStatus
from models.shop_accounts import ShopSignIn
from tests.core.shop_customers import US, count, looks_up, sign_in
from tests.shopify_accounts import TOKEN_PATH

KNOWN = {"access": "a", "renewing": "r", "origin": US}
GIVEN = {"access_token": "fresh", "token_type": "bearer", "expires_in": 3600}


@pytest.fixture
def accounts(shop, lending):
    return shop_accounts.of_shop(shop.row)


def answered(shop, answer):
    shop.accounts.instead[TOKEN_PATH] = answer


@pytest.mark.parametrize(
    "answer",
    [
        Response("oops", 500),
        Response("<h1>Sign in</h1>", 200),
        Response("x" * 100_000, 200),
        RedirectResponse("https://evil.example/token"),
        JSONResponse({}),
        JSONResponse(GIVEN | {"access_token": "two\nlines"}),
        JSONResponse(GIVEN | {"access_token": "x" * 9_000}),
        JSONResponse(GIVEN | {"token_type": "mac"}),
    ],
)
def test_what_is_no_token_is_none_and_the_sign_in_stays(shop, accounts, chat, lending, answer):
    shop.accounts.lifetime = 1
    row = sign_in(shop, chat, lending)
    answered(shop, answer)
    with pytest.raises(Invalid):
        tokens.renewed(accounts, KNOWN)
    assert looks_up(chat).status is CallStatus.FAILED
    db.session.expire_all()
    assert db.session.get(ShopSignIn, row.id).renewing_until is None


def test_a_shop_that_takes_too_long_is_not_waited_for(shop, accounts, monkeypatch):
    monkeypatch.setattr(tokens, "_LIMITS", Limits(seconds=0.2, connect_seconds=0.2, bytes=1_000, redirects=0))
    shop.accounts.slowly[TOKEN_PATH] = 0.6
    with pytest.raises(Invalid, match="does not answer just now"):
        tokens.renewed(accounts, KNOWN)


def test_a_refusal_ends_it(shop, accounts, chat, lending):
    shop.accounts.lifetime = 1
    sign_in(shop, chat, lending)
    answered(shop, JSONResponse({"error": "invalid_grant"}, status_code=400))
    with pytest.raises(tokens.Ended):
        tokens.renewed(accounts, KNOWN)
    with pytest.raises(tokens.Ended):
        tokens.renewed(accounts, KNOWN | {"renewing": None})
    assert looks_up(chat).status is CallStatus.FAILED
    assert not count(ShopSignIn)


@pytest.mark.parametrize(
    ("life", "lifetime"),
    [
        (3600, timedelta(hours=1)),
        (1, timedelta(seconds=30)),
        (10**9, timedelta(hours=24)),
        ("soon", timedelta(hours=1)),
        (True, timedelta(hours=1)),
    ],
)
def test_a_life_is_as_long_as_it_may_be(shop, accounts, life, lifetime):
    answered(shop, JSONResponse(GIVEN | {"expires_in": life}))
    assert tokens.renewed(accounts, KNOWN).lifetime == lifetime


def test_what_renews_stays_good_where_it_is_not_changed(shop, accounts):
    answered(shop, JSONResponse(GIVEN))
    assert tokens.renewed(accounts, KNOWN).renewing == "r"
    answered(shop, JSONResponse(GIVEN | {"refresh_token": "next"}))
    given = tokens.renewed(accounts, KNOWN)
    assert (given.access, given.renewing, given.origin) == ("fresh", "next", US)
    assert "fresh" not in repr(given)
