"""Where the line lies between an answer and a guess, for one agent's knowledge.

A score means something else on every site: fifty entries about bank cards resemble each other more than three about a
bakery. So single sentences of each answer are put, like questions, to all the *other* entries: what they score there
is what something scores that nobody has written an entry for, and the line is drawn by that.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np

# Of the neighbour scores the lower ones tell how alike a site's entries are; the upper ones are its near duplicates.
QUANTILE = 0.3
# With so many phrasings an entry, half the caution is reached.
USUAL_PHRASINGS = 3


@dataclass(frozen=True)
class Calibration:
    """Two lines on the scale of scores, and what they were drawn from."""

    method: str
    answer_from: float
    suggest_from: float
    spread: float
    entries: int
    sampled: int
    neighbour_score: float

    def confidence(self, score: float) -> float:
        """Return how sure an answer with this score is, from 0 to 1; one half is the line."""
        return 1 / (1 + math.exp(max(-60.0, min(60.0, (self.answer_from - score) / self.spread))))

    def as_dict(self) -> dict[str, float | int | str]:
        """Return all of it in plain values, for storing and showing."""
        return asdict(self)


@dataclass(frozen=True)
class Method:
    """How lines follow from neighbour scores; the numbers were fitted (docs/answering-measurements.md)."""

    name: str
    base: float
    slope: float
    # Below the line, titles are offered as far as the band reaches, but never below the least.
    band: float
    least: float
    spread: float
    # What neighbours score on an average small site, believed as if this many entries had said so.
    usual_neighbour: float
    belief: float
    # Each further wording of an entry is one more chance to be hit by accident. Where there are many, right matches
    # score so high that a higher line costs few of them.
    caution: float

    def calibrate(self, neighbour_scores: Sequence[float], *, entries: int, phrasings: int = 0) -> Calibration:
        """Draw the lines for a site.

        Args:
            neighbour_scores: for each entry looked at, what its own sentences score among the others.
            entries: how many there are in all.
            phrasings: how many other ways to ask they have in all.
        """
        sampled = len(neighbour_scores)
        seen = float(np.quantile(neighbour_scores, QUANTILE)) if sampled else self.usual_neighbour
        neighbour = (seen * sampled + self.usual_neighbour * self.belief) / (sampled + self.belief)
        average_line = self.base + self.slope * neighbour
        answer_from = average_line + self.caution * phrasings / (phrasings + USUAL_PHRASINGS * entries + 1)
        return Calibration(
            method=self.name,
            answer_from=round(answer_from, 4),
            suggest_from=round(max(self.least, average_line - self.band), 4),
            spread=self.spread,
            entries=entries,
            sampled=sampled,
            neighbour_score=round(neighbour, 4),
        )


BY_MEANING = Method(
    name="meaning and full text",
    base=0.37,
    slope=0.8,
    band=0.43,
    least=0.3,
    spread=0.08,
    usual_neighbour=0.22,
    belief=2.0,
    caution=0.07,
)
BY_WORDS = Method(
    name="full text alone",
    base=0.38,
    slope=0.6,
    band=0.4,
    least=0.18,
    spread=0.12,
    usual_neighbour=0.4,
    belief=5.0,
    caution=0.0,
)
