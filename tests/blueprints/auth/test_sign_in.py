import re

import pytest
from sqlalchemy import select

from app import create_app
from core import answers, passwords
from gateways import bus, queue
from models import db
from models.teammates import Role, Teammate, TeammateSession
from tests.conftest import make_teammate

PASSWORD = "a warm lamp"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def una(workspace) -> Teammate:
    """A teammate whose password is known and who is not signed in."""
    return make_teammate(workspace, "Una", Role.EDITOR, passwords.hash_password(PASSWORD))


def sign_in(client, password=PASSWORD, email="una@example.com", **options):
    return client.post("/sign-in", data={"email": email, "password": password}, **options)


def test_a_teammate_signs_in_and_gets_where_they_wanted(vera, una):
    assert vera.get("/").location == "/sign-in"
    asked = vera.get("/admin/team/?page=2")
    page = vera.get(asked.location)
    assert 'action="/sign-in?next=/admin/team/?page%3D2"' in page.text
    answer = vera.post(asked.location, data={"email": " UNA@example.com", "password": PASSWORD})
    assert answer.status_code == 303
    assert answer.location == "/admin/team/?page=2"
    assert vera.get("/admin/").status_code == 200
    assert vera.get("/sign-in").location == "/admin/"


@pytest.mark.parametrize(
    "address", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_next_never_leads_elsewhere(vera, una, address):
    answer = vera.post("/sign-in", query_string={"next": address}, data={"email": una.email, "password": PASSWORD})
    assert answer.location == "/admin/"


def test_the_browser_is_kept_in_words_and_for_thirty_days(vera, una):
    answer = sign_in(vera, headers={"User-Agent": FIREFOX})
    session = db.session.scalars(select(TeammateSession)).one()
    assert session.browser == "Firefox on Linux"
    assert (session.expires_at - session.created_at).days == 30
    cookie = next(value for value in answer.headers.getlist("Set-Cookie") if value.startswith("porchlight_admin="))
    assert "Expires=" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_wrong_password_and_an_unknown_e_mail_read_the_same(vera, una):
    wrong = sign_in(vera, password="a cold lamp")
    unknown = sign_in(vera, email="nobody@example.com")
    assert wrong.status_code == unknown.status_code == 422
    assert "The e-mail or the password is not right." in wrong.text
    # A form's token holds the second in which it was made.
    one, other = (re.sub(r'name="csrf_token"[^>]* value="[^"]+"', "", page.text) for page in (wrong, unknown))
    assert one.replace("una@", "nobody@") == other
    assert PASSWORD not in unknown.text


def test_a_removed_teammate_stays_out(vera, una):
    una.removed_at = una.created_at
    db.session.commit()
    assert sign_in(vera).status_code == 422


def test_nothing_is_kept_of_the_session_before(vera, una):
    with vera.session_transaction() as session:
        session["csrf_token"] = session["planted"] = "by a stranger"
    sign_in(vera)
    with vera.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != "by a stranger"


def test_signing_in_again_ends_the_session_that_the_browser_had(vera, una):
    sign_in(vera)
    sign_in(vera)
    sessions = db.session.scalars(select(TeammateSession)).all()
    assert sorted(session.ended_at is None for session in sessions) == [False, True]


def test_signing_out_ends_the_session_itself(vera, una):
    sign_in(vera)
    stolen = vera.get_cookie("porchlight_admin").value
    assert vera.post("/sign-out").location == "/sign-in"
    vera.set_cookie("porchlight_admin", stolen)
    assert vera.get("/admin/").status_code == 303
    assert db.session.scalars(select(TeammateSession)).one().ended_at is not None


def test_signing_out_twice_does_no_harm(vera, una):
    assert vera.post("/sign-out").status_code == 303
    assert vera.get("/sign-out").status_code == 405


def test_one_address_cannot_guess_on_and_on(vera, una):
    answers = [sign_in(vera, email=f"{number}@example.com").status_code for number in range(11)]
    assert answers == [422] * 10 + [429]


def test_right_passwords_do_not_count_as_guesses(vera, una):
    assert [sign_in(vera).status_code for _ in range(12)] == [303] * 12


def test_strangers_who_guess_hold_up_strangers_but_not_the_person(app, vera, una):
    """Each stranger has an address of their own; the person has signed in on their browser before."""
    at_home = app.test_client()
    sign_in(at_home)
    for number in range(20):
        sign_in(vera, password="a guess, a guess", environ_overrides={"REMOTE_ADDR": f"192.0.2.{number}"})
    held_up = sign_in(vera, environ_overrides={"REMOTE_ADDR": "192.0.2.99"})
    assert held_up.status_code == 429
    assert int(held_up.headers["Retry-After"]) > 60
    assert "too many wrong passwords" in held_up.text
    assert sign_in(at_home).status_code == 303


def test_a_known_browser_cannot_guess_on_and_on_either(vera, una):
    sign_in(vera)
    answers = [
        sign_in(vera, password="a guess, a guess", environ_overrides={"REMOTE_ADDR": f"192.0.2.{number}"}).status_code
        for number in range(11)
    ]
    assert answers == [422] * 10 + [429]


def test_the_icon_may_be_kept(vera):
    answer = vera.get("/icon.svg")
    assert answer.mimetype == "image/svg+xml"
    assert "max-age=86400" in answer.headers["Cache-Control"]


def test_a_session_survives_a_restart(app, vera, una, monkeypatch):
    """A new process knows only the settings and the database."""
    monkeypatch.setattr(bus, "_bus", bus.current_bus())
    monkeypatch.setattr(queue, "_queue", queue.current_queue())
    # Later tests would have their answers produced by this app, on connections that nobody closes.
    monkeypatch.setattr(answers, "_dispatch", answers._dispatch)
    sign_in(vera)
    restarted = create_app(app.config["PORCHLIGHT"])
    browser = restarted.test_client()
    assert browser.get("/admin/account/").status_code == 303
    browser.set_cookie("porchlight_admin", vera.get_cookie("porchlight_admin").value)
    assert browser.get("/admin/account/").status_code == 200
    with restarted.app_context():
        # Its connections would be found open at a later test otherwise.
        db.session.remove()
        db.engine.dispose()
