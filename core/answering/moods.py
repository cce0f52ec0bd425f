"""Hears from a customer's own words that they are angry, in the widget's languages."""

import re
import unicodedata

LONGEST = 1_000

_SHOUTED = re.compile(r"[^\W\d_]{3,}")
_FEWEST_SHOUTED = 4

# What people say of a service that has failed them; never what they may say of a product or of a third party.
_UPSET_WORDS = (
    r"(?<!\w)(?:"
    + "|".join(
        (
            (
                r"(?:this|that|it)(?:s|\s+is)\s+(?:(?:so|really|absolutely|totally|just|completely)\s+)?"
                r"(?:ridiculous|unacceptable|outrageous|a\s+joke|a\s+disgrace|disgraceful|bullshit|bs|pathetic|infuriating|a\s+scam)"
            ),
            (
                r"(?:worst|terrible|horrible|awful|appalling|disgusting|shitty|crap|useless)\s+"
                r"(?:\w+\s+){0,2}(?:service|support|company|shop|store|experience|bot|chatbot)"
            ),
            (
                r"(?:i\s*a?m|im)\s+(?:(?:so|very|really|absolutely|extremely)\s+)?"
                r"(?:angry|furious|livid|fed\s+up|pissed(?:\s+off)?|sick\s+of\s+(?:this|you|waiting)|outraged|fuming)"
            ),
            r"(?:wtf|what\s+the\s+(?:fuck|hell)|fuck\s+(?:you|this|off)|screw\s+you|you\s+(?:stupid|useless|idiots?|morons?)\b)",
            r"(?:stupid|useless|dumb)\s+(?:bot|robot|machine|assistant|chatbot)",
            r"(?:i\s+will|ill|im\s+going\s+to)\s+(?:sue|report\s+you|call\s+my\s+lawyer|take\s+legal\s+action)",
            # German.
            r"(?:unverschamtheit|frechheit|unverschamt|sauerei|verarschung|verarscht\s+ihr|scheiss\s*laden|drecksladen)",
            r"ich\s+bin\s+(?:(?:so|echt|wirklich|richtig|total|sehr)\s+)?(?:sauer|wutend|stinksauer|genervt)",
            r"(?:schlechtester|miserabler|unmoglicher|katastrophaler)\s+(?:service|kundenservice|laden)",
            # French.
            r"cest\s+(?:(?:vraiment|totalement|completement)\s+)?(?:inadmissible|inacceptable|scandaleux|une\s+honte|du\s+vol|une\s+arnaque)",
            r"je\s+suis\s+(?:(?:tres|vraiment|super)\s+)?(?:furieux|furieuse|en\s+colere|enerve|enervee)",
            # Spanish and Portuguese.
            r"(?:es|e)\s+(?:(?:una?|um|uma)\s+)?(?:verguenza|inaceptable|inaceitavel|ridiculo|una\s+estafa|absurdo|vergonha)",
            r"estoy\s+(?:(?:muy|realmente)\s+)?(?:enfadad[oa]|furios[oa]|hart[oa]|indignad[oa]|cabread[oa])",
            r"(?:estou|to)\s+(?:(?:muito|realmente)\s+)?(?:furios[oa]|irritad[oa]|indignad[oa]|revoltad[oa]|com\s+raiva)",
            r"(?:pesimo|pessimo)\s+(?:servicio|servico|atendimento)",
            # Italian.
            r"(?:e\s+)?(?:una\s+vergogna|inaccettabile|scandaloso|una\s+truffa)",
            r"sono\s+(?:(?:molto|davvero)\s+)?(?:furios[oa]|arrabbiat[oa]|stuf[oa]|incazzat[oa])",
            # Dutch.
            r"(?:belachelijk|schandalig|onacceptabel|ik\s+ben\s+(?:(?:heel|echt|zo)\s+)?(?:boos|woedend|pissig|klaar\s+met\s+jullie))",
            # Polish and Turkish.
            r"(?:skandal|to\s+jest\s+(?:niedopuszczalne|smieszne|kpina)|jestem\s+(?:(?:bardzo\s+)?(?:wsciekly|wsciekla|zly|zla|wkurzony|wkurzona)))",
            r"(?:rezalet|kabul\s+edilemez|cok\s+(?:sinirliyim|kizginim|ofkeliyim)|boyle\s+(?:sacmalik|rezillik))",
            # Arabic and Hebrew.
            r"(?:هذا\s+(?:غير\s+مقبول|سخيف|مخزي|عار)|انا\s+(?:غاضب|غاضبه|غاضبة|مستاء|مستاءه)(?:\s+جدا)?|اسوا\s+خدم\w+)",
            r"(?:זו\s+בושה|זה\s+(?:לא\s+מקובל|מגוחך|בושה|שערורייה)|אני\s+(?:מאוד\s+)?(?:כועס|כועסת|זועם|זועמת)|שירות\s+גרוע)",
        )
    )
    + r")(?!\w)"
    # Japanese and Chinese: wherever it stands.
    r"|(?:ふざけるな|ふざけないで|最悪(?:の|な)?(?:対応|サービス)|許せない|いい加減にして|腹が立)"
    r"|(?:太过分了|太差劲|垃圾(?:服务|客服|公司)|气死我|我(?:很|非常)生气|不可接受|骗子)"
)


def _bare(text: str) -> str:
    """Without accents and other marks, as messages are compared."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(letter for letter in decomposed if unicodedata.category(letter) != "Mn")


_UPSET = re.compile(_bare(_UPSET_WORDS))

_REFUSED = re.compile(
    r"(?:\bnot|\bisnt|\bnever|\bnicht|\bpas|\bno|\bnao|\bnon|\bniet|\bnie|\bdegil)\s+(?:\w+\s+){0,2}$"
)


def sounds_angry(text: str) -> bool:
    """Whether somebody is upset with the business, by clear words or by shouting.

    "This is not a scam, is it?" and a product in capital letters are neither.
    """
    text = text[:LONGEST]
    plain = _plain(text)
    if any(not _REFUSED.search(plain[: found.start()]) for found in _UPSET.finditer(plain)):
        return True
    words = _SHOUTED.findall(text)
    is_shouted = len(words) >= _FEWEST_SHOUTED and all(word.isupper() for word in words)
    return is_shouted and text.count("!") >= 2


def _plain(text: str) -> str:
    bare = _bare(text.lower().replace("'", "").replace("’", ""))
    return " ".join(re.findall(r"[^\W_]+", bare.replace("ß", "ss").replace("ł", "l").replace("ı", "i")))
