"""Signing in with more than a password, and everything that must not do."""

import json
import re

import pytest
from sqlalchemy import select

from core import accounts, passwords, recovery_codes, second_factors
from core.clock import utc_now
from models import db
from models.audits import AuditEntry
from models.teammates import Role, Teammate, TeammateSession
from tests.conftest import make_teammate
from tests.factors import Phone, hashed, paper_of, passkey_of, show
from tests.letters import letters, link_in, text_of
from web import sign_ins

PASSWORD = "a warm lamp"
STEP = "/sign-in/second-factor"
HERE = "/admin/account/"


@pytest.fixture
def una(app, workspace) -> Teammate:
    letters(app)
    return make_teammate(workspace, "Una", Role.EDITOR, hashed(PASSWORD))


@pytest.fixture
def phone(una) -> Phone:
    return Phone(una)


def sign_in(client, password=PASSWORD, email="una@example.com", **options):
    return client.post("/sign-in", data={"email": email, "password": password}, **options)


def is_in(client):
    return client.get(HERE).status_code == 200


def test_the_password_alone_opens_nothing(vera, una, phone):
    asked = vera.post("/sign-in?next=/admin/team/", data={"email": una.email, "password": PASSWORD})
    assert asked.location == f"{STEP}?next=/admin/team/"
    assert vera.get(HERE).location.startswith("/sign-in")
    assert db.session.scalars(select(TeammateSession)).all() == []
    page = vera.get(asked.location)
    assert page.status_code == 200
    assert 'autocomplete="one-time-code"' in page.text


def test_a_code_of_the_app_opens_the_rest(vera, una, phone):
    sign_in(vera)
    entered = vera.post(f"{STEP}/code?next=/admin/team/", data={"code": phone.next_code()})
    assert entered.location == "/admin/team/"
    assert is_in(vera)
    [entry] = db.session.scalars(select(AuditEntry)).all()
    assert (entry.action, entry.after["how"], entry.address) == (
        "browser.sign_in",
        "password and a code of the app",
        "127.0.0.1",
    )


def test_a_code_that_was_seen_is_worth_nothing(app, vera, una, phone):
    code = phone.next_code()
    sign_in(vera)
    vera.post(f"{STEP}/code", data={"code": code})
    thief = app.test_client()
    sign_in(thief)
    refused = thief.post(f"{STEP}/code", data={"code": code})
    assert refused.status_code == 422
    assert "it was used already" in refused.text
    assert not is_in(thief)


def test_next_never_leads_elsewhere(vera, una, phone):
    sign_in(vera)
    entered = vera.post(f"{STEP}/code?next=//evil.example", data={"code": phone.next_code()})
    assert entered.location == "/admin/"


@pytest.mark.parametrize("code", ["", "000000", "x" * 21])
def test_a_wrong_code_is_told_at_its_field(vera, una, phone, code):
    sign_in(vera)
    refused = vera.post(f"{STEP}/code", data={"code": code})
    assert refused.status_code == 422
    assert 'id="code-problem"' in refused.text
    assert not is_in(vera)


def test_nobody_begins_with_the_second_step(vera, una, phone):
    for path in ("", "/code", "/recovery-code", "/passkey", "/passkey/options"):
        answer = vera.get(STEP) if not path else vera.post(f"{STEP}{path}", data={"code": phone.code()})
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in"), path
    assert not is_in(vera)


def test_the_first_step_is_good_for_five_minutes(vera, una, phone, monkeypatch):
    sign_in(vera)
    now = sign_ins.time.time()
    monkeypatch.setattr(sign_ins.time, "time", lambda: now + 301)
    assert vera.post(f"{STEP}/code", data={"code": phone.next_code()}).location == "/sign-in"
    assert "took too long" in vera.get("/sign-in").text
    assert not is_in(vera)


def test_the_first_step_ends_with_the_password(vera, una, phone):
    sign_in(vera)
    una.password_hash = passwords.hash_password("another warm lamp")
    db.session.commit()
    assert vera.post(f"{STEP}/code", data={"code": phone.next_code()}).location == "/sign-in"


