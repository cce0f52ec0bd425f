"""Where the sentences of an answer begin and end."""

import re
from collections.abc import Iterator

# Articles read from pages often lost the space after a full stop ("… a week.Refunds are …").
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[^a-z\s])|(?<=[a-z)][.!?])(?=[A-Z][a-z])|\s*\n\s*|(?<=[。！？])")
# Half a table or half a code block is none: such texts are cut between paragraphs alone.
_UNBREAKABLE = re.compile(r"^\s*(?:\||```|~~~)", re.MULTILINE)
# The number of a list's item ends no sentence: "1. Pull the plug."
_NUMBER_OF_ITEM = re.compile(r"(?:^|\n)[ \t]*\d{1,3}[.)]$")
_BETWEEN_PARAGRAPHS = re.compile(r"\s*\n\s*\n\s*")


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence, list item or heading; of each paragraph where there are tables or code."""
    between = _BETWEEN_PARAGRAPHS if _UNBREAKABLE.search(text) else _BETWEEN_SENTENCES
    start = 0
    for gap in between.finditer(text):
        if _NUMBER_OF_ITEM.search(text[max(0, gap.start() - 8) : gap.start()]):
            continue
        if gap.start() > start:
            yield start, gap.start()
        start = gap.end()
    if start < len(text):
        yield start, len(text)
