"""Who is upset with the business, and who only uses strong words."""

import time

import pytest

from core.answering.moods import sounds_angry


@pytest.mark.parametrize(
    "text",
    [
        *(
            "This is ridiculous!",
            "that's a joke",
            "It is totally unacceptable",
            "I’m so angry",
            "worst customer service",
        ),
        *("I AM STILL WAITING FOR MY ORDER!!", "you stupid bot", "I will sue you"),
        *("Das ist eine Frechheit", "Ich bin echt sauer", "C'est inadmissible", "je suis furieuse"),
        *("es una vergüenza", "estoy muy enfadada", "estou furioso", "è una vergogna", "sono arrabbiato"),
        *("dit is belachelijk", "jestem wściekła", "Bu rezalet", "çok kızgınım"),
        *("هذا غير مقبول", "זו בושה", "ふざけるな！", "太过分了"),
    ],
)
def test_anger_is_heard_in_each_language(text):
    assert sounds_angry(text)


@pytest.mark.parametrize(
    "text",
    [
        *("Is this a joke book?", "WHERE IS MY ORDER", "Do you sell ANGRY BIRDS TOYS", "Hello there!!", "THANK YOU!!!"),
        *("This is not ridiculous", "Is it unacceptable to return worn shoes?", "Do you have terrible weather here?"),
        "I have a useless adapter, can I return it?",
        "",
    ],
)
def test_other_strong_words_are_no_anger(text):
    assert not sounds_angry(text)


def test_a_long_message_takes_no_longer():
    began = time.perf_counter()
    for text in ("it is so " * 1_000, "i am very really " * 1_000, "worst " * 5_000, "! A" * 10_000):
        sounds_angry(text)
    assert time.perf_counter() - began < 1
