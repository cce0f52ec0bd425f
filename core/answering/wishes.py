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


def _bare(text: str) -> str:
    """Without accents and other marks, as messages are compared."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")


# Polish, Turkish, Arabic, Hebrew: with words apart. Japanese and Chinese: wherever it stands.
_FURTHER_WISHES = re.compile(
    _bare(
        r"(?<!\w)(?:"
        + "|".join(
            (
                (
                    r"(?:porozmawiac|rozmawiac|polaczyc|skontaktowac\s+sie|pogadac)\s+z\s+(?:\w+\s+)?"
                    r"(?:czlowiekiem|człowiekiem|konsultantem|konsultantka|pracownikiem|osoba|kims|doradca)"
                ),
                (
                    r"(?:temsilci|musteri\s+hizmetleri|yetkili|insan|biri|birisi|gorevli)"
                    r"(?:yle|ile|siyle|\s+ile|la|le)?\s+(?:gorusmek|konusmak|gorusebilir|konusabilir|baglanmak)\w*"
                ),
                r"(?:yetkiliye|temsilciye|insana|birine|musteri\s+hizmetlerine)\s+bagla\w*",
                (
                    r"(?:التحدث|اتحدث|أتحدث|الكلام|اتكلم|التواصل|احكي)\s+(?:مع|الى|الي)\s+"
                    r"(?:شخص|موظف|انسان|احد|ممثل|خدمه|خدمة|بشري)\w*"
                ),
                r"(?:לדבר|לשוחח|לצ׳וטט)\s+עם\s+(?:נציג|נציגה|בן\s+אדם|אדם|מישהו|אנושי|איש)\w*",
                r"(?:תעבירו|תעביר|להעביר)\s+(?:אותי\s+)?לנציג\w*",
            )
        )
        + r")(?!\w)"
        r"|(?:人間|担当者|オペレーター|オペレータ|スタッフ|人)(?:の方)?(?:と|に)(?:直接)?(?:話|つな|繋|代わ|かわ|相談)"
        r"|(?:转|找|接)(?:一下)?(?:人工|真人|客服)"
        r"|(?:和|跟|与)(?:真人|人工|客服|人)(?:客服)?(?:聊|说|谈|沟通|对话)"
    )
)
_FURTHER_REFUSALS = re.compile(
    _bare(r"(?:\bnie(?:\s+\w+){0,2}|(?:لا|لن)(?:\s+\w+){0,2}|(?:לא|אין)(?:\s+\w+){0,2}|不要|不用|不想|不需要|别)\s*$")
)
_FURTHER_SECOND_THOUGHTS = re.compile(r"\s*(?:istemi|gerek\s+yok)|\w*(?:たく|必要)(?:ない|ありません)")
_FURTHER_WHOLE = re.compile(
    _bare(
        r"(?:czlowiek|człowiek|konsultant|pracownik|temsilci|yetkili|musteri hizmetleri|insan|موظف|انسان|شخص حقيقي"
        r"|נציג|נציג אנושי|בן אדם|担当者|オペレーター|人間|人工|人工客服|真人|真人客服|客服)"
        r"(?:\s*(?:prosze|lutfen|من فضلك|رجاء|בבקשה|お願いします))?"
    )
)
_FURTHER_YES = re.compile(
    _bare(
        r"(?:(?:tak|prosze|jasne|oczywiscie|chetnie|evet|lutfen|tabii|tamam|olur|نعم|اجل|ايوه|من فضلك|تمام|حسنا"
        r"|כן|בבקשה|בטח|בסדר|はい|ええ|お願いします|是|是的|好|好的|可以|嗯|要|请|需要)(?: |$))+"
        r"|はいお願いします|お願い(?:いた)?します|好的谢谢|好谢谢"
    )
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
    """Return whether the message asks to talk to a person, by clear words in one of the widget's languages.

    "Are you a human?" asks something else, and "I don't want to talk to anyone" the opposite.
    """
    plain = _plain(text[:LONGEST])
    if _WHOLE_MESSAGE.fullmatch(plain) or _FURTHER_WHOLE.fullmatch(plain):
        return True
    if any(not _REFUSALS.search(plain[: found.start()]) for found in _WISHES.finditer(plain)):
        return True
    return any(
        not _FURTHER_REFUSALS.search(plain[: found.start()]) and not _FURTHER_SECOND_THOUGHTS.match(plain, found.end())
        for found in _FURTHER_WISHES.finditer(plain)
    )


def agrees(text: str) -> bool:
    """Return whether the whole message is a yes to what was just offered, in one of the widget's languages."""
    plain = _plain(text[:LONGEST])
    return bool(_YES.fullmatch(plain) or _FURTHER_YES.fullmatch(plain))


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", _bare(text.lower().replace("'", "").replace("’", ""))))
