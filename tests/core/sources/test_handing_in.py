"""Files and texts that admins hand in."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from core import audit_words, audits, knowledge
from core.clock import utc_now
from core.errors import Conflict, Invalid
from core.sources import excluding, handing_in, keeping, looking
from core.sources.handing_in import HandedIn
from gateways.files import current_files
from models import db, transaction
from models.jobs import Job, JobStatus
from models.knowledge import PageStatus, Source
from tests.conftest import keep

FILE = HandedIn(b"# Costs\nNone.", "price-list_2026.md")


def add(agent, file=FILE, **more):
    return handing_in.add_file(agent, file, by=None, now=utc_now(), **more)


def known(agent):
    return {entry.question: entry.answer for entry in knowledge.listed(agent).entries}


def test_a_file_is_kept_named_and_read(agent):
    source = add(agent)
    assert (source.title, source.media_type, source.size) == ("Price list 2026", "text/markdown", 13)
    assert current_files().read(source.file_key) == FILE.content
    assert known(agent) == {"Price list 2026: Costs": "None."}


def test_a_file_has_the_name_that_it_was_given(agent):
    assert add(agent, title=" Prices ").title == "Prices"
    assert add(agent, HandedIn(b"Hi there, you.", "\u202e.txt")).title == "File"


def test_a_file_that_is_refused_leaves_nothing(agent, monkeypatch):
    before = current_files().keys("sources")
    with pytest.raises(Invalid):
        add(agent, HandedIn(b"", "a.txt"))
    monkeypatch.setattr(keeping, "MOST_SOURCES", 0)
    with pytest.raises(Invalid, match="An agent can have"):
        add(agent)
    assert current_files().keys("sources") == before


def test_a_deleted_source_takes_its_file_along(agent):
    source = add(agent)
    key = source.file_key
    keeping.delete(agent, source, by=None, now=utc_now())
    assert current_files().read(key) is None
    assert known(agent) == {}


FOUR_PARTS = "# Costs\nNone.\n\n# Returns\nWithin 14 days.\n\n# Gifts\nWrapped for free.\n\n# Jobs\nNone are open.\n"


def test_a_newer_version_of_a_file_takes_its_place(agent):
    source = add(agent, HandedIn(FOUR_PARTS.encode(), "faq.md"))
    former = source.file_key
    before = {entry.question: (entry.id, entry.updated_at) for entry in knowledge.listed(agent).entries}
    page = handing_in.text_page(source)
    jobs_part = next(part for part in looking.parts_of(page) if "Jobs" in part.question)
    excluding.leave_out_part(page, jobs_part.key, True, by=None, now=utc_now())
    newer = FOUR_PARTS.replace("14 days", "30 days").replace("# Gifts\nWrapped for free.", "# Cards\nOne is added.")
    handing_in.replace_file(source, HandedIn(newer.encode(), "faq-2.md"), by=None, now=utc_now())
    db.session.expire_all()
    assert known(agent) == {"Faq: Costs": "None.", "Faq: Returns": "Within 30 days.", "Faq: Cards": "One is added."}
    after = {entry.question: (entry.id, entry.updated_at) for entry in knowledge.listed(agent).entries}
    # What says the same was not touched, and what says something else is still the same entry, with its phrasings.
    assert after["Faq: Costs"] == before["Faq: Costs"]
    assert after["Faq: Returns"][0] == before["Faq: Returns"][0]
    assert current_files().read(source.file_key) == newer.encode()
    assert current_files().read(former) is None
    assert (source.title, source.size) == ("Faq", len(newer))
    entry = audits.page(agent.workspace_id, audits.Wanted()).entries[0]
    assert audit_words.deed(entry).startswith("handed in a newer version of")


def test_the_same_file_again_changes_nothing(agent):
    source = add(agent)
    handing_in.replace_file(source, FILE, by=None, now=utc_now())
    db.session.expire_all()
    assert handing_in.text_page(source).status is PageStatus.UNCHANGED


def test_a_newer_version_that_is_refused_leaves_the_one_before(agent):
    source = add(agent)
    key, kept = source.file_key, current_files().keys("sources")
    text = handing_in.add_text(agent, "Open?\n\nYes.", title="Hours", by=None, now=utc_now())
    with pytest.raises(Invalid, match="not a file"):
        handing_in.replace_file(text, FILE, by=None, now=utc_now())
    with pytest.raises(Invalid, match="empty"):
        handing_in.replace_file(source, HandedIn(b"", "a.md"), by=None, now=utc_now())
    job = db.session.scalars(select(Job).where(Job.subject_id == source.id)).one()
    with transaction():
        job.status = JobStatus.RUNNING
    with pytest.raises(Conflict):
        handing_in.replace_file(source, HandedIn(b"# Costs\nMany.", "a.md"), by=None, now=utc_now())
    assert source.file_key == key
    assert current_files().keys("sources") == kept
    assert known(agent)["Price list 2026: Costs"] == "None."


def test_files_without_a_source_are_swept_after_a_day(agent):
    source = add(agent)
    key = source.file_key
    with db.engine.begin() as connection:
        connection.execute(Source.__table__.delete())
    handing_in.clear_files_without_rows(now=utc_now())
    assert current_files().read(key)
    handing_in.clear_files_without_rows(now=utc_now() + timedelta(days=2))
    assert current_files().read(key) is None


def test_files_that_are_used_are_never_swept(agent):
    source = add(agent)
    handing_in.clear_files_without_rows(now=utc_now() + timedelta(days=2))
    assert current_files().read(source.file_key)


def test_a_text_is_read_and_rewritten(agent):
    source = handing_in.add_text(agent, "Open?\n\nYes.", title="Hours", by=None, now=utc_now())
    assert known(agent) == {"Open?": "Yes."}
    handing_in.rewrite_text(source, "Open?\n\nNo.", by=None, now=utc_now())
    assert known(agent) == {"Open?": "No."}
    told = [audit_words.deed(one) for one in audits.page(agent.workspace_id, audits.Wanted(area="knowledge")).entries]
    assert "changed the text Hours" in told


def test_a_text_is_not_rewritten_while_it_is_read(agent):
    source = handing_in.add_text(agent, "Open?\n\nYes.", title="Hours", by=None, now=utc_now())
    keep(
        Job(
            workspace_id=agent.workspace_id,
            kind="read_source",
            subject_id=source.id,
            status=JobStatus.RUNNING,
            created_at=utc_now() + timedelta(days=1),
            next_try_at=utc_now(),
        )
    )
    with pytest.raises(Conflict):
        handing_in.rewrite_text(source, "Open?\n\nNo.", by=None, now=utc_now())
    assert handing_in.text_page(source).text == "## Open?\n\nYes."


def test_the_words_of_a_file_are_not_rewritten(agent):
    with pytest.raises(Invalid, match="changed where they stand"):
        handing_in.rewrite_text(add(agent), "Other words.", by=None, now=utc_now())


@pytest.mark.parametrize("text", ["", " \n", "x" * 200_001])
def test_texts_that_are_empty_or_too_long_are_refused(agent, text):
    with pytest.raises(Invalid):
        handing_in.add_text(agent, text, title="Hours", by=None, now=utc_now())
