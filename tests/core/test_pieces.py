"""Long texts in pieces; how they are announced stands in test_answers.py."""

import pytest

from core.pieces import pieces

LONG = "One lamp, two lamps.\n\n" + "Every lantern has a story of its own, and this one is long. " * 12 + "\n- end"


@pytest.mark.parametrize("text", ["", " ", "word", LONG, "  lead\n\ttrail  \n", "x" * 500, "ä ö\u00a0ü \u2003 🐚" * 40])
def test_pieces_join_to_the_text(text):
    assert "".join(pieces(text)) == text


def test_pieces_end_between_words():
    assert all(piece[-1].isspace() for piece in list(pieces(LONG))[:-1])
