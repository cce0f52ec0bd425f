import pytest
from sqlalchemy import select

from core import passwords
from models import db
from models.teammates import Role, Teammate, TeammateSession
from tests.conftest import make_teammate, sign_in
from tests.letters import letters

PASSWORD = "a warm lamp"


@pytest.fixture
def una(app, workspace) -> Teammate:
    letters(app)
    return make_teammate(workspace, "Una", Role.VIEWER, passwords.hash_password(PASSWORD))


@pytest.fixture
def laptop(app, una):
    return sign_in(app, una)


@pytest.fixture
def phone(app, una):
    return sign_in(app, una)


def fresh(una: Teammate) -> Teammate:
    return db.session.get(Teammate, una.id, populate_existing=True)


def test_the_page_shows_who_and_where(laptop, phone):
    page = laptop.get("/admin/account/")
    assert 'value="una@example.com"' in page.text
    assert page.text.count("/end") == 3
    assert page.text.count("This browser") == 1


def test_a_name_is_changed_and_cleaned(laptop, una):
    assert laptop.post("/admin/account/name", data={"name-name": " Una \x07 Ray "}).location == "/admin/account/"
    assert fresh(una).name == "Una Ray"
    for bad in ("", "\x00", "n" * 121):
        assert laptop.post("/admin/account/name", data={"name-name": bad}).status_code == 422
    assert fresh(una).name == "Una Ray"


def test_an_e_mail_is_changed_by_the_password_and_told_to_the_old_one(app, laptop, vera, una):
    data = {"email-email": "Ray@example.com", "email-password": PASSWORD}
    assert laptop.post("/admin/account/email", data=data).status_code == 303
    [letter] = letters(app)
    assert letter["To"] == "una@example.com"
    assert vera.post("/sign-in", data={"email": "ray@example.com", "password": PASSWORD}).status_code == 303


@pytest.mark.parametrize(
    ("email", "password", "told"),
    [
        ("ray@example.com", "a cold lamp", "not your current password"),
        ("ray", PASSWORD, "does not look like"),
        ("stan@example.com", PASSWORD, "cannot be used"),
    ],
)
def test_an_e_mail_that_cannot_be_is_told_at_its_field(laptop, stan, una, email, password, told):
    answer = laptop.post("/admin/account/email", data={"email-email": email, "email-password": password})
    assert answer.status_code == 422
    assert told in answer.text
    assert fresh(una).email == "una@example.com"


def test_a_new_password_signs_out_the_other_browsers(app, laptop, phone, una):
    data = {"password-current": PASSWORD, "password-new": "another warm lamp"}
    assert laptop.post("/admin/account/password", data=data).location == "/admin/account/"
    assert laptop.get("/admin/account/").status_code == 200
    assert phone.get("/admin/account/").status_code == 303
    assert passwords.verify_password(fresh(una).password_hash, "another warm lamp")
    assert [letter["Subject"] for letter in letters(app)] == ["Your password was changed"]


@pytest.mark.parametrize(
    ("current", "new", "told"),
    [
        ("a cold lamp", "another warm lamp", "not your current password"),
        (PASSWORD, "short", "at least 10 characters"),
        (PASSWORD, "una@example.com", "Do not use your e-mail"),
    ],
)
def test_a_password_that_cannot_be_is_told_at_its_field(laptop, phone, una, current, new, told):
    answer = laptop.post("/admin/account/password", data={"password-current": current, "password-new": new})
    assert answer.status_code == 422
    assert told in answer.text
    assert passwords.verify_password(fresh(una).password_hash, PASSWORD)
    assert phone.get("/admin/account/").status_code == 200


def test_a_browser_left_open_is_no_place_to_guess_the_password(laptop):
    data = {"password-current": "a guess, a guess", "password-new": "another warm lamp"}
    answers = [laptop.post("/admin/account/password", data=data).status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def sessions_of(una: Teammate) -> list[TeammateSession]:
    of_una = select(TeammateSession).where(TeammateSession.teammate_id == una.id).order_by(TeammateSession.id)
    return list(db.session.scalars(of_una))


def test_one_browser_is_signed_out(laptop, phone, una):
    other = sessions_of(una)[1]
    assert laptop.post(f"/admin/account/browsers/{other.id}/end").location == "/admin/account/"
    assert phone.get("/admin/").status_code == 303
    assert laptop.get("/admin/").status_code == 200


def test_this_browser_is_signed_out(laptop, phone, una):
    here = sessions_of(una)[0]
    assert laptop.post(f"/admin/account/browsers/{here.id}/end").location == "/sign-in"
    assert laptop.get("/admin/").status_code == 303


def test_everywhere_else_is_signed_out(laptop, phone):
    assert laptop.post("/admin/account/browsers/others/end").status_code == 303
    assert phone.get("/admin/").status_code == 303
    assert laptop.get("/admin/").status_code == 200


def test_nobody_signs_others_out(olga, laptop, stan, una):
    path = f"/admin/account/browsers/{sessions_of(una)[0].id}/end"
    assert olga.post(path).status_code == stan.post(path).status_code == 404
    assert laptop.get("/admin/").status_code == 200
