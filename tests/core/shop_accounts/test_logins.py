"""The way to the shop and back, and what attackers try on it."""

import uuid
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from sqlalchemy import update
from starlette.responses import JSONResponse, Response

from core import (
    connections,
    sessions,
    shop_accounts,
    signing,
    tickets,
)
from core.clock import utc_now
from core.errors import Conflict, Invalid, NotFound, Unauthenticated
from core.shop_accounts.logins import challenge_of
from models import db
from models.shop_accounts import ShopAccounts, ShopLogin, ShopSignIn
from tests.architecture.test_races import together
from tests.core.shop_customers import US, VISIT, armed, come_back, count, opened, sign_in
from tests.shopify_accounts import CLIENT_ID, TOKEN_PATH


def test_what_the_shop_is_asked_is_what_pkce_wants(shop, lending, chat):
    way, asked = armed(chat, lending)
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"{US}/shop-sign-in/{shop.row.id}/return"
    assert len(asked["state"]) == len(asked["nonce"]) == 43
    assert not {"code_verifier", "client_secret"} & asked.keys()
    come_back(shop, way, asked)
    [exchange] = shop.accounts.asked
    assert challenge_of(exchange["code_verifier"]) == asked["code_challenge"]


def refuses(kind, run):
    with pytest.raises(kind):
        run()
    db.session.expire_all()
    assert not count(ShopSignIn)


def test_another_browser_cannot_finish_it(shop, lending, chat):
    """A link into the shop's sign-in that somebody was sent ends in their browser, which has no cookie of ours."""
    way, asked = armed(chat, lending)
    refuses(Unauthenticated, lambda: come_back(shop, way, asked, browser=signing.new_secret()))
    told = shop.accounts.authorize(asked)
    refuses(Unauthenticated, lambda: shop_accounts.finish(shop.row.id, told, browser=None, now=utc_now()))
    # Whoever began it may still end it.
    assert come_back(shop, way, asked)


def test_an_attackers_sign_in_does_not_become_the_victims(shop, agent, lending, chat):
    """Login CSRF: the victim's browser is led to the way back with the attacker's own answer of the shop."""
    attacker = opened(agent)
    _way, asked = armed(attacker, lending)
    victims, _asked = armed(chat, lending)
    told = shop.accounts.authorize(asked, who="tom")
    refuses(Unauthenticated, lambda: shop_accounts.finish(shop.row.id, told, browser=victims.browser, now=utc_now()))


def test_a_code_of_somebody_else_is_of_no_use(shop, agent, lending, chat):
    """Code injection, at a shop that looks at the verifier and at one that does not."""
    for is_careless in (False, True):
        shop.accounts.is_careless = is_careless
        attacker = opened(agent)
        way, asked = armed(attacker, lending)
        _victims, of_victim = armed(chat, lending)
        stolen = shop.accounts.authorize(of_victim, who="ines")["code"]
        refuses(
            (Invalid, Unauthenticated), lambda way=way, asked=asked, code=stolen: come_back(shop, way, asked, code=code)
        )


def test_nothing_is_good_twice(shop, lending, chat):
    secret = shop_accounts.begin(chat, lending.id, now=utc_now())
    way = shop_accounts.arm(secret, public_url=US, now=utc_now())
    with pytest.raises(NotFound):
        shop_accounts.arm(secret, public_url=US, now=utc_now())
    asked = {name: values[0] for name, values in parse_qs(urlsplit(way.url).query).items()}
    told = shop.accounts.authorize(asked)
    shop_accounts.finish(shop.row.id, told, browser=way.browser, now=utc_now())
    with pytest.raises(Unauthenticated):
        shop_accounts.finish(shop.row.id, told, browser=way.browser, now=utc_now())


def test_two_who_come_back_at_once_are_one(app, shop, lending, chat):
    way, asked = armed(chat, lending)
    told, shop_id = shop.accounts.authorize(asked), shop.row.id

    def come():
        try:
            shop_accounts.finish(shop_id, told, browser=way.browser, now=utc_now())
        except Unauthenticated:
            return "late"
        return "in"

    assert sorted(together(app, come, come)) == ["in", "late"]
    assert len(shop.accounts.asked) == 1


def test_it_takes_ten_minutes_at_most(shop, lending, chat):
    late = utc_now() + timedelta(minutes=10, seconds=1)
    secret = shop_accounts.begin(chat, lending.id, now=utc_now())
    with pytest.raises(NotFound):
        shop_accounts.arm(secret, public_url=US, now=late)
    way, asked = armed(chat, lending)
    told = shop.accounts.authorize(asked)
    refuses(Unauthenticated, lambda: shop_accounts.finish(shop.row.id, told, browser=way.browser, now=late))


