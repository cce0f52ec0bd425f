"""Words that came with a file."""

import pytest

from core.answering.showing import only_shows


@pytest.mark.parametrize(
    "text",
    [
        "here it is",
        "Here you go!",
        "See attached.",
        "this is the photo",
        "Hier das Foto",
        "Siehe Anhang",
        "voici la photo",
        "ci-joint",
        "aquí está",
        "ecco la foto",
        "em anexo",
        "zie bijlage",
        "w załączniku",
        "işte fotoğraf",
        "هذه الصورة",
        "הנה התמונה",
        "写真です",
        "这是照片",
    ],
)
def test_words_that_point_at_a_file_ask_nothing(text):
    assert only_shows(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "what is this",
        "Is this the right bulb?",
        "can you see the crack in this photo",
        "refund please",
        "これは交換できますか",
        "这个多少钱",
        "here it is, and I want to know when the money that I paid comes back to my account",
    ],
)
def test_words_that_ask_for_something_are_no_mere_showing(text):
    assert not only_shows(text)
