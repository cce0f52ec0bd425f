import pytest

from core.answering.several import questions_in


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "How long does delivery take and can I pay with PayPal?",
            ["How long does delivery take", "can I pay with PayPal?"],
        ),
        (
            "Do you sell gift cards? And where are your shops?",
            ["Do you sell gift cards?", "where are your shops?"],
        ),
        (
            "Kann man Lampen im Bad benutzen und wie lange ist die Garantie?",
            ["Kann man Lampen im Bad benutzen", "wie lange ist die Garantie?"],
        ),
        (
            "¿Cuánto cuesta el envío y puedo pagar con tarjeta?",
            ["¿Cuánto cuesta el envío", "puedo pagar con tarjeta?"],
        ),
        ("送料はいくらですか？返品はできますか？", ["送料はいくらですか？", "返品はできますか？"]),
        ("How long does delivery take, and is it free?", []),
        ("Do you sell cups and plates?", []),
        ("How do I return something?", []),
        ("Where is it? Where is it?? Where???", []),
        ("How are you?" * 200, []),
    ],
)
def test_a_message_is_taken_apart_into_questions_that_stand_alone(text, parts):
    assert questions_in(text) == parts
