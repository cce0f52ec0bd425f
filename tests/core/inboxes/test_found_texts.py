"""Where the words stand that were searched for: a piece of the newest text, with marks."""

import pytest

from core import conversations, notes
from core.inboxes.found_texts import found_texts
from models.conversations import Sender
from tests.conftest import NOW
from tests.core.inboxes.pieces import page, said


def shown(conversation, search):
    found = found_texts([conversation.id], search).get(conversation.id)
    return "".join(f"[{part}]" if is_it else part for part, is_it in found.parts) if found else None


@pytest.mark.parametrize(
    ("words", "search", "piece"),
    [
        ("The lamp flickers", "LAMP", "The [lamp] flickers"),
        ("The lamp flickers, the lamp hums", "lam", "The [lam]p flickers, the [lam]p hums"),
        ("The lamp flickers", "flick lamp", "The [lamp] [flick]ers"),
        ("Meine Straße", "strasse", "Meine [Straße]"),
        ("我的订单在哪里", "订单", "我的[订单]在哪里"),
        ("One\n\n  line", "line", "One [line]"),
        ("The lamp flickers", "candle", None),
        ("The lamp flickers", " ", None),
    ],
)
def test_the_words_are_marked(agent, words, search, piece):
    assert shown(said(agent, words), search) == piece


def test_the_piece_that_was_found_is_shown_with_its_words_marked(workspace, agent, reader):
    conversation = said(agent, "x " * 100 + "and the Lamp, my lämp, flickers")
    conversations.ask(conversation, client_id="two", text="Hello?", now=NOW)
    [row] = page(workspace, reader, search="lamp").rows
    assert [part for part, is_match in row.found.parts if is_match] == ["Lamp", "lämp"]
    whole = "".join(part for part, _ in row.found.parts)
    assert whole.startswith("…x x")
    assert whole.endswith("flickers")
    assert row.found.sender is Sender.CUSTOMER


def test_a_note_that_was_found_says_whose_it_is(workspace, agent, reader):
    notes.add(said(agent), text="Refund agreed", by=reader, now=NOW)
    [row] = page(workspace, reader, search="refund").rows
    assert (row.found.sender, row.found.name) == (None, "Rhea")
