import re
import time
from unittest import mock

import html5lib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core import rich_text
from core.rich_text import MAX_MARKDOWN, MAX_PLAIN, to_html, to_text

LINK = 'target="_blank" rel="noopener noreferrer nofollow ugc"'
TAGS = {"p", "br", "hr", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "strong", "em", "s", "code"}
TAGS |= {"pre", "a", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"href", "rel", "target", "start"}
SIGNS = st.text(st.sampled_from("ab1 \n\t*_~`[]()<>!#|-:&;./\\\"'=@?+^{}$\0\ud800\u202e\u2028é日"), max_size=300)
SCHEMES = ["javascript:", "java\nscript:", "&#106;avascript&colon;", "data:text/html,", "vbscript:", "mailto:"]
ADDRESSES = ["https://shop.example/?a=1&b=2", "www.", "//evil.example", "tel:+4912", "a@b.example", ":99999"]
TRICKS = ["&Tab;", "&#x202e;", "&#0;", "&#xd800;", "%00", "\\", "<!--", "-->", "]]>", "style=color:red", "\ud800"]
TAG_SOUP = ["<script>", "</script>", "<img src=x onerror=alert(1)>", "<svg/onload=1>", "</p>", "<a href="]
MARKS = ["[a](", ")", "<", ">", "![x](//e.example/x.png)", "[r]", "\n\n[r]: ", "```html\n", "~~", "\n- ", "\n> "]
PIECES = st.lists(
    st.sampled_from(SCHEMES + ADDRESSES + TRICKS + TAG_SOUP + MARKS + ["word", " ", "\n"]), max_size=25
).map("".join)


def elements(fragment):
    return [
        element
        for element in html5lib.parseFragment(fragment, namespaceHTMLElements=False).iter()
        if element.tag != "DOCUMENT_FRAGMENT"
    ]


def assert_safe(fragment):
    for element in elements(fragment):
        assert element.tag in TAGS
        assert set(element.attrib) <= ATTRIBUTES
        if element.tag == "a":
            assert re.match(r"(https?://[^/]|mailto:|tel:)", element.attrib["href"])
            assert element.attrib["rel"] == "noopener noreferrer nofollow ugc"
            assert element.attrib["target"] == "_blank"


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**bold** *em* `code`", "<p><strong>bold</strong> <em>em</em> <code>code</code></p>"),
        ("~~gone~~", "<p><s>gone</s></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("# A\n## B\n### C", "<h3>A</h3>\n<h4>B</h4>\n<h5>C</h5>"),
        ("###### F", "<h6>F</h6>"),
        ("3. x", '<ol start="3">\n<li>x</li>\n</ol>'),
        ("```js\nlet a\n```", "<pre><code>let a\n</code></pre>"),
        ("a\x00b\u202ec", "<p>abc</p>"),
        ("a&#x202e;b", "<p>ab</p>"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
        ("", ""),
    ],
)
def test_ordinary_writing_keeps_its_shape(markdown, html):
    assert to_html(markdown).strip() == html


@pytest.mark.parametrize(
    ("markdown", "address", "label"),
    [
        ("[us](https://shop.example/a?b=1&c=2)", "https://shop.example/a?b=1&amp;c=2", "us"),
        ("<https://shop.example>", "https://shop.example", "https://shop.example"),
        ("[mail](mailto:a@shop.example)", "mailto:a@shop.example", "mail"),
        ("[call](tel:+43-1-234)", "tel:+43-1-234", "call"),
        ("https://shop.example/a_b_c", "https://shop.example/a_b_c", "https://shop.example/a_b_c"),
        ("www.shop.example", "https://www.shop.example", "www.shop.example"),
        ("help@shop.example", "mailto:help@shop.example", "help@shop.example"),
        ("[r]\n\n[r]: https://shop.example", "https://shop.example", "r"),
        ("https://münchen.example/ä", "https://xn--mnchen-3ya.example/%C3%A4", "https://münchen.example/ä"),
    ],
)
def test_a_safe_address_becomes_a_link(markdown, address, label):
    assert to_html(markdown).strip() == f'<p><a href="{address}" {LINK}>{label}</a></p>'


