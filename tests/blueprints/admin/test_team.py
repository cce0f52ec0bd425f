from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import invitations, second_factors
from core.clock import utc_now
from models import db
from models.audits import AuditEntry
from models.teammates import Invitation, Role, Teammate, TeammateSession
from tests.conftest import make_teammate
from tests.factors import Phone
from tests.letters import letters, link_in, text_of

INVITATION = {"email": "nina@example.com", "role": "support"}


def teammate(name: str) -> Teammate:
    return db.session.scalars(select(Teammate).where(Teammate.name == name)).one()


def fresh(name: str) -> Teammate:
    return db.session.get(Teammate, teammate(name).id, populate_existing=True)


def test_everybody_sees_the_team_and_only_the_team(olga, rita, stan):
    page = rita.get("/admin/team/")
    assert page.status_code == 200
    assert "olga@example.com" in page.text
    assert "stan@example.com" not in page.text
    assert "Last seen just now" in page.text
    assert "Invite somebody" not in page.text
    assert "/role" not in page.text


def test_names_are_shown_as_text(olga, workspace):
    make_teammate(workspace, "<b>Bo</b>", Role.VIEWER)
    assert "&lt;b&gt;Bo&lt;/b&gt;" in olga.get("/admin/team/").text


def test_an_invitation_shows_its_link_once_and_mails_it(app, adam, vera):
    letters(app)
    answer = adam.post("/admin/team/invitations", data=INVITATION)
    [letter] = letters(app)
    assert answer.status_code == 201
    assert f"http://localhost{link_in(letter)}" in answer.text
    assert letter["To"] == "nina@example.com"
    assert letter["Subject"] == "Adam invites you to Lantern & Loom"
    assert vera.get(link_in(letter)).status_code == 200
    assert link_in(letter) not in adam.get("/admin/team/").text
    assert "nina@example.com" in adam.get("/admin/team/").text


def test_htmx_gets_the_part_about_invitations_alone(adam):
    answer = adam.post("/admin/team/invitations", data=INVITATION, headers={"HX-Request": "true"})
    assert answer.status_code == 201
    assert answer.text.lstrip().startswith('<div class="stack" id="invitations">')
    assert "<html" not in answer.text


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"email": "nina"}, "does not look like"),
        ({"email": "ADAM@example.com"}, "in your team already"),
        ({"role": "king"}, "Not a valid choice"),
        ({"role": "owner"}, "Not a valid choice"),
    ],
)
def test_an_invitation_that_cannot_be_is_told_at_its_field(adam, change, told):
    answer = adam.post("/admin/team/invitations", data=INVITATION | change)
    assert answer.status_code == 422
    assert told in answer.text
    assert db.session.scalars(select(Invitation)).all() == []


def test_inviting_again_ends_the_link_before(app, adam, vera):
    letters(app)
    adam.post("/admin/team/invitations", data=INVITATION)
    [first] = letters(app)
    adam.post("/admin/team/invitations", data=INVITATION | {"role": "editor"})
    assert vera.get(link_in(first)).status_code == 404


def test_an_invitation_is_withdrawn(app, adam, vera, stan, rita):
    letters(app)
    adam.post("/admin/team/invitations", data=INVITATION)
    [letter] = letters(app)
    path = f"/admin/team/invitations/{db.session.scalars(select(Invitation.id)).one()}/withdrawal"
    assert stan.post(path).status_code == 404
    assert rita.post(path).status_code == 403
    assert vera.get(link_in(letter)).status_code == 200
    assert adam.post(path).location == "/admin/team/"
    assert vera.get(link_in(letter)).status_code == 404
    assert adam.post(path).status_code == 404


def test_a_role_is_changed(adam, rita):
    assert adam.post(f"/admin/team/{teammate('Rita').id}/role", data={"role": "editor"}).location == "/admin/team/"
    assert fresh("Rita").role is Role.EDITOR
    assert "Rita is an editor now." in adam.get("/admin/team/").text


def test_another_role_counts_from_the_next_click(adam, eddy):
    assert eddy.get("/admin/settings/audit").status_code == 403
    adam.post(f"/admin/team/{teammate('Eddy').id}/role", data={"role": "admin"})
    assert eddy.get("/admin/settings/audit").status_code == 200
    adam.post(f"/admin/team/{teammate('Eddy').id}/role", data={"role": "viewer"})
    assert eddy.get("/admin/settings/audit").status_code == 403