@pytest.mark.parametrize("secret", [None, "", "x", 7, ["x"], "x" * 5000])
def test_what_is_no_secret_opens_nothing(shop, lending, chat, secret):
    shop_accounts.begin(chat, lending.id, now=utc_now())
    with pytest.raises(NotFound):
        shop_accounts.arm(secret, public_url=US, now=utc_now())


def test_whoever_the_browser_belongs_to_by_then_gets_nothing(shop, agent, lending, chat):
    """Session fixation: somebody else chats in this browser by the time the answer comes, or nobody does."""
    way, asked = armed(chat, lending)
    sessions.identify(chat, agent, VISIT, now=utc_now())
    refuses(Unauthenticated, lambda: come_back(shop, way, asked))
    ended = opened(agent)
    way, asked = armed(ended, lending)
    sessions.end(ended, now=utc_now())
    refuses(Unauthenticated, lambda: come_back(shop, way, asked))


def test_the_answer_of_one_shop_is_not_anothers(shop, lending, chat):
    """Mix-up: by the address it comes to, and by who says that it gave it."""
    way, asked = armed(chat, lending)
    told = shop.accounts.authorize(asked)
    refuses(Unauthenticated, lambda: shop_accounts.finish(uuid.uuid4(), told, browser=way.browser, now=utc_now()))
    refuses(Unauthenticated, lambda: come_back(shop, *armed(chat, lending), iss="https://evil.example"))
    way, asked = armed(chat, lending)
    db.session.execute(update(ShopAccounts).values(token_url=f"{shop.accounts.address}/elsewhere"))
    db.session.commit()
    refuses(Conflict, lambda: come_back(shop, way, asked))
    assert not shop.accounts.asked


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"aud": [CLIENT_ID, "another"], "azp": "another"},
        {"exp": 1},
        {"sub": ""},
    ],
)
def test_a_word_of_the_shop_that_does_not_fit_is_not_taken(shop, lending, chat, claims):
    shop.accounts.claims = claims
    refuses(Unauthenticated, lambda: sign_in(shop, chat, lending))


def test_a_word_that_the_shop_has_not_signed_is_not_taken(shop, lending, chat):
    shop.accounts.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    refuses(Unauthenticated, lambda: sign_in(shop, chat, lending))


def test_who_changes_their_mind_is_not_signed_in(shop, lending, chat):
    way, asked = armed(chat, lending)
    told = {"error": "access_denied", "state": asked["state"]}
    refuses(Invalid, lambda: shop_accounts.finish(shop.row.id, told, browser=way.browser, now=utc_now()))
    assert not count(ShopLogin)


def test_another_agent_and_a_shop_that_is_off_begin_nothing(shop, agent, other_agent, lending, chat):
    stranger = sessions.start(other_agent, tickets.issue(other_agent, origin=None, channel="web"), VISIT, now=utc_now())
    with pytest.raises(NotFound):
        shop_accounts.begin(stranger.session, lending.id, now=utc_now())
    connections.switch(shop.row, False, by=None, now=utc_now())
    with pytest.raises(NotFound):
        shop_accounts.begin(chat, lending.id, now=utc_now())


def test_a_code_that_is_none_or_too_long_is_not_shown_to_the_shop(shop, lending, chat):
    for code in ("", "x" * 4_001):
        way, asked = armed(chat, lending)
        told = {"state": asked["state"], "code": code}
        refuses(
            Invalid,
            lambda told=told, way=way: shop_accounts.finish(shop.row.id, told, browser=way.browser, now=utc_now()),
        )
    assert not shop.accounts.asked


def test_what_was_begun_under_another_secret_is_over(shop, lending, chat):
    way, asked = armed(chat, lending)
    db.session.execute(update(ShopLogin).values(sealed=signing.seal(b"{}", bound_to=b"another row")))
    db.session.commit()
    refuses(Unauthenticated, lambda: come_back(shop, way, asked))


def test_a_shop_that_is_gone_by_then_is_not_asked(shop, lending, chat):
    way, asked = armed(chat, lending)
    connections.switch(shop.row, is_on=False, by=None, now=utc_now())
    refuses(NotFound, lambda: come_back(shop, way, asked))
    assert not shop.accounts.asked


@pytest.mark.parametrize("answer", [Response("oops", 500), JSONResponse({"access_token": "a", "token_type": "Bearer"})])
def test_a_shop_that_gives_nothing_to_prove_it_by_signs_nobody_in(shop, lending, chat, answer):
    shop.accounts.instead[TOKEN_PATH] = answer
    refuses((Invalid, Unauthenticated), lambda: sign_in(shop, chat, lending))