@pytest.mark.parametrize(
    ("sentence", "address"),
    [
        ("See https://a.example/x.", "https://a.example/x"),
        ("(https://a.example/Lamp_(desk)).", "https://a.example/Lamp_(desk)"),
        ("“https://a.example/?q=1”!", "https://a.example/?q=1"),
        ("見てhttps://a.example/。", "https://a.example/"),
        ("**https://a.example**", "https://a.example"),
    ],
)
def test_a_bare_address_leaves_the_sentence_its_punctuation(sentence, address):
    assert f'href="{address}"' in to_html(sentence)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#x73;cript:alert(1)",
        "javascript&colon;alert(1)",
        "&#1;javascript:alert(1)",
        "<java\tscript:alert(1)>",
        "data:text/html;base64,PHNjcmlwdD4=",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "blob:https://a.example/1",
        "//evil.example",
        "/relative",
        "#fragment",
        "https://bank.example@evil.example/",
        "http:evil.example",
        r"https:\\evil.example",
        "mailto:",
        "tel:*#06#",
    ],
)
def test_an_unsafe_address_leaves_only_its_label(address):
    for markdown in (f"[label]({address})", f"[label][r]\n\n[r]: {address}", f"[![label](x)]({address})"):
        assert "<a" not in to_html(markdown)
        assert "label" in to_html(markdown)


def test_a_link_carries_its_address_and_nothing_else_of_the_writers_choice():
    assert to_html("[a](HTTPS://a.example 'bank.example')") == f'<p><a href="https://a.example" {LINK}>a</a></p>\n'


def test_html_is_shown_and_never_run():
    assert to_html("<script>alert(1)</script>") == "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"
    assert to_html("<img src=x onerror=alert(1)>") == "<p>&lt;img src=x onerror=alert(1)&gt;</p>\n"


def test_an_image_is_only_described():
    assert to_html("![a *blue* mug](https://evil.example/pixel.png 'title')") == "<p>a blue mug</p>\n"
    assert f'<a href="https://shop.example" {LINK}>mug</a>' in to_html("[![mug](x.png)](https://shop.example)")


def test_link_text_is_not_linked_again():
    assert to_html("[www.a.example](https://b.example)").count("<a ") == 1


def test_deep_nesting_keeps_its_words():
    for markdown in (">" * 500 + "deep", "*" * 3000 + "deep" + "*" * 3000, "- " * 500 + "deep"):
        assert "deep" in to_html(markdown)
        assert len(elements(to_html(markdown))) < 60


def test_long_text_becomes_plain_paragraphs_and_then_is_cut():
    assert to_html("a\n\n" * MAX_MARKDOWN).startswith("<p>a</p>\n<p>a</p>")
    assert len(to_html("x" * (2 * MAX_PLAIN))) < MAX_PLAIN + 20


@pytest.mark.parametrize(
    "markdown",
    [
        "[" * 20000,
        "![" * 9999,
        "[a](" * 999,
        "*a " * 6666,
        "a**b" * 5000,
        "<" * 20000,
        "~~a" * 6000,
        "`" * 20000,
        "| " * 9999,
        "|a" * 100 + "\n" + "|-" * 100 + "\n" + "|\n" * 9000,
        "https://" * 2500,
        "a@a." * 5000,
        "https://a.b/" + "(" * 19000,
        "".join("`" * count + " " for count in range(190)),
        "a.b-" * 5000 + "@",
        "&" * 20000,
        "x" * 1_000_000,
        "- a\n" * 5000,
    ],
)
def test_hostile_text_takes_bounded_time(markdown):
    started = time.process_time()
    to_html(markdown)
    assert time.process_time() - started < 2


@settings(max_examples=200, deadline=None)
@given(st.one_of(SIGNS, PIECES, st.text(max_size=200)))
@example("WWW.:A")
@example("[a](<javascript:alert(1)>)")
@example("<a href='javascript:alert(1)'>x</a>")
def test_nothing_unsafe_is_ever_made(markdown):
    assert_safe(to_html(markdown))


@settings(max_examples=100, deadline=None)
@given(st.one_of(SIGNS, PIECES))
def test_plain_text_never_fails_and_carries_no_controls(markdown):
    assert not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069\ud800-\udfff]", to_text(markdown))


@settings(max_examples=300, deadline=None)
@given(st.from_regex(rich_text._PLAIN, fullmatch=True))
@example("see www.shop.example")
@example("see https://shop.example/a (now)")
@example("Ten, 1. two - (c) three... and -- four")
def test_the_short_way_for_plain_words_leads_to_the_same(text):
    short = to_html(text)
    with mock.patch.object(rich_text, "_PLAIN", re.compile(r"(?!)")):
        assert to_html(text) == short


def test_plain_text_reads_like_the_message():
    markdown = "# Hello\n\n**We** ship to [Austria](https://a.example).\n\n1. one\n2. two\n\n- a\n\n![mug](x)\n\n"
    markdown += "| a | b |\n|-|-|\n| 1 | 2 |"
    assert to_text(markdown) == "Hello\nWe ship to Austria.\n1. one\n2. two\n- a\nmug\na  b\n1  2"
    assert to_text("[" * 5000) == "[" * 5000
