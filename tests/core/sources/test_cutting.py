"""Pages cut into parts by their headings."""

import time

import pytest

from core.sources.cutting import cut

ADDRESS = "https://shop.example/help"


def _cut(markdown, title="Help", address=ADDRESS):
    return cut(markdown, title, address)


def test_each_heading_makes_a_part_with_its_path_and_link():
    parts = _cut("# Help\nHello.\n\n## Delivery\n\n### Costs\nFree from 50 €.\n\n## Returns\n30 days.")
    assert [(part.title_path, part.question, part.text, part.link) for part in parts] == [
        ("Help", "Help", "Hello.", ADDRESS),
        ("Help › Delivery › Costs", "Delivery: Costs", "Free from 50 €.", ADDRESS),
        ("Help › Returns", "Help: Returns", "30 days.", ADDRESS),
    ]


def test_a_heading_that_is_a_question_is_asked_as_it_stands():
    [part] = _cut("## How much is it?\n5 €")
    assert part.question == "How much is it?"


@pytest.mark.parametrize(
    "markdown",
    [
        "Delivery\n========\nTwo days.",
        "Delivery\n---\nTwo days.",
        "**Delivery**\n\nTwo days.",
        "__Delivery:__\n\nTwo days.",
    ],
)
def test_underlined_and_bold_lines_are_headings(markdown):
    [part] = _cut(markdown)
    assert (part.title_path, part.text) == ("Help › Delivery", "Two days.")


def test_bold_within_a_paragraph_or_a_list_is_no_heading():
    [part] = _cut("One.\n**Two**\nThree.\n\n- **Four**\n\n**Five** and more.")
    assert part.title_path == "Help"


def test_a_heading_within_code_is_none():
    [part] = _cut("```sh\n# install\nnpm\n\n```\nDone.")
    assert part.text == "```sh\n# install\nnpm\n\n```\nDone."


def test_headings_lose_their_marks_and_links():
    [part] = _cut("## **Our** [`returns` page](https://elsewhere.example/x) ##\nText.")
    assert part.title_path == "Help › Our returns page"


def test_keys_stay_while_the_headings_do():
    before = _cut("## One\nOld.\n\n## Two\nText.")
    after = _cut("## Zero\nNew.\n\n## One\nNew.\n\n## Two\nText.")
    assert [part.key for part in after[1:]] == [part.key for part in before]


def test_sections_of_the_same_name_have_keys_of_their_own():
    parts = _cut("## Costs\nOne.\n\n## Costs\nTwo.")
    assert len({part.key for part in parts}) == 2


def test_what_stands_twice_under_the_same_headings_is_one_part():
    parts = cut("# Sizes\n\nSmall.\n\n# Sizes\n\nSmall.\n\n# Sizes\n\nLarge.\n\n# Colours\n\nSmall.", "", "")
    assert [(part.title_path, part.text) for part in parts] == [
        ("Sizes", "Small."),
        ("Sizes", "Large."),
        ("Colours", "Small."),
    ]


def test_a_long_section_is_parted_between_paragraphs():
    paragraphs = [f"Paragraph {number}. " + "word " * 100 for number in range(8)]
    parts = _cut("## Long\n" + "\n\n".join(paragraphs))
    assert len(parts) > 1
    assert all(part.text.startswith("Paragraph") and len(part.text) <= 2_000 for part in parts)
    assert "\n\n".join(part.text for part in parts).split() == " ".join(paragraphs).split()


@pytest.mark.parametrize("text", ["x" * 30_000, "word " * 6_000, "One. " * 6_000])
def test_one_endless_paragraph_is_parted_too(text):
    parts = _cut(text)
    assert "".join("".join(part.text.split()) for part in parts) == "".join(text.split())
    assert all(len(part.text) <= 4_000 for part in parts)


def test_a_text_without_any_title_is_asked_by_its_beginning():
    [part] = _cut("We are open from nine to five.\nCome in.", title="", address="")
    assert (part.question, part.title_path, part.link) == ("We are open from nine to five.", "", None)


@pytest.mark.parametrize(
    ("title", "questions"),
    [
        ("Prices 2026 v3", ["Prices 2026", "Prices 2026: Lamps"]),
        ("Scan 0001", ["Lamp, Price", "Lamps"]),
        ("Opening hours", ["Opening hours", "Opening hours: Lamps"]),
    ],
)
def test_a_part_of_a_file_is_asked_by_what_customers_can_read(title, questions):
    parts = _cut("| Lamp | Price |\n| --- | --- |\n| Amber | 40 € |\n\n# Lamps\nOf glass.", title=title, address="")
    assert [part.question for part in parts] == questions
    assert [part.title_path for part in parts] == [title, f"{title} › Lamps"]


def test_the_parts_of_a_long_file_without_headings_are_told_apart_by_their_beginnings():
    text = "\n\n".join(f"Lamp number {number} is of glass. {'word ' * 200}" for number in range(4))
    first, *_, last = _cut(text, title="Lamps final (2)", address="")
    assert first.question.startswith("Lamps: Lamp number 0 is of glass.")
    assert last.question.startswith("Lamps: Lamp number 3 is of glass.")
    assert len(last.question) <= 120
    assert {part.question for part in _cut(text)} == {"Help"}, "a page's own title is one that people have written"


def test_headings_alone_are_no_knowledge():
    assert _cut("# One\n\n## Two\n\n   \n") == []
    assert _cut("") == []


def test_a_heading_of_any_length_is_a_question_that_fits():
    [part] = _cut(f"## {'word ' * 500}\nText.")
    assert len(part.question) <= 300
    assert len(part.title_path) <= 600


@pytest.mark.parametrize(
    "evil",
    [
        "#" * 500_000,
        "# \n" * 200_000,
        "**" * 250_000,
        "[" * 500_000,
        "```\n" * 150_000,
        "=\n" * 250_000,
        "a\n\n---\n" * 90_000,
    ],
)
def test_hostile_texts_take_no_longer_than_others(evil):
    started = time.process_time()
    _cut(evil)
    assert time.process_time() - started < 5
