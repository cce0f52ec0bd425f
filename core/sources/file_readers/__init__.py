"""Files that an admin hands in, read as Markdown: PDF, Word, Markdown, plain text and tables."""

from core.errors import Invalid
from core.file_kinds import CSV, PDF, TEXT, WORD, Kind, kind_of
from core.sources.file_readers.apart import read_apart
from core.sources.file_readers.reading import FileRead, Unreadable

__all__ = ["ENDINGS", "LARGEST", "MARKDOWN", "FileRead", "kind_of_file", "read"]

LARGEST = 20 * 1024 * 1024
MARKDOWN = Kind("text/markdown", ".md")
ENDINGS = (".pdf", ".docx", ".md", ".markdown", ".txt", ".csv")
_WELCOME = "Choose a PDF, a Word file (.docx), Markdown, plain text or a table saved as CSV."
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_READABLE = frozenset(kind.media_type for kind in (PDF, WORD, MARKDOWN, TEXT, CSV))


def kind_of_file(content: bytes, name: str) -> Kind:
    """The kind of a file by how it begins; the name only tells kinds of plain text apart.

    Raises:
        Invalid: when it is empty, too large, or of a kind that cannot be read.
    """
    if len(content) > LARGEST:
        size = f"{len(content) / 1024 / 1024:.0f} MB"
        raise Invalid(
            f"This file has {size}. At most {LARGEST // 1024 // 1024} MB can be read; part it, or compress it."
        )
    if not content.strip():
        raise Invalid("This file is empty.")
    if content.startswith(_OLD_OFFICE):
        raise Invalid("This is an old Word file, or one with a password. Save it as .docx without one, and add that.")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or name.lower().endswith((".md", ".markdown", ".txt", ".csv")):
        return _kind_of_text(content, name)
    try:
        kind = kind_of(content, name)
    except Invalid:
        raise Invalid(f"This kind of file cannot be read. {_WELCOME}") from None
    if kind.media_type not in _READABLE:
        raise Invalid(f"This kind of file cannot be read. {_WELCOME}")
    return kind


def read(content: bytes, media_type: str) -> FileRead:
    """What a file says. It may take a minute: call it outside a transaction, and in a job.

    Args:
        media_type: as `kind_of_file` told it.

    Raises:
        Invalid: saying in words why nothing can be read in it.
    """
    if media_type not in _READABLE:
        raise Invalid(f"This kind of file cannot be read. {_WELCOME}")
    try:
        found = _read(content, media_type)
    except Unreadable as refusal:
        raise Invalid(str(refusal)) from None
    if not found.markdown.strip():
        raise Invalid("There is no text in this file.")
    return found


def _read(content: bytes, media_type: str) -> FileRead:
    # The parsers of PDF and Word are large, and whoever wrote the file chooses what they do: not in this process.
    if media_type == PDF.media_type:
        return read_apart("pdf", content)
    if media_type == WORD.media_type:
        return read_apart("word", content)
    # Imported here, so that the other process does not have to.
    from core.sources.file_readers import tables, texts

    if media_type == CSV.media_type:
        return tables.read_table(content)
    return texts.read_markdown(content) if media_type == MARKDOWN.media_type else texts.read_text(content)


def _kind_of_text(content: bytes, name: str) -> Kind:
    if b"\x00" in content[:4_096] and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Invalid(f"This file is not what its name says. {_WELCOME}")
    ending = name.lower().rpartition(".")[2]
    return {"csv": CSV, "md": MARKDOWN, "markdown": MARKDOWN}.get(ending, TEXT)
