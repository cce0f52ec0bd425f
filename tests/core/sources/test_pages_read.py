import gzip
import io
import json
import struct
from types import SimpleNamespace

import pytest

from core.sources.extraction import Extractor, Unreadable
from core.sources.pages_read import PageRead, read_page
from core.sources.sitemaps import Sitemap, read_sitemap, unpacked

ADDRESS = "https://shop.com/help/returns"
PAGE = """<!doctype html><html lang="en-GB"><head><title>Returns | Lantern</title>
<link rel="canonical" href="/help/returns?"><meta name="description" content="x"></head><body>
<nav><a href="/">Home</a> <a href="/cart" rel="nofollow">Cart</a> <a href="#part">Part</a></nav>
<main><h1>Returns</h1><p>You may send back anything within thirty days.</p>
<h2>How do I start?</h2><p>Write to <a href="../contact">us</a> and we send a label.</p><ul><li>Print it</li></ul>
<h2>Costs</h2><table><tr><th>Country</th><th>Price</th></tr><tr><td>Germany</td><td>4.90</td></tr></table>
<button aria-controls="faq-1">Can I <b>exchange</b> it</button><div id="faq-1" hidden><p>Within 14 days.</p></div>
<dl><dt>Do you ship to Norway?</dt><dd>Yes, since last year.</dd></dl>
<script>var secret = "not a word of this";</script></main><footer>Imprint and such things</footer></body></html>"""


def test_a_page_is_read_with_its_headings():
    page = read_page(PAGE.encode(), ADDRESS)
    assert (page.title, page.language, page.canonical) == ("Returns", "en", ADDRESS)
    assert "## How do I start?\n\nWrite to us and we send a label." in page.markdown
    assert "| Germany | 4.90 |" in page.markdown
    assert "Imprint" not in page.markdown
    assert "secret" not in page.markdown


def test_questions_that_open_their_answers_become_headings():
    markdown = read_page(PAGE.encode(), ADDRESS).markdown
    assert "### Can I exchange it\n\nWithin 14 days." in markdown
    assert "### Do you ship to Norway?\n\nYes, since last year." in markdown


def test_links_are_told_from_the_page():
    links = read_page(PAGE.encode(), ADDRESS).links
    assert links == ("https://shop.com/", ADDRESS, "https://shop.com/contact")
    based = read_page(b'<base href="https://shop.com/x/"><a href="y">y</a>', ADDRESS)
    assert based.links == ("https://shop.com/x/y",)


def test_a_page_says_what_crawlers_may_do():
    page = read_page(
        b'<meta name="robots" content="NOINDEX, nofollow"><p>Some words here</p><a href="/a">a</a>', ADDRESS
    )
    assert not page.may_be_kept
    assert page.links == ()


def test_a_page_may_send_its_readers_on():
    page = '<html><head><meta http-equiv="Refresh" content="{}; URL=\'/new\'"></head><body>On</body></html>'
    assert read_page(page.format(0).encode(), ADDRESS).leads_to == "https://shop.com/new"
    assert read_page(page.format(60).encode(), ADDRESS).leads_to is None


def test_the_language_is_recognised_where_none_is_told():
    text = "<p>Guten Tag, wie kann ich meine Bestellung stornieren? Das geht ganz einfach über Ihr Konto im Laden.</p>"
    assert read_page((text * 3).encode(), ADDRESS).language == "de"
    assert read_page(b"<p>ok</p>", ADDRESS).language is None


def test_other_alphabets_are_read_in_the_encoding_that_the_page_says():
    page = '<meta charset="windows-1251"><h1>Доставка</h1><p>Мы доставляем лампы по всей стране за три дня.</p>'
    assert "Мы доставляем лампы" in read_page(page.encode("windows-1251"), ADDRESS).markdown


def test_plain_text_is_taken_as_it_is():
    assert read_page(b"# Help\n\nWords\x00", ADDRESS, "text/plain").markdown == "# Help\n\nWords"


def test_what_no_screen_shows_is_left_out():
    body = "<html><head><title>a\x01b</title></head><body><h1>x&#xDFFF;y</h1><p>words &#xD800;\x1b[0m</p></body></html>"
    page = read_page(body.encode(), ADDRESS)
    assert page.title == "ab"
    assert page.markdown.encode().decode() == page.markdown
    assert "\x1b" not in page.markdown


