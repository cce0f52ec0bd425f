import pytest
from sqlalchemy import select

from core import invitations
from core.clock import utc_now
from models import db
from models.teammates import Invitation, Role, Teammate, TeammateSession
from tests.conftest import make_teammate
from tests.letters import letters, link_in

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
