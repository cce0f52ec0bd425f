import tomllib
from pathlib import Path

import pytest

from core.answering import remarks, small_talk
from core.widget_words import LANGUAGES

TOLD = tomllib.loads(Path(remarks.__file__).with_suffix(".toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("No, leave it", "no"),
        ("no thanks", "no"),
        ("that doesn't help", "sorry"),
        ("no, that's not what I asked!!", "sorry"),
        ("f*** off", "sorry"),
        ("😡😡", "sorry"),
        ("Hello, I have a question", "help"),
        ("Hallo, können Sie mir helfen?", "help"),
        ("非常感谢", None),
        ("no delivery yet", None),
        ("I have a problem with my order", None),
        ("help with my lamp", None),
        ("hello", None),
        ("😀", None),
        ("", None),
    ],
)
def test_what_is_said_of_the_conversation_is_heard(text, kind):
    heard = remarks.remark(text)
    assert (heard.kind if heard else None) == kind


def test_each_language_has_each_kind_and_is_heard_in_it():
    assert set(TOLD) == set(LANGUAGES)
    for language, kinds in TOLD.items():
        assert set(kinds) == set(remarks.PRECEDENCE)
        for kind, phrases in kinds.items():
            for phrase in phrases:
                heard = remarks.remark(phrase, language=language)
                assert heard is not None, phrase
                assert (heard.kind, heard.language) == (kind, language), phrase


def test_no_remark_is_a_phrase_of_small_talk_besides_a_no():
    every = [(kind, phrase) for kinds in TOLD.values() for kind, phrases in kinds.items() for phrase in phrases]
    assert {kind for kind, phrase in every if small_talk.kind(phrase)} <= {"no"}


def test_another_language_is_answered_in_it():
    assert remarks.remark("nein", language="fr") == remarks.Remark("no", "de")
    assert remarks.remark("no", language="fr") == remarks.Remark("no", "fr")
