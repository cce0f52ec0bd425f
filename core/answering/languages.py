"""Tells from its script and its smallest words in which language a text is written; nothing where that is not clear."""

import re

from core.answering.words import WORD

# A page's beginning is enough, and keeps an index of thousands of entries quick to build.
LONGEST = 300
_SCRIPTS = (
    ("ja", "\u3040", "\u30ff"),
    ("ar", "\u0600", "\u06ff"),
    ("he", "\u0590", "\u05ff"),
    ("zh", "\u4e00", "\u9fff"),
)
_ANY_SCRIPT = re.compile("[" + "".join(f"{first}-{last}" for _, first, last in _SCRIPTS) + "]")
_SMALL_WORDS = {
    "en": "the a an and or is are was to of in on for with my your i you it this that do does can how what when "
    "where which who why will would have has not if we they be from at by",
    "de": "der die das und oder ist sind ein eine einen einem ich sie wir mein meine meinen ihr ihre wie was "
    "wann wo welche warum kann können nicht mit für auf von zu zum zur bei wird werden haben hat es auch "
    "dem den im",
    "fr": "le la les combien un une des et ou est sont je vous nous mon ma mes votre vos comment que quoi quand "
    "où quel quelle pourquoi peut puis ne pas avec pour sur de du dans il elle ce cette avez ai au aux "
    "par",
    "es": "el la los las cuántos un una y o es son yo usted mi mis su sus cómo como qué que cuándo cuando dónde "
    "donde cuál cuánto puedo puede no con para por en de del se lo tengo tiene hay al",
    "it": "il lo la gli le un una e o è sono io voi mio mia miei vostro come cosa che quando dove quale quanto "
    "perché posso può non con per su di del della dei nel si ho avete ci al",
    "pt": "o a os as um uma e ou é são eu você meu minha seu sua como que quando onde qual quanto porquê posso "
    "pode não com para por em no na do da dos das se tenho tem ao",
    "nl": "de het een en of is zijn ik u je jij wij mijn uw jouw hoe wat wanneer waar welke waarom kan kunnen "
    "niet met voor op van naar te bij wordt worden heb heeft dit dat ook",
    "pl": "i lub jest są ja mój moja moje czy jak co kiedy gdzie który która dlaczego mogę można nie z ze dla "
    "na w we do od po się to ten ta mam ma przez za ile",
    "tr": "ve veya bir bu şu ben siz benim sizin nasıl ne zaman nerede hangi neden mi mı mu mü değil ile için "
    "var yok olarak kadar da de daha çok misiniz ediyor",
}
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}


def recognized(text: str) -> str | None:
    """The language of a text (ISO 639-1), one of those that the widget speaks, or None when it does not show."""
    beginning = text[:LONGEST]
    by_script = _by_script(beginning)
    if by_script:
        return by_script
    found = WORD.findall(beginning.lower())
    counts = sorted(
        ((sum(word in words for word in found), language) for language, words in _WORDS.items()), reverse=True
    )
    (most, language), (next_most, _) = counts[0], counts[1]
    return language if most >= 2 and most > next_most else None


def _by_script(text: str) -> str | None:
    # Most texts have none of these letters, and to count letters one by one takes a tenth of the time of an index.
    if not _ANY_SCRIPT.search(text):
        return None
    letters = sum(letter.isalpha() for letter in text)
    for language, first, last in _SCRIPTS:
        count = sum(first <= letter <= last for letter in text)
        # Japanese is known by its kana, of which a sentence always has some.
        if count and count * (4 if language == "ja" else 2) >= letters:
            return language
    return None
