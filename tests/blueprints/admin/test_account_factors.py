"""Setting second factors up, using them to confirm, and taking them away."""

import json
import re
from datetime import timedelta
from html import unescape

import pyotp
import pytest
from sqlalchemy import select

from core import passkeys, recovery_codes, second_factors
from core.clock import utc_now
from models import db
from models.audits import AuditEntry
from models.teammates import Role, Teammate, TeammateSession
from tests.conftest import make_teammate, sign_in
from tests.factors import Phone, hashed, paper_of, passkey_of, show
from tests.letters import letters, text_of
from tests.soft_passkeys import SoftPasskey

PASSWORD = "a warm lamp"
ACCOUNT = "/admin/account/"
CODES = re.compile(r"[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}")


@pytest.fixture
def una(app, workspace) -> Teammate:
    letters(app)
    return make_teammate(workspace, "Una", Role.OWNER, hashed(PASSWORD))


@pytest.fixture
def laptop(app, una):
    return sign_in(app, una)


def grow_stale():
    for session in db.session.scalars(select(TeammateSession)):
        session.confirmed_at -= timedelta(minutes=31)
    db.session.commit()


def actions():
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.created_at, AuditEntry.id)))


def set_up_app(browser):
    page = browser.get("/admin/account/authenticator").text
    secret = re.search(r'id="secret"[^>]*>([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    return secret, browser.post("/admin/account/authenticator", data={"code": pyotp.TOTP(secret).at(utc_now())})


def codes_in(page):
    return CODES.findall(page.text.partition('id="codes"')[2].partition("</pre>")[0])


def add_passkey(browser, device, name="Laptop"):
    options = browser.post("/admin/account/passkeys/options").json
    data = {"credential": json.dumps(device.create(options)), "name": name}
    return browser.post("/admin/account/passkeys", data=data)


def test_an_app_is_set_up_by_its_first_code(app, laptop, una):
    page = laptop.get("/admin/account/authenticator").text
    assert "<svg" in page
    assert "style=" not in page.partition("<main")[2]
    assert unescape(page).count("otpauth://totp/Porchlight:una%40example.com") == 1
    secret, done = set_up_app(laptop)
    assert done.status_code == 201
    assert len(set(codes_in(done))) == 10
    assert "download=" in done.text
    assert second_factors.of(una).authenticator is not None
    assert secret not in laptop.get(ACCOUNT).text
    [letter] = letters(app)
    assert letter["Subject"] == "An authenticator app was set up for your Porchlight account"
    assert secret not in text_of(letter)
    assert actions() == ["authenticator.add"]


def test_the_same_key_is_shown_until_a_code_has_fitted(laptop, una):
    first = laptop.get("/admin/account/authenticator").text
    wrong = laptop.post("/admin/account/authenticator", data={"code": "000000"})
    assert wrong.status_code == 422
    assert "not the code that your app shows" in wrong.text
    key = re.search(r'id="secret"[^>]*>([A-Z2-7 ]+)<', first)[0]
    assert key in wrong.text
    assert laptop.post("/admin/account/authenticator", data={}).status_code == 422
    assert not second_factors.has_one(una)


def test_the_key_that_waits_lies_sealed_in_the_cookie(laptop, una):
    page = laptop.get("/admin/account/authenticator").text
    secret = re.search(r'id="secret"[^>]*>([A-Z2-7 ]+)<', page)[1].replace(" ", "")
    with laptop.session_transaction() as session:
        assert secret not in json.dumps(session["new_authenticator"])


def test_moving_to_another_app_keeps_the_recovery_codes(laptop, una):
    set_up_app(laptop)
    _, moved = set_up_app(laptop)
    assert moved.status_code == 303
    assert actions() == ["authenticator.add", "authenticator.replace"]
    assert second_factors.of(una).codes_left == 10


def test_a_passkey_is_added_named_and_removed(app, laptop, una):
    added = add_passkey(laptop, SoftPasskey(), name="Blue key")
    assert added.status_code == 201
    assert "Your recovery codes" in added.text
    [passkey] = passkeys.listed(una)
    assert passkey.name == "Blue key"
    path = f"/admin/account/passkeys/{passkey.id}"
    laptop.post(f"{path}/name", data={"name": "<b>Green</b>"})
    assert "&lt;b&gt;Green" in laptop.get(ACCOUNT).text
    laptop.post(f"{path}/name", data={"name": ""})
    assert passkeys.listed(una)[0].name == "<b>Green</b>"
    assert laptop.post(f"{path}/removal").location == ACCOUNT
    mine = second_factors.of(una)
    assert (mine.is_there, mine.codes_left) == (False, 0)
    assert actions() == ["passkey.add", "passkey.rename", "passkey.remove"]
    assert len(letters(app)) == 2


def test_a_passkey_that_is_known_is_not_added_twice(laptop, una):
    device = SoftPasskey()
    add_passkey(laptop, device)
    again = add_passkey(laptop, device)
    assert again.status_code == 422
    assert "known already" in again.text


def test_a_passkey_needs_a_name_and_an_answer(laptop, una):
    assert laptop.post("/admin/account/passkeys", data={"name": ""}).status_code == 422
    assert laptop.post("/admin/account/passkeys", data={"name": "x"}).status_code == 422
    assert passkeys.listed(una) == []


def test_nobody_touches_the_passkey_of_somebody_else(laptop, olga, stan, una):
    passkey_of(una)
    [passkey] = passkeys.listed(una)
    for client in (olga, stan):
        assert client.post(f"/admin/account/passkeys/{passkey.id}/name", data={"name": "Mine"}).status_code == 404
        assert client.post(f"/admin/account/passkeys/{passkey.id}/removal").status_code == 404
    assert passkeys.listed(una)[0].name == "Laptop"


def test_where_browsers_have_no_passkeys_the_page_says_why(laptop, app, una):
    there = {"base_url": "http://192.168.1.20:8000"}
    browser = app.test_client()
    browser.set_cookie("porchlight_admin", laptop.get_cookie("porchlight_admin").value, domain="192.168.1.20")
    assert "this one is a number" in browser.get(ACCOUNT, **there).text
    page = browser.get("/admin/account/passkeys/new", **there).text
    assert "this one is a number" in page
    assert "passkey-form" not in page


def test_recovery_codes_are_made_anew(laptop, una):
    assert laptop.post("/admin/account/recovery-codes").location == ACCOUNT
    assert "Set one up first" in laptop.get(ACCOUNT).text
    Phone(una)
    before = paper_of(una)
    made = laptop.post("/admin/account/recovery-codes")
    assert made.status_code == 201
    assert len(set(codes_in(made))) == 10
    assert not recovery_codes.take(una, before[0], now=utc_now())


def test_the_app_is_switched_off(app, laptop, una):
    set_up_app(laptop)
    letters(app)
    assert laptop.post("/admin/account/authenticator/removal").location == ACCOUNT
    assert not second_factors.has_one(una)
    assert [letter["Subject"] for letter in letters(app)] == [
        "The authenticator app of your Porchlight account was switched off"
    ]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/admin/account/authenticator"),
        ("POST", "/admin/account/authenticator"),
        ("POST", "/admin/account/authenticator/removal"),
        ("GET", "/admin/account/passkeys/new"),
        ("POST", "/admin/account/passkeys/options"),
        ("POST", "/admin/account/passkeys"),
        ("POST", "/admin/account/recovery-codes"),
    ],
)
def test_each_asks_again_who_sits_there(laptop, una, method, path):
    Phone(una)
    grow_stale()
    assert laptop.open(path, method=method).location.startswith("/admin/confirmation?next=")
    assert second_factors.of(una).authenticator is not None


