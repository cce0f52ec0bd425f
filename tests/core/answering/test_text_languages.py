import pytest

from core.answering import Entry, Index
from core.answering.languages import recognized
from gateways.embeddings import Embedder


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("How long does the delivery take?", "en"),
        ("Wie lange dauert die Lieferung nach Österreich?", "de"),
        ("Combien de temps prend la livraison ?", "fr"),
        ("¿Cuánto tarda la entrega de mi pedido?", "es"),
        ("Quanto tempo ci vuole per la consegna?", "it"),
        ("Quando é que a minha encomenda chega em casa?", "pt"),
        ("Hoe lang duurt het voordat mijn pakket er is?", "nl"),
        ("Jak długo czeka się na dostawę i czy można ją przyspieszyć?", "pl"),
        ("Teslimat ne kadar sürer ve ücreti ne kadar?", "tr"),
        ("كم يستغرق التوصيل؟", "ar"),
        ("כמה זמן לוקח המשלוח?", "he"),
        ("配送にはどのくらいかかりますか？", "ja"),
        ("送货需要多长时间？", "zh"),
        ("Shipping?", None),
        ("", None),
        ("12345 %%%", None),
    ],
)
def test_what_is_clear_is_recognised(text: str, language: str | None):
    assert recognized(text) == language


def test_the_customers_language_comes_first(model: Embedder):
    english = Entry("en", "Delivery to Germany", "DHL brings it in 3 days, and it is free of charge.")
    german = Entry("de", "Lieferung nach Deutschland", "DHL bringt es in 3 Tagen, und das ist kostenlos.")
    index = Index.build([english, german], model)
    assert index.search("How long is the delivery to Germany?").ranking[0][0] == "en"
    assert index.search("Wie lange dauert die Lieferung nach Deutschland?").ranking[0][0] == "de"
    plain, wanted = (dict(index.search("DHL", language=language).ranking) for language in (None, "de"))
    assert wanted["en"] < plain["en"]


def test_what_is_left_out_is_not_found(model: Embedder):
    index = Index.build(
        [Entry("1", "How long is delivery?", "3 days."), Entry("2", "What is the price?", "5 euros.")], model
    )
    assert index.search("How long is delivery?").entry_id == "1"
    assert index.search("How long is delivery?", leave_out="1").entry_id is None
