import pytest

from core.answering import small_talk
from core.answering.small_talk_phrases import PHRASES
from core.widget_words import say


@pytest.mark.parametrize(
    ("text", "kind", "language"),
    [
        ("hi", "hello", "en"),
        ("Hiiii!!", "hello", "en"),
        ("Hello Ada", "hello", "en"),
        ("👋", "hello", "en"),
        ("Good morning team", "hello", "en"),
        ("Guten Tag", "hello", "de"),
        ("Buenos días", "hello", "es"),
        ("thank you so much for your help", "thanks", "en"),
        ("🙏", "thanks", "en"),
        ("merci beaucoup", "thanks", "fr"),
        ("ok thanks bye", "bye", "en"),
        ("arrivederci", "bye", "it"),
        ("Hey, how are you?", "how_are_you", "en"),
        ("ça va ?", "how_are_you", "fr"),
        ("hi, are you a robot?", "are_you_robot", "en"),
        ("Bist du ein Mensch?", "are_you_robot", "de"),
        ("you are great, who are you?", "who_are_you", "en"),
        ("👍🏽", "ok", "en"),
        ("ok", "ok", "en"),
        ("no really, am I talking to a person?", "are_you_robot", "en"),
    ],
)
def test_small_talk_is_recognised(text, kind, language):
    found = small_talk.reply(text, agent_name="Ada")
    assert found is not None
    assert (found.kind, found.language) == (kind, language)


@pytest.mark.parametrize(
    "text",
    [
        "hello, where is my order",
        "thanks but it still fails",
        "robot vacuum price",
        "hi ₹500",
        "are you a robot shop",
        "how are you going to refund me",
        "who are your suppliers",
        "not good",
        "no good",
        "ok so it broke",
        "bye bye curtains",
        "there",
        "Ada",
        "😳",
        "",
        "hello " * 100,
        "no",
    ],
)
def test_a_real_question_is_not_swallowed(text):
    assert small_talk.reply(text, agent_name="Ada") is None


def test_the_agent_says_its_name_and_that_it_is_a_machine():
    found = small_talk.reply("are you human?", agent_name="Ada")
    assert found is not None
    assert "Ada" in found.text
    assert "automated" in found.text


def test_a_strange_name_does_no_harm():
    found = small_talk.reply("who are you", agent_name="{0} %s {name}")
    assert found is not None
    assert "{0} %s {name}" in found.text


def test_every_phrase_has_a_reply_in_its_language():
    for kind, language in PHRASES.values():
        assert say(language, f"talk_{kind}", name="Ada")


@pytest.mark.parametrize("phrase", sorted(PHRASES))
def test_every_phrase_is_written_as_messages_are_read(phrase):
    assert small_talk.kind(phrase) is not None
