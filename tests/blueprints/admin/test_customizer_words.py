"""All the words of the widget, to be changed language by language."""

import re

import pytest

from core import widget_configs, widget_words
from core.clock import utc_now
from core.widget_words import LANGUAGES
from models import db


@pytest.fixture
def address(agent):
    return f"/admin/agents/{agent.id}/customizer/words"


def words_of(agent, language="de"):
    db.session.expire_all()
    return widget_configs.drafted(agent).words.get(language, {})


def write(person, agent, address, language="de", revision=None, fragment=True, **texts):
    data = {f"word.{key}": text for key, text in texts.items()}
    data["revision"] = widget_configs.draft(agent).revision if revision is None else revision
    headers = {"HX-Request": "true"} if fragment else {}
    return person.post(f"{address}/{language}", data=data, headers=headers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_a_page_with_all_its_texts(eddy, address, language):
    page = eddy.get(f"{address}/{language}").text
    shown = set(re.findall(r'name="word\.(\w+)"', page))
    flat = widget_words.flat(language)
    assert {key for name in flat if name not in ("preview", "own", "shop_window") for key in flat[name]} <= shown


def test_the_list_comes_as_a_fragment_too(eddy, address):
    answer = eddy.get(f"{address}/ar", headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith("<all-words")
    assert 'dir="rtl"' in answer.text


def test_an_unknown_language_is_not_found(eddy, address):
    assert eddy.get(f"{address}/xx").status_code == 404
    assert eddy.post(f"{address}/xx", data={"revision": 0}).status_code == 404


def test_who_reads_sees_and_does_not_change(rita, agent, address):
    assert rita.get(f"{address}/de").status_code == 200
    assert write(rita, agent, address, placeholder="Nein").status_code == 403
    assert words_of(agent) == {}


def test_another_shop_finds_nothing(stan, agent, address):
    assert stan.get(f"{address}/de").status_code == 404
    assert write(stan, agent, address, placeholder="Nein").status_code == 404


def test_a_word_is_saved_with_the_draft_alone(eddy, agent, address):
    answer = write(eddy, agent, address, placeholder="Was gibt es?")
    assert answer.status_code == 200
    assert "to publish" in answer.text
    assert words_of(agent) == {"placeholder": "Was gibt es?"}
    assert widget_configs.published(agent)[0].words == {}


def test_an_empty_word_is_the_usual_one_again(eddy, agent, address):
    write(eddy, agent, address, placeholder="Was gibt es?", send="Los")
    write(eddy, agent, address, placeholder="")
    assert words_of(agent) == {"send": "Los"}


def test_without_scripts_the_page_is_shown_again(eddy, agent, address):
    answer = write(eddy, agent, address, fragment=False, send="Los")
    assert answer.status_code == 303
    assert "Los" in eddy.get(answer.location).text


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("Minuten", "Keep {count} in this text"), ("{count} {zahl}", "nothing to put in the place of {zahl}")],
)
def test_places_are_checked_at_their_text(eddy, agent, address, text, sentence):
    answer = write(eddy, agent, address, minutes_other=text, send="Los")
    assert answer.status_code == 422
    assert sentence in answer.text
    assert words_of(agent) == {"send": "Los"}
    answer = write(eddy, agent, address, fragment=False, minutes_other=text)
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert f">{text}</textarea>" in answer.text


def test_who_changes_the_same_word_at_once_is_told(eddy, adam, agent, address):
    began = widget_configs.draft(agent).revision
    write(adam, agent, address, revision=began, send="Ab damit")
    answer = write(eddy, agent, address, revision=began, send="Los", more="Noch mehr")
    assert answer.status_code == 422
    assert "Ab damit" in answer.text
    assert words_of(agent) == {"send": "Ab damit", "more": "Noch mehr"}


def test_what_is_no_text_of_the_widget_is_left_out(eddy, agent, address):
    assert write(eddy, agent, address, whatever="x").status_code == 200
    assert words_of(agent) == {}


def test_own_texts_can_be_translated(eddy, vera, agent, address):
    page = eddy.get(f"{address}/de").text
    assert 'name="word.own_greeting"' in page
    assert 'name="word.own_greeting"' not in eddy.get(f"{address}/en").text
    write(eddy, agent, address, own_greeting="Moin")
    widget_configs.publish(agent, by=None, now=utc_now())
    frame = vera.get(f"/widget/{agent.public_id}?locale=de").text
    assert ">Moin</p>" in frame
    assert "Moin" not in vera.get(f"/widget/{agent.public_id}?locale=fr").text


def test_questions_and_lines_can_be_translated(agent):
    words = {"fr": {"own_questions": "Où ?\nQuand ?", "own_launcher": "Aide", "own_field_order": "Commande"}}
    fields = [{"key": "name", "label": "Your name"}, {"key": "order", "label": "Order"}]
    settings = {"suggested_questions": ["Where?"], "launcher": {"text": "Help"}, "words": words}
    config, problems = widget_configs.check({**settings, "pre_chat": {"is_on": True, "fields": fields}})
    assert problems == {}
    french, german = (widget_configs.spoken(config, language) for language in ("fr", "de"))
    assert (french.suggested_questions, french.launcher.text) == (("Où ?", "Quand ?"), "Aide")
    assert [field.label for field in french.pre_chat.fields] == ["Votre nom", "Commande"]
    assert (german.suggested_questions, german.launcher.text) == (("Where?",), "Help")
    # What nobody has changed is said in every language.
    assert german.greeting == widget_words.say("de", "own_greeting")
    assert widget_configs.spoken(config, "en") == config
