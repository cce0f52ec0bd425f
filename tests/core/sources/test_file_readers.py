"""Files read as Markdown, and those that are better not."""

import io
import os
import time
import zipfile

import pypdf
import pytest

from core.errors import Invalid
from core.file_kinds import CSV, PDF, TEXT, WORD
from core.sources import file_readers
from core.sources.file_readers import MARKDOWN, apart, child, kind_of_file, read
from core.sources.file_readers.pdf import read_pdf
from core.sources.file_readers.reading import Unreadable
from core.sources.file_readers.texts import as_markdown
from core.sources.file_readers.word import read_word
from tests.core.sources import documents


def _page(*lines):
    return [(size, 760 - 24 * number, text, *font) for number, (size, text, *font) in enumerate(lines)]


def test_what_is_printed_larger_in_a_pdf_is_a_heading():
    file = documents.pdf(
        [
            _page(
                (20, "Help"),
                (14, "Delivery"),
                (10, "Two to four days."),
                (10, "Abroad a week.", "F2"),
                (14, "Returns"),
                (10, "Thirty days."),
            )
        ]
    )
    assert read(file, PDF.media_type).markdown == (
        "# Help\n\n## Delivery\n\nTwo to four days.\n\n**Abroad a week.**\n\n## Returns\n\nThirty days."
    )


def test_the_lines_of_a_paragraph_are_put_together():
    long = "This line is as long as the page is wide, and goes on in the next one with exam-"
    lines = [
        (10, 700, long),
        (10, 688, "ples of its words, and some more until the line is as full as the first."),
        (10, 676, "End."),
    ]
    assert read_pdf(documents.pdf([lines])).markdown == (
        "This line is as long as the page is wide, and goes on in the next one with examples of its words, "
        "and some more until the line is as full as the first. End."
    )


def test_what_stands_on_every_page_and_its_number_are_left_out():
    pages = [
        [(8, 820, "Lumi Shop"), (10, 700, f"Text of page {word} that tells something."), (8, 20, f"Page {number} of 3")]
        for number, word in enumerate(["one", "two", "three"], 1)
    ]
    assert read_pdf(documents.pdf(pages)).markdown.split("\n\n") == [
        f"Text of page {word} that tells something." for word in ("one", "two", "three")
    ]


def test_bullets_become_a_list():
    lines = [(10, 700, "\u2022 One"), (10, 688, "\u2022 Two")]
    assert read_pdf(documents.pdf([lines])).markdown == "- One\n- Two"


def test_a_locked_pdf_is_refused_in_words():
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(documents.pdf([_page((10, "Secret"))])))
    writer.encrypt("open sesame", algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    with pytest.raises(Unreadable, match="locked with a password"):
        read_pdf(file.getvalue())


def test_letters_that_no_database_keeps_are_left_out_of_a_pdf():
    assert read(documents.pdf([_page((10, r"Two\000 to four days."))]), PDF.media_type).markdown == "Two to four days."


def test_a_scan_is_refused_with_a_way_out():
    with pytest.raises(Unreadable, match="may be a scan"):
        read_pdf(documents.pdf([[]]))


def test_one_broken_page_does_not_take_the_others_with_it(monkeypatch):
    broken = iter([True, False])
    lines = file_readers.pdf._lines
    monkeypatch.setattr(file_readers.pdf, "_lines", lambda page: 1 / 0 if next(broken) else lines(page))
    found = read_pdf(documents.pdf([_page((10, "One")), _page((10, "Two"))]))
    assert (found.markdown, found.note) == ("Two", "1 of its 2 pages could not be read.")


def test_a_word_file_keeps_headings_lists_tables_and_bold():
    body = (
        documents.paragraph("Help", "Title")
        + documents.paragraph("Sizes", "Heading1")
        + documents.paragraph("They run small.", is_bold=True)
        + documents.table([["Size", "Chest"], ["S|M", "88"]])
        + documents.paragraph("Ask us.")
    )
    assert read(documents.word(body), WORD.media_type).markdown == (
        "# Help\n\n# Sizes\n\n**They run small.**\n\n| Size | Chest |\n| --- | --- |\n| S/M | 88 |\n\nAsk us."
    )


@pytest.mark.parametrize("code", ["utf-8", "utf-16-le"])
def test_a_word_file_that_declares_entities_is_refused(code):
    laughs = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    file = documents.word(documents.paragraph("x"), more=[("word/comments.xml", laughs.encode(code))])
    with pytest.raises(Unreadable, match="no document needs"):
        read_word(file)


def test_a_word_file_that_would_unfold_without_end_is_refused():
    file = documents.word("", more=[("word/footnotes.xml", b" " * (61 * 2**20))])
    assert len(file) < 200_000
    with pytest.raises(Unreadable, match="unfolds to far more"):
        read_word(file)


def test_a_word_file_of_very_many_parts_is_refused():
    file = documents.word("", more=[(f"word/{number}.xml", b"") for number in range(5_000)])
    with pytest.raises(Unreadable, match="unfolds to far more"):
        read_word(file)


def test_a_word_file_cannot_read_what_lies_on_the_server(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the crown jewels")
    relations = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" '
        f'Target="file://{secret}" TargetMode="External"/></Relationships>'
    )
    picture = (
        '<w:p><w:r><w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
        '<a:graphic xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:graphicData><pic:pic '
        'xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:blipFill><a:blip r:link="rId9" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/></pic:blipFill></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
    file = documents.word(picture + documents.paragraph("Text."), more=[("word/_rels/document.xml.rels", relations)])
    assert read_word(file).markdown == "Text."


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"%PDF-1.7\n" + b"x" * 1_000, PDF.media_type),
        (
            b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 1 0 R /Kids [1 0 R] >> endobj\ntrailer << /Root 1 0 R >>",
            PDF.media_type,
        ),
        (b"PK\x03\x04" + b"\x00" * 100, WORD.media_type),
        (documents.word("<w:p>" * 20_000 + "</w:p>" * 20_000), WORD.media_type),
        (documents.word("<w:p>"), WORD.media_type),
    ],
)
def test_damaged_files_are_refused_in_words(content, media_type):
    with pytest.raises(Invalid, match=r"damaged|cannot be read|no text|too much time"):
        read(content, media_type)


