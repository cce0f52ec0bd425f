"""Where the sentences of an answer begin and end."""

import re
from collections.abc import Iterator

# Articles read from pages often lost the space after a full stop ("… a week.Refunds are …").
_BETWEEN_SENTENCES = re.compile(r"(?<=[.!?])\s+(?=[^a-z\s])|(?<=[a-z)][.!?])(?=[A-Z][a-z])|\s*\n\s*|(?<=[。！？])")
# Half a table or half a code block is none: such texts are cut between paragraphs alone.
_UNBREAKABLE = re.compile(r"^\s*(?:\||```|~~~)", re.MULTILINE)
_BETWEEN_PARAGRAPHS = re.compile(r"\s*\n\s*\n\s*")


def sentence_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence, list item or heading; of each paragraph where there are tables or code."""
    between = _BETWEEN_PARAGRAPHS if _UNBREAKABLE.search(text) else _BETWEEN_SENTENCES
    start = 0
    for gap in between.finditer(text):
        if gap.start() > start:
            yield start, gap.start()
        start = gap.end()
    if start < len(text):
        yield start, len(text)
