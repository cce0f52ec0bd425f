import re
import time

import pytest
import tinycss2
from hypothesis import given, settings
from hypothesis import strategies as st

from core.custom_css import MAX_SIZE, sanitize

SPARED = ":not([data-protected], [data-protected] *)"
AWAY = ":not([data-protected], [data-protected] *, :has([data-protected]), header *, footer, footer *)"


def kept(css):
    """The one rule that is left of a sheet without problems."""
    sanitized = sanitize(css)
    assert sanitized.problems == []
    return sanitized.css.strip()


def messages(css):
    return [problem.message for problem in sanitize(css).problems]


@pytest.mark.parametrize(
    ("css", "written"),
    [
        (".message{color:RED;padding : 4px  8px}", f".message{SPARED} {{ color: RED; padding: 4px 8px }}"),
        ("A:HOVER{color:#0aF!important}", f"a:hover{SPARED} {{ color: #0aF !important }}"),
        ("p>a ~ b{margin:0 auto}", f"p > a ~ b{SPARED} {{ margin: 0 auto }}"),
        (".a.b:not(.c,.d){color:red}", f".a.b:not(.c, .d){SPARED} {{ color: red }}"),
        ("li:nth-child(even){color:red}", f"li:nth-child(2n+0){SPARED} {{ color: red }}"),
        ("[data-from=agent]{color:red}", f'[data-from="agent"]{SPARED} {{ color: red }}'),
        ("::placeholder{color:gray}", f"*{SPARED}::placeholder {{ color: gray }}"),
        (".m:before{content:'→'}", f'.m{AWAY}::before {{ content: "→" }}'),
        (r".m::after{content:'\2022'}", f'.m{AWAY}::after {{ content: "•" }}'),
        ("p{font:italic 14px/1.5 Inter,'My Font'}", f'p{SPARED} {{ font: italic 14px / 1.5 Inter, "My Font" }}'),
        ("p{width:calc(100% - 2rem)}", f"p{AWAY} {{ width: calc(100% - 2rem) }}"),
        ("p{padding:env(safe-area-inset-top,4px)}", f"p{SPARED} {{ padding: env(safe-area-inset-top, 4px) }}"),
        (":root{--a:#123;--s:0 1px 2px #0003}", f":root{SPARED} {{ --a: #123; --s: 0 1px 2px #0003 }}"),
        ("p{border:1px solid hsl(0 100% 50%/.5)}", f"p{SPARED} {{ border: 1px solid hsl(0 100% 50% / 0.5) }}"),
        (
            "p{background:linear-gradient(90deg,#fff 0%,var(--a,red) 100%)}",
            f"p{SPARED} {{ background: linear-gradient(90deg, #fff 0%, var(--a, red) 100%) }}",
        ),
        (
            "p{grid-template-columns:repeat(2,minmax(0,1fr))}",
            f"p{AWAY} {{ grid-template-columns: repeat(2, minmax(0, 1fr)) }}",
        ),
        ("p{/* why */color/**/:/**/red/**/}/* end */", f"p{SPARED} {{ color: red }}"),
        (
            "@media (max-width:400px) and (prefers-color-scheme:dark),print{p{color:red}}",
            f"@media (max-width: 400px) and (prefers-color-scheme: dark), print {{\np{SPARED} {{ color: red }}\n}}",
        ),
        (
            "@media (400px<=width<=700px){p{color:red}}",
            f"@media (400px <= width <= 700px) {{\np{SPARED} {{ color: red }}\n}}",
        ),
        (
            "@supports (display:grid) and (not (gap:1px)){p{color:red}}",
            f"@supports (display: grid) and (not (gap: 1px)) {{\np{SPARED} {{ color: red }}\n}}",
        ),
        (
            "@keyframes in{from,20%{opacity:0}to{transform:scale(1.1)}}",
            "@keyframes custom-in {\nfrom, 20% { opacity: 0 }\nto { transform: scale(1.1) }\n}",
        ),
        (".m{animation:in .3s ease-out both}", f".m{AWAY} {{ animation: custom-in 0.3s ease-out both }}"),
    ],
)
def test_ordinary_css_stays(css, written):
    assert kept(css) == written


