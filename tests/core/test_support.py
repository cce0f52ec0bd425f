"""A number that nobody told is no answer."""

import time

import pytest

from core.support import unsupported_figures


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("It costs 19,90 €.", "The price is 19.90 EUR."),
        ("It costs $1,000.", "1000.00 dollars"),
        ("Within 14 days.", "You have fourteen days."),
        ("Open until 18:00.", "Open 9:00 to 18:00"),
        ("All 24 hours.", "We are there 24/7."),
        ("1. Open it.\n2. Close it.", "Open and close it."),
        ("Your order 1042 is on its way.", "Where is order 1042?"),
        ("Soon.", ""),
        ("Within 24 hours.", "We answer in twenty-four hours."),
        ("Innerhalb von 14 Tagen.", "Sie können die Ware vierzehn Tage lang zurückgeben."),
        ("Nach 24 Stunden.", "Es kommt in vierundzwanzig Stunden."),
        ("Sous 14 jours, ou 99.", "Vous avez quatorze jours, ou quatre-vingt-dix-neuf."),
        ("En 22 días.", "El pedido llega en veintidós días."),
        ("32 dias.", "Você tem trinta e dois dias."),
        ("Entro 28 giorni.", "Il reso è possibile per ventotto giorni."),
        ("Binnen 32 dagen.", "U kunt het binnen tweeëndertig dagen terugsturen."),
        ("Przez 14 dni.", "Zwrot jest możliwy w ciągu czternastu dni."),
        ("14 gün içinde.", "İade için on dört gün var."),
        ("خلال 14 يومًا أو ٢٤ ساعة.", "لديك أربعة عشر يومًا أو أربع وعشرين ساعة."),
        ("תוך 14 ימים.", "אפשר להחזיר תוך ארבעה עשר ימים."),
        ("14日以内、30日。", "返品は十四日以内、または三十日です。"),
        ("可在12天内退货。", "您可以在十二天内退货。"),
        ("14 Tage", "Rückgabe: vierzehn Tage"),
        ("١٤ يومًا", "14 days"),
        ("14.50", "١٤٫٥٠ درهم"),
    ],
)
def test_what_was_shown_is_supported(answer, shown):
    assert unsupported_figures(answer, [shown]) == []


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("10 days", "It is on sale."),
        ("11 days", "We ask you only once."),
        ("20 hours", "It takes twenty-four hours."),
        ("30 Tage", "Sie haben vierzehn Tage."),
        ("15日", "返品は十四日以内です。"),
    ],
)
def test_what_only_looks_like_a_number_supports_nothing(answer, shown):
    assert unsupported_figures(answer, [shown])


@pytest.mark.parametrize(
    ("answer", "figures"),
    [("It costs 9.90.", ["9.90"]), ("30 days, really 30", ["30"]), ("From 10 to 12", ["10", "12"])],
)
def test_what_was_not_shown_is_named(answer, figures):
    assert unsupported_figures(answer, ["It costs 19.90, within 14 days."]) == figures


def test_a_long_answer_of_digits_is_looked_at_in_no_time():
    assert unsupported_figures("1," * 8_000, ["x"])


def test_an_answer_of_empty_lines_keeps_nobody_busy():
    began = time.process_time()
    assert unsupported_figures("\n" * 16_000 + "7", []) == ["7"]
    assert time.process_time() - began < 0.5


def test_many_words_are_read_in_no_time():
    began = time.process_time()
    assert unsupported_figures("7", ["quatre vingt dix " * 3_000]) == ["7"]
    assert time.process_time() - began < 0.5
