"""Which pages of a website are read, and how often."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from core import page_patterns
from core.errors import Invalid
from core.texts import clean_line
from models.knowledge import Source, SourceKind

MOST_PAGES = 2_000
USUAL_PAGES = 500
MOST_PATTERNS = 50
EVERY_HOURS = (24, 24 * 7, 24 * 30)
"""How often a website may be read again."""
WEB = (SourceKind.PAGE, SourceKind.SITEMAP, SourceKind.SITE)
_LONGEST_PATTERN = 300


@dataclass(frozen=True)
class Rules:
    """Which pages of a website are read: patterns such as `/help/*`, and how many pages at most."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    most_pages: int = USUAL_PAGES

    @classmethod
    def of(cls, source: Source) -> "Rules":
        kept = source.settings
        return cls(
            tuple(kept.get("include", ())), tuple(kept.get("exclude", ())), int(kept.get("most_pages", USUAL_PAGES))
        )

    def checked(self) -> "Rules":
        """The same, tidied.

        Raises:
            Invalid: saying which pattern cannot be used and why.
        """
        tidy = replace(self, include=_patterns(self.include), exclude=_patterns(self.exclude))
        if not 1 <= self.most_pages <= MOST_PAGES:
            raise Invalid(f"Read between 1 and {MOST_PAGES:,} pages.")
        return tidy

    def kept(self) -> dict[str, Any]:
        return {"include": list(self.include), "exclude": list(self.exclude), "most_pages": self.most_pages}


def next_reading(source: Source, *, after: datetime) -> datetime | None:
    """When a source that was read at this moment is to be read again."""
    return after + timedelta(hours=source.read_every_hours) if source.read_every_hours else None


def _patterns(patterns: Sequence[str]) -> tuple[str, ...]:
    tidy = tuple(dict.fromkeys(filter(None, map(clean_line, patterns))))
    if len(tidy) > MOST_PATTERNS:
        raise Invalid(f"Write at most {MOST_PATTERNS} patterns.")
    for pattern in tidy:
        problem = page_patterns.problem_with(pattern)
        if problem or len(pattern) > _LONGEST_PATTERN:
            raise Invalid(problem or f"This pattern is too long: {pattern[:60]}…")
    return tidy
