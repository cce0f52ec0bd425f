"""Small numbers as people spell them, in the languages of the widget: *fourteen*, *vierzehn*, *quatorze*, *十四*."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

_LONGEST = 4
"""Words of one number: *quatre-vingt-dix-neuf*."""
# Where the language of a text does not show, these are more likely something else: *on sale*, *once*, *Sept*.
_ELSEWHERE_COMMON = frozenset({"on", "once", "sei", "due", "sept", "elf", "doze"})
# From one on, each with the forms that it takes beside a noun.
_UNITS: Mapping[str, str] = {
    "en": "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen",
    "de": "ein/eins/eine/einen/einem/einer/eines zwei/zwo drei vier fünf sechs sieben acht neun zehn elf zwölf "
    "dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
    "fr": "un/une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize dix-sept "
    "dix-huit dix-neuf",
    "es": "uno/un/una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
    "diecisiete dieciocho diecinueve",
    "pt": "um/uma dois/duas três quatro cinco seis sete oito nove dez onze doze treze quatorze/catorze quinze "
    "dezesseis/dezasseis dezessete/dezassete dezoito dezenove/dezanove",
    "it": "uno/un/una due tre/tré quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici "
    "sedici diciassette diciotto diciannove",
    "nl": "een/één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien "
    "zeventien achttien negentien",
    "pl": "jeden/jedna/jedno/jednego/jednej dwa/dwie/dwóch/dwu trzy/trzech cztery/czterech pięć/pięciu sześć/sześciu "
    "siedem/siedmiu osiem/ośmiu dziewięć/dziewięciu dziesięć/dziesięciu jedenaście/jedenastu dwanaście/dwunastu "
    "trzynaście/trzynastu czternaście/czternastu piętnaście/piętnastu szesnaście/szesnastu siedemnaście/siedemnastu "
    "osiemnaście/osiemnastu dziewiętnaście/dziewiętnastu",
    "tr": "bir iki üç dört beş altı yedi sekiz dokuz on on_bir on_iki on_üç on_dört on_beş on_altı on_yedi on_sekiz "
    "on_dokuz",
    "ar": "واحد/واحدة اثنان/اثنين/اثنتان/اثنتين/يومان/يومين/أسبوعان/أسبوعين/شهران/شهرين/ساعتان/ساعتين "
    "ثلاث/ثلاثة أربع/أربعة خمس/خمسة ست/ستة "
    "سبع/سبعة ثمان/ثماني/ثمانية تسع/تسعة عشر/عشرة أحد_عشر/إحدى_عشرة اثنا_عشر/اثني_عشر/اثنتا_عشرة/اثنتي_عشرة "
    "ثلاثة_عشر/ثلاث_عشرة أربعة_عشر/أربع_عشرة خمسة_عشر/خمس_عشرة ستة_عشر/ست_عشرة سبعة_عشر/سبع_عشرة "
    "ثمانية_عشر/ثماني_عشرة تسعة_عشر/تسع_عشرة",
    "he": "אחד/אחת שניים/שתיים/שני/שתי/יומיים/שבועיים/חודשיים/שעתיים "
    "שלוש/שלושה/שלושת ארבע/ארבעה/ארבעת חמש/חמישה/חמשת שש/שישה/ששת שבע/שבעה/שבעת "
    "שמונה/שמונת תשע/תשעה/תשעת עשר/עשרה/עשרת אחד_עשר/אחת_עשרה שנים_עשר/שתים_עשרה שלושה_עשר/שלוש_עשרה "
    "ארבעה_עשר/ארבע_עשרה חמישה_עשר/חמש_עשרה שישה_עשר/שש_עשרה שבעה_עשר/שבע_עשרה שמונה_עשר/שמונה_עשרה "
    "תשעה_עשר/תשע_עשרה",
}
_TENS: Mapping[str, str] = {
    "en": "twenty thirty forty fifty sixty seventy eighty ninety",
    "de": "zwanzig dreißig/dreissig vierzig fünfzig sechzig siebzig achtzig neunzig",
    "fr": "vingt trente quarante cinquante soixante soixante-dix/septante quatre-vingts/quatre-vingt "
    "quatre-vingt-dix/nonante",
    "es": "veinte treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "pt": "vinte trinta quarenta cinquenta sessenta setenta oitenta noventa",
    "it": "venti trenta quaranta cinquanta sessanta settanta ottanta novanta",
    "nl": "twintig dertig veertig vijftig zestig zeventig tachtig negentig",
    "pl": "dwadzieścia/dwudziestu trzydzieści/trzydziestu czterdzieści/czterdziestu pięćdziesiąt/pięćdziesięciu "
    "sześćdziesiąt/sześćdziesięciu siedemdziesiąt/siedemdziesięciu osiemdziesiąt/osiemdziesięciu "
    "dziewięćdziesiąt/dziewięćdziesięciu",
    "tr": "yirmi otuz kırk elli altmış yetmiş seksen doksan",
    "ar": "عشرون/عشرين ثلاثون/ثلاثين أربعون/أربعين خمسون/خمسين ستون/ستين سبعون/سبعين ثمانون/ثمانين تسعون/تسعين",
    "he": "עשרים שלושים ארבעים חמישים שישים שבעים שמונים תשעים",
}
_HUNDRED: Mapping[str, str] = {
    "en": "hundred",
    "de": "hundert/einhundert",
    "fr": "cent",
    "es": "cien",
    "pt": "cem",
    "it": "cento",
    "nl": "honderd",
    "pl": "sto/stu",
    "tr": "yüz",
    "ar": "مئة/مائة",
    "he": "מאה",
}
# How ten and one go together; `{t}` is a ten, `{s}` the same without its last letter, and `{u}` one to nine.
_TOGETHER: Mapping[str, tuple[str, ...]] = {
    "en": ("{t} {u}",),
    "de": ("{u}und{t}",),
    "fr": ("{t} {u}", "{t} et {u}"),
    "es": ("{t} y {u}", "{s}i{u}"),
    "pt": ("{t} e {u}",),
    "it": ("{t}{u}", "{s}{u}"),
    "nl": ("{u}en{t}",),
    "pl": ("{t} {u}",),
    "tr": ("{t} {u}", "{t}{u}"),
    "ar": ("{u} و{t}",),
    "he": ("{t} ו{u}",),
}
_WORD = re.compile(r"[^\W\d_]+")
# What stands between the words of one number is a space or some hyphen; at anything else another one begins.
_APART = re.compile(r"[^\w\s\u05be\u2010-\u2013-]|\d")
_HAN = re.compile(r"[〇零一二两兩三四五六七八九十百]+")
_HAN_DIGITS = {sign: str(number) for number, sign in enumerate("零一二三四五六七八九")}
_HAN_DIGITS |= {"〇": "0", "两": "2", "兩": "2"}


def spelt(text: str, language: str | None) -> Iterator[int]:
    """The numbers that are spelt in a text, up to a hundred, in Chinese signs up to 999; each as often as it is there.

    Args:
        language: of the text (ISO 639-1); where it is None, or none of ours, what is a number in any of them counts.
    """
    if language in ("ja", "zh"):
        yield from (number for run in _HAN.findall(text) if (number := _han(run)) is not None)
        return
    known = _numbers(language) if language in _UNITS else _numbers_of_all()
    for part in _APART.split(_folded(text)):
        yield from _in_words(_WORD.findall(part), known)


def _in_words(words: Sequence[str], known: Mapping[str, int]) -> Iterator[int]:
    place = 0
    while place < len(words):
        # The longest counts: in twenty-four there is no twenty.
        for length in range(min(_LONGEST, len(words) - place), 0, -1):
            number = known.get(" ".join(words[place : place + length]))
            if number is not None:
                yield number
                break
        place += length


@cache
def _numbers(language: str) -> Mapping[str, int]:
    units, tens = _forms(_UNITS[language]), _forms(_TENS[language])
    found = {form: number for number, forms in enumerate(units, 1) for form in forms}
    for ten, names in enumerate(tens, 2):
        found |= dict.fromkeys(names, 10 * ten)
        # French goes on counting behind sixty and eighty.
        ones = units if language == "fr" and ten in (6, 8) else units[:9]
        for one, forms in enumerate(ones, 1):
            found |= dict.fromkeys(_together(language, names, forms), 10 * ten + one)
    found |= dict.fromkeys(_HUNDRED[language].split("/"), 100)
    return {" ".join(_WORD.findall(_folded(form))): number for form, number in found.items()}


@cache
def _numbers_of_all() -> Mapping[str, int]:
    meant: dict[str, set[int]] = defaultdict(set)
    for language in _UNITS:
        for form, number in _numbers(language).items():
            meant[form].add(number)
    return {form: min(of) for form, of in meant.items() if len(of) == 1 and form not in _ELSEWHERE_COMMON}


def _together(language: str, tens: list[str], ones: list[str]) -> Iterator[str]:
    for pattern in _TOGETHER[language]:
        for ten in tens:
            yield from (pattern.format(t=ten, s=ten[:-1], u=one) for one in ones)


def _folded(text: str) -> str:
    """Without accents and points, which many leave out."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(sign))


def _forms(listed: str) -> list[list[str]]:
    return [[form.replace("_", " ") for form in forms.split("/")] for forms in listed.split()]


def _han(run: str) -> int | None:
    """A number in Chinese signs, up to 999: 十四, 三十, 二百五十, or sign by sign 二〇."""
    if not set(run) & {"十", "百"}:
        return int("".join(_HAN_DIGITS[sign] for sign in run)) if len(run) <= 3 else None
    whole, last = 0, 0
    for sign in run:
        if sign in _HAN_DIGITS:
            last = int(_HAN_DIGITS[sign])
        else:
            whole, last = whole + (last or 1) * (100 if sign == "百" else 10), 0
    return whole + last
