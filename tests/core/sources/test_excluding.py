"""Pages and parts that an agent is not to know."""

import pytest

from core import audit_words, audits, knowledge
from core.errors import Conflict
from core.sources import excluding, looking
from core.sources.storing import store
from tests.conftest import NOW


@pytest.fixture
def read(page):
    store(page, looking.parts_of(page), NOW)
    return page


def known(agent):
    return [entry.question for entry in knowledge.listed(agent).entries]


def test_a_part_is_left_out_and_taken_in_again(agent, read):
    key = looking.parts_of(read)[0].key
    excluding.leave_out_part(read, key, True, by=None, now=NOW)
    assert known(agent) == ["Help: Returns"]
    assert [shown.is_excluded for shown in looking.shown_parts(read)] == [True, False]
    excluding.leave_out_part(read, key, False, by=None, now=NOW)
    assert known(agent) == ["Help: Delivery time", "Help: Returns"]


def test_leaving_a_part_out_twice_is_leaving_it_out_once(read):
    key = looking.parts_of(read)[0].key
    excluding.leave_out_part(read, key, True, by=None, now=NOW)
    excluding.leave_out_part(read, key, True, by=None, now=NOW)
    assert read.excluded_parts == [key]


def test_a_part_that_is_not_there_is_not_found(read):
    with pytest.raises(Conflict):
        excluding.leave_out_part(read, "no such key", True, by=None, now=NOW)


def test_a_page_is_left_out_and_taken_in_again(agent, read):
    excluding.leave_out_page(read, True, by=None, now=NOW)
    assert known(agent) == []
    excluding.leave_out_page(read, False, by=None, now=NOW)
    assert len(known(agent)) == 2


def test_the_whole_of_a_text_is_not_left_out(read):
    read.address = ""
    with pytest.raises(Conflict, match="whole of it"):
        excluding.leave_out_page(read, True, by=None, now=NOW)
    assert read.text


def test_the_audit_log_tells_of_it(agent, read):
    excluding.leave_out_page(read, True, by=None, now=NOW)
    excluding.leave_out_page(read, False, by=None, now=NOW)
    told = [
        audit_words.deed(entry) for entry in audits.page(agent.workspace_id, audits.Wanted(area="knowledge")).entries
    ]
    assert sorted(told) == ["had an agent leave out Help", "had an agent take in Help again"]
