"""A file is what its content says, and its name says the same."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from core.file_kinds import CSV, EXCEL, LONGEST_NAME, PDF, PICTURE, TEXT, WORD, kind_of, safe_name
from tests.core.test_images import drawn


def office(part="word/document.xml", *, also=(), size=10):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", part, *also):
            archive.writestr(name, b"0" * size)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (drawn(), "a.exe", PICTURE),
        (drawn(kind="WEBP"), "a", PICTURE),
        (b"%PDF-1.7\n...", "a.html", PDF),
        (office(), "a.zip", WORD),
        (office("xl/workbook.xml"), "a.docx", EXCEL),
        ("Grüße".encode(), "a.html", TEXT),
        ("name;größe".encode("cp1252"), "A.CSV", CSV),
        (b"a < b and b > c", "a.txt", TEXT),
    ],
)
def test_the_content_tells_the_kind(content, name, kind):
    assert kind_of(content, name) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"MZ\x90\x00 a program",
        b"\x7fELF\x02",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"  \n<!DOCTYPE html><p>hello",
        b"\xef\xbb\xbf<html>",
        b"hello <SCRIPT>alert(1)</SCRIPT>",
        b"<?xml version='1.0'?><x/>",
        b" %PDF-1.7 behind a blank\x00",
        b"BM a bitmap\x00\x00",
        b"\x00\x00\x01\x00 an icon",
        b"II*\x00 a TIFF",
        b"PK\x03\x04 any packed thing",
        office(also=["word/vbaProject.bin"]),
        office("evil.exe"),
        "UTF-16".encode("utf-16"),
    ],
)
def test_anything_else_is_refused(content):
    with pytest.raises(Invalid) as refusal:
        kind_of(content, "harmless.txt")
    assert refusal.value.code == "file_refused"


def test_a_packed_bomb_is_never_opened(monkeypatch):
    def opened(*_arguments, **_options):
        raise AssertionError("opened")

    bomb = office(size=50_000_000)
    monkeypatch.setattr(zipfile, "ZipFile", opened)
    assert len(bomb) < 200_000
    assert kind_of(bomb, "bomb.docx") == WORD


@pytest.mark.parametrize(
    ("name", "kind", "safe"),
    [
        ("Invoice 2026.PDF", PDF, "Invoice 2026.pdf"),
        ("../../etc/passwd", TEXT, "passwd.txt"),
        ("C:\\Users\\ann\\me.png", PICTURE, "me.webp"),
        ("bill.exe", PDF, "bill.exe.pdf"),
        ("harmless\u202efdp.exe", TEXT, "harmlessfdp.exe.txt"),
        ("a\x00b\r\nc.txt", TEXT, "abc.txt"),
        ("  ...  ", PDF, "file.pdf"),
        ("", PICTURE, "picture.webp"),
        ("CON.txt", TEXT, "_CON.txt"),
        ('"><img src=x>.png', PICTURE, "___img src=x_.webp"),
        ("Übersicht 見積.xlsx", EXCEL, "Übersicht 見積.xlsx"),
    ],
)
def test_a_name_is_made_safe(name, kind, safe):
    assert safe_name(name, kind) == safe


@given(st.text(max_size=400), st.sampled_from([PICTURE, PDF, WORD, EXCEL, CSV, TEXT]))
def test_no_name_does_harm(name, kind):
    safe = safe_name(name, kind)
    assert safe.endswith(kind.ending)
    assert len(kind.ending) < len(safe) <= LONGEST_NAME
    assert not set(safe) & set('/\\<>:"|?*\r\n\0')
    assert safe.isprintable()
    assert not safe.startswith(".")
