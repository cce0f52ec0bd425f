"""Numbers as people spell them: the whole of each counts, in its own language, and nothing that only looks like one."""

import pytest

from core.spelt_numbers import spelt


@pytest.mark.parametrize(
    ("language", "text", "numbers"),
    [
        ("en", "Twenty-four hours, or forty two; a hundred at most.", [24, 42, 100]),
        ("de", "Nach vierundzwanzig Stunden, einundzwanzig oder dreissig Tagen, einem Jahr.", [24, 21, 30, 1]),
        (
            "fr",
            "quatre-vingt-dix-neuf, soixante et onze, soixante-dix, quatre-vingts, vingt et un",
            [99, 71, 70, 80, 21],
        ),
        ("fr", "septante jours, nonante-deux", [70, 92]),
        ("es", "treinta y dos días, veintidós, dieciseis y cien", [32, 22, 16, 100]),
        ("pt", "vinte e um dias, catorze ou quatorze", [21, 14, 14]),
        ("it", "ventuno giorni, ventotto, trentatré", [21, 28, 33]),
        ("nl", "vierentwintig uur, tweeëntwintig, één", [24, 22, 1]),
        ("pl", "dwadzieścia cztery godziny, w ciągu czternastu dni", [24, 14]),
        ("tr", "on dört gün, yirmi beş, yirmibeş, on", [14, 25, 25, 10]),
        ("ar", "خمسة وعشرون يوما، يومين", [25, 2]),
        ("he", "עשרים ושלושה ימים, שבועיים", [23, 2]),
        ("zh", "十四天，二〇天，二百五十，百，两天", [14, 20, 250, 100, 2]),
        ("ja", "三十日以内", [30]),
    ],
)
def test_the_longest_number_counts(language, text, numbers):
    assert list(spelt(text, language)) == numbers


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "None of them is often tensioned; onerous."),
        ("de", "Mein Verein, keine Achtung, zehnte"),
        ("zh", "二〇二六一一二三"),
        ("en", "fourteenth"),
        ("tr", "sonra"),
    ],
)
def test_what_only_holds_one_is_none(language, text):
    assert list(spelt(text, language)) == []


def test_what_stands_apart_is_not_one_number():
    assert list(spelt("Of twenty, four came. Sixty; two more: ten 3 five", "en")) == [20, 4, 60, 2, 10, 5]
    assert list(spelt("quatre\u2011vingt\u2010un et quatre vingt un", "fr")) == [81, 81]


def test_without_a_language_what_is_a_word_elsewhere_is_none():
    assert list(spelt("On sale once, in Sept: an elf", None)) == []
    assert list(spelt("vierzehn, fourteen, quatorze", None)) == [14, 14, 14]
    # Ten in English, and nothing in Dutch; eleven in German and Dutch alike, and somebody in English.
    assert list(spelt("ten", None)) == [10]
    assert list(spelt("ten", "nl")) == []


def test_a_language_that_is_not_ours_is_none():
    assert list(spelt("vierzehn dagar", "sv")) == [14]
