import pytest

from core.answering.choices import chosen


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("the second one", 1),
        ("and the last one?", 2),
        ("2", 1),
        ("#3", 2),
        ("number 2 please", 1),
        ("one", 0),
        ("und die zweite?", 1),
        ("la deuxième", 1),
        ("el tercero", 2),
        ("il primo", 0),
        ("a segunda", 1),
        ("de tweede", 1),
        ("drugie", 1),
        ("ikincisi", 1),
        ("الثاني", 1),
        ("השני", 1),
        ("2番目", 1),
        ("第二个", 1),
        ("最後", 2),
        ("that one", None),
        ("which one", None),
        ("7", None),
        ("the fifth one", None),
        ("second hand lamps", None),
        ("first or second", None),
        ("prima!", None),
        ("", None),
    ],
)
def test_one_of_three_is_chosen(text, place):
    assert chosen(text, 3) == place


def test_nothing_is_chosen_where_there_was_no_choice():
    assert chosen("the first one", 0) is None