def test_layout_and_looks_of_one_rule_get_guards_of_their_own_in_order():
    assert kept(".a{color:red;display:flex;margin:4px}").split("\n") == [
        f".a{SPARED} {{ color: red }}",
        f".a{AWAY} {{ display: flex }}",
        f".a{SPARED} {{ margin: 4px }}",
    ]


@pytest.mark.parametrize(
    "css",
    [
        "p{background:url(x.png)}",
        "p{background:url('https://e.example')}",
        "p{background:src('x')}",
        "p{background:image('x')}",
        "p{background:image-set('x' 1x)}",
        "p{background:-webkit-image-set(url(x) 1x)}",
        "p{background:cross-fade('a','b')}",
        "p{background:element(#a)}",
        r"p{background:\75rl(x)}",
        r"p{background:u\72l(x)}",
        "p{background:attr(data-x)}",
        "p{width:expression(alert(1))}",
        "p{behavior:url(x.htc)}",
        "p{-moz-binding:url(x)}",
        "p{list-style:url(x)}",
        "p{cursor:url(x),auto}",
        "p{filter:url(#f)}",
        "p{--x:url(x)}",
        "p{--x:;}",
        "p{--x:{a:b}}",
        "p{--protected-color:red}",
        "p{color:var(--x,url(x))}",
        "p{color:env(other)}",
        "p{color:red\\9}",
        "p::before{content:url(x)}",
        "p::before{content:attr(value)}",
        "p::before{content:'</style>'}",
        r"p::before{content:'\3c/style\3e'}",
        "p::before{content:'a\\\nb\\a c'}",
        f"p::before{{content:'{'x' * 81}'}}",
        "p{content:'x'}",
        "p{position:fixed}",
        ".p{position:fixed}",
        "p{position:var(--x)}",
        "p{z-index:2147483647}",
        "p{z-index:calc(9*9)}",
        "p{all:unset}",
        "p{clip-path:circle(0)}",
        "p{mask:none}",
        "p{zoom:0}",
        "p{opacity:var(--x)}",
        "p{margin-left:-9999px}",
        "p{text-indent:-9999px}",
        "p{transform:translateX(-9999px)}",
        "p{transform:scale(99)}",
        "p{box-shadow:0 0 0 9999px red}",
        "p{text-decoration:line-through 999px red}",
        "p{padding:calc(9px*9*9)}",
        "p{width:1e99px}",
        "p{transition:all 99999s}",
        "@import 'x';",
        "@import url(x);",
        "@charset 'utf-8';",
        "@namespace x 'y';",
        "@font-face{font-family:x;src:url(x)}",
        "@layer x{p{color:red}}",
        "@property --x{syntax:'*'}",
        "@page{margin:0}",
        "@media (x:y){p{color:red}}",
        "@media{p{color:red}}",
        "@supports selector(a){p{color:red}}",
        "@supports (background:url(x)){p{color:red}}",
        "@keyframes 'x'{from{color:red}}",
        "@keyframes x{from{background:url(x)}}",
        "[value^=a]{color:red}",
        "[data-from^=a]{color:red}",
        "[data-from*=a]{color:red}",
        "[href]{color:red}",
        "[nonce]{color:red}",
        "[data-ticket]{color:red}",
        "script{display:block}",
        "style{display:block}",
        ":has(p){color:red}",
        ":host{color:red}",
        "::part(x){color:red}",
        "::before p{color:red}",
        ":not(::before){color:red}",
        "svg|a{color:red}",
        r".\3c x{color:red}",
        "p{color:red;&:hover{color:red}",
        "p{.a{color:red}}",
        "p,{}",
        "</style><script>alert(1)</script>",
    ],
)
def test_what_could_load_escape_or_run_is_refused_and_told(css):
    sanitized = sanitize(css)
    assert sanitized.problems
    assert not re.search(r"url|src\(|image|@import|expression|fixed|9999|<|\\|script|value", sanitized.css)


