import pytest

from core.answering import follow_ups

DELIVERY = "How long does delivery take?"


@pytest.mark.parametrize(
    "question",
    [
        "and for kids?",
        "What about France?",
        "How much does it cost?",
        "do you have those in blue?",
        "und nach Österreich?",
        "et pour la Suisse ?",
    ],
)
def test_a_question_that_leans_is_known(question: str):
    assert follow_ups.leans(question)


@pytest.mark.parametrize(
    "question",
    [
        DELIVERY,
        "Is it possible to return items?",
        "Is there parking?",
        "shipping?",
        "I have a question about my order",
        "And please tell me in which countries of Europe your shops accept returns without any receipt",
    ],
)
def test_a_question_that_stands_alone_is_known(question: str):
    assert not follow_ups.leans(question)


def test_half_a_question_takes_over_the_other_half():
    assert follow_ups.joined("And for kids?", [DELIVERY]) == "How long does delivery take for kids?"


def test_a_whole_question_takes_over_the_subject():
    assert follow_ups.joined("and how much does it cost?", [DELIVERY]) == "how much does it cost long delivery take"


def test_what_was_asked_before_may_lean_itself():
    assert follow_ups.joined("and Spain?", ["And France?", DELIVERY]) == "How long does delivery take Spain?"


def test_only_leaning_questions_before_it_are_better_than_none():
    assert follow_ups.joined("and Spain?", ["And France?"]) == "And France Spain?"


@pytest.mark.parametrize(("text", "says"), [("Express takes a day.", True), ("Orders arrive in 3 days.", False)])
def test_whether_a_text_has_a_word_for_what_is_new(text: str, says: bool):
    assert follow_ups.says_of(text, "and what about express?") is says


def test_what_was_named_in_between_is_meant_as_well():
    asked = ["And to Austria?", "Do you ship abroad?"]
    assert follow_ups.joined("how much is that?", asked) == "how much is that ship abroad austria"


@pytest.mark.parametrize(
    ("question", "text", "says"),
    [
        ("and the second one?", "Take the second lamp, it is the usual one.", False),
        ("and the second one?", "There are two:\n\n- **Small**\n- **Large**", True),
        ("how much is that?", "Parcels to Austria: £12.90, 5 to 8 working days.", True),
        ("was kostet das?", "Nach Österreich 12,90 € in 5 Tagen.", True),
        ("how much is that?", "Parcels arrive within 5 days.", False),
    ],
)
def test_an_answer_with_a_price_or_a_list_has_more_to_say(question: str, text: str, says: bool):
    assert follow_ups.says_of(text, question) is says
