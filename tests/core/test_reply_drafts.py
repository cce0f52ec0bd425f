import pytest
from sqlalchemy import func, select

from core import erasures, reply_drafts
from core.errors import Invalid
from models import db
from models.inbox import ReplyDraft
from models.teammates import Role
from tests.conftest import NOW, make_teammate


@pytest.fixture
def sue(workspace):
    return make_teammate(workspace, "Sue", Role.SUPPORT)


def test_the_newest_words_are_kept_for_each_teammate(conversation, workspace, sue):
    eddy = make_teammate(workspace, "Eddy", Role.EDITOR)
    reply_drafts.keep(conversation, sue, text="Dear", is_note=False, now=NOW)
    reply_drafts.keep(conversation, sue, text="Dear Priya, ", is_note=True, now=NOW)
    kept = reply_drafts.of(conversation, sue)
    assert (kept.text, kept.is_note) == ("Dear Priya, ", True)
    assert reply_drafts.of(conversation, eddy) is None


def test_nothing_typed_is_nothing_kept(conversation, sue):
    reply_drafts.keep(conversation, sue, text="Dear", is_note=False, now=NOW)
    reply_drafts.keep(conversation, sue, text=" \n", is_note=False, now=NOW)
    assert reply_drafts.of(conversation, sue) is None


def test_more_than_a_message_is_refused(conversation, sue):
    with pytest.raises(Invalid):
        reply_drafts.keep(conversation, sue, text="x" * 4001, is_note=False, now=NOW)


def test_a_draft_goes_with_its_customer(conversation, sue):
    reply_drafts.keep(conversation, sue, text="Dear", is_note=False, now=NOW)
    erasures.erase(conversation.customer, by=sue, now=NOW)
    assert db.session.scalar(select(func.count()).select_from(ReplyDraft)) == 0
