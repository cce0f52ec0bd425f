"""What a model is told, and what of its words a customer sees."""

import time
from urllib.parse import urlsplit

import pytest

from core.grounding import Source, Turn, cited, hosts_of, prompt, shown
from core.rich_text import links_in

SOURCES = [
    Source("a", "Shipping", "We ship on Mondays. See https://shop.example/shipping."),
    Source("b", "Returns", "30 days."),
]
HOSTS = frozenset({"shop.example"})


def test_the_model_is_told_the_sources_and_nothing_private():
    system, *turns = prompt(
        name="Lumi",
        business="Lantern & Loom",
        sources=SOURCES,
        history=[Turn(True, "My card is 4111 1111 1111 1111"), Turn(False, "Please keep that to yourself.")],
        question="I am jo@example.com. When do you ship?",
    )
    assert system["role"] == "system"
    assert "[1] Shipping\nWe ship on Mondays." in system["content"]
    assert "[2] Returns" in system["content"]
    assert [turn["role"] for turn in turns] == ["user", "assistant", "user"]
    told = " ".join(turn["content"] for turn in turns)
    assert "4111" not in told
    assert "jo@example.com" not in told
    assert "When do you ship?" in told


def test_marks_of_citation_are_taken_out_as_the_words_come():
    whole = "On Mondays [1], and [see] on Fridays [2][1]."
    for length in range(len(whole)):
        so_far = shown(whole[:length], hosts=HOSTS)
        assert "[1" not in so_far
        assert shown(whole, hosts=HOSTS, is_whole=True).startswith(so_far)
    assert shown(whole, hosts=HOSTS, is_whole=True) == "On Mondays, and [see] on Fridays."


def test_cited_are_the_sources_that_there_are_each_once():
    assert cited("x [2] y [1][2] z [3] [0] [99]", SOURCES) == [SOURCES[1], SOURCES[0]]
    assert cited("x", SOURCES) == []


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("See [here](https://shop.example/a).", "See [here](https://shop.example/a)."),
        ("See https://shop.example/a.", "See https://shop.example/a."),
        ("See [here](https://evil.example/?q=secret).", "See here."),
        ("See [here](javascript:alert(1)).", "See here)."),
        ("See https://evil.example/a?b=c", "See evil.example/a?b=c"),
        ("See HTTPS://evil.example", "See evil.example"),
        ("See www.evil.example", "See evil.example"),
        ("![x](https://evil.example/p.png)", "x"),
        ("![x](https://shop.example/p.png)", "x"),
        ("See https://shop.example@evil.example/", "See shop.example@evil.example/"),
        ("See https://shop.example.evil.example/", "See shop.example.evil.example/"),
        ("[a](https://evil.example) [b](https://shop.example)", "a [b](https://shop.example)"),
        ("See http://http://evil.example/x", "See http//evil.example/x"),
        ("See http&#58;//evil.example/x", "See http#58;//evil.example/x"),
        (r"See http\://evil.example/x", "See http//evil.example/x"),
        ("See [a](http&#58;//evil.example)", "See a"),
        ("[a]\n\n[a]: http&#58;//evil.example", "a\n\na: http#58;//evil.example"),
        ("[[a](http://evil.example)](http://evil.example)", "[a](evil.example)"),
        (
            "Write to hello@shop.example & go to https://shop.example",
            "Write to hello@shop.example & go to https://shop.example",
        ),
    ],
)
def test_links_lead_only_where_the_sources_lead(said, seen):
    words = shown(said, hosts=HOSTS, is_whole=True)
    assert words == seen
    assert {urlsplit(address).hostname for address in links_in(words) if "://" in address} <= HOSTS


@pytest.mark.parametrize("piece", ["[](", "[", "![](", "[a](b", "http://", "https://shop.example ", "www.", "&#"])
def test_words_made_to_keep_the_server_busy_are_looked_at_quickly(piece):
    text = piece * (16_000 // len(piece))
    started = time.process_time()
    shown(text, hosts=HOSTS)
    assert time.process_time() - started < 1


def test_hosts_are_those_of_what_can_be_trusted():
    texts = ["See https://a.example/x and http://b.example:8080.", "mailto:x@c.example", "https://d.example@e.example"]
    assert hosts_of(texts) == {"a.example", "b.example"}
