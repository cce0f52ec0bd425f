import pytest

from core.answering import wishes
from core.answering.wishes import asks_for_person


@pytest.mark.parametrize(
    "text",
    [
        "can I talk to a human",
        "Can I speak with someone about my refund?",
        "representative please",
        "Agent!",
        "I want some person to answer my query",
        "put me through to customer service",
        "please connect me to a live agent",
        "is there a real person I can talk to?",
        "Is there anyone I could speak to?",
        "can someone call me back",
        "I'd like a human",
        "let me speak to the manager",
        "Ich möchte mit einem Menschen sprechen",
        "je veux parler à une vraie personne",
        "Quiero hablar con una persona",
        "vorrei parlare con un operatore",
        "quero falar com um atendente",
        "ik wil met een medewerker spreken",
    ],
)
def test_the_wish_for_a_person_is_heard(text):
    assert asks_for_person(text)


@pytest.mark.parametrize(
    "text",
    [
        "are you a human?",
        "human hair wigs",
        "personal data",
        "I don't want to talk to a person",
        "do I need to speak to my doctor first",
        "How do I talk to my bank?",
        "how do I transfer to another person",
        "how to connect to the support portal",
        "I need an agent code",
        "your agent talked to me yesterday",
        "how many people fit in the tent",
        "",
        "😳",
    ],
)
def test_other_messages_are_no_such_wish(text):
    assert not asks_for_person(text)


def test_a_very_long_message_is_read_quickly():
    assert not asks_for_person("talk to the " * 50_000)


@pytest.mark.parametrize(
    "text",
    ["yes", "Yes, please!", "yes please do", "ok", "Sure, thanks", "Ja, gerne", "oui, s'il vous plaît", "Sí", "graag"],
)
def test_a_yes_is_heard(text):
    assert wishes.agrees(text)


@pytest.mark.parametrize(
    "text",
    ["no", "yes but where is my order", "do you say yes to returns?", "", "please send it back", "thanks", "okra"],
)
def test_what_says_more_or_less_is_no_yes(text):
    assert not wishes.agrees(text)
