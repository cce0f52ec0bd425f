"""The customizer: a draft that is kept as it is typed, published by number, and never overwritten silently."""

import html
import json
import re

import pytest

from core import signing, widget_configs
from core.signing import Kind
from core.widget_configs import Theme, WidgetConfig, preset_of
from tests.conftest import NOW

HTMX = {"HX-Request": "true"}
LOOK = {
    "name": "Ada",
    "greeting": "Good day",
    "question-0": "Where is my order?",
    "question-1": "",
    "question-2": "Can I return it?",
    "accent": "#1F6FEB",
    "scheme": "dark",
    "position": "bottom-left",
    "icon": "wave",
    "text": "Ask us",
}


def send(client, agent, path="draft", **changes):
    form = {"revision": widget_configs.draft(agent).revision, **LOOK, **changes}
    return client.post(f"/admin/agents/{agent.id}/customizer/{path}", data=form, headers=HTMX)


def look_in(text):
    return json.loads(html.unescape(re.search(r'look="([^"]*)"', text)[1]))


def test_the_page_shows_the_draft_and_the_real_widget(eddy, agent):
    page = eddy.get(f"/admin/agents/{agent.id}/customizer").text
    assert 'value="Lumi"' in page
    assert f'src="/admin/agents/{agent.id}/preview"' in page
    assert "Customers see this look." in page
    assert look_in(page) == widget_configs.previewed_look_of(WidgetConfig(name="Lumi"))


def test_a_reader_looks_but_cannot_change(rita, agent):
    page = rita.get(f"/admin/agents/{agent.id}/customizer").text
    assert '<fieldset class="customizer-sections" disabled>' in page
    assert "Publish</button>" not in page
    for path in ("draft", "publication", "discarding", "history/1/restoration"):
        assert send(rita, agent, path).status_code == 403


@pytest.mark.parametrize("path", ["customizer", "customizer/history", "preview"])
def test_a_stranger_sees_nothing(stan, agent, path):
    assert stan.get(f"/admin/agents/{agent.id}/{path}").status_code == 404


@pytest.mark.parametrize("path", ["draft", "publication", "discarding", "history/1/restoration"])
def test_a_stranger_changes_nothing(stan, agent, path):
    assert send(stan, agent, path).status_code == 404
    assert widget_configs.drafted(agent) == WidgetConfig(name="Lumi")


def test_what_is_typed_is_kept_and_handed_to_the_preview(eddy, agent):
    answer = send(eddy, agent)
    assert answer.status_code == 200
    assert "Customers still see version 1." in answer.text
    assert "<html" not in answer.text
    config = widget_configs.drafted(agent)
    assert config.suggested_questions == ("Where is my order?", "Can I return it?")
    assert (config.theme, config.position, config.launcher.icon) == (Theme("#1f6feb", "dark"), "bottom-left", "wave")
    assert look_in(answer.text) == widget_configs.previewed_look_of(config)
    assert f'name="revision" value="{widget_configs.draft(agent).revision}"' in answer.text
    assert widget_configs.published(agent)[0] == WidgetConfig(name="Lumi")


def test_words_cannot_leave_their_place_in_the_answer(eddy, agent):
    answer = send(eddy, agent, greeting="'><script>alert(1)</script>\"")
    assert "<script>" not in answer.text
    assert look_in(answer.text)["greeting"] == "'><script>alert(1)</script>\""


def test_without_scripts_the_form_is_posted_and_sent_on(eddy, agent):
    form = {"revision": widget_configs.draft(agent).revision, **LOOK}
    answer = eddy.post(f"/admin/agents/{agent.id}/customizer/draft", data=form)
    assert (answer.status_code, answer.location) == (303, f"/admin/agents/{agent.id}/customizer")
    answer = eddy.post(f"/admin/agents/{agent.id}/customizer/publication", data=form | {"revision": 2})
    assert answer.status_code == 303
    assert widget_configs.published(agent)[1] == 2


