from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.answering import Entry, Index, passages
from core.answering.index import highest
from tests.core.answering.conftest import SHOP, WordCounter, site

STRANGE = [
    "",
    "   \n\t ",
    "???",
    "😳",
    "👩‍👩‍👧‍👦🎉",
    '" OR title:*',
    'delivery" NEAR(return, 2) AND NOT (',
    "title : {a b} ^delivery -- ; DROP TABLE entry",
    "\0 \ud800 \ufffe delivery",
    "a" * 10_000,
    "delivery " * 1_200,
    "'; \"quoted' \\",
    "送料はいくらですか",
    "０１２３ ﬁrst",
]


@pytest.mark.parametrize("text", STRANGE)
@pytest.mark.parametrize("by", ["shop", "shop_by_words"])
def test_anything_may_be_typed(request, by, text):
    found = request.getfixturevalue(by).search(text)
    assert 0 <= found.score <= 1
    assert (found.entry_id is None) == (found.outcome != "answered")


@pytest.mark.parametrize("text", ["", "???", "😳", " \n "])
def test_a_message_without_words_is_unanswered(shop, text):
    found = shop.search(text)
    assert (found.outcome, found.ranking, found.suggestions, found.score) == ("unanswered", [], [], 0.0)


def test_without_knowledge_there_is_no_answer(model):
    for embedder in (model, None):
        index = Index.build([], embedder)
        assert len(index) == 0
        assert index.search("Where is my order?").outcome == "unanswered"
        assert index.search("hello").outcome == "small_talk"


def test_the_ranking_is_sorted_and_limited(shop):
    found = shop.search("return and delivery", limit=2)
    assert len(found.ranking) == 2
    assert found.ranking[0][1] >= found.ranking[1][1]
    assert found.score == found.ranking[0][1]


def test_the_same_question_gets_the_same_ranking(model):
    first, second = Index.build(SHOP, model), Index.build(SHOP, model)
    assert first.search("send it back").ranking == second.search("send it back").ranking
    assert first.calibration == second.calibration


def test_a_phrasing_makes_an_entry_found_by_it(word_counter):
    entries = [Entry("a", "Delivery", "Soon."), Entry("b", "Returns", "Gladly.", ("the shoes pinch",))]
    assert Index.build(entries, word_counter).search("the shoes pinch").ranking[0][0] == "b"


def test_small_talk_is_no_failure_but_never_hides_an_answer(model, shop):
    assert shop.search("Hello!").outcome == "small_talk"
    assert shop.search("thanks, bye").outcome == "small_talk"
    proud = Index.build([*SHOP, Entry("robot", "Are you a robot?", "Yes, and proud of it.")], model)
    assert proud.search("are you a robot?").entry_id == "robot"


def test_between_answer_and_silence_titles_are_offered(model):
    cards = site(
        ("Lost card", "Freeze the card in the app."),
        ("Stolen card", "Freeze the card and call us."),
        ("Card delivery", "A new card takes a week."),
        ("Card not working", "Check that it is activated."),
        ("Card fees", "The first card is free."),
    )
    found = Index.build(cards, model).search("the card has a scratch")
    assert found.outcome == "suggested"
    assert 1 <= len(found.suggestions) <= 3
    assert found.suggestions == [entry_id for entry_id, _ in found.ranking[: len(found.suggestions)]]


def test_close_rivals_are_offered_beside_an_answer(model):
    twins = site(
        ("Return shoes", "Within 30 days."),
        ("Return shirts", "Within 60 days."),
        ("Opening hours", "From nine to five."),
    )
    found = Index.build(twins, model).search("how do I return shoes")
    assert found.entry_id == "0"
    assert found.suggestions == ["1"]


def test_slips_of_the_finger_are_forgiven(shop, shop_by_words):
    assert shop.search("payement methods accpet").ranking[0][0] == "2"
    assert shop_by_words.search("delivrey").ranking[0][0] == "0"


def test_plurals_and_endings_do_not_matter(shop_by_words):
    assert shop_by_words.search("returning items").ranking[0][0] == "1"


def test_stored_vectors_are_used_and_missing_ones_computed(word_counter):
    stored = {passage.key: word_counter.embed([passage.text])[0] for passage in passages(SHOP[0])}
    complete = Entry(SHOP[0].id, SHOP[0].question, SHOP[0].answer, (), stored)
    word_counter.texts.clear()
    Index.build([complete, SHOP[1]], word_counter)
    assert sorted(word_counter.texts) == sorted({passage.text for passage in passages(SHOP[1])})


def test_vectors_of_another_model_are_not_used(word_counter):
    foreign = {passage.key: np.ones(3, np.float32) for passage in passages(SHOP[0])}
    Index.build([Entry("a", SHOP[0].question, SHOP[0].answer, (), foreign)], word_counter)
    assert word_counter.texts


def test_many_threads_may_search_at_once(shop):
    questions = ["shipping time", "I want to send something back", "can I pay with paypal"] * 10
    alone = [shop.search(question).entry_id for question in questions]
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda question: shop.search(question).entry_id, questions)) == alone


def test_a_large_index_is_calibrated_on_a_sample():
    entries = [Entry(str(number), f"Topic{number} word{number % 7}", f"Answer {number}.") for number in range(900)]
    index = Index.build(entries, WordCounter())
    assert index.calibration.entries == 900
    assert 200 <= index.calibration.sampled <= 400
    assert index.search("Topic123 word4").ranking[0][0] == "123"


def test_a_calibration_can_be_stored_and_shown(shop):
    plain = shop.calibration.as_dict()
    assert plain["entries"] == 3
    assert plain["method"] == "meaning and full text"
    assert all(isinstance(value, int | float | str) for value in plain.values())


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30), st.integers(1, 12))
def test_the_highest_scores_come_in_the_order_of_a_full_sort(scores, count):
    expected = sorted(range(len(scores)), key=lambda row: -scores[row])[:count]
    assert highest(np.array(scores, np.float32), count).tolist() == expected
