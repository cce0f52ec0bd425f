"""What customers want of their orders is heard in every language of the widget, and nothing else is taken for it."""

import pytest

from core.intents import Wish, hear
from core.widget_words import LANGUAGES

WHERE = {
    "en": "Where is my order?",
    "de": "Wo ist meine Bestellung?",
    "fr": "Où est ma commande ?",
    "es": "¿Dónde está mi pedido?",
    "pt": "Onde está o meu pedido?",
    "it": "Dov'è il mio ordine?",
    "nl": "Waar is mijn bestelling?",
    "pl": "Gdzie jest moje zamówienie?",
    "tr": "Siparişim nerede?",
    "ar": "أين طلبي؟",
    "he": "איפה ההזמנה שלי?",
    "ja": "注文はどこですか",
    "zh": "我的订单在哪里",
}
CANCEL = {
    "en": "Please cancel my order LL-88530",
    "de": "Bitte stornieren Sie meine Bestellung LL-88530",
    "fr": "Annuler ma commande LL-88530",
    "es": "Cancelar mi pedido LL-88530",
    "pt": "Cancelar meu pedido LL-88530",
    "it": "Annullare il mio ordine LL-88530",
    "nl": "Bestelling LL-88530 annuleren",
    "pl": "Proszę anulować zamówienie LL-88530",
    "tr": "LL-88530 siparişimi iptal edin lütfen",
    "ar": "ألغِ طلبي LL-88530",
    "he": "בטלו את ההזמנה שלי LL-88530",
    "ja": "注文LL-88530をキャンセルしたい",
    "zh": "取消我的订单 LL-88530",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_is_my_order_in_every_language(language):
    heard = hear(WHERE[language])
    assert (heard.wish, heard.language) == (Wish.STATUS, language)


@pytest.mark.parametrize("language", [one for one in LANGUAGES if one != "ja"])
def test_cancel_my_order_in_every_language(language):
    heard = hear(CANCEL[language], language=language)
    assert (heard.wish, heard.language, heard.numbers) == (Wish.CANCEL, language, ("LL-88530",))


@pytest.mark.parametrize(
    "text",
    [
        "How do I cancel my order?",
        "Wie kann ich meine Bestellung stornieren?",
        "How long does delivery take?",
        "Which payment methods do you take?",
        "Can I return order LL-88530?",
        "I want to cancel my subscription",
        "my parcel arrived and is broken",
        "Where are you located?",
        "cancel it",
        "hello",
        "",
    ],
)
def test_other_questions_are_left_to_what_the_agent_knows(text):
    heard = hear(text)
    assert heard is None


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("cancel it please", Wish.CANCEL),
        ("when will it arrive?", Wish.STATUS),
        ("and the tracking number?", Wish.STATUS),
        ("キャンセルしてください", Wish.CANCEL),
    ],
)
def test_a_few_words_mean_the_order_just_spoken_of(text, wish):
    assert hear(text, speaks_of_order=True).wish is wish


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("status of #W4316152", ("W4316152",)),
        ("where is order 12345", ("12345",)),
        ("LL-88530 and LL-88213?", ("LL-88530", "LL-88213")),
    ],
)
def test_numbers_of_orders_are_read_as_people_write_them(text, numbers):
    assert hear(text).numbers == numbers


def test_goods_that_are_looked_for_are_named():
    heard = hear("Do you have a wool throw?")
    assert (heard.wish, heard.words) == (Wish.SEARCH, "wool throw")


def test_a_long_story_is_no_wish():
    assert hear("Where is my order? " * 40) is None
