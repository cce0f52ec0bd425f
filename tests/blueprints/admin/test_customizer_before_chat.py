"""The sections of the customizer about what comes before the first message, and about what the chat can do."""

import pytest

from core import widget_configs
from core.widget_configs import Consent, Field
from tests.blueprints.admin.test_customizer import look_in, send

SECTION = {
    "has_before_chat": "1",
    "pre_chat_is_on": "y",
    "pre_chat_intro": "So that we can find your order",
    "asked_key-0": "name",
    "asked_label-0": "Your name",
    "asked_kind-0": "text",
    "asked_key-1": "",
    "asked_key-2": "",
    "asked_key-3": "",
    "asked_label-1": "Where we can reach you",
    "asked_kind-1": "email",
    "asked_label-2": "What is it about?",
    "asked_kind-2": "choice",
    "asked_choices-0": "",
    "asked_choices-1": "",
    "asked_choices-2": "A lamp\r\nA parcel\r\n",
    "asked_label-3": "  ",
    "asked_kind-3": "text",
    "asked_choices-3": "",
    "asked_required": "2",
    "consent_is_on": "y",
    "consent_text": "We keep what you write for a month.",
    "consent_link": "https://example.com/privacy",
    "consent_must_agree": "y",
}


def drafted(agent):
    return widget_configs.drafted(agent)


def test_the_form_and_the_line_are_kept(eddy, agent):
    assert send(eddy, agent, **SECTION).status_code == 200
    asked = drafted(agent).pre_chat
    assert (asked.is_on, asked.intro) == (True, "So that we can find your order")
    assert asked.fields == (
        Field("name", "Your name"),
        Field("email", "Where we can reach you", "email"),
        Field("what_is_it_about", "What is it about?", "choice", ("A lamp", "A parcel"), True),
    )
    assert drafted(agent).consent == Consent(
        True, "We keep what you write for a month.", "https://example.com/privacy", True
    )


def test_the_page_shows_what_was_kept(eddy, agent):
    send(eddy, agent, **SECTION)
    page = eddy.get(f"/admin/agents/{agent.id}/customizer").text
    assert 'value="What is it about?"' in page
    assert 'name="asked_required" value="2" checked' in page
    assert 'name="asked_required" value="0" checked' not in page
    assert "A lamp\nA parcel" in page


def test_unticked_boxes_switch_off_and_a_form_without_the_section_changes_nothing(eddy, agent):
    send(eddy, agent, **SECTION)
    send(eddy, agent)
    assert drafted(agent).pre_chat.is_on
    send(eddy, agent, has_before_chat="1", consent_text="Words")
    assert not drafted(agent).pre_chat.is_on
    assert drafted(agent).pre_chat.fields == ()
    assert not drafted(agent).consent.must_agree


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"asked_choices-2": "Only one"}, "Write at least two choices."),
        ({"consent_link": "javascript:alert(1)"}, "Write the whole address, beginning with https://."),
        ({"consent_text": " "}, "Write a line."),
        ({"asked_key-1": "name"}, "Ask for each thing only once."),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(eddy, agent, changes, sentence):
    answer = send(eddy, agent, **(SECTION | changes))
    assert answer.status_code == 422
    assert sentence in answer.text


def test_the_preview_learns_of_all_of_it(eddy, agent):
    look = look_in(send(eddy, agent, **SECTION, has_features="1", feature_emoji="y").text)
    assert [field["key"] for field in look["preChat"]["fields"]] == ["name", "email", "what_is_it_about"]
    assert look["consent"]["mustAgree"] is True
    assert look["features"]["emoji"] is True
    assert look["features"]["handoff"] is False


def test_a_switched_off_feature_is_told_in_words(eddy, agent):
    answer = send(eddy, agent, has_features="1", feature_handoff="y", feature_sound="y")
    assert "Emoji" in answer.text
    assert drafted(agent).features["sound"] is True
    assert drafted(agent).features["emoji"] is False
    send(eddy, agent)
    assert drafted(agent).features["emoji"] is False


def test_a_reader_changes_nothing(rita, agent):
    assert send(rita, agent, **SECTION).status_code == 403
    assert not drafted(agent).pre_chat.is_on
