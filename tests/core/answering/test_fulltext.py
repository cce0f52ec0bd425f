import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.answering import Entry
from core.answering.fulltext import FullText
from tests.core.answering.conftest import SHOP, site

LARGER = site(*((f"Topic{number}", f"about thing{number}") for number in range(20)), ("Parcel", "on the way"))


def test_a_word_in_the_title_counts_more_than_one_in_the_answer():
    table = FullText([*LARGER, Entry("x", "Something", "a parcel")])
    scores, _ = table.search("parcel")
    assert scores[20] > scores[21] > 0


def test_covered_is_the_share_of_the_words_that_an_entry_has():
    _, covered = FullText(SHOP).search("delivery delivery")
    assert covered.tolist() == [1.0, 0.0, 0.0]
    _, covered = FullText(SHOP).search("delivery zebra")
    assert 0 < covered[0] < 1


def test_accents_and_endings_do_not_matter():
    scores, covered = FullText([*LARGER, Entry("x", "Café délivery", "…")]).search("cafes")
    assert scores.argmax() == 21
    assert covered[21] == 1


def test_an_empty_table_answers_emptily():
    scores, covered = FullText([]).search("anything")
    assert len(scores) == len(covered) == 0


def test_remembered_words_are_forgotten_in_time(monkeypatch):
    monkeypatch.setattr("core.answering.fulltext.MOST_REMEMBERED_ROWS", 5)
    table = FullText(SHOP)
    first = table.search("delivery")[0]
    for number in range(20):
        table.search(f"word{number}")
    assert table._remembered_rows <= 5
    assert "delivery" not in table._remembered
    assert np.array_equal(table.search("delivery")[0], first)


@given(st.text(max_size=60))
def test_no_text_is_a_query_of_its_own(text):
    scores, covered = FullText(SHOP).search(text)
    assert np.isfinite(scores).all()
    assert ((covered >= 0) & (covered <= 1.0001)).all()
