"""What an embedder promises, so that another model can take the place of the built-in one."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors whose dot product says how close their meanings are."""

    @property
    def name(self) -> str:
        """Names the model; vectors of two names must never be compared."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one row of length 1 (L2) for each text, in their order."""


@runtime_checkable
class Lexicon(Protocol):
    """What an embedder may offer besides: telling words from slips of the finger."""

    def knows(self, word: str) -> bool:
        """Return whether the lower-case word is a word of the embedder's language."""
