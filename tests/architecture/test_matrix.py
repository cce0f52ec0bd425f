"""Two shops, five roles, every route of the admin and every id: nothing of one shop is seen or changed from the other.

Read from the URL map, so that a route that comes later is asked, too. A route with an id of a new kind fails here
until `KINDS` says which row it names.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.routing import Rule

from config.settings import ROOT
from core.permissions import Permission, may
from models import db
from models.teammates import Role
from tests.architecture.test_access import SAFE
from tests.shops import NOT_OF_A_WORKSPACE, Shop, empty_tables, fingerprint, make_shop, sign_in
from web.access import PUBLIC, access_of
from web.extensions import limiter

FRAGMENT = {"HX-Request": "true"}
"""What htmx says; the answer has no menu around it, which takes most of a page's time."""

KINDS = {
    "agent_id": "agent",
    "archive_id": "archive",
    "attachment_id": "attachment",
    "conversation_id": "conversation",
    "connection_id": "connection",
    "tool_id": "connection_tool",
    "entry_id": "entry",
    "handover_id": "handover",
    "import_id": "import",
    "invitation_id": "invitation",
    "link_id": "preview_link",
    "message_id": "message",
    "model_id": "language_model",
    "team_id": "team",
    "teammate_id": "teammate",
    "website_id": "website",
    "view_id": "saved_view",
    "webhook_id": "webhook",
    "delivery_id": "webhook_delivery",
    "passkey_id": "passkey",
    "proposal_id": "proposal",
    "question_id": "evaluation_question",
    "customer_id": "customer",
    "fact_id": "fact",
    "block_id": "block",
    "key_id": "identity_key",
    "page_id": "source_page",
    "source_id": "source",
    "other_id": "second_customer",
    "api_keys.key_id": "api_key",
    "account.session_id": "teammate_session",
    "customers.session_id": "widget_session",
    "agents.bring_back.agent_id": "archived_agent",
    "conversations.show_why.message_id": "reply",
    "conversations.show_correction.message_id": "reply",
    "conversations.create_correction.message_id": "reply",
    "note_id": "note",
    "subscription_id": "push_subscription",
    "mailbox_id": "mailbox",
    "tag_id": "tag",
    "room_id": "notification_channel",
    "canned_replies.reply_id": "canned_reply",
}
"""Which row an argument names; under its blueprint's or endpoint's name where the same word means several."""

OF_NO_SHOP = {"number": 1, "kind": "csv", "place": "flask", "language": "de", "use": "avatar", "way": "text"}
"""Arguments that are no id of a row: they count or choose within what the ids before them name."""

PARENTS = {
    "agent_id": "second_agent",
    "connection_id": "second_connection",
    "conversation_id": "second_conversation",
    "customer_id": "second_customer",
}
"""What an address names other things below, and another one of the same shop that does not have them either."""

BESIDE = {"other_id"}
"""Arguments that name something beside the one before, and not below it."""

PERSONAL = {"account"}
"""Blueprints in which each teammate has what is theirs alone; in the shops it is the owner's."""

QUERIES = {"deploy.show_guide": {"place": "any"}}
"""What an address has to say besides its ids."""

FORM_IDS = {
    "canned_reply": "canned_reply",
    "entry": "entry",
    "before": "entry",
    "after": "entry",
    "up": "entry",
    "down": "entry",
    "put_away": "entry",
    "archived": "agent",
    "agent": "agent",
    "person": "teammate",
    "teammate": "teammate",
    "team": "team",
    "tag": "tag",
    "into": "conversation",
    "instead_of": "teammate",
    "conversation": "conversation",
    "saved": "saved_view",
    "sign_in.instead_of": "identity_key",
    "notifications.conversation_id": "conversation",
}
"""Fields of forms and addresses that name a row."""


def test_both_shops_have_one_of_everything(app):
    mine, theirs = make_shop("Brambleby"), make_shop("Quillfeather")
    assert not empty_tables(mine.workspace)
    assert not empty_tables(theirs.workspace)
    assert db.metadata.tables.keys() >= NOT_OF_A_WORKSPACE


def test_every_id_in_an_address_names_a_known_kind_of_row(app):
    unknown = {
        f"{rule.endpoint}.{name}"
        for rule in admin_rules(app)
        for name in rule.arguments
        if name not in OF_NO_SHOP and not kind_of(rule, name)
    }
    assert not unknown, f"Say in KINDS what these name: {unknown}"


def test_every_id_in_a_form_names_a_known_kind_of_row():
    read_as_id = re.compile(
        r"""request\.\w+(?:\.get|\.getlist)?[(\[]"(\w+)"[^\n]*?uuid\.UUID"""
        r"""|uuid\.UUID\(request\.\w+\.get\("(\w+)"|[uU]{2}[iI][dD]\((?:\w+\.)+?(\w+)(?:\.data)?\)"""
    )
    named = {
        name
        for path in (ROOT / "blueprints" / "admin").rglob("*.py")
        for found in read_as_id.findall(path.read_text())
        for name in found
        if name and name not in ("hex", "subject")
    }
    known = {name.rpartition(".")[2] for name in FORM_IDS}
    assert named >= {"instead_of", "agent", "entry", "put_away"}
    assert named <= known, f"Say in FORM_IDS what these name: {named - known}"