def test_what_cannot_be_used_is_told_and_the_rest_is_kept(eddy, agent):
    answer = send(eddy, agent, accent="#12", name=" ")
    assert answer.status_code == 422
    assert "Write the colour as #rrggbb" in answer.text
    assert "Write a name." in answer.text
    config = widget_configs.drafted(agent)
    assert (config.name, config.theme.accent, config.greeting) == ("Lumi", WidgetConfig().theme.accent, "Good day")


def test_without_scripts_the_page_comes_back_with_what_was_typed(eddy, agent):
    form = {"revision": widget_configs.draft(agent).revision, **LOOK, "accent": "#12"}
    answer = eddy.post(f"/admin/agents/{agent.id}/customizer/draft", data=form)
    assert answer.status_code == 422
    assert 'value="#12"' in answer.text
    assert "<h1>Customize</h1>" in answer.text


def test_a_colour_that_is_hard_to_see_gets_a_proposal_that_can_be_taken(eddy, agent):
    answer = send(eddy, agent, accent="#ffe000", scheme="auto")
    assert answer.status_code == 200
    [proposal] = re.findall(r'name="proposal" value="(accent=#[0-9a-f]{6})"', answer.text)
    form = {"revision": widget_configs.draft(agent).revision, **LOOK, "accent": "#ffe000", "proposal": proposal}
    assert eddy.post(f"/admin/agents/{agent.id}/customizer/draft", data=form).status_code == 303
    assert f"accent={widget_configs.drafted(agent).theme.accent}" == proposal


def test_a_colour_left_empty_is_sent_anew_when_the_one_it_follows_changes(eddy, agent):
    sent = re.findall(r'id="picker-(\w+)" value="#1f6feb"[^>]*hx-swap-oob', send(eddy, agent, accent="#1f6feb").text)
    assert sent == ["said", "dark_accent", "launcher_colour"]
    sent = re.findall(r'id="picker-(\w+)"', send(eddy, agent, accent="#2a7f4f", said="#334455").text)
    assert "said" not in sent
    assert "launcher_colour" in sent


def test_a_proposal_that_only_has_the_focus_is_not_taken(eddy, agent):
    send(eddy, agent, accent="#1f6feb", proposal="accent=#bd8d00")
    assert widget_configs.drafted(agent).theme.accent == "#1f6feb"


def test_a_preset_takes_the_place_of_all_colours_and_fills_the_form(eddy, agent):
    answer = send(eddy, agent, accent="#ffe000", corners="3", preset="orchid")
    assert preset_of(widget_configs.drafted(agent).theme).key == "orchid"
    assert 'value="#7a3fb8"' in answer.text
    assert "#ffe000" not in answer.text
    # Once it is picked, a change beside it counts, and it is that preset no more.
    answer = send(eddy, agent, accent="#1f6feb", corners="3", preset="orchid", preset_before="orchid")
    theme = widget_configs.drafted(agent).theme
    assert (theme.accent, theme.corners, theme.header) == ("#1f6feb", 3, "accent")
    assert 'hx-swap-oob="morph:#preset-field"' in answer.text
    assert 'value="orchid" checked' not in answer.text


def test_each_measure_and_colour_of_the_theme_is_kept_and_told_when_it_cannot_be_used(eddy, agent):
    send(eddy, agent, dark_ink="#eeeeee", said="teal", width="360", font="serif", density="roomy", shadow="none")
    theme = widget_configs.drafted(agent).theme
    assert (theme.dark_ink, theme.said, theme.width, theme.font) == ("#eeeeee", "#008080", 360, "serif")
    answer = send(eddy, agent, paper="no colour", height="9999")
    assert answer.status_code == 422
    assert "Write a whole number from 440 to 860." in answer.text
    assert "Write the colour as #rrggbb" in answer.text