def test_confirming_asks_for_both_where_there_is_a_second_factor(laptop, una):
    phone = Phone(una)
    grow_stale()
    asked = laptop.get("/admin/account/passkeys/new").location
    page = laptop.get(asked).text
    assert 'name="code"' in page
    alone = laptop.post(asked, data={"password": PASSWORD})
    assert alone.status_code == 422
    assert "Your password alone is not enough" in alone.text
    code = phone.next_code()
    assert laptop.post(asked, data={"password": "a cold lamp", "code": code}).status_code == 422
    # A wrong password has not used the code up.
    assert laptop.post(asked, data={"password": PASSWORD, "code": code}).location == "/admin/account/passkeys/new"
    assert laptop.get("/admin/account/passkeys/new").status_code == 200


def test_confirming_by_a_recovery_code(app, laptop, una):
    passkey_of(una)
    paper = paper_of(una)
    grow_stale()
    wrong = laptop.post("/admin/confirmation", data={"password": PASSWORD, "recovery_code": "aaaa"})
    assert "not one of your recovery codes" in wrong.text
    assert laptop.post("/admin/confirmation", data={"password": PASSWORD}).status_code == 422
    right = laptop.post("/admin/confirmation", data={"password": PASSWORD, "recovery_code": paper[0]})
    assert right.status_code == 303
    assert [letter["Subject"] for letter in letters(app)] == ["A recovery code was used"]


