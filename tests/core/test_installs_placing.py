"""What of ours stands on a page, and that what is to be put there is whole in the form of each platform."""

import subprocess

import pytest

from core import installs
from core.installs import snippet_forms
from core.installs.pages import read_page
from core.installs.placing import placed_on

HOST = "https://chat.example"
AGENT, OTHER = "A" * 22, "b-_" + "C" * 33
SNIPPETS = installs.Snippets(AGENT, HOST)


def placed(body):
    page = read_page("https://shop.example/", {"content-type": "text/html"}, body.encode())
    found = placed_on(page, AGENT, HOST)
    return (len(found.right), len(found.elsewhere), found.others, found.is_framed)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f'<script src="{HOST}/widget/{AGENT}.js"></script>', (1, 0, (), False)),
        (f'<script src="{HOST}/widget/{AGENT}.js?v=2#x"></script>', (1, 0, (), False)),
        (f'<script src="{HOST}/widget.js" data-agent="{AGENT}"></script>', (1, 0, (), False)),
        (
            f'<script src="{HOST}/widget.js"></script><script>boot({{"agentId": "{AGENT}"}})</script>',
            (1, 0, (), False),
        ),
        # An address that only begins like ours is somebody else's.
        (f'<script src="{HOST}.evil.example/widget/{AGENT}.js"></script>', (0, 1, (), False)),
        (f'<script src="/widget/{AGENT}.js"></script>', (0, 1, (), False)),
        (f'<script src="{HOST}/widget/{OTHER}.js"></script>', (0, 0, (OTHER,), False)),
        (f'<script src="https://elsewhere.example/widget/{OTHER}.js"></script>', (0, 0, (), False)),
        (f'<script src="{HOST}/widget/short.js"></script>', (0, 0, (), False)),
        (f'<script src="{HOST}/widget.js"></script><script>agentId: "short"</script>', (0, 0, (), False)),
        (f'<iframe src="{HOST}/chat/{AGENT}/"></iframe>', (0, 0, (), True)),
        (f'<iframe src="{HOST}/widget/{OTHER}?mode=inline"></iframe>', (0, 0, (OTHER,), False)),
        (f'<iframe src="{HOST}.evil.example/chat/{AGENT}"></iframe>', (0, 0, (), False)),
        (f'<iframe src="{HOST}/widget/{AGENT}/messages"></iframe>', (0, 0, (), False)),
    ],
)
def test_ours_is_told_from_what_looks_like_it(body, expected):
    assert placed(body) == expected


def test_what_a_frame_is_kept_from_is_told_of_the_right_one_alone():
    body = "".join(
        f'<iframe src="{HOST}/chat/{agent}" sandbox="{tokens}"></iframe>'
        for agent, tokens in ((AGENT, "allow-scripts"), (OTHER, ""))
    )
    page = read_page("https://shop.example/", {"content-type": "text/html"}, body.encode())
    assert placed_on(page, AGENT, HOST).sandboxes == ("allow-scripts",)


@pytest.mark.parametrize(
    "form", [snippet_forms.next_js, snippet_forms.react, snippet_forms.nuxt, snippet_forms.react_native]
)
def test_what_developers_paste_is_a_whole_program(form):
    code = form(SNIPPETS)
    told = subprocess.run(
        ["node_modules/.bin/esbuild", "--loader=tsx", "--jsx=preserve"],
        input=code,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.count(SNIPPETS.loader) + told.stdout.count(SNIPPETS.link) == 1


@pytest.mark.parametrize("form", [snippet_forms.swift, snippet_forms.kotlin, snippet_forms.flutter])
def test_what_apps_paste_closes_what_it_opens(form):
    code = form(SNIPPETS)
    for opening, closing in ("{}", "()", "[]"):
        assert code.count(opening) == code.count(closing)
    assert "{{" not in code.replace("({super", "")
    assert code.count(SNIPPETS.link) == 1