def test_a_place_that_was_chosen_elsewhere_stays(eddy, agent):
    draft = widget_configs.draft(agent)
    config = WidgetConfig(name="Lumi", position="top-center")
    widget_configs.save_draft(agent, config, revision=draft.revision, by=None, now=NOW)
    assert 'value="top-center" checked' in eddy.get(f"/admin/agents/{agent.id}/customizer").text


def test_what_two_people_change_apart_is_kept_of_both(workspace, eddy, adam, agent):
    began = widget_configs.draft(agent).revision
    send(adam, agent, greeting="Adam's", text="")
    answer = send(eddy, agent, greeting=WidgetConfig().greeting, text="Eddy's", revision=began)
    assert answer.status_code == 200
    assert "Adam changed Greeting meanwhile; both changes are kept." in answer.text
    assert "data-merged" in answer.text
    config = widget_configs.drafted(agent)
    assert (config.greeting, config.launcher.text) == ("Adam's", "Eddy's")


def test_what_both_have_changed_is_chosen_setting_by_setting(workspace, eddy, adam, agent):
    began = widget_configs.draft(agent).revision
    send(adam, agent, greeting="Adam's", text="Adam asks")
    answer = send(eddy, agent, greeting="Eddy's", text="Eddy asks", revision=began)
    assert answer.status_code == 409
    assert "It was: Hi there. What can I help you with?" in answer.text
    for words in ("Adam&#39;s", "Eddy&#39;s", "Adam asks", "Eddy asks"):
        assert words in answer.text
    assert f'name="revision" value="{began}"' in answer.text
    assert look_in(answer.text)["greeting"] == "Eddy's"
    assert widget_configs.drafted(agent).greeting == "Adam's"
    [seen] = re.findall(r'name="seen" value="(\d+)"', answer.text)
    mine = {"greeting": "Eddy's", "text": "Eddy asks", "revision": began, "seen": seen}
    answer = send(eddy, agent, **mine, **{"choice.greeting": "mine"})
    assert answer.status_code == 409
    assert 'name="choice.greeting" value="mine" checked' in answer.text
    answer = send(eddy, agent, **mine, **{"choice.greeting": "mine", "choice.launcher.text": "theirs"})
    assert answer.status_code == 200
    config = widget_configs.drafted(agent)
    assert (config.greeting, config.launcher.text) == ("Eddy's", "Adam asks")


@pytest.mark.parametrize(("choice", "kept"), [("mine", "Eddy's"), ("theirs", "Adam's")])
def test_one_choice_for_all_is_enough(workspace, eddy, adam, agent, choice, kept):
    began = widget_configs.draft(agent).revision
    send(adam, agent, greeting="Adam's")
    seen = widget_configs.draft(agent).revision
    answer = send(eddy, agent, greeting="Eddy's", revision=began, seen=seen, choose_all=choice)
    assert answer.status_code == 200
    assert widget_configs.drafted(agent).greeting == kept


def test_nobody_is_overwritten_silently_where_nothing_is_known_of_the_beginning(workspace, eddy, adam, agent):
    send(adam, agent, greeting="Adam's")
    began = 999
    answer = send(eddy, agent, greeting="Eddy's", revision=began)
    assert answer.status_code == 409
    assert "Adam has changed the draft since you opened this page." in answer.text
    assert widget_configs.drafted(agent).greeting == "Adam's"
    assert look_in(answer.text)["greeting"] == "Eddy's"
    [over] = re.findall(r'name="over" value="(\d+)"', answer.text)
    assert send(eddy, agent, greeting="Eddy's", revision=began, over=over).status_code == 200
    assert widget_configs.drafted(agent).greeting == "Eddy's"


def test_a_form_whose_answer_was_lost_is_taken_for_the_same(eddy, agent):
    began = widget_configs.draft(agent).revision
    for _time in range(2):
        answer = send(eddy, agent, greeting="Once", revision=began)
        assert answer.status_code == 200
        assert "meanwhile" not in answer.text
    assert widget_configs.draft(agent).revision == began + 1


