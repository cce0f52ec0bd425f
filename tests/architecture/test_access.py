"""Reads the whole URL map: nothing is open by mistake, and nothing is changed by a link or from another site."""

import uuid
from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import AnyConverter, IntegerConverter, Rule, UUIDConverter

from blueprints.api import operations
from core.permissions import Permission
from web.access import PUBLIC, access_of

# The site's own programs come with a key, which each operation asks for itself.
OPERATIONS = {f"api.{operation.name}" for operation in operations.OPERATIONS}
PUBLIC_ENDPOINTS = {
    *OPERATIONS,
    "api.show_document",
    "agent_profile.show",
    "auth.accept_invitation",
    "auth.ask_for_passkey",
    "auth.ask_for_second_passkey",
    "auth.create_first_account",
    "auth.create_password",
    "auth.create_password_reset",
    "auth.create_session",
    "auth.create_session_by_passkey",
    "auth.forgot_password",
    "auth.icon",
    "auth.invitation",
    "auth.reset_password",
    "auth.second_factor",
    "auth.show_code",
    "auth.show_passkey",
    "auth.show_recovery_code",
    "auth.sign_in",
    "auth.sign_out",
    "auth.start",
    "auth.welcome",
    "demo.show_shop",
    "demo.sign_ines_in",
    "handovers.show",
    "handovers.show_health",
    "notifications.service_worker",
    "inbound.take_mail",
    "letters.go_on",
    "letters.show",
    "letters.stop",
    "widget_api.answer_pre_chat",
    "widget_api.answer_call",
    "widget_api.create_handoff",
    "widget_api.create_message",
    "widget_api.create_receipt",
    "widget_api.create_typing",
    "widget_sessions.create_session",
    "widget_sessions.end_session",
    "widget_sessions.identify_customer",
    "widget_api.list_messages",
    "widget_api.rate_conversation",
    "widget_sessions.refresh_session",
    "widget_api.show_pre_chat",
    "widget_api.stream_events",
    "widget_attachments.create_attachment",
    "widget_attachments.show_attachment",
    "widget_frame.custom_css",
    "widget_frame.show_frame",
    "widget_frame.show_link",
    "widget_frame.show_return",
    "widget_link_previews.show_links",
    "widget_loader.agent_loader",
    "widget_loader.generic_loader",
    "widget_loader.window",
    "widget_card_pictures.show",
    "widget_own_data.correct_fact",
    "widget_own_data.decide_memory",
    "widget_own_data.forget_context",
    "widget_own_data.export_customer",
    "widget_own_data.forget_fact",
    "widget_own_data.show_customer",
    "widget_previews.show_shared",
    "widget_rules.show_rules",
    "widget_pictures.show",
    "widget_shop_sign_ins.arm",
    "widget_shop_sign_ins.begin",
    "widget_shop_sign_ins.end",
    "widget_shop_sign_ins.finish",
    "widget_shop_sign_ins.show",
    "widget_tracking.track",
    "widget_transcripts.mail_transcript",
    "widget_transcripts.show_transcript",
    "widget_words.show_words",
    "widget_without_script.say",
}
# Customers' browsers have no session cookie of ours: these are asked for a signed token instead.
WITHOUT_CSRF = {
    *(f"api.{operation.name}" for operation in operations.OPERATIONS if not operation.is_read),
    "inbound.take_mail",
    "letters.go_on",
    "letters.stop",
    "widget_api.answer_call",
    "widget_api.answer_pre_chat",
    "widget_api.create_handoff",
    "widget_api.create_message",
    "widget_api.create_receipt",
    "widget_api.create_typing",
    "widget_sessions.create_session",
    "widget_sessions.end_session",
    "widget_sessions.identify_customer",
    "widget_api.rate_conversation",
    "widget_sessions.refresh_session",
    "widget_attachments.create_attachment",
    "widget_own_data.correct_fact",
    "widget_own_data.decide_memory",
    "widget_own_data.forget_context",
    "widget_own_data.forget_fact",
    "widget_shop_sign_ins.arm",
    "widget_shop_sign_ins.begin",
    "widget_shop_sign_ins.end",
    "widget_tracking.track",
    "widget_transcripts.mail_transcript",
    "widget_without_script.say",
}
SAFE = {"GET", "HEAD", "OPTIONS"}


def endpoints(app: Flask, *, public: bool) -> Iterator[tuple[Rule, str, str]]:
    """Each route with an address that fits it and each of its methods."""
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if (access_of(app.view_functions[rule.endpoint]) == PUBLIC) is not public:
                continue
            values = {name: example(rule, name) for name in rule.arguments}
            _, path = rule.build(values) or (None, None)
            assert path, f"No address could be made for {rule}."
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method, path


def example(rule: Rule, name: str) -> object:
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return sorted(converter.items)[0]
    return {UUIDConverter: uuid.uuid4(), IntegerConverter: 1}.get(type(converter), "made-up")


def test_every_route_says_who_may_use_it(app):
    for endpoint, view in app.view_functions.items():
        access = access_of(view)
        assert access == PUBLIC or access in Permission, f"{endpoint} needs @requires or @public."


def test_the_public_routes_are_these(app):
    public = {endpoint for endpoint, view in app.view_functions.items() if access_of(view) == PUBLIC}
    assert public == PUBLIC_ENDPOINTS


def test_a_stranger_is_sent_to_sign_in_everywhere_else(app, olga, vera):
    asked = 0
    for rule, method, path in endpoints(app, public=False):
        page = vera.open(path, method=method)
        assert page.status_code == 303, (rule.endpoint, method, page.status_code)
        assert page.location.startswith("/sign-in"), rule.endpoint
        fragment = vera.open(path, method=method, headers={"HX-Request": "true"})
        assert fragment.status_code == 401, (rule.endpoint, method, fragment.status_code)
        asked += 1
    assert asked > 30


def test_a_reader_is_refused_whatever_asks_for_more(app, rita):
    asked = 0
    for rule, method, path in endpoints(app, public=False):
        if access_of(app.view_functions[rule.endpoint]) != Permission.VIEW:
            assert rita.open(path, method=method).status_code == 403, (rule.endpoint, method)
            asked += 1
    assert asked > 10


def test_no_route_both_shows_and_changes(app):
    for rule in app.url_map.iter_rules():
        methods = (rule.methods or set()) - {"HEAD", "OPTIONS"}
        assert methods <= SAFE or not methods & SAFE, rule.endpoint


def test_nothing_is_changed_without_the_form_of_our_own_page(app, olga):
    app.config["WTF_CSRF_ENABLED"] = True
    exempt = set()
    for is_public in (True, False):
        for rule, method, path in endpoints(app, public=is_public):
            if method in SAFE:
                continue
            answer = olga.open(path, method=method)
            if answer.status_code == 400 and "<title>That request could not be read" in answer.text:
                assert "This page was open for too long" in answer.text
            else:
                exempt.add(rule.endpoint)
    assert exempt == WITHOUT_CSRF


def test_a_form_of_our_own_page_is_taken(app, olga):
    app.config["WTF_CSRF_ENABLED"] = True
    page = olga.get("/admin/account/").text
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    sent = olga.post("/admin/account/browsers/others/end", data={"csrf_token": token})
    assert sent.status_code == 303
