from datetime import timedelta

import pytest
from sqlalchemy import select, update

from core import passwords
from models import db
from models.teammates import PasswordReset, Role, Teammate, TeammateSession
from tests.conftest import make_teammate, sign_in
from tests.letters import letters, link_in, text_of

NEW = "another warm lamp"


@pytest.fixture
def una(app, workspace) -> Teammate:
    letters(app)
    return make_teammate(workspace, "Una", Role.EDITOR, passwords.hash_password("a warm lamp"))


@pytest.fixture
def link(app, vera, una) -> str:
    vera.post("/forgot-password", data={"email": "UNA@example.com"})
    [letter] = letters(app)
    return link_in(letter)


def test_the_answer_is_the_same_with_and_without_an_account(app, vera, una):
    known = vera.post("/forgot-password", data={"email": "una@example.com"})
    unknown = vera.post("/forgot-password", data={"email": "nobody@example.com"})
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace("una@", "nobody@") == unknown.text
    [letter] = letters(app)
    assert letter["To"] == "una@example.com"
    assert letter["Subject"] == "Set a new password"


def test_the_link_leads_to_the_public_address_whatever_host_was_asked(app, vera, una):
    vera.post("/forgot-password", data={"email": una.email}, headers={"Host": "evil.example"})
    [letter] = letters(app)
    assert "http://localhost/reset-password/" in text_of(letter)
    assert "evil.example" not in letter.as_string()


def test_only_a_hash_of_the_link_is_kept(link):
    secret = link.rpartition("/")[2]
    reset = db.session.scalars(select(PasswordReset)).one()
    assert len(secret) >= 43
    assert secret not in (reset.token_hash, str(reset.id))


def test_the_link_sets_the_password_once_and_ends_all_sessions(app, vera, una, link):
    sign_in(app, una)
    assert una.email in vera.get(link).text
    answer = vera.post(link, data={"password": NEW})
    assert answer.status_code == 303
    assert answer.location == "/sign-in"
    assert all(session.ended_at for session in db.session.scalars(select(TeammateSession)))
    assert vera.post("/sign-in", data={"email": una.email, "password": "a warm lamp"}).status_code == 422
    assert vera.post("/sign-in", data={"email": una.email, "password": NEW}).status_code == 303
    assert vera.get(link).status_code == 404
    assert vera.post(link, data={"password": "a third warm lamp"}).status_code == 404
    assert [letter["Subject"] for letter in letters(app)] == ["Your password was changed"]


def test_a_weak_password_does_not_use_the_link_up(vera, una, link):
    for weak in ("short", "password123", "una@example.com", "aaaaaaaaaaaa", ""):
        assert vera.post(link, data={"password": weak}).status_code == 422
    assert vera.post(link, data={"password": NEW}).status_code == 303


def test_a_link_runs_out_after_an_hour(vera, una, link):
    reset = db.session.scalars(select(PasswordReset)).one()
    assert reset.expires_at - reset.created_at == timedelta(hours=1)
    db.session.execute(update(PasswordReset).values(expires_at=reset.created_at))
    db.session.commit()
    assert "has run out" in vera.get(link).text
    assert vera.post(link, data={"password": NEW}).status_code == 404


def test_setting_a_password_ends_the_other_links_too(app, vera, una, link):
    vera.post("/forgot-password", data={"email": una.email})
    [second] = letters(app)
    vera.post(link, data={"password": NEW})
    assert vera.get(link_in(second)).status_code == 404


def test_a_removed_teammate_gets_no_link(app, vera, una):
    una.removed_at = una.created_at
    db.session.commit()
    assert vera.post("/forgot-password", data={"email": una.email}).status_code == 200
    assert letters(app) == []


def test_a_made_up_link_is_refused_in_words(vera, una):
    answer = vera.get("/reset-password/made-up")
    assert answer.status_code == 404
    assert "Ask for a new link" in answer.text


def test_nobodys_mailbox_is_filled_by_strangers(app, vera, una):
    for number in range(5):
        address = {"REMOTE_ADDR": f"192.0.2.{number}"}
        asked = vera.post("/forgot-password", data={"email": una.email}, environ_overrides=address)
        assert asked.status_code == 200
    assert len(letters(app)) == 3


def test_what_is_no_address_is_told(vera):
    assert "does not look like" in vera.post("/forgot-password", data={"email": "una"}).text
