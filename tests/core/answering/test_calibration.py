from core.answering.calibration import BY_MEANING, BY_WORDS, Calibration


def test_a_site_whose_entries_are_alike_must_be_surer():
    alike = BY_MEANING.calibrate([0.6] * 50, entries=50)
    varied = BY_MEANING.calibrate([0.2] * 50, entries=50)
    assert alike.answer_from > varied.answer_from + 0.2


def test_a_few_near_duplicates_do_not_move_the_line():
    plain = BY_MEANING.calibrate([0.3] * 20, entries=20)
    assert BY_MEANING.calibrate([0.3] * 16 + [0.9] * 4, entries=20).answer_from == plain.answer_from


def test_little_evidence_moves_the_line_little():
    one, many = BY_MEANING.calibrate([0.9], entries=2), BY_MEANING.calibrate([0.9] * 40, entries=40)
    assert one.answer_from < many.answer_from


def test_without_evidence_the_usual_line_is_taken():
    for method in (BY_MEANING, BY_WORDS):
        drawn = method.calibrate([], entries=1)
        assert drawn.sampled == 0
        assert drawn.suggest_from < drawn.answer_from < 0.8


def test_confidence_is_one_half_on_the_line_and_stays_between_0_and_1():
    drawn = Calibration("any", 0.6, 0.3, 0.08, 3, 3, 0.2)
    assert drawn.confidence(0.6) == 0.5
    assert drawn.confidence(0.5) < 0.5 < drawn.confidence(0.7)
    assert 0 <= drawn.confidence(-100) < drawn.confidence(100) <= 1


def test_many_phrasings_make_the_line_higher_and_offer_no_less():
    bare, worded = (BY_MEANING.calibrate([0.4] * 50, entries=50, phrasings=count) for count in (0, 500))
    assert 0.04 < worded.answer_from - bare.answer_from < 0.07
    assert worded.suggest_from == bare.suggest_from
