"""Text from outside."""

import time

import pytest

from core.installs.pages import read_page
from core.texts import html_to_read

ENDLESS = ["<!--", "<a ", "<", "</", "<![CDATA[>", "<!-- > ", '<a b="', "<!", "<?", "&#x", "<script>", "<style></"]


@pytest.mark.parametrize("part", ENDLESS)
def test_a_page_that_never_ends_is_read_in_time(part):
    started = time.process_time()
    read_page("https://example.com/", {}, (part * (200_000 // len(part))).encode())
    # A page of this size took `html.parser` minutes.
    assert time.process_time() - started < 3


def test_what_a_page_says_stays():
    page = '<!-- a note --><html><head><script src="a.js"></script><!--[if IE]>x<![endif]--></head><p>1 < 2 > 0</p>'
    read = html_to_read(page.encode())
    assert read == '<html><head><script src="a.js"></script></head><p>1 < 2 > 0</p>'
    assert read_page("https://example.com/", {}, page.encode()).scripts[0].address == "https://example.com/a.js"