def test_a_pdf_that_unfolds_without_end_is_refused_within_bounds():
    file = documents.pdf([], packed=documents.bomb(150 * 2**20))
    started = time.monotonic()
    with pytest.raises(Invalid, match=r"no text|too much time or memory|damaged"):
        read(file, PDF.media_type)
    assert time.monotonic() - started < 60


def test_a_reader_that_never_ends_is_stopped(monkeypatch):
    monkeypatch.setattr(apart, "_SECONDS", 0.05)
    with pytest.raises(Invalid, match="too much time or memory"):
        read(documents.pdf([_page((10, "Hello"))]), PDF.media_type)


def test_the_process_that_reads_knows_nothing_of_ours(monkeypatch):
    seen = {}
    monkeypatch.setenv("SECRET_KEY", "crown jewels")
    monkeypatch.setattr(apart.subprocess, "run", lambda *_, **options: seen.update(options) or 1 / 0)
    with pytest.raises(ZeroDivisionError):
        read(documents.pdf([]), PDF.media_type)
    assert "SECRET_KEY" in os.environ
    assert set(seen["env"]) == {"PYTHONIOENCODING"}


def test_the_process_that_reads_limits_itself(monkeypatch):
    limits = {}
    monkeypatch.setattr(child.resource, "setrlimit", lambda what, most: limits.update({what: most[0]}))
    child._limit()
    assert limits[child.resource.RLIMIT_AS] <= 2**30
    assert limits[child.resource.RLIMIT_CPU] <= 60


def test_text_without_marks_gets_headings_and_loses_no_word():
    text = "Opening hours\n\nNine to five.\n\nDo you ship?\nYes.\n\nQ: Costs?\nA: None.\n\nOne\n\nTwo\n\nThree"
    assert as_markdown(text) == (
        "## Opening hours\n\nNine to five.\n\n## Do you ship?\n\nYes.\n\n## Costs?\n\nNone.\n\nOne\n\nTwo\n\nThree"
    )


def test_text_that_has_headings_is_left_as_it_is():
    assert as_markdown("# One\n\nTwo\n\nThree.") == "# One\n\nTwo\n\nThree."


@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_in_any_usual_encoding(code):
    assert read("Größe: 5 €".encode(code), TEXT.media_type).markdown == "Größe: 5 €"


def test_the_settings_above_a_markdown_file_are_left_out():
    assert read(b"---\ntitle: x\n---\n# Help\nText.", MARKDOWN.media_type).markdown == "# Help\nText."


def test_a_table_of_questions_makes_a_part_of_each():
    found = read(b"id;Question;Answer\n1;Open?;Yes.\n2;;No.\n3;Late?;Until 8.", CSV.media_type)
    assert found.markdown == "## Open?\n\nYes.\n\n## Late?\n\nUntil 8."


def test_any_other_table_tells_of_a_thing_a_row():
    found = read(b"Product,Price\nLamp,20\n# Chair,\n", CSV.media_type)
    assert found.markdown == ("## Lamp\n\n- **Product**: Lamp\n- **Price**: 20\n\n## # Chair\n\n- **Product**: # Chair")


def test_a_table_that_is_too_long_is_read_in_part():
    found = read(b"a,b\n" + b"x,y\n" * 5_001, CSV.media_type)
    assert found.note == "It has 5,001 rows; the first 5,000 were read."


@pytest.mark.parametrize("content", [b"a,b\n", b"a"])
def test_tables_without_rows_are_refused(content):
    with pytest.raises(Invalid):
        read(content, CSV.media_type)


def test_a_text_without_end_is_cut():
    found = read(b"word " * 500_000, TEXT.media_type)
    assert len(found.markdown) == 2_000_000
    assert found.note


@pytest.mark.parametrize(
    ("content", "name", "kind"),
    [
        (b"%PDF-1.7", "any.thing", PDF),
        (documents.word(""), "a.docx", WORD),
        (b"# Hi", "a.MD", MARKDOWN),
        (b"<p>hi</p>", "a.md", MARKDOWN),
        (b"a,b", "a.csv", CSV),
        (b"Hi", "a.txt", TEXT),
        ("Hi".encode("utf-16"), "a.txt", TEXT),
    ],
)
def test_kinds_are_told_by_the_content(content, name, kind):
    assert kind_of_file(content, name) == kind


def _zip(*names):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        for name in names:
            package.writestr(name, "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "a.pdf", "empty"),
        (b"  \n", "a.txt", "empty"),
        (b"\x89PNG\r\n\x1a\n", "a.pdf", "cannot be read"),
        (b"<html>", "a.html", "cannot be read"),
        (_zip("a"), "a.docx", "cannot be read"),
        (_zip("[Content_Types].xml", "xl/workbook.xml"), "a.xlsx", "cannot be read"),
        (b"\xd0\xcf\x11\xe0", "a.doc", "old Word file"),
        (b"MZ\x00\x00", "a.txt", "not what its name says"),
    ],
)
def test_other_kinds_are_refused_in_words(content, name, words):
    with pytest.raises(Invalid, match=words):
        kind_of_file(content, name)


def test_a_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(file_readers, "LARGEST", 2)
    with pytest.raises(Invalid, match="At most"):
        kind_of_file(b"abc", "a.txt")