@pytest.mark.parametrize(
    "body",
    [b"", b"\x00\xff\xfe" * 500, b"<!--" * 50_000, b"<div>" * 200_000, b"<p " + b'a="b" ' * 50_000, b"<b>" * 60_000],
)
def test_broken_pages_have_no_text(body):
    assert read_page(body, ADDRESS).markdown == ""


def test_a_sitemap_lists_pages_and_nothing_of_theirs():
    body = b"""<?xml version="1.0"?><!-- ours --><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
    xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"><url><loc> https://shop.com/a </loc>
    <image:image><image:loc>https://shop.com/a.jpg</image:loc></image:image></url><url><loc>/b</loc></url>
    <url><loc>mailto:x</loc></url><url><loc>https://shop.com/a</loc></url></urlset>"""
    sitemap = Sitemap(("https://shop.com/a", "https://shop.com/b"), are_sitemaps=False)
    assert read_sitemap(body, "https://shop.com/sitemap.xml") == sitemap
    assert read_sitemap(body[:-9], "https://shop.com/sitemap.xml") == sitemap
    assert read_sitemap(unpacked(gzip.compress(body)), "https://shop.com/sitemap.xml.gz") == sitemap


def test_a_list_of_sitemaps_is_told_apart():
    body = b"<sitemapindex><sitemap><loc>https://shop.com/one.xml</loc></sitemap></sitemapindex>"
    assert read_sitemap(body, ADDRESS) == Sitemap(("https://shop.com/one.xml",), are_sitemaps=True)
    assert read_sitemap(PAGE.encode(), ADDRESS) is None


def test_entities_and_packed_bombs_stay_small():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>/&b;</loc></url></urlset>'
    assert read_sitemap(bomb, ADDRESS) is None
    assert len(unpacked(gzip.compress(b"a" * 64 * 1024 * 1024))) <= 20 * 1024 * 1024
    assert unpacked(b"\x1f\x8bbroken") == b""


@pytest.fixture(scope="module")
def extractor():
    made = Extractor()
    yield made
    made.close()


def test_pages_are_read_in_a_process_of_their_own(extractor):
    found = extractor.read(PAGE.encode(), ADDRESS, "text/html")
    assert isinstance(found, PageRead)
    assert found == read_page(PAGE.encode(), ADDRESS)
    listed = extractor.read(b"<urlset><url><loc>/a</loc></url></urlset>", ADDRESS, "application/xml")
    assert listed == Sitemap(("https://shop.com/a",), are_sitemaps=False)


def test_a_child_that_dies_costs_one_page(extractor):
    extractor.read(b"<p>one</p>", ADDRESS, "text/html")
    extractor._process.kill()
    extractor._process.wait()
    extractor.read(b"<p>two</p>", ADDRESS, "text/html")


def test_a_page_that_takes_too_long_is_given_up(extractor, monkeypatch):
    extractor.read(b"<p>warm</p>", ADDRESS, "text/html")
    monkeypatch.setattr("core.sources.extraction.SECONDS", 0.05)
    with pytest.raises(Unreadable, match="time and memory"):
        extractor.read(b"<p>a" * 30_000, ADDRESS, "text/html")
    monkeypatch.undo()
    assert extractor.read(PAGE.encode(), ADDRESS, "text/html").title == "Returns"


@pytest.mark.parametrize(
    "reply",
    [
        struct.pack(">I", 0xFFFFFFFF) + b"{}",
        struct.pack(">I", 17 * 1024 * 1024) + b" " * 17 * 1024 * 1024,
        struct.pack(">I", 4) + b"oops",
        struct.pack(">I", 100_000) + b"[" * 100_000,
        struct.pack(">I", 21) + json.dumps(["page", {"links": 1}]).encode(),
        struct.pack(">I", 9) + b"[1, 2, 3]",
    ],
    ids=["endless", "too large", "no JSON", "deep", "no links", "no pair"],
)
def test_a_child_that_a_page_has_taken_over_does_no_harm(reply):
    ended = []
    child = SimpleNamespace(
        stdin=io.BytesIO(),
        stdout=io.BytesIO(reply),
        poll=lambda: None,
        kill=lambda: ended.append("killed"),
        wait=lambda: ended.append("gone"),
    )
    made = Extractor()
    made._process = child
    with pytest.raises(Unreadable, match="time and memory"):
        made.read(b"<p>Hi", ADDRESS, "text/html")
    assert ended == ["killed", "gone"]
    assert made._process is None