def test_nothing_leaks_between_two_shops(app, monkeypatch, record_property):
    monkeypatch.setattr(limiter, "enabled", False)
    # One that crashes is a finding like the others, and the rest is asked as well.
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    mine, theirs = make_shop("Brambleby"), make_shop("Quillfeather")
    matrix = Matrix(app, mine, theirs)
    with matrix.watched():
        matrix.pages_show_one_shop_only()
        matrix.foreign_ids_are_unknown()
        matrix.roles_without_the_permission_are_refused()
        matrix.what_is_personal_is_unknown_to_others()
        matrix.foreign_ids_in_forms_change_nothing()
        matrix.addresses_reach_what_they_name()
    print(f"\n{matrix.asked} requests, {len(matrix.leaks)} leaks")
    record_property("requests", matrix.asked)
    assert not matrix.leaks, "\n".join(matrix.leaks)
    assert matrix.asked > 700


class Matrix:
    """All the requests, and what was wrong with their answers."""

    def __init__(self, app: Flask, mine: Shop, theirs: Shop) -> None:
        self.app, self.mine, self.theirs = app, mine, theirs
        self.clients = {role: sign_in(app, mine, role) for role in Role}
        # Who may do what is decided before a row is looked for: on one database all are asked, on the other two.
        self.roles = list(Role) if db.engine.dialect.name == "sqlite" else [Role.OWNER, Role.VIEWER]
        self.leaks: list[str] = []
        self.asked = self.writes = 0
        self.known = fingerprint(theirs.workspace)
        self._spare: tuple[Shop, FlaskClient] | None = None

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Count what is written: reading a whole shop again takes longer than asking, and is only needed after that."""

        def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            self.writes += statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE", "WITH"))

        event.listen(db.engine, "before_cursor_execute", note)
        yield
        event.remove(db.engine, "before_cursor_execute", note)

    def ask_in_spare(self, rule: Rule, method: str, *, about: str, **options: Any) -> Any:
        """Ask the owner's browser of a shop that may be changed; of a new one, if those before left nothing to find."""
        answer = self._spare and self._ask_its_owner(rule, method, about, options)
        if answer is None or was_turned_away(answer):
            shop = make_shop("Thistledown", is_staffed=False)
            self._spare = (shop, sign_in(self.app, shop, Role.OWNER))
            answer = self._ask_its_owner(rule, method, about, options)
        return answer

    def _ask_its_owner(self, rule: Rule, method: str, about: str, options: dict[str, Any]) -> Any:
        assert self._spare
        shop, client = self._spare
        return self.ask_as(client, rule, method, self.ids(rule, shop), about=about, **options)

    def pages_show_one_shop_only(self) -> None:
        for rule, method in self.requests():
            if method not in SAFE:
                continue
            least = Role.OWNER if is_personal(rule) else least_role(self.permission(rule))
            for role in {Role.OWNER, least}.intersection(self.roles):
                for headers in ({}, FRAGMENT) if role is Role.OWNER else ({},):
                    answer = self.ask(role, rule, method, self.ids(rule, self.mine), headers=headers)
                    if answer.status_code >= 400:
                        self.leaks.append(f"{role} {method} {rule}: one's own is {answer.status_code}")

    def foreign_ids_are_unknown(self) -> None:
        for rule, method in self.requests():
            for ids in self.foreign_ids(rule):
                with self.nothing_changes(f"{method} {rule} {ids}"):
                    for role in self.roles:
                        answer = self.ask(role, rule, method, ids, headers=FRAGMENT)
                        expected = 404 if may(role, self.permission(rule)) else 403
                        if answer.status_code != expected:
                            self.leaks.append(f"{role} {method} {rule} with {ids}: {answer.status_code}")

    def roles_without_the_permission_are_refused(self) -> None:
        for rule, method in self.requests():
            for role in self.roles:
                if may(role, self.permission(rule)):
                    continue
                answer = self.ask(role, rule, method, self.ids(rule, self.mine), headers=FRAGMENT)
                if answer.status_code != 403:
                    self.leaks.append(f"{role} {method} {rule}: {answer.status_code} without the permission")

    def what_is_personal_is_unknown_to_others(self) -> None:
        for rule, method in self.requests():
            if not is_personal(rule):
                continue
            for role in set(Role) - {Role.OWNER}:
                before = fingerprint(self.mine.workspace)
                answer = self.ask(role, rule, method, self.ids(rule, self.mine), headers=FRAGMENT)
                if answer.status_code != 404 or fingerprint(self.mine.workspace) != before:
                    self.leaks.append(f"{role} {method} {rule}: {answer.status_code} for what is the owner's")

    def foreign_ids_in_forms_change_nothing(self) -> None:
        for rule, method in self.requests():
            fields = self.foreign_fields(rule)
            about = f"{rule} fields"
            with self.nothing_changes(f"{method} {rule} with foreign ids in its fields"):
                if method in SAFE:
                    owner, ids = self.clients[Role.OWNER], self.ids(rule, self.mine)
                    self.ask_as(owner, rule, method, ids, about=about, query_string=fields)
                else:
                    self.ask_in_spare(rule, method, about=about, data=fields | {"move": "up"})

    def foreign_fields(self, rule: Rule) -> dict[str, str]:
        """Each field that names a row, with the id of one of the other shop's."""
        own = f"{rule.endpoint.partition('.')[0]}."
        kinds = {name: kind for name, kind in FORM_IDS.items() if "." not in name}
        kinds |= {name.removeprefix(own): kind for name, kind in FORM_IDS.items() if name.startswith(own)}
        return {name: str(self.theirs.id_of(kind)) for name, kind in kinds.items()}

    def addresses_reach_what_they_name(self) -> None:
        """That a foreign id is a 404 says something only if one's own is none."""
        for rule, method in self.requests():
            if method in SAFE or not rule.arguments:
                continue
            answer = self.ask_in_spare(rule, method, about=f"{rule} own")
            if answer.status_code in (403, 404) or answer.status_code >= 500:
                self.leaks.append(f"{method} {rule}: one's own is {answer.status_code}")

    def requests(self) -> Iterator[tuple[Rule, str]]:
        for rule in admin_rules(self.app):
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method

    def permission(self, rule: Rule) -> Permission:
        return Permission(access_of(self.app.view_functions[rule.endpoint]))

    def ids(self, rule: Rule, shop: Shop) -> dict[str, Any]:
        return {name: OF_NO_SHOP.get(name) or row_id(shop, rule, name) for name in rule.arguments}

    def foreign_ids(self, rule: Rule) -> Iterator[dict[str, Any]]:
        """Every way to put at least one id of the other shop, or of another agent, into an address."""
        named = sorted(name for name in rule.arguments if name not in OF_NO_SHOP)
        for owners in product((self.mine, self.theirs), repeat=len(named)):
            if self.theirs in owners:
                chosen = zip(named, owners, strict=True)
                yield self.ids(rule, self.mine) | {name: row_id(shop, rule, name) for name, shop in chosen}
        below = len(set(named) - BESIDE) > 1
        parent = next((name for name in PARENTS if name in named and below), None)
        if parent:
            yield self.ids(rule, self.mine) | {parent: self.mine.id_of(PARENTS[parent])}

    def ask(self, role: Role, rule: Rule, method: str, ids: dict[str, Any], **options: Any) -> Any:
        return self.ask_as(self.clients[role], rule, method, ids, about=f"{role}", **options)

    def ask_as(
        self, client: FlaskClient, rule: Rule, method: str, ids: dict[str, Any], *, about: str, **options: Any
    ) -> Any:
        _domain, path = rule.build(ids) or (None, None)
        assert path, f"No address for {rule} with {ids}."
        self.asked += 1
        options.setdefault("query_string", QUERIES.get(rule.endpoint))
        answer = client.open(path, method=method, buffered=False, **options)
        if answer.mimetype == "text/event-stream":
            answer.close()
            return answer
        if (
            self.theirs.marker.encode() in answer.get_data().lower()
            or self.theirs.marker in str(answer.headers).lower()
        ):
            self.leaks.append(f"{about} {method} {rule} with {ids}: names the other shop")
        return answer

    @contextmanager
    def nothing_changes(self, about: str) -> Iterator[None]:
        before = self.writes
        yield
        if self.writes != before and fingerprint(self.theirs.workspace) != self.known:
            self.leaks.append(f"{about}: changes the other shop")
            self.known = fingerprint(self.theirs.workspace)


def admin_rules(app: Flask) -> list[Rule]:
    """Every route that asks for a permission."""
    rules = (rule for rule in app.url_map.iter_rules() if rule.endpoint in app.view_functions)
    return sorted((rule for rule in rules if access_of(app.view_functions[rule.endpoint]) != PUBLIC), key=str)


def was_turned_away(answer: Any) -> bool:
    """Whether what was asked for is gone, or whoever asked is signed out."""
    where = answer.headers.get("Location", "") + answer.headers.get("HX-Redirect", "")
    return answer.status_code in (401, 403, 404, 409) or "/sign-in" in where.partition("?")[0]


def is_personal(rule: Rule) -> bool:
    return rule.endpoint.partition(".")[0] in PERSONAL and bool(rule.arguments)


def kind_of(rule: Rule, name: str) -> str | None:
    blueprint = rule.endpoint.partition(".")[0]
    names = (f"{rule.endpoint}.{name}", f"{blueprint}.{name}", name)
    return next((KINDS[known] for known in names if known in KINDS), None)


def row_id(shop: Shop, rule: Rule, name: str) -> Any:
    return shop.id_of(str(kind_of(rule, name)))


def least_role(permission: Permission) -> Role:
    return next(role for role in reversed(Role) if may(role, permission))