def test_the_dialog_and_the_page_offer_the_same(adam, rita):
    path = f"/admin/team/{teammate('Rita').id}"
    dialog, page = adam.get(path, headers={"HX-Request": "true"}), adam.get(path)
    assert "<modal-dialog>" in dialog.text
    assert "<html" not in dialog.text
    assert "<h1>Rita</h1>" in page.text
    assert "<modal-dialog>" not in page.text
    assert all('value="admin"' in answer.text and 'value="owner"' not in answer.text for answer in (dialog, page))


def test_strangers_and_readers_change_nobody(rita, stan, adam):
    path = f"/admin/team/{teammate('Adam').id}"
    for client, status in ((stan, 404), (rita, 403)):
        assert client.get(path).status_code == status
        assert client.post(f"{path}/role", data={"role": "viewer"}).status_code == status
        assert client.post(f"{path}/removal").status_code == status
    assert fresh("Adam").role is Role.ADMIN
    assert fresh("Adam").is_active


def test_an_admin_cannot_touch_an_owner(adam, olga):
    path = f"/admin/team/{teammate('Olga').id}"
    assert "Only an owner can change" in adam.get(path).text
    assert adam.post(f"{path}/role", data={"role": "viewer"}).status_code == 403
    assert adam.post(f"{path}/removal").status_code == 403
    assert fresh("Olga").role is Role.OWNER


def test_nobody_gives_a_role_above_their_own(adam, rita):
    for name in ("Adam", "Rita"):
        assert adam.post(f"/admin/team/{teammate(name).id}/role", data={"role": "owner"}).status_code == 422
    assert fresh("Adam").role is Role.ADMIN


def test_the_last_owner_stays_an_owner(olga):
    path = f"/admin/team/{teammate('Olga').id}"
    for answer in (olga.post(f"{path}/role", data={"role": "admin"}), olga.post(f"{path}/removal")):
        assert answer.status_code == 422
        assert "Olga is the only owner" in answer.text
    assert fresh("Olga").role is Role.OWNER
    assert fresh("Olga").is_active


def test_an_owner_may_go_when_there_is_another(olga, adam):
    assert olga.post(f"/admin/team/{teammate('Adam').id}/role", data={"role": "owner"}).status_code == 303
    assert olga.post(f"/admin/team/{teammate('Olga').id}/removal").location == "/sign-in"
    assert olga.get("/admin/").status_code == 303
    assert not fresh("Olga").is_active


