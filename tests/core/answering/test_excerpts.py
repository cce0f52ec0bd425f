import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.answering.excerpts import SHORT, TOLERANCE, excerpt

ARTICLE = (
    "Our service is known in many countries. We were founded in 1999 by three friends who loved bicycles. "
    "Since then a lot has changed in the way we work and think about the world around us every day. "
    "To return a bicycle, print the return label in your account. Put the label on the box and bring it to any post "
    "office within thirty days. The refund reaches you a week later. "
    "Gift cards are valid for three years and can be used in every shop and online at any time you like. "
    "Repairs are made in our workshop in the north of the town, which is open on weekdays only, from nine to five. "
    "Please book a time before you come, because the workshop is small."
)


def test_the_sentences_that_were_asked_for_come_first():
    found = excerpt(ARTICLE, "how do I return a bicycle and get a refund?")
    assert "return label" in found.short
    assert "refund reaches" in found.short
    assert len(found.short) <= SHORT
    assert found.short in ARTICLE
    assert found.whole == ARTICLE
    assert not found.is_whole


def test_a_question_that_nothing_fits_gets_the_beginning():
    assert ARTICLE.startswith(excerpt(ARTICLE, "zebra?").short)


def test_a_short_answer_comes_whole():
    found = excerpt(" Within 30 days. ", "when?")
    assert (found.short, found.is_whole) == ("Within 30 days.", True)


def test_a_table_is_never_cut_in_two():
    table = "| size | price |\n| --- | --- |\n" + "| large box | 10 euros |\n" * 12
    found = excerpt(f"{'Some words before it. ' * 20}\n\n{table}\n\n{'And after. ' * 20}", "price of a large box")
    assert found.short == table.strip()


def test_a_lost_space_after_a_full_stop_ends_a_sentence():
    text = "Filling words that nobody asked for at all. " * 12 + "First do this.Refunds take a week."
    assert excerpt(text, "refunds").short.endswith("First do this.Refunds take a week.")


def test_one_endless_sentence_is_cut_at_a_word():
    short = excerpt("word " * 400, "word").short
    assert len(short) <= SHORT + 2
    assert short.endswith("word …")


@pytest.mark.parametrize("text", ["", "   ", "\n\n\n"])
def test_an_empty_answer_stays_empty(text):
    assert excerpt(text, "why?").short == ""


@given(st.text(max_size=2_000), st.text(max_size=50))
def test_an_excerpt_is_short_and_from_the_text(text, question):
    found = excerpt(text, question)
    assert len(found.short) <= SHORT * TOLERANCE
    assert found.short.removesuffix(" …") in found.whole
