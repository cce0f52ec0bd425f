import pytest

from core.answering.words import content_words, question_of, tokens


@pytest.mark.parametrize(
    ("message", "question"),
    [
        ("Hi, I would like to know how long delivery takes", "how long delivery takes"),
        ("hello there! could you please tell me about refunds for shoes", "refunds for shoes"),
        ("I have a question about my last order", "my last order"),
        ("I’m wondering if you ship abroad", "you ship abroad"),
        ("where is my order", "where is my order"),
        ("Hi", "Hi"),
        ("please tell me", "tell me"),
        ("thanks", "thanks"),
    ],
)
def test_politeness_is_taken_off_a_question(message, question):
    assert question_of(message) == question


def test_a_long_message_is_cut():
    assert len(question_of("word " * 10_000)) <= 2_000


def test_words_come_once_in_lower_case_without_apostrophes():
    assert tokens("It's Anna's, ANNAS e-mail_address") == ["its", "annas", "e", "mail", "address"]


def test_each_chinese_sign_is_a_word():
    assert tokens("退款 ok") == ["退", "款", "ok"]


def test_words_without_meaning_are_left_out_unless_there_are_no_others():
    assert content_words("where is the parcel") == ["parcel"]
    assert content_words("who are you") == ["who", "are", "you"]