def test_the_first_step_ends_with_the_membership(vera, una, phone):
    sign_in(vera)
    una.removed_at = utc_now()
    db.session.commit()
    assert vera.post(f"{STEP}/code", data={"code": phone.next_code()}).location == "/sign-in"


def test_a_recovery_code_stands_in_and_is_told_by_mail(app, vera, una, phone):
    paper = paper_of(una)
    sign_in(vera)
    assert vera.post(f"{STEP}/recovery-code", data={"recovery_code": paper[0]}).status_code == 303
    assert is_in(vera)
    [letter] = letters(app)
    assert letter["Subject"] == "A recovery code was used"
    assert "9 codes left" in text_of(letter)
    actions = [entry.action for entry in db.session.scalars(select(AuditEntry).order_by(AuditEntry.id))]
    assert actions == ["recovery_code.use", "browser.sign_in"]
    again = app.test_client()
    sign_in(again)
    assert again.post(f"{STEP}/recovery-code", data={"recovery_code": paper[0]}).status_code == 422
    assert not is_in(again)


def test_few_codes_are_warned_of(vera, una, phone):
    paper = paper_of(una)
    for code in paper[:6]:
        recovery_codes.take(una, code, now=utc_now())
    sign_in(vera)
    vera.post(f"{STEP}/recovery-code", data={"recovery_code": paper[6]})
    assert "Few recovery codes are left" in vera.get(HERE).text


def test_a_passkey_is_a_second_step_and_only_ones_own(vera, una, workspace):
    mine, of_eve = passkey_of(una), passkey_of(make_teammate(workspace, "Eve", Role.OWNER))
    sign_in(vera)
    refused = show(vera, of_eve, f"{STEP}/passkey")
    assert refused.location == STEP
    assert not is_in(vera)
    assert show(vera, mine, f"{STEP}/passkey?next=/admin/team/").location == "/admin/team/"
    assert is_in(vera)


def test_a_passkey_alone_signs_in(vera, una):
    device = passkey_of(una)
    assert "Sign in with a passkey" in vera.get("/sign-in").text
    entered = show(vera, device, "/sign-in/passkey?next=/admin/team/")
    assert (entered.status_code, entered.location) == (303, "/admin/team/")
    assert is_in(vera)
    assert db.session.scalars(select(AuditEntry.after)).one()["how"] == "passkey"


def test_a_passkeys_answer_is_good_in_the_browser_that_was_asked(app, vera, una):
    device = passkey_of(una)
    options = vera.post("/sign-in/passkey/options").json
    answer = {"credential": json.dumps(device.get(options, sign_count=0))}
    thief = app.test_client()
    thief.post("/sign-in/passkey/options")
    assert thief.post("/sign-in/passkey", data=answer).location == "/sign-in"
    assert not is_in(thief)
    assert vera.post("/sign-in/passkey", data=answer).location == "/admin/"
    assert vera.post("/sign-in/passkey", data=answer).location == "/sign-in"


@pytest.mark.parametrize("sent", [None, "", "[]", "null", "{}", '{"response": []}', "{" * 30_000, '{"response":{}}'])
def test_what_is_no_passkey_is_refused(vera, una, sent):
    vera.post("/sign-in/passkey/options")
    refused = vera.post("/sign-in/passkey?next=/admin/team/", data={"credential": sent} if sent is not None else {})
    assert refused.location == "/sign-in?next=/admin/team/"
    assert not is_in(vera)


def test_where_browsers_have_no_passkeys_none_is_asked_for(vera, una):
    passkey_of(una)
    there = {"base_url": "http://192.168.1.20:8000"}
    assert "Sign in with a passkey" not in vera.get("/sign-in", **there).text
    vera.post("/sign-in", data={"email": una.email, "password": PASSWORD}, **there)
    page = vera.get(STEP, **there).text
    assert "this one is a number" in page
    assert "passkey-form" not in page
    assert "recovery code" in page