def test_a_removed_teammate_is_signed_out_at_once(adam, rita):
    answer = adam.post(f"/admin/team/{teammate('Rita').id}/removal", headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/admin/team/"
    assert rita.get("/admin/").status_code == 303
    assert "rita@example.com" in adam.get("/admin/team/").text, "The notice says how to bring her back."
    assert "rita@example.com" not in adam.get("/admin/team/").text
    rita_sessions = select(TeammateSession).where(TeammateSession.teammate_id == teammate("Rita").id)
    assert all(session.ended_at for session in db.session.scalars(rita_sessions))


def test_links_of_somebody_who_may_no_longer_invite_stop_working(olga, adam, vera):
    """Whoever makes an invitation sees its link, and could have kept one as a way back in."""
    links = []
    for role, email in ((Role.ADMIN, "a@example.com"), (Role.VIEWER, "b@example.com")):
        _, secret = invitations.invite(email=email, role=role, by=teammate("Adam"), now=utc_now())
        links.append(f"/invitations/{secret}")
    assert [vera.get(link).status_code for link in links] == [200, 200]
    olga.post(f"/admin/team/{teammate('Adam').id}/role", data={"role": "editor"})
    assert [vera.get(link).status_code for link in links] == [404, 404]


def test_the_list_tells_who_has_a_second_factor(olga, eddy):
    assert "Signs in with" not in olga.get("/admin/team/").text
    Phone(teammate("Eddy"))
    page = olga.get("/admin/team/").text
    assert page.count('title="Signs in with a second factor"') == 1
    assert "1 person signs in with a password alone" in page


def test_everybody_is_asked_for_one_by_somebody_who_has_one(olga, eddy, workspace):
    path = "/admin/team/second-factor-rule"
    refused = olga.post(path, data={"is_for_everybody": "yes"})
    assert refused.location == "/admin/account/#second-factor"
    assert eddy.get("/admin/account/").status_code == 200
    Phone(teammate("Olga"))
    assert olga.post(path, data={"is_for_everybody": "yes"}).location == "/admin/team/"
    assert eddy.get("/admin/account/").location == "/admin/account/second-factor"
    assert "1 person still has to" in olga.get("/admin/team/").text
    assert olga.post(path, data={}).location == "/admin/team/"
    assert eddy.get("/admin/account/").status_code == 200
    assert actions() == ["second_factor.require", "second_factor.leave_open"]
    assert eddy.post(path, data={"is_for_everybody": "yes"}).status_code == 403


def test_a_second_factor_is_reset_and_its_owner_told(app, adam, eddy, stan):
    letters(app)
    eddy_himself = teammate("Eddy")
    Phone(eddy_himself)
    assert stan.post(f"/admin/team/{eddy_himself.id}/second-factor-reset").status_code == 404
    assert eddy.post(f"/admin/team/{eddy_himself.id}/second-factor-reset").status_code == 403
    assert "Reset the second factor" in adam.get(f"/admin/team/{eddy_himself.id}").text
    assert adam.post(f"/admin/team/{eddy_himself.id}/second-factor-reset").location == "/admin/team/"
    assert not second_factors.has_one(eddy_himself)
    assert eddy.get("/admin/account/").status_code == 303
    [letter] = letters(app)
    assert (letter["To"], letter["Subject"]) == ("eddy@example.com", "Your second factor was reset")
    assert "Adam has reset" in text_of(letter)
    assert actions() == ["second_factor.reset"]
    again = adam.post(f"/admin/team/{eddy_himself.id}/second-factor-reset")
    assert again.status_code == 422
    assert "has no second factor" in again.text


def test_nobody_resets_the_second_factor_of_an_owner_or_their_own_that_way(adam, olga):
    for name in ("Olga", "Adam"):
        Phone(teammate(name))
    assert adam.post(f"/admin/team/{teammate('Olga').id}/second-factor-reset").status_code == 403
    own = adam.post(f"/admin/team/{teammate('Adam').id}/second-factor-reset")
    assert own.status_code == 422
    assert "page of your account" in own.text
    assert second_factors.has_one(teammate("Olga"))
    assert second_factors.has_one(teammate("Adam"))


def test_changes_of_the_team_are_noted(olga, eddy):
    eddy_id = teammate("Eddy").id
    olga.post("/admin/team/invitations", data={"email": "nina@example.com", "role": "viewer"})
    invitation = db.session.scalars(select(Invitation)).one()
    olga.post(f"/admin/team/invitations/{invitation.id}/withdrawal")
    olga.post(f"/admin/team/{eddy_id}/role", data={"role": "editor"})
    olga.post(f"/admin/team/{eddy_id}/role", data={"role": "viewer"})
    olga.post(f"/admin/team/{eddy_id}/removal")
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.created_at, AuditEntry.id)).all()
    assert [(entry.action, entry.who, entry.subject_name) for entry in entries] == [
        ("invitation.make", "Olga", "nina@example.com"),
        ("invitation.withdraw", "Olga", "nina@example.com"),
        ("role.change", "Olga", "Eddy"),
        ("teammate.remove", "Olga", "Eddy"),
    ]
    assert (entries[2].before, entries[2].after) == ({"role": "editor"}, {"role": "viewer"})


@pytest.mark.parametrize(("role", "asks"), [("owner", True), ("admin", True), ("editor", False), ("viewer", False)])
def test_inviting_somebody_powerful_asks_again_who_sits_there(olga, role, asks):
    for session in db.session.scalars(select(TeammateSession)):
        session.confirmed_at -= timedelta(minutes=31)
    db.session.commit()
    answer = olga.post("/admin/team/invitations", data={"email": "nina@example.com", "role": role})
    assert answer.status_code == (303 if asks else 201)
    assert db.session.scalar(select(func.count()).select_from(Invitation)) == (0 if asks else 1)


def actions():
    return list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.created_at, AuditEntry.id)))


def test_the_settings_typed_by_hand_lead_to_a_page_that_everybody_may_see(rita):
    for address in ("/admin/settings", "/admin/settings/"):
        answer = rita.get(address)
        assert (answer.status_code, answer.location) == (303, "/admin/team/")