@pytest.mark.parametrize(
    "declaration",
    [
        "display:none",
        "display:contents",
        "visibility:hidden",
        "visibility:collapse",
        "opacity:0",
        "opacity:.2",
        "opacity:5%",
        "font-size:0",
        "font-size:1px",
        "font-size:var(--x)",
        "font-size:calc(1px - 1px)",
        "font:0/0 a",
        "line-height:0",
        "color:transparent",
        "color:#0000",
        "color:rgb(0 0 0/0)",
        "color:color-mix(in srgb,red,transparent)",
        "letter-spacing:-9px",
        "pointer-events:none",
        "transform:scale(0)",
        "filter:opacity(0)",
        "width:0",
        "max-height:0",
        "position:absolute",
    ],
)
def test_hiding_needs_a_class_and_spares_what_is_protected_and_all_around_it(declaration):
    for selector in (
        "*",
        "body",
        "html",
        ":root",
        "header",
        "button",
        "[role=dialog]",
        ":is(.a)",
        ".a *",
        "#x",
        "p::before",
    ):
        assert "class" in messages(f"{selector}{{{declaration}}}")[0]
    for selector in (".close", ".a .consent-box", "#protected .a", ":not(.notice).a"):
        assert messages(f"{selector}{{{declaration}}}") == [
            "The close button, the consent and the automation notice always stay as they are."
        ]
    assert kept(f".avatar{{{declaration}}}").startswith(f".avatar{AWAY} {{ ")


def test_protected_elements_cannot_be_named():
    for selector in (
        "[data-protected]",
        "[DATA-PROTECTED]",
        "p [data-protected]",
        ":is([data-protected])",
        ".a:not([data-protected])",
    ):
        assert sanitize(f"{selector}{{color:red}}").css == ""
        assert len(messages(f"{selector}{{color:red}}")) == 1


def test_a_guard_from_outside_is_only_taken_in_its_own_words():
    assert kept(f".a{AWAY}{{color:red}}") == f".a{SPARED} {{ color: red }}"
    assert kept(f".a{SPARED}{{display:none}}") == f".a{AWAY} {{ display: none }}"


def test_one_bad_selector_or_declaration_does_not_take_the_others_along():
    sanitized = sanitize(".a, :has(x), .b { color: red; behavior: none; margin: 0 }")
    assert sanitized.css == f".a{SPARED}, .b{SPARED} {{ color: red; margin: 0 }}\n"
    assert len(sanitized.problems) == 2


def test_a_problem_stands_at_its_line():
    css = "p { color: red }\r\n\n/* x\n*/ .a {\n  color: red;\n  behavior: none;\n}\n"
    css += "@import 'x';\n:has(p) { color: red }\n"
    problems = sanitize(css).problems
    assert [problem.line for problem in problems] == [6, 8, 9]
    assert problems[0].message == "The property “behavior” cannot be used here."


def test_too_long_a_sheet_is_refused_as_a_whole():
    assert sanitize("p{color:red}" + " " * MAX_SIZE).css == ""
    assert messages("p{color:red}" + " " * MAX_SIZE) == ["This is too long: at most 50 KB can be kept."]
    assert kept(" " * MAX_SIZE) == ""


def assert_settled(css):
    first = sanitize(css)
    second = sanitize(first.css)
    assert second.css == first.css
    assert second.problems == []
    return first.css


HOSTILE = [
    "(" * 50_000,
    "{" * 50_000,
    "a{" * 25_000,
    "@media(hover){" * 3_500,
    "/*" * 25_000,
    "\\" * 50_000,
    "a{width:" + "calc(" * 9_000,
    "'" * 50_000,
    ":not(" * 9_000,
    "[a" * 20_000,
    "." + "a" * 60 + "{" + "color:red;width:4px;" * 2_400 + "}",
    ".a," * 16_000 + "a{color:red}",
    ".a" * 25_000 + "{color:red}",
    "p{line-height:" + "9" * 20_000 + "}",
    "p:nth-child(" + "9" * 20_000 + "n){color:red}",
    "a{color:red}" * 4_000,
    "p{b:c}" * 8_000,
]


