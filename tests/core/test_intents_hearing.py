"""What customers want of their orders is heard in every language of the widget, and nothing else is taken for it."""

import pytest

from core.intents import Wish, goods, hear
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

THIS_YEAR = {
    "en": "What did I order this year?",
    "de": "Was habe ich dieses Jahr bestellt?",
    "fr": "Qu'ai-je commandé cette année ?",
    "es": "¿Qué he comprado este año?",
    "pt": "O que comprei este ano?",
    "it": "Cosa ho ordinato quest'anno?",
    "nl": "Wat heb ik dit jaar besteld?",
    "pl": "Co zamówiłem w tym roku?",
    "tr": "Bu yıl ne sipariş ettim?",
    "ar": "ماذا طلبت هذه السنة؟",
    "he": "מה הזמנתי השנה?",
    "ja": "今年は何を注文しましたか",
    "zh": "今年我买了什么",
}
LAST_YEAR = {
    "en": "Show all my orders from last year",
    "de": "Alle Bestellungen vom letzten Jahr",
    "fr": "Toutes mes commandes de l'année dernière",
    "es": "Mis pedidos del año pasado",
    "pt": "Meus pedidos do ano passado",
    "it": "I miei ordini dell'anno scorso",
    "nl": "Mijn bestellingen van vorig jaar",
    "pl": "Moje zamówienia z zeszłego roku",
    "tr": "Geçen yıl ne sipariş ettim?",
    "ar": "طلباتي في العام الماضي",
    "he": "ההזמנות שלי בשנה שעברה",
    "ja": "去年の私の注文",
    "zh": "去年我买了什么",
}
LATEST = {
    "en": "my last order",
    "de": "meine letzte Bestellung",
    "fr": "ma dernière commande",
    "es": "mi último pedido",
    "pt": "meu último pedido",
    "it": "il mio ultimo ordine",
    "nl": "mijn laatste bestelling",
    "pl": "moje ostatnie zamówienie",
    "tr": "son siparişim",
    "ar": "آخر طلب",
    "he": "ההזמנה האחרונה",
    "ja": "最後の注文",
    "zh": "最近的订单",
}


STATUS_OF_LATEST = {
    "en": "What's the status of my last order?",
    "de": "Wie ist der Status meiner letzten Bestellung?",
    "fr": "Quel est le statut de ma dernière commande ?",
    "es": "¿Cuál es el estado de mi último pedido?",
    "pt": "Qual é o estado do meu último pedido?",
    "it": "Qual è lo stato del mio ultimo ordine?",
    "nl": "Wat is de status van mijn laatste bestelling?",
    "pl": "Jaki jest status mojego ostatniego zamówienia?",
    "tr": "Son siparişimin durumu nedir?",
    "ar": "ما هي حالة آخر طلب؟",
    "he": "מה המצב של ההזמנה האחרונה שלי?",
    "ja": "最後の注文の状況を教えて",
    "zh": "最近的订单状态是什么？",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_status_of_the_last_order_is_that_of_one(language):
    heard = hear(STATUS_OF_LATEST[language], language=language)
    assert (heard.wish, heard.language) == (Wish.LATEST, language)


@pytest.mark.parametrize("text", ["Where is my latest order?", "last order status", "Status of the last order, please"])
def test_the_last_order_can_be_asked_for_in_many_ways(text):
    assert hear(text).wish is Wish.LATEST


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_orders_those_of_a_year_and_the_latest_are_told_apart(language):
    this_year, last_year, latest = (hear(one[language], language=language) for one in (THIS_YEAR, LAST_YEAR, LATEST))
    assert (this_year.wish, this_year.years_back, this_year.language) == (Wish.ORDERS, 0, language)
    assert (last_year.wish, last_year.years_back) == (Wish.ORDERS, 1)
    assert (latest.wish, latest.years_back) == (Wish.LATEST, None)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("What did I buy in 2024?", 2024),
        ("my orders from 2024", 2024),
        ("我在2024年买了什么", 2024),
        ("my orders", None),
        ("my orders #2024", None),
        ("my orders of 2024-01-05", None),
    ],
)
def test_a_year_is_heard_where_all_orders_are_meant(text, year):
    assert hear(text).year == year


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


@pytest.mark.parametrize(
    ("text", "words", "most"),
    [
        ("do you have lamps under 50 pounds?", "lamps", 50),
        ("lamps below £49.90", "lamps", 49.9),
        ("Haben Sie Lampen unter 50 Euro?", "lampen", 50),
        ("Avez-vous des lampes à moins de 50 € ?", "lampes", 50),
        ("Busco lámparas hasta 50 euros", "lamparas", 50),
        ("Cerco lampade sotto i 50 euro", "lampade", 50),
        ("Procuro candeeiros até 50 euros", "candeeiros", 50),
        ("Ik zoek lampen onder de 50 euro", "lampen", 50),
        ("Szukam lampy do 200 zł", "lampy", 200),
        ("500 liranın altında lamba var mı", "lamba", 500),
        ("هل لديكم مصابيح أقل من 50", "مصابيح", 50),
        ("יש לכם מנורה עד 50 שקל", "מנורה", 50),
        ("5000円以下のランプはありますか", "ランプ", 5000),
        ("有没有50元以下的台灯", "台灯", 50),
    ],
)
def test_goods_up_to_a_price_are_looked_for(text, words, most):
    heard = hear(text)
    assert heard is not None
    assert heard.wish is Wish.SEARCH
    assert goods.looked(heard.words) == goods.Looked(words, most)


@pytest.mark.parametrize("text", ["cheapest lamp?", "What is the cheapest lamp"])
def test_the_cheapest_is_looked_for(text):
    assert goods.looked(hear(text).words) == goods.Looked("lamp", None, True)


@pytest.mark.parametrize("text", ["parcels up to 5 kg?", "delivery within 3 days", "return within 30 days", "cheapest"])
def test_what_is_no_price_is_not_taken_for_one(text):
    assert hear(text) is None


def test_a_number_alone_is_an_orders():
    assert (hear("88530").wish, hear("88530").numbers, hear("42")) == (Wish.STATUS, ("88530",), None)


LATE = {
    "en": "My order is late!!!",
    "de": "Meine Bestellung ist viel zu spät!",
    "fr": "Ma commande est en retard",
    "es": "Mi pedido está retrasado",
    "pt": "Meu pedido está atrasado",
    "it": "Il mio ordine è in ritardo",
    "nl": "Mijn bestelling is te laat",
    "pl": "Moje zamówienie jest opóźnione",
    "tr": "Siparişim gecikti",
    "ar": "طلبي متأخر",
    "he": "ההזמנה שלי מאחרת",
    "ja": "注文が遅れています",
    "zh": "我的订单延误了",
}


@pytest.mark.parametrize(("language", "text"), LATE.items())
def test_what_is_late_is_looked_up(language, text):
    heard = hear(text, language=language)
    assert heard is not None
    assert heard.wish is Wish.STATUS


@pytest.mark.parametrize("text", ["return LL-88530", "Can I return order LL-88530?", "LL-88530 zurückgeben"])
def test_something_else_of_an_order_that_is_named(text):
    heard = hear(text)
    assert heard is not None
    assert (heard.wish, heard.numbers) == (Wish.BESIDE, ("LL-88530",))
