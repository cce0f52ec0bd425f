"""What a shop tells of its sign-in is read with bounds, and whatever it is, an admin is told in words."""

import pytest
from starlette.responses import RedirectResponse, Response

from core.connections import announcements
from core.errors import Invalid
from core.shop_accounts import discovering
from gateways.outgoing import Limits

OPENID = discovering.OPENID


@pytest.mark.parametrize("path", [OPENID, announcements.CUSTOMER_API])
@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Response("no", 404), "no customer accounts"),
        (Response("oops", 500), "no customer accounts"),
        (Response("<h1>Sign in</h1>", 200), "no customer accounts"),
        (Response("[1, 2]", 200), "no customer accounts"),
        (Response('{"a": 1, "a": 2}', 200), "no customer accounts"),
        (Response('{"a": ' * 5_000, 200), "no customer accounts"),
        (Response("x" * 200_000, 200), "does not answer"),
        (RedirectResponse("ftp://shop.example/"), "does not answer"),
    ],
)
def test_a_document_of_no_use_is_none(shop, path, answer, said):
    shop.accounts.instead[path] = answer
    with pytest.raises(Invalid, match=said):
        discovering.discover(shop.row.url)


def test_a_shop_that_takes_too_long_is_not_waited_for(shop, monkeypatch):
    monkeypatch.setattr(announcements, "_LIMITS", Limits(seconds=0.2, connect_seconds=0.2, bytes=1_000, redirects=0))
    shop.accounts.slowly[OPENID] = 0.6
    with pytest.raises(Invalid, match=r"does not answer at /\.well-known/openid-configuration"):
        discovering.discover(shop.row.url)


def test_a_path_of_the_shop_leads_to_its_root_and_scopes_are_those_that_it_knows(shop):
    shop.accounts.discovery = {"scopes_supported": ["email", discovering.ACCOUNTS_SCOPE, "everything"]}
    found = discovering.discover(f"{shop.accounts.address}/en/collections?page=2")
    assert found.scopes == f"openid email {discovering.ACCOUNTS_SCOPE}"
    assert found.issuer == shop.accounts.issuer


@pytest.mark.parametrize("told", [7, "", "x" * 3_000])
def test_an_address_that_is_none_is_named(shop, told):
    shop.accounts.discovery = {"jwks_uri": told}
    with pytest.raises(Invalid, match="jwks_uri"):
        discovering.discover(shop.row.url)
