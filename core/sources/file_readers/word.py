"""Word: what Word calls headings are headings, its lists are lists, its tables are tables."""

import io
import zipfile

from core.sources.file_readers.markup import to_markdown
from core.sources.file_readers.reading import FileRead, Unreadable, bounded

_MOST_PARTS = 5_000
_LARGEST_PART = 60 * 1024 * 1024
_LARGEST_WHOLE = 120 * 1024 * 1024
_XML = (".xml", ".rels")
# No Word file declares anything; what does is made to unfold without end, or to read what lies on the server.
_DECLARATIONS = tuple(
    word.encode(code) for word in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)
_STYLES = "p[style-name='Title'] => h1:fresh\np[style-name='Subtitle'] => p:fresh"


def read_word(content: bytes) -> FileRead:
    """Read the text of a .docx file, without its pictures.

    Raises:
        Unreadable: when it is no such file, or one that was made to do harm.
    """
    import mammoth

    refuse_bombs(content)
    html = mammoth.convert_to_html(
        io.BytesIO(content),
        style_map=_STYLES,
        convert_image=mammoth.images.img_element(lambda _image: {"src": ""}),
        external_file_access=False,
    ).value
    return bounded(to_markdown(html))


def refuse_bombs(content: bytes) -> None:
    """Look through the packed parts before a parser does.

    Raises:
        Unreadable: when they would unfold to more than a document can be, or declare entities.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = package.infolist()
            xml = [part for part in parts if part.filename.lower().endswith(_XML)]
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in xml) > _LARGEST_WHOLE:
                raise Unreadable("This file unfolds to far more than a document can be, so it was not read.")
            for part in xml:
                _check(package, part)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        raise Unreadable("This Word file is damaged, or locked with a password. Save it anew without one.") from None


def _check(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    if part.file_size > _LARGEST_PART:
        raise Unreadable("This file unfolds to far more than a document can be, so it was not read.")
    # No more is unpacked than the part says of itself, however much it holds.
    text = package.read(part)
    if any(declaration in text for declaration in _DECLARATIONS):
        raise Unreadable("This Word file holds instructions that no document needs, so it was not read. Save it anew.")
