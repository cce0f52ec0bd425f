import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import audits
from core.clock import utc_now
from models import db
from models.audits import AuditEntry
from models.teammates import Teammate, TeammateSession

pytestmark = pytest.mark.both_databases

LOG = "/admin/settings/audit"


def note(workspace, name="Eddy", *, action="role.change", hours=0, **details):
    now = utc_now() - timedelta(hours=hours)
    audits.record(
        workspace.id, action, by=details.pop("by", None), subject=("teammate", None, name), now=now, **details
    )


def teammate(name):
    return db.session.scalars(select(Teammate).where(Teammate.name == name)).one()


def test_the_page_tells_who_did_what(adam, workspace, other_workspace):
    note(workspace, by=teammate("Adam"), before={"role": "viewer"}, after={"role": "editor"}, address="192.0.2.7")
    note(other_workspace, name="Stanislav")
    page = adam.get(LOG)
    assert page.status_code == 200
    assert "<strong>Adam</strong> changed the role of Eddy" in page.text
    assert "from 192.0.2.7" in page.text
    assert "viewer</del>" in page.text
    assert "Stanislav" not in page.text


def test_a_new_workspace_is_told_what_will_stand_here(olga):
    page = olga.get(LOG)
    assert "Nothing has been changed yet" in page.text
    assert "Take a copy" not in page.text
    assert "Nothing fits" in olga.get(LOG, query_string={"area": "team"}).text


def test_filters_stay_in_the_page_and_what_cannot_be_read_is_not_chosen(olga, workspace):
    note(workspace)
    olga_id = str(teammate("Olga").id)
    page = olga.get(LOG, query_string={"area": "team", "since": "2026-01-01", "zone": "Europe/Berlin"}).text
    assert '<option value="team" selected>' in page
    assert 'name="since" value="2026-01-01"' in page
    assert "changed the role of Eddy" in page
    assert "Nothing fits" in olga.get(LOG, query_string={"person": olga_id}).text
    for nonsense in ("%00", "'; --", "9" * 400, "2026-13-45", "0001-01-01", "../../etc/passwd", "/etc/passwd"):
        fields = dict.fromkeys(("person", "area", "since", "until", "zone"), nonsense)
        assert "changed the role of Eddy" in olga.get(LOG, query_string=fields).text


def test_a_day_is_the_viewers_own(olga, workspace):
    now = utc_now().replace(hour=23, minute=30)
    audits.record(workspace.id, "role.change", by=None, subject=("teammate", None, "Night"), now=now)
    days = {"since": f"{now:%Y-%m-%d}", "until": f"{now:%Y-%m-%d}"}
    assert "Night" in olga.get(LOG, query_string=days).text
    assert "Night" not in olga.get(LOG, query_string=days | {"zone": "Asia/Tokyo"}).text


def test_earlier_entries_are_a_page_or_a_fragment(olga, workspace):
    for number in range(audits.PAGE + 1):
        note(workspace, name=f"P{number:02}", hours=number)
    first = olga.get(LOG).text
    assert "P49" in first
    assert "P50" not in first
    address = first.partition('hx-get="/admin/settings/audit?before=')[2].partition('"')[0]
    rest = olga.get(f"{LOG}?before={address}", headers={"HX-Request": "true"}).text
    assert rest.count("audit-entry") == 1
    assert "P50" in rest
    assert "<h1" in olga.get(f"{LOG}?before={address}").text
    assert olga.get(f"{LOG}?before=made-up").status_code == 422


def test_names_are_shown_as_text(olga, workspace):
    note(workspace, name="<script>alert(1)</script>", after={"<b>": "<i>x</i>"})
    page = olga.get(LOG).text
    assert "<script>alert" not in page
    assert "<i>x" not in page


def test_a_copy_is_taken_and_noted(adam, workspace):
    note(workspace)
    lines = adam.post(f"{LOG}/export/jsonl", data={"area": "team"})
    assert lines.mimetype == "application/jsonl"
    assert 'filename="porchlight-audit-' in lines.headers["Content-Disposition"]
    assert [json.loads(line)["action"] for line in lines.text.splitlines()] == ["role.change"]
    table = adam.post(f"{LOG}/export/csv")
    assert table.mimetype == "text/csv"
    assert "took a copy of the audit log" in table.text
    noted = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "audit.export").order_by(AuditEntry.id)
    ).all()
    assert [entry.after for entry in noted] == [{"format": "jsonl", "area": "team"}, {"format": "csv"}]
    assert adam.post(f"{LOG}/export/exe").status_code == 404


def test_a_copy_is_only_for_those_who_proved_lately_who_they_are(adam, workspace):
    for session in db.session.scalars(select(TeammateSession)):
        session.confirmed_at -= timedelta(hours=1)
    db.session.commit()
    asked = adam.post(f"{LOG}/export/csv", headers={"Referer": f"http://localhost{LOG}?area=team"})
    assert asked.location == f"/admin/confirmation?next={LOG}?area%3Dteam"


def test_others_may_not_look(eddy, sue, rita):
    for client in (eddy, sue, rita):
        assert client.get(LOG).status_code == client.post(f"{LOG}/export/csv").status_code == 403
        assert LOG not in client.get("/admin/team/").text
