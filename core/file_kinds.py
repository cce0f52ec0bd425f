"""What kind of file somebody sent: told by its content, never by its name; and a name that is safe to show and save."""

import re
import unicodedata
from dataclasses import dataclass

from core.errors import Invalid

LONGEST_NAME = 200
_WELCOME = "Send a picture (PNG, JPEG, WebP or GIF), a PDF, a Word or Excel file, or plain text."
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a")
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# No text has them; an editor, a spreadsheet or a page might do something with them.
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MARKUP = re.compile(rb"<\s*(?:!doctype|!--|\?xml|html|head|body|svg|script|iframe|object|embed|meta|link|style)", re.I)
_HEAD = 4_096
# Control and format characters (bidi overrides, joiners), halves, private and unassigned ones, line separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_UNSAFE = re.compile(r'[<>:"|?*]')
_ENDINGS = re.compile(r"\.(?:png|jpe?g|jfif|webp|gif|pdf|txt|text|log|md|csv|docx|xlsx)\Z", re.I)
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|\Z)", re.I)


@dataclass(frozen=True)
class Kind:
    """A kind of file that may be sent."""

    media_type: str
    ending: str
    """With its dot."""

    @property
    def is_picture(self) -> bool:
        return self.media_type.startswith("image/")


PICTURE = Kind("image/webp", ".webp")
"""Whatever a picture was: it is encoded anew as this."""
PDF = Kind("application/pdf", ".pdf")
WORD = Kind(_WORD, ".docx")
EXCEL = Kind(_EXCEL, ".xlsx")
CSV = Kind("text/csv", ".csv")
TEXT = Kind("text/plain", ".txt")


def kind_of(content: bytes, name: str) -> Kind:
    """The kind of a file by how it begins.

    A packed file is never opened, so that nothing can unfold in here: the names of its parts stand in it in the clear.

    Args:
        name: only tells a table from other plain text, which look alike.

    Raises:
        Invalid: when it is empty, or of no kind that may be sent: programs, web pages, drawings with scripts, macros.
    """
    if not content:
        raise Invalid("This file is empty.", code="file_refused")
    if content.startswith(_PICTURES) or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        return PICTURE
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"PK\x03\x04"):
        return _office_kind(content)
    return _text_kind(content, name)


def safe_name(name: str, kind: Kind) -> str:
    """A name without folders, control characters and signs that turn the direction of writing, ending as its kind does.

    `harmless\u202efdp.exe` would show as something that it is not; what it says it is, it is here.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name[:1_000]))[-1]
    shown = "".join(sign for sign in last if unicodedata.category(sign) not in _UNSEEN)
    stem = _ENDINGS.sub("", " ".join(_UNSAFE.sub("_", shown).split())).strip(". ")
    if _DEVICES.match(stem):
        stem = f"_{stem}"
    stem = stem[: LONGEST_NAME - len(kind.ending)].strip(". ") or ("picture" if kind.is_picture else "file")
    return stem + kind.ending


def _office_kind(content: bytes) -> Kind:
    if b"[Content_Types].xml" in content and b"vbaProject.bin" not in content:
        if b"word/document.xml" in content:
            return WORD
        if b"xl/workbook.xml" in content:
            return EXCEL
    raise Invalid(f"This kind of file cannot be sent here. {_WELCOME}", code="file_refused")


def _text_kind(content: bytes, name: str) -> Kind:
    if _NO_TEXT.search(content) or _MARKUP.search(content[:_HEAD]):
        raise Invalid(f"This kind of file cannot be sent here. {_WELCOME}", code="file_refused")
    return CSV if name.lower().endswith(".csv") else TEXT
