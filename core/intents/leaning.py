"""Hears what somebody who has just looked for goods wants otherwise of them: "and in blue?", "in size 43"."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.answering import follow_ups
from core.intents import goods
from core.intents.hearing import Heard, Wish, plain

LOOKED_FOR = "looked_for"
"""What of a reply's details tells which goods were looked for."""
_MOST_WORDS = 3
_LONGEST = 80
"""Characters of a message that is no more than such a wish."""
_IN = re.compile(
    r"^(?:(?:(?:in|en|em|no|na|w) )?"
    r"(?:(?:a|the|der|dem|la|el|le|il|de|het|een|einer?|une?|una|uma?|size|colou?r|gro(?:ss|ß)e|farbe|taille|couleur|talla"
    r"|taglia|colore|tamanho|cor|maat|kleur|rozmiarze|kolorze|rozmiar|kolor|beden|numara|renk) )+"
    r"|(?:in|en|em|w) |باللون |بلون |بمقاس |مقاس |ب(?=ال)|בצבע |במידה |מידה |ב)(?=\S)"
)
_ENDS = re.compile(
    r"(?:(?:は|が|で|の|だと)+(?:ありますか)?| olarak| renk\w*| var mi| beden\w*"
    r"|(?:色|码|号)?(?:的|呢|吗|有吗|可以吗)+)$"
)
_COLOUR = (
    r"red|blue|green|black|white|gr[ea]y|brown|yellow|pink|purple|orange|beige|navy"
    r"|(?:rot|blau|grun|schwarz|wei[sß]+|grau|braun|gelb|rosa|lila)(?:e[nrms]?)?"
    r"|rouges?|bleue?s?|verte?s?|noire?s?|blanc(?:he)?s?|grise?s?|marron|jaunes?|roses?|violette?s?"
    r"|roj[oa]s?|azul(?:es)?|verdes?|negr[oa]s?|blanc[oa]s?|gris(?:es)?|amarill[oa]s?|morad[oa]s?"
    r"|ross[oaie]|blu|ner[oaie]|bianc\w{1,2}|grigi[oae]?|marrone|giall[oaie]|viola"
    r"|vermelh[oa]s?|pret[oa]s?|branc[oa]s?|cinza|marrom|amarel[oa]s?|rox[oa]s?"
    r"|rood|rode|blauwe?|groene?|zwarte?|witte?|grij[sz]e?|bruine?|gele?|geel|roze|paarse?"
    r"|(?:czerwon|niebiesk|zielon|czarn|bial|szar|brazow|zolt|rozow|fioletow)\w+"
    r"|kirmizi|mavi|yesil|siyah|beyaz|gri|kahverengi|sari|pembe|mor|turuncu"
    r"|(?:ال)?(?:احمر|ازرق|اخضر|اسود|ابيض|رمادي|بني|اصفر|وردي)|ה?(?:אדום|כחול|ירוק|שחור|לבן|אפור|חום|צהוב|ורוד)"
    r"|[赤青緑黒白灰茶黄紫红蓝绿黑棕粉]色?"
)
_SIZE = r"(?:[2-5]\d|\d{1,2} \d|x{0,4}[sl]|m)(?:码|号|サイズ)?"
# What one word was taken for is not tried otherwise: a colour of two languages would double the ways with each word.
_KIND = re.compile(rf"(?>(?:{_COLOUR}|{_SIZE})(?= |$))(?: (?>(?:{_COLOUR}|{_SIZE}|ones?)(?= |$)))*")


def joined(heard: Heard | None, text: str, offer: Mapping[str, Any], *, language: str) -> Heard | None:
    """What is looked for together with what a message wants otherwise of it; else what was heard.

    Args:
        heard: in the message alone.
        text: the customer's words.
        offer: what the agent's last words offered.
        language: in which the widget speaks.
    """
    looked_for = offer.get(LOOKED_FOR)
    if not isinstance(looked_for, str) or not looked_for or (heard is not None and heard.wish is not Wish.SEARCH):
        return heard
    wanted = _wanted(heard.words if heard else follow_ups.added(text) or text)
    if not wanted:
        return heard
    return replace(heard or Heard(Wish.SEARCH, language), words=f"{looked_for} {wanted}")


def _wanted(words: str) -> str:
    """The colour, the size and the like; empty where something else is meant."""
    if len(words) > _LONGEST:
        return ""
    bare = goods.without_pointer(plain(words))
    wanted = _ENDS.sub("", _IN.sub("", bare, count=1)).strip()
    if not 0 < len(wanted.split()) <= _MOST_WORDS:
        return ""
    return wanted if _IN.match(bare) or _KIND.fullmatch(wanted) else ""
