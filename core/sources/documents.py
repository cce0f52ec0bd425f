"""Files and pasted texts: each is one page, read as a whole."""

from core.errors import Invalid
from core.sources import file_readers
from core.sources.crawling import Outcome, Visit
from core.sources.extraction import Extractor, Unreadable
from core.sources.pages_read import PageRead
from gateways.files import current_files
from models.knowledge import Source, SourcePage

# Enough to tell the language by.
_SAMPLE = 5_000


def read_document(source: Source, page: SourcePage, extractor: Extractor) -> Visit:
    """Read a file or a text.

    Returns:
        what was read of it, or why it could not be.
    """
    if not source.file_key:
        return _read(source, page.text or "", None, extractor)
    content = current_files().read(source.file_key)
    if content is None:
        return Visit(Outcome.FAILED, "", "This file is not there any more. Delete the source, and add the file again.")
    try:
        found = file_readers.read(content, source.media_type or "")
    except Invalid as refusal:
        return Visit(Outcome.FAILED, "", refusal.message)
    return _read(source, found.markdown, found.note, extractor)


def _read(source: Source, markdown: str, note: str | None, extractor: Extractor) -> Visit:
    read = PageRead(title=source.title, markdown=markdown, language=_language(markdown, extractor))
    return Visit(Outcome.READ, "", note or "", page=read)


def _language(markdown: str, extractor: Extractor) -> str | None:
    try:
        found = extractor.read(markdown[:_SAMPLE].encode(), "", "text/plain")
    except Unreadable:
        return None
    return found.language if isinstance(found, PageRead) else None
