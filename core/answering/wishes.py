"""Hears from a customer's own words that they want a person."""

import re
import unicodedata

# Longer messages tell a story; a wish for a person in them stands in their first or last sentences, never in a list.
LONGEST = 1_000

_ARTICLES = r"(?:(?:real|live|actual|human|customer|support|service|sales|the|a|an|some|any|your|another)\s+)*"
_PERSON = (
    _ARTICLES + r"(?:human(?:\s+being)?|person|people|agent|representative|rep|operator|advis[oe]r|manager|supervisor"
    r"|somebody|someone|employee|staff|team(?:\s+member)?|(?:customer\s+)?(?:service|support|care)|consultant|specialist"
    r"|colleague)(?!\s+(?:portal|page|account|app|site|website|number|line|email|ticket|code|name|size))"
)
_HELPER = r"(?:human(?:\s+being)?|person|agent|representative|rep|operator|supervisor|manager)"

_WISHES = re.compile(
    r"(?<!\w)(?:"
    + "|".join(
        (
            # English: "can I speak to a human", "put me through to an agent", "is there a person I can talk to".
            rf"(?:talk|speak|chat)\s+(?:to|with)\s+{_PERSON}",
            rf"(?:connect|transfer|put|pass|hand)\s+me\s+(?:over\s+|through\s+)?(?:to|with)\s+{_PERSON}",
            rf"(?:connected|transferred|put\s+through)\s+(?:to|with)\s+{_PERSON}",
            rf"connect\s+(?:to|with)\s+an?\s+(?:real\s+|live\s+)?{_HELPER}",
            (
                r"(?:i\s+(?:just\s+)?(?:want|need|would\s+like|d\s+like)|id\s+like|(?:give|get)\s+me|can\s+i\s+(?:get|have))\s+"
                rf"(?:(?:a|an|the|some|any|real|live|actual|human)\s+)*{_HELPER}"
                r"(?!\s+\w+ing\b|\s+(?:account|size|code|name|password|login))"
            ),
            r"i\s+want\s+(?:some|a)\s+person\s+to\s+\w+",
            rf"(?:real|live|actual)\s+{_HELPER}\s+(?:i\s+can\s+|to\s+)?(?:talk|speak|chat)",
            (
                rf"is\s+there\s+(?:an?|any|some)\s*(?:real\s+|live\s+)?(?:{_HELPER}|one|body)\s+(?:that\s+)?i\s+(?:can|could)"
                r"\s+(?:talk|speak|chat)"
            ),
            (
                r"(?:can|could|will|would|have|let|ask)\s+(?:someone|somebody|a\s+(?:human|person|representative|colleague))"
                r"\s+(?:please\s+)?(?:call|phone|ring|contact)\s+me"
            ),
            # German, French, Spanish, Italian, Portuguese, Dutch.
            (
                r"mit\s+(?:einem|einer|jemandem|eine[mr]?)\s*(?:echten\s+|richtigen\s+)?"
                r"(?:menschen|mitarbeiter(?:in)?|person|berater(?:in)?)?\s*(?:sprechen|reden|chatten|verbinden|verbunden)"
            ),
            (
                r"parler\s+(?:a|avec)\s+(?:quelquun|(?:une?|le)\s+(?:vraie?\s+)?"
                r"(?:personne|humain|conseiller|conseillere|agent|service\s+client))"
            ),
            r"hablar\s+con\s+(?:alguien|(?:(?:una?|el)\s+)?(?:persona|humano|agente|representante|asesor|operador))",
            r"parlare\s+con\s+(?:qualcuno|(?:una?\s+)?(?:persona|umano|operatore|operatrice|agente))",
            r"falar\s+com\s+(?:alguem|(?:uma?\s+)?(?:pessoa|humano|atendente|agente))",
            r"met\s+(?:iemand|een\s+(?:echte?\s+)?(?:mens|persoon|medewerker))\s*(?:spreken|praten|chatten)",
        )
    )
    + r")(?!\w)"
)

_YES = re.compile(
    r"(?:(?:yes|yeah|yep|yup|sure|ok|okay|please|of course|ja|gern|gerne|bitte|oui|si|sim|claro|certo|daccord|graag)"
    r"(?: |$))+"
    r"(?:(?:please|do|that one|do that|thanks|thank you|exactly|bitte|gern|gerne|danke|merci|s il vous plait"
    r"|sil vous plait|por favor|gracias|per favore|grazie|graag|alsjeblieft)(?: |$))*"
)

_REFUSALS = re.compile(
    r"(?:dont|do\s+not|didnt|not|without|no\s+need\s+to|never|instead\s+of|rather\s+than)\s+(?:\w+\s+){0,3}?$"
)

_WHOLE_MESSAGE = re.compile(
    r"(?:(?:i\s+)?(?:want|need)\s+)?(?:an?\s+|the\s+|your\s+)?(?:real\s+|live\s+|human\s+|actual\s+)?"
    r"(?:human|person|agent|representative|rep|operator|customer\s+(?:service|support|care)|live\s+chat|support\s+agent"
    r"|live\s+support|live\s+agent|live\s+person|mensch|mitarbeiter|personne|conseiller|humain|persona|humano|agente"
    r"|operatore|atendente|medewerker)"
    r"(?:\s+(?:please|pls|plz|now|bitte|svp|por\s+favor|per\s+favore|alstublieft))*"
)


def asks_for_person(text: str) -> bool:
    """Return whether the message asks to talk to a person, by clear words in one of seven languages.

    "Are you a human?" asks something else, and "I don't want to talk to anyone" the opposite.
    """
    plain = _plain(text[:LONGEST])
    if _WHOLE_MESSAGE.fullmatch(plain):
        return True
    return any(not _REFUSALS.search(plain[: found.start()]) for found in _WISHES.finditer(plain))


def agrees(text: str) -> bool:
    """Return whether the whole message is a yes to what was just offered, in one of seven languages."""
    return bool(_YES.fullmatch(_plain(text[:LONGEST])))


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.lower().replace("'", "").replace("’", ""))
    unaccented = "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")
    return " ".join(re.findall(r"[^\W_]+", unaccented))
