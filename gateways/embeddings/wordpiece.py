"""The tokenizer of uncased BERT models, exactly as they were trained with it.

Source: Devlin et al. 2018, the `BasicTokenizer` and `WordpieceTokenizer` of google-research/bert.
Special tokens are added by us alone: "[CLS]" typed by a customer is five ordinary characters.
"""

import unicodedata
from collections.abc import Iterator, Mapping

LONGEST_WORD = 100
IDEOGRAPHS = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B920, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


class WordPiece:
    """Turns text into the numbers of a vocabulary, longest known piece first."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        self._vocabulary = vocabulary
        self._start, self._end = vocabulary["[CLS]"], vocabulary["[SEP]"]
        self._unknown = vocabulary["[UNK]"]

    def __contains__(self, word: str) -> bool:
        return word in self._vocabulary

    def encode(self, text: str, *, limit: int) -> list[int]:
        """Return the token numbers of the text between the two marks of the model.

        Args:
            text: anything; what the model has no letters for becomes "unknown".
            limit: the most numbers to return, both marks included; the end of a longer text is dropped.
        """
        numbers = [self._start]
        for word in words(text):
            numbers.extend(self._pieces(word))
            if len(numbers) >= limit - 1:
                break
        return [*numbers[: limit - 1], self._end]

    def _pieces(self, word: str) -> list[int]:
        if len(word) > LONGEST_WORD:
            return [self._unknown]
        pieces: list[int] = []
        start = 0
        while start < len(word):
            piece, start = self._longest_piece(word, start)
            if piece is None:
                return [self._unknown]
            pieces.append(piece)
        return pieces

    def _longest_piece(self, word: str, start: int) -> tuple[int | None, int]:
        prefix = "##" if start else ""
        for end in range(len(word), start, -1):
            piece = self._vocabulary.get(prefix + word[start:end])
            if piece is not None:
                return piece, end
        return None, start


def words(text: str) -> Iterator[str]:
    """Yield lower-case words without accents; each punctuation mark and ideograph is a word of its own."""
    for chunk in _normalised(text).split():
        word = ""
        for character in chunk:
            if _is_punctuation(character):
                if word:
                    yield word
                yield character
                word = ""
            else:
                word += character
        if word:
            yield word


def _normalised(text: str) -> str:
    spaced = "".join(_cleaned(character) for character in text)
    unaccented = "".join(
        character for character in unicodedata.normalize("NFD", spaced) if unicodedata.category(character) != "Mn"
    )
    return unaccented.lower()


def _cleaned(character: str) -> str:
    if character in "\t\n\r":
        return " "
    if character == "\ufffd" or unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs"}:
        return ""
    if _is_ideograph(character):
        return f" {character} "
    return character


def _is_ideograph(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in IDEOGRAPHS)


def _is_punctuation(character: str) -> bool:
    if character.isascii():
        return not character.isalnum() and character.isprintable() and character != " "
    return unicodedata.category(character).startswith("P")
