import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core import accounts
from core.clock import utc_now
from core.errors import NotFound
from models import db
from models.agents import Agent
from models.jobs import Job, JobStatus
from models.teammates import Role, Teammate, Workspace

pytestmark = pytest.mark.both_databases

OLGA = {
    "name": " Olga  Lind ",
    "email": "Olga@Example.com",
    "password": "a warm lamp",
    "website": "www.lantern-loom.co.uk",
}


def test_the_first_visitor_is_welcomed(vera):
    assert vera.get("/").location == "/welcome"
    assert vera.get("/sign-in").location == "/welcome"
    page = vera.get("/welcome")
    assert page.status_code == 200
    assert all(f'name="{name}"' in page.text for name in OLGA)


def test_the_first_account_owns_a_workspace_and_an_agent_and_is_signed_in(vera):
    answer = vera.post("/welcome", data=OLGA)
    owner = db.session.scalars(select(Teammate)).one()
    agent = db.session.scalars(select(Agent)).one()
    assert (owner.name, owner.email, owner.role) == ("Olga Lind", "olga@example.com", Role.OWNER)
    assert owner.workspace.name == "Lantern Loom"
    assert (agent.name, agent.workspace_id) == ("Lantern Loom assistant", owner.workspace_id)
    assert agent.site_url == "https://www.lantern-loom.co.uk"
    assert OLGA["password"] not in owner.password_hash
    assert answer.status_code == 303
    assert answer.location == f"/admin/agents/{agent.id}"
    assert vera.get("/").location == "/admin/"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"name": ""}, "Write your name."),
        ({"email": "olga"}, "does not look like an e-mail address"),
        ({"password": "short"}, "Use at least 10 characters"),
        ({"password": "olga@example.com"}, "Do not use your e-mail address"),
        ({"website": "my shop"}, "Write the address of your website"),
        ({"website": "ftp://example.com"}, "Write the address of your website"),
    ],
)
def test_what_cannot_be_used_is_told_at_its_field_and_the_rest_is_kept(vera, change, told):
    answer = vera.post("/welcome", data=OLGA | change)
    assert answer.status_code == 422
    assert told in answer.text
    assert "Olga@Example.com" in answer.text or "email" in change
    assert accounts.is_first_run()


def test_there_is_no_second_first_run(vera, olga):
    assert vera.get("/welcome").status_code == 404
    assert vera.post("/welcome", data=OLGA).status_code == 404
    assert db.session.scalar(select(func.count()).select_from(Teammate)) == 1


def test_of_two_at_once_one_is_the_first(app):
    gate = threading.Barrier(2)
    outcomes = []

    def try_it(email):
        with app.app_context():
            gate.wait()
            try:
                accounts.register_first(
                    name="Olga", email=email, password="a warm lamp", website="example.com", now=utc_now()
                )
                outcomes.append("made")
            except NotFound:
                outcomes.append("refused")
            finally:
                db.session.remove()

    racers = [threading.Thread(target=try_it, args=(email,)) for email in ("a@example.com", "b@example.com")]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(outcomes) == ["made", "refused"]
    assert db.session.scalar(select(func.count()).select_from(Teammate)) == 1
    assert db.session.scalar(select(func.count()).select_from(Workspace)) == 1


def test_agents_made_on_the_command_line_belong_to_the_first_account(vera, workspace, agent):
    vera.post("/welcome", data=OLGA)
    assert db.session.scalars(select(Teammate)).one().workspace_id == workspace.id


def test_a_website_that_is_an_address_gives_the_workspace_its_owners_name(vera):
    vera.post("/welcome", data=OLGA | {"website": "http://127.0.0.1:8080"})
    assert db.session.scalars(select(Workspace)).one().name == "Olga Lind’s workspace"
    assert db.session.scalars(select(Agent)).one().name == "Assistant"


def test_the_website_is_looked_at_and_the_page_says_how_that_went(vera):
    vera.post("/welcome", data=OLGA)
    job = db.session.scalars(select(Job)).one()
    agent = db.session.scalars(select(Agent)).one()
    assert (job.kind, job.subject_id) == ("first_look", agent.id)
    page = f"/admin/agents/{agent.id}"
    assert "It has the look of your website now." in vera.get(page).text
    job.problem = "The website could not be opened."
    db.session.commit()
    assert "could not be opened." in vera.get(f"{page}/state", headers={"HX-Request": "true"}).text
    job.problem, job.finished_at, job.status = None, None, JobStatus.RUNNING
    db.session.commit()
    assert "Looking at your website" in vera.get(page).text
    job.finished_at, job.status = utc_now() - timedelta(days=1), JobStatus.DONE
    db.session.commit()
    assert "look of your website" not in vera.get(page).text