def test_a_publish_during_an_edit_keeps_the_edit(workspace, eddy, adam, agent):
    began = widget_configs.draft(agent).revision
    send(adam, agent, "publication", greeting="Adam's", text="")
    assert send(eddy, agent, greeting=WidgetConfig().greeting, text="Eddy's", revision=began).status_code == 200
    assert widget_configs.published(agent)[0].launcher.text == ""
    assert widget_configs.drafted(agent).greeting == "Adam's"


def test_a_conflict_without_scripts_keeps_what_was_typed_on_the_page(workspace, eddy, adam, agent):
    form = {**LOOK, "revision": widget_configs.draft(agent).revision, "greeting": "Eddy's"}
    send(adam, agent, **{**form, "greeting": "Adam's"})
    answer = eddy.post(f"/admin/agents/{agent.id}/customizer/draft", data=form)
    assert answer.status_code == 409
    assert "Eddy&#39;s</textarea>" in answer.text
    assert 'name="choose_all" value="mine"' in answer.text


@pytest.mark.parametrize("revision", ["", "soon", "-1", "99999999999999999999"])
def test_a_form_that_does_not_know_its_draft_overwrites_nothing(eddy, agent, revision):
    assert send(eddy, agent, revision=revision).status_code == 409
    assert send(eddy, agent, over="99999999999999999999").status_code == 409
    assert widget_configs.drafted(agent) == WidgetConfig(name="Lumi")


def test_publishing_saves_and_numbers(eddy, agent):
    answer = send(eddy, agent, "publication")
    assert "Published. Customers see version 2." in answer.text
    config, number = widget_configs.published(agent)
    assert (config.greeting, number) == ("Good day", 2)


def test_what_cannot_be_used_is_not_published(eddy, agent):
    assert send(eddy, agent, "publication", accent="none").status_code == 422
    assert send(eddy, agent, "publication", revision=77).status_code == 409
    assert widget_configs.published(agent)[1] == 1


def test_discarding_drops_the_draft(eddy, agent):
    send(eddy, agent)
    answer = eddy.post(f"/admin/agents/{agent.id}/customizer/discarding")
    assert answer.status_code == 303
    assert "Your draft is dropped" in eddy.get(answer.location).text
    assert not widget_configs.has_changes(agent)
    answer = eddy.post(f"/admin/agents/{agent.id}/customizer/discarding", headers=HTMX)
    assert answer.headers["HX-Redirect"] == f"/admin/agents/{agent.id}/customizer"


def test_an_earlier_version_is_brought_back_in_one_click(eddy, rita, agent):
    send(eddy, agent, "publication")
    dialog = eddy.get(f"/admin/agents/{agent.id}/customizer/history", headers=HTMX).text
    assert "<dialog" in dialog
    assert "Version 1: Lumi" in dialog
    assert "Version 2: Ada" in dialog
    page = rita.get(f"/admin/agents/{agent.id}/customizer/history").text
    assert "<h1>Published versions</h1>" in page
    assert "Bring back" not in page
    answer = eddy.post(f"/admin/agents/{agent.id}/customizer/history/1/restoration")
    assert "Version 1 is what customers see again, as version 3." in eddy.get(answer.location).text
    assert widget_configs.published(agent) == (WidgetConfig(name="Lumi"), 3)


@pytest.mark.parametrize("number", ["7", "0", "99999999999999999999"])
def test_a_version_that_never_was_cannot_come_back(eddy, agent, number):
    assert eddy.post(f"/admin/agents/{agent.id}/customizer/history/{number}/restoration").status_code == 404


def test_the_preview_is_a_page_of_ours_that_only_we_may_frame(rita, agent):
    answer = rita.get(f"/admin/agents/{agent.id}/preview")
    policy = answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "default-src 'none'" in policy
    token = re.search(rf"/widget/{agent.public_id}\.js\?preview=([^\"]+)", answer.text)[1]
    assert signing.read(Kind.PREVIEW, token, max_age=60) == {"agent": str(agent.id)}
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
