"""What is wanted otherwise of goods that were looked for."""

import pytest

from core.intents import hear
from core.intents.hearing import Heard, Wish
from core.intents.leaning import LOOKED_FOR, joined

OFFER = {LOOKED_FOR: "boots"}


@pytest.mark.parametrize(
    ("language", "text", "wanted"),
    [
        ("en", "And in blue?", "blue"),
        ("en", "and in 43?", "43"),
        ("en", "do you have it in blue?", "blue"),
        ("en", "size 43?", "43"),
        ("de", "Und in Größe 43?", "43"),
        ("de", "und in blau?", "blau"),
        ("fr", "et en bleu ?", "bleu"),
        ("es", "¿Y en azul?", "azul"),
        ("it", "E in blu?", "blu"),
        ("pt", "e em azul?", "azul"),
        ("nl", "en in het blauw?", "blauw"),
        ("pl", "a w niebieskim?", "niebieskim"),
        ("tr", "peki mavi olarak?", "mavi"),
        ("ar", "وباللون الأزرق؟", "الازرق"),
        ("he", "ובצבע כחול?", "כחול"),
        ("ja", "では青は？", "青"),
        ("zh", "那蓝色的呢？", "蓝"),
    ],
)
def test_what_is_added_to_a_search_is_looked_for_with_it(language, text, wanted):
    heard = joined(hear(text, language=language), text, OFFER, language=language)
    assert heard is not None
    assert (heard.wish, heard.words) == (Wish.SEARCH, f"boots {wanted}")


@pytest.mark.parametrize("text", ["and my order?", "and what about returns?", "is it free?", "thanks", "and how much?"])
def test_another_matter_is_none_of_that(text):
    assert joined(None, text, OFFER, language="en") is None


def test_without_a_search_nothing_is_joined():
    assert joined(None, "and in blue?", {}, language="en") is None
    status = Heard(Wish.STATUS, "en")
    assert joined(status, "and in blue?", OFFER, language="en") is status