def test_confirming_by_a_passkey_alone(laptop, una, workspace):
    mine, of_eve = passkey_of(una), passkey_of(make_teammate(workspace, "Eve", Role.OWNER))
    grow_stale()
    refused = show(laptop, of_eve, "/admin/confirmation/passkey?next=/admin/team/")
    assert refused.location == "/admin/confirmation?next=/admin/team/"
    assert laptop.get("/admin/account/passkeys/new").status_code == 303
    assert show(laptop, mine, "/admin/confirmation/passkey?next=/admin/team/").location == "/admin/team/"
    assert laptop.get("/admin/account/passkeys/new").status_code == 200


def test_what_was_signed_to_confirm_signs_nobody_in(laptop, vera, una):
    device = passkey_of(una)
    options = laptop.post("/admin/confirmation/passkey/options").json
    answer = {"credential": json.dumps(device.get(options))}
    with laptop.session_transaction() as session:
        challenge = session["passkey_challenge"]
    with vera.session_transaction() as session:
        session["passkey_challenge"] = challenge
    assert vera.post("/sign-in/passkey", data=answer).location == "/sign-in"


def test_where_everybody_needs_one_others_are_led_to_set_it_up(laptop, una, workspace):
    workspace.requires_second_factor = True
    db.session.commit()
    for path in ("/admin/", ACCOUNT, "/admin/team/", "/admin/conversations/events"):
        assert laptop.get(path).location == "/admin/account/second-factor", path
    htmx = laptop.post("/admin/account/name", data={"name-name": "X"}, headers={"HX-Request": "true"})
    assert htmx.headers["HX-Redirect"] == "/admin/account/second-factor"
    assert "everybody signs in with one" in laptop.get("/admin/account/second-factor").text
    assert set_up_app(laptop)[1].status_code == 201
    assert laptop.get(ACCOUNT).status_code == 200
    assert laptop.get("/admin/account/second-factor").location == ACCOUNT


def test_they_may_confirm_and_leave_meanwhile(laptop, una, workspace):
    workspace.requires_second_factor = True
    db.session.commit()
    grow_stale()
    asked = laptop.get("/admin/account/authenticator").location
    assert laptop.get(asked).status_code == 200
    assert laptop.post(asked, data={"password": PASSWORD}).location == "/admin/account/authenticator"
    assert laptop.post("/sign-out").location == "/sign-in"


def test_the_last_one_is_not_taken_away_where_everybody_needs_one(laptop, una, workspace):
    set_up_app(laptop)
    add_passkey(laptop, SoftPasskey())
    workspace.requires_second_factor = True
    db.session.commit()
    laptop.post("/admin/account/authenticator/removal")
    [passkey] = passkeys.listed(una)
    laptop.post(f"/admin/account/passkeys/{passkey.id}/removal")
    assert "Set up another before you remove this one" in laptop.get(ACCOUNT).text
    assert second_factors.of(una).passkeys
    assert actions().count("passkey.remove") == 0
