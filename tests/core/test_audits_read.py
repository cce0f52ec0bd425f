"""Reading the audit log: filtered, paged, in words, and as files."""

import ast
import csv
import io
import json
import re
from datetime import timedelta

import pytest

from config.settings import ROOT
from core import audit_exports, audit_words, audits, canned_replies
from core.errors import Invalid
from models.audits import AuditEntry
from models.teammates import Role
from tests.conftest import NOW, make_teammate

_ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
_NO_ACTIONS = {*canned_replies.VARIABLES, "archive.zip"}
"""What looks like an action: what is filled into texts, and the name of a file."""


def note(workspace, action, *, by=None, minutes=0, name="Eddy", **details):
    now = NOW + timedelta(minutes=minutes)
    audits.record(workspace.id, action, by=by, subject=("teammate", None, name), now=now, **details)


def actions(page):
    return [entry.action for entry in page.entries]


def test_the_log_is_read_latest_first_and_by_workspace(workspace, other_workspace):
    note(workspace, "role.change", minutes=1)
    note(workspace, "teammate.remove", minutes=2)
    note(other_workspace, "agent.create")
    page = audits.page(workspace.id, audits.Wanted())
    assert actions(page) == ["teammate.remove", "role.change"]
    assert page.before is None


def test_it_is_filtered_by_person_area_and_time(workspace):
    olga = make_teammate(workspace, "Olga", Role.OWNER)
    note(workspace, "role.change", by=olga, minutes=1)
    note(workspace, "roles_of_others.change", by=olga, minutes=2)
    note(workspace, "passkey.add", by=olga, minutes=3)
    note(workspace, "role.change", minutes=4)
    assert len(audits.page(workspace.id, audits.Wanted(teammate_id=olga.id)).entries) == 3
    assert actions(audits.page(workspace.id, audits.Wanted(area="team"))) == ["role.change"] * 2
    assert actions(audits.page(workspace.id, audits.Wanted(area="accounts"))) == ["passkey.add"]
    assert len(audits.page(workspace.id, audits.Wanted(area="unknown")).entries) == 4
    between = audits.Wanted(since=NOW + timedelta(minutes=2), until=NOW + timedelta(minutes=4))
    assert len(audits.page(workspace.id, between).entries) == 2
    assert [one.name for one in audits.people(workspace.id)] == ["Olga"]


def test_pages_follow_each_other_whatever_comes_meanwhile(workspace):
    for minute in (0, 0, 0, 1, 2):
        note(workspace, "role.change", minutes=minute, name=f"at {minute}")
    first = audits.page(workspace.id, audits.Wanted(), limit=3)
    note(workspace, "role.change", minutes=9)
    second = audits.page(workspace.id, audits.Wanted(), before=first.before, limit=3)
    seen = [entry.id for entry in (*first.entries, *second.entries)]
    assert len(seen) == len(set(seen)) == 5
    assert second.before is None
    with pytest.raises(Invalid):
        audits.page(workspace.id, audits.Wanted(), before="made up")


def test_all_are_read_in_pieces(workspace, monkeypatch):
    monkeypatch.setattr(audits, "_AT_ONCE", 2)
    for minute in range(5):
        note(workspace, "role.change", minutes=minute)
    assert len(list(audits.every(workspace.id, audits.Wanted()))) == 5


def test_changes_are_told_setting_by_setting():
    entry = AuditEntry(
        before={"role": "viewer", "kept": 1, "handling": {"email": "keep", "card": "mask"}, "sites": ["a", "b"]},
        after={"role": "editor", "kept": 1, "handling": {"email": "mask", "card": "mask"}, "is_on": True, "sites": []},
    )
    told = {one.name: (one.before, one.after) for one in audit_words.changes(entry)}
    assert told == {
        "Role": ("viewer", "editor"),
        "Handling, email": ("keep", "mask"),
        "Sites": ("a; b", "nothing"),
        "Is on": (None, "yes"),
    }


def test_a_long_change_is_cut():
    entry = AuditEntry(before=None, after={str(number): "x" * 1000 for number in range(99)})
    changes = audit_words.changes(entry)
    assert len(changes) == 40
    assert len(changes[0].after) == 300


@pytest.mark.parametrize(
    ("action", "who", "words"),
    [
        ("role.change", "Olga", "Olga changed the role of Eddy"),
        ("agent.create", "", "The server made the agent Eddy"),
        (
            "sign_in.hold_up",
            "",
            "Somebody tried too many wrong passwords or codes for Eddy, and has to wait",
        ),
        ("lamp.light_up", "Olga", "Olga did this to lamp Eddy: light up"),
    ],
)
def test_an_entry_is_a_sentence(action, who, words):
    entry = AuditEntry(action=action, who=who, subject_name="Eddy")
    assert f"{audit_words.who(entry)} {audit_words.deed(entry)}" == words


def test_names_are_not_read_as_patterns():
    entry = AuditEntry(action="role.change", who="Olga", subject_name="{who.__class__} {name}")
    assert audit_words.deed(entry) == "changed the role of {who.__class__} {name}"


def test_every_action_in_the_code_has_its_words_and_its_area():
    """Whoever notes a new kind of change adds its sentence to core/audit_words.py."""
    used = set(noted_actions())
    assert len(used) > 30
    assert used - set(audit_words.ACTIONS) == set()
    nouns = {noun for area in audit_words.AREAS.values() for noun in area.nouns}
    assert {action.partition(".")[0] for action in used} - nouns == set()


def noted_actions():
    for path in [*ROOT.glob("core/**/*.py"), *ROOT.glob("web/**/*.py"), *ROOT.glob("blueprints/**/*.py")]:
        text = path.read_text()
        if "audits.record(" not in text and path.name != "accounts.py":
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _ACTION.fullmatch(node.value):
                yield from {node.value} - _NO_ACTIONS


def test_a_table_holds_no_formula(workspace):
    olga = make_teammate(workspace, "=cmd|' /C calc'!A0", Role.OWNER)
    note(workspace, "role.change", by=olga, before={"role": "+1"}, after={"role": "@x"})
    text = "".join(audit_exports.as_csv(audits.every(workspace.id, audits.Wanted())))
    assert text.startswith("\ufeff")
    heading, row = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    assert heading[:3] == ["When (UTC)", "Who", "What"]
    assert row[1] == "'=cmd|' /C calc'!A0"
    assert row[3:5] == ["Role: +1", "Role: @x"]
    assert not any(cell[:1] in "=+-@\t\r" for cell in row if cell)


def test_lines_of_json_keep_the_values(workspace):
    note(workspace, "role.change", before={"role": "viewer"}, after={"n": [1, None]}, address="192.0.2.1")
    [line] = audit_exports.as_json_lines(audits.every(workspace.id, audits.Wanted()))
    told = json.loads(line)
    assert (told["before"], told["after"], told["address"]) == ({"role": "viewer"}, {"n": [1, None]}, "192.0.2.1")
    assert told["words"] == "The server changed the role of Eddy"
