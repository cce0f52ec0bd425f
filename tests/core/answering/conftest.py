from collections.abc import Sequence

import numpy as np
import pytest

from core.answering import Entry, Index
from gateways import embeddings


class WordCounter:
    """An embedder that needs no model: texts with the same words are close, and it counts what it is asked for."""

    name = "word-counter"
    dimensions = 256

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        self.texts += texts
        rows = np.full((len(texts), self.dimensions), 1e-4, np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().replace("?", " ").replace(".", " ").split():
                row[sum(place * letter for place, letter in enumerate(word.encode(), 1)) % self.dimensions] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def word_counter() -> WordCounter:
    return WordCounter()


@pytest.fixture(scope="session")
def model() -> embeddings.Embedder:
    """The real thing: it is a requirement, so it must be there."""
    loaded = embeddings.load()
    assert loaded is not None
    return loaded


def site(*pairs: tuple[str, str]) -> list[Entry]:
    return [Entry(str(number), question, answer) for number, (question, answer) in enumerate(pairs)]


SHOP = site(
    ("How long does delivery take?", "Orders arrive within 3 to 5 working days."),
    ("How can I return an item?", "Send it back within 30 days with the return label from your account."),
    ("Which payment methods do you accept?", "Visa, Mastercard, PayPal and Apple Pay."),
)


@pytest.fixture(scope="session")
def shop(model: embeddings.Embedder) -> Index:
    return Index.build(SHOP, model)


@pytest.fixture(scope="session")
def shop_by_words() -> Index:
    return Index.build(SHOP, None)
