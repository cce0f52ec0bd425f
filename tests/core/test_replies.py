"""The built-in answer in words."""

import pytest

from core import knowledge, replies, retrievals
from core.answering import Ranking
from core.retrievals import Found
from tests.conftest import NOW


@pytest.fixture
def found(agent, monkeypatch):
    """Has the agent find these questions, none of them for sure."""

    def find(*questions):
        ids = [
            str(knowledge.add(agent, question=one, answer="So.", phrasings=(), by=None, now=NOW).id)
            for one in questions
        ]
        ranking = Ranking([(one, 0.3) for one in ids], "suggested", None, ids, 0.3, 1.0)
        monkeypatch.setattr(retrievals, "search", lambda *_further, **_named: Found(ranking, "what"))

    return find


def test_what_goes_by_the_same_words_is_offered_once(agent, found):
    found("Returns: How long", "Returns: How long", "Shipping")
    reply = replies.compose(agent, "how long may it be out there")
    assert reply.details["suggestions"] == ["Returns: How long", "Shipping"]
    assert "one of these" in reply.text


def test_one_question_is_offered_as_one(agent, found):
    found("Returns: How long", "Returns: How long")
    reply = replies.compose(agent, "how long may it be out there")
    assert (reply.details["suggestions"], "one of these" in reply.text) == (["Returns: How long"], False)
