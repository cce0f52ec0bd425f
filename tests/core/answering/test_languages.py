"""Small talk and the wish for a person, in the languages of the widget."""

import pytest

from core.answering import small_talk, wishes
from core.widget_words import LANGUAGES, say

HELLO = {
    "en": "Hello!",
    "de": "Guten Tag",
    "fr": "Bonjour",
    "es": "¡Hola!",
    "pt": "Olá",
    "it": "Buongiorno",
    "nl": "Goedemorgen",
    "pl": "Dzień dobry!",
    "tr": "Merhaba",
    "ar": "السلام عليكم",
    "he": "שלום!",
    "ja": "こんにちは。",
    "zh": "你好！",
}
THANKS = {
    "pl": "Dziękuję bardzo",
    "tr": "Çok teşekkür ederim",
    "ar": "شكرًا جزيلاً",
    "he": "תודה רבה",
    "ja": "ありがとうございます",
    "zh": "谢谢",
}
BYE = {
    "pl": "Do widzenia",
    "tr": "Hoşça kalın",
    "ar": "مع السلامة",
    "he": "להתראות",
    "ja": "さようなら",
    "zh": "再见",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hello_is_answered_in_its_language(language):
    found = small_talk.reply(HELLO[language], agent_name="Ada", language=language)
    assert found == small_talk.SmallTalk("hello", language, say(language, "talk_hello"))


@pytest.mark.parametrize("language", THANKS)
def test_thanks_and_goodbyes_are_understood(language):
    assert small_talk.kind(THANKS[language]) == "thanks"
    assert small_talk.kind(BYE[language]) == "bye"


def test_an_english_word_is_answered_as_the_widget_speaks():
    assert small_talk.reply("hi", agent_name="Ada", language="de").language == "de"
    assert small_talk.reply("hallo", agent_name="Ada", language="nl").language == "nl"
    assert small_talk.reply("merci", agent_name="Ada", language="de").language == "fr"


def test_an_admins_words_are_said():
    own = {"de": {"talk_hello": "Moin, ich bin {name}."}}
    assert small_talk.reply("hallo", agent_name="Ada", language="de", own=own).text == "Moin, ich bin Ada."


@pytest.mark.parametrize(
    "wish",
    [
        "Chcę porozmawiać z człowiekiem",
        "Czy mogę rozmawiać z konsultantem?",
        "Bir temsilciyle görüşmek istiyorum",
        "Beni bir yetkiliye bağlayın",
        "أريد التحدث إلى موظف",
        "أريد أن أتحدث مع شخص حقيقي",
        "אפשר לדבר עם נציג?",
        "担当者と話したいです",
        "オペレーターにつないでください",
        "转人工",
        "我要找真人客服",
        "人工客服",
        "נציג בבקשה",
        "Ich möchte mit einem Menschen sprechen",
    ],
)
def test_a_wish_for_a_person_is_heard(wish):
    assert wishes.asks_for_person(wish)


@pytest.mark.parametrize(
    "other",
    [
        "Nie chcę rozmawiać z człowiekiem",
        "Temsilciyle görüşmek istemiyorum",
        "不要转人工",
        "担当者と話したくないです",
        "人気の商品はどれですか",
        "Ile kosztuje wysyłka?",
        "كم تكلفة الشحن؟",
        "כמה עולה המשלוח?",
        "运费是多少？",
        "Kargo ücreti ne kadar?",
    ],
)
def test_other_words_are_no_wish_for_a_person(other):
    assert not wishes.asks_for_person(other)
    assert small_talk.kind(other) is None


YES = ("Tak, proszę", "Evet lütfen", "نعم، من فضلك", "כן, בבקשה", "はい、お願いします", "好的")


@pytest.mark.parametrize("yes", YES)
def test_a_yes_is_a_yes(yes):
    assert wishes.agrees(yes)