@pytest.mark.parametrize("css", HOSTILE)
def test_hostile_sheets_take_bounded_time_and_settle(css):
    started = time.process_time()
    assert_settled(css)
    assert time.process_time() - started < 4


SELECTORS = [
    "p",
    "*",
    ".a",
    ".b",
    "#c",
    ":hover",
    "::before",
    ":not(.a)",
    ":is(p,.a)",
    ":nth-child(2n)",
    "[role=x]",
    SPARED,
    AWAY,
]
SELECTORS += [" ", ">", "+", ",", ":has(", ":not(", ")", "[data-protected]", "html", "\\", "|", "&", "::"]
VALUES = [
    "red",
    "0",
    "4px",
    "32.00001px",
    "-.00001em",
    "50%",
    ".49999",
    "#fff",
    "'x'",
    "url(x)",
    "var(--x)",
    "calc(1px + 2px)",
    "scale(.5)",
]
VALUES += [
    "none",
    "fixed",
    "absolute",
    "transparent",
    "rgb(0 0 0/49.999%)",
    "1e3px",
    "10s",
    "/",
    ",",
    "!important",
    "\ud800",
    "\0",
    "(",
    "}",
]
PROPERTIES = [
    "color",
    "display",
    "opacity",
    "padding",
    "margin",
    "font",
    "font-size",
    "width",
    "transform",
    "--x",
    "content",
    "animation",
]
PROPERTIES += [
    "position",
    "z-index",
    "box-shadow",
    "behavior",
    "filter",
    "line-height",
    "grid-template-columns",
    "transition",
    "border",
]
DECLARATION = st.tuples(st.sampled_from(PROPERTIES), st.lists(st.sampled_from(VALUES), max_size=4).map(" ".join)).map(
    ":".join
)
RULE = st.tuples(
    st.lists(st.sampled_from(SELECTORS), min_size=1, max_size=5).map("".join),
    st.lists(DECLARATION, max_size=4).map(";".join),
).map(lambda parts: f"{parts[0]}{{{parts[1]}}}")
HEADS = [
    "@media (hover){",
    "@keyframes x{",
    "@supports (color:red){",
    "}",
    "@import 'x';",
    "<!--",
    "-->",
    "</style>",
    "/*",
    "*/",
    "\n",
]
SHEET = st.lists(st.one_of(RULE, st.sampled_from(HEADS), st.text(max_size=8)), max_size=6).map("".join)


@settings(max_examples=300, deadline=None)
@given(SHEET)
def test_what_comes_out_is_settled_guarded_and_harmless(css):
    written = assert_settled(css)
    assert not re.search(r"url|expression|behavior|fixed|<|-->|\\|@import", written)
    for rule in _style_rules(tinycss2.parse_stylesheet(written, skip_whitespace=True)):
        selectors = tinycss2.serialize(rule.prelude)
        guards = selectors.count(SPARED) + selectors.count(AWAY)
        assert guards >= 1
        if re.search(r"display|opacity|position|transform|visibility", tinycss2.serialize(rule.content)):
            assert SPARED not in selectors


def _style_rules(nodes):
    for node in nodes:
        assert node.type in ("qualified-rule", "at-rule", "whitespace")
        if node.type == "qualified-rule":
            yield node
        elif node.type == "at-rule" and node.lower_at_keyword != "keyframes":
            yield from _style_rules(tinycss2.parse_rule_list(node.content, skip_whitespace=True))


@pytest.mark.parametrize("word", ["fixed", "FIXED", "url", "expression", "behavior"])
def test_words_that_mean_more_elsewhere_are_no_values(word):
    found = sanitize(f"p{{color:{word}}}")
    assert "color" not in found.css
    assert found.problems