def test_a_new_password_does_not_open_the_second_lock(app, vera, una, phone):
    vera.post("/forgot-password", data={"email": una.email})
    [letter] = letters(app)
    path = link_in(letter)
    assert vera.post(path, data={"password": "another warm lamp"}).location == "/sign-in"
    assert sign_in(vera, "another warm lamp").location == STEP
    assert not is_in(vera)


def test_strangers_who_guess_codes_hold_up_strangers_but_not_the_person(app, vera, una, phone):
    """A thief who knows the password uses up all tries of strangers; at home Una goes on signing in."""
    at_home = app.test_client()
    sign_in(at_home)
    at_home.post(f"{STEP}/code", data={"code": phone.next_code()})
    at_home.post("/sign-out")
    sign_in(vera)
    answers = [vera.post(f"{STEP}/code", data={"code": "000000"}) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert "too many wrong codes" in answers[-1].text
    assert int(answers[-1].headers["Retry-After"]) > 60
    sign_in(at_home)
    assert at_home.post(f"{STEP}/code", data={"code": phone.next_code()}).location == "/admin/"
    noted = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "sign_in.hold_up")).all()
    assert [entry.subject_name for entry in noted] == ["Una"]
    [letter] = letters(app)
    assert (letter["To"], letter["Subject"]) == (una.email, "Somebody else may know your password")
    assert "127.0.0.1" in text_of(letter)


def test_recovery_codes_are_guessed_from_the_same_tries(vera, una, phone):
    sign_in(vera)
    for _ in range(10):
        vera.post(f"{STEP}/recovery-code", data={"recovery_code": "aaaa-bbbb-cccc"})
    assert vera.post(f"{STEP}/recovery-code", data={"recovery_code": "aaaa-bbbb-cccc"}).status_code == 429
    assert vera.post(f"{STEP}/code", data={"code": phone.next_code()}).status_code == 429
    assert not is_in(vera)


def test_a_stolen_mailbox_makes_no_browser_that_may_guess_codes_apart(app, vera, una, phone):
    """Each new password by mail marks a browser as known for passwords, not for codes."""
    for number in range(3):
        vera.post("/forgot-password", data={"email": una.email})
        [letter] = letters(app)
        password = f"another warm lamp {number}"
        vera.post(link_in(letter), data={"password": password})
        sign_in(vera, password)
        answers = [vera.post(f"{STEP}/code", data={"code": "000000"}).status_code for _ in range(5)]
        letters(app)
        assert answers == ([422] * 5 if number < 2 else [429] * 5)


def test_wrong_passwords_are_noted_once_when_the_last_try_is_gone(vera, una, monkeypatch):
    monkeypatch.setattr(accounts, "authenticate", lambda _email, _password: None)
    for number in range(25):
        sign_in(vera, "a guess, a guess", environ_overrides={"REMOTE_ADDR": f"192.0.2.{number}"})
        sign_in(vera, email="nobody@example.com", environ_overrides={"REMOTE_ADDR": f"198.51.100.{number}"})
    noted = db.session.scalars(select(AuditEntry)).all()
    assert [(entry.action, entry.who, entry.address) for entry in noted] == [("sign_in.hold_up", "", "192.0.2.19")]


def test_those_without_a_second_factor_sign_in_as_before(vera, una):
    assert sign_in(vera).location == "/admin/"
    assert not second_factors.has_one(una)


def test_nothing_of_the_second_step_tells_who_exists(vera, una, phone):
    wrong = sign_in(vera, "a cold lamp")
    unknown = sign_in(vera, email="nobody@example.com")
    assert wrong.status_code == unknown.status_code == 422
    assert without_tokens(wrong).replace("una@", "nobody@") == without_tokens(unknown)
    assert re.search("second", wrong.text) is None


def without_tokens(page):
    """A form's token holds the second in which it was made."""
    return re.sub(r'name="csrf_token"[^>]* value="[^"]+"', "", page.text)
