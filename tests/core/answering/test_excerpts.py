from core.answering.excerpts import LONG, MOST, excerpt
from gateways.embeddings import Embedder

PARTS = [
    "## Sending things back",
    "You have 45 days to send back what you do not like, counted from the day it arrived at your door.",
    "## What it costs",
    "A return from inside the country is free of charge; the label lies in the box.",
    "From other countries you pay the postage yourself, and we pay back half of it as a voucher.",
    "## When the money comes",
    "The refund reaches your account within five working days after the parcel has come back to us.",
    "Banks sometimes take two days longer to show it, above all around holidays and at weekends.",
    "## What cannot come back",
    "Earrings, opened cosmetics and vouchers cannot be sent back, for reasons that the law gives.",
    "Things made to your own measure stay with you as well, unless something is wrong with them.",
]
ARTICLE = "\n\n".join(PARTS)


def test_the_part_that_fits_the_question_comes_first(model: Embedder):
    part = excerpt(ARTICLE, "When do I get my refund?", model)
    assert part is not None
    assert part.startswith("## When the money comes\n\nThe refund reaches your account")
    assert "Earrings" not in part
    assert part in ARTICLE
    assert len(part) <= MOST


def test_words_alone_find_it_too():
    assert "Earrings" in (excerpt(ARTICLE, "What about earrings?", None) or "")


def test_what_is_read_in_one_go_is_shown_whole(model: Embedder):
    assert len(ARTICLE) > LONG
    assert excerpt(ARTICLE[:LONG], "When do I get my refund?", model) is None


def test_one_endless_sentence_is_not_cut():
    assert excerpt("word " * 400, "word?", None) is None


def test_a_table_stays_whole():
    table = "| country | days |\n|---|---|\n| Spain | 4 |\n| France | 3 |"
    article = "\n\n".join([*PARTS[:8], table, *PARTS[8:]])
    part = excerpt(article, "How many days to Spain or France by country?", None)
    assert part is not None
    assert table in part


def test_headings_alone_are_no_answer():
    assert excerpt(
        "\n\n".join(f"# Chapter {number} of the long story about us" for number in range(40)), "story?", None
    )


def test_the_number_of_a_lists_item_stays_with_it():
    items = "\n".join(f"{number}. Try part {number}. It may be loose, so press it hard." for number in range(1, 12))
    part = excerpt(f"Do this in order:\n\n{items}\n\n{'Then call us. ' * 40}", "part 4", None) or ""
    assert part.startswith("4. Try part 4.")
    assert not part.splitlines()[-1].rstrip(".").isdigit()
