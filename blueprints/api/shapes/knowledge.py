"""What an agent knows, as programs know it."""

import uuid
from typing import Annotated, Literal

from pydantic import Field

from blueprints.api.shapes.base import Listed, Moment, PageQuery, Shape
from core.knowledge import wording
from core.sources import handing_in, rules
from models.knowledge import Entry, Source

Question = Annotated[str, Field(min_length=1, max_length=wording.LONGEST_QUESTION)]
Answer = Annotated[str, Field(min_length=1, max_length=wording.LONGEST_ANSWER, description="Markdown.")]
Phrasings = Annotated[
    list[Question], Field(max_length=wording.MOST_PHRASINGS, description="Other ways in which customers ask this.")
]
Hours = Annotated[
    Literal[24, 168, 720] | None, Field(description="After how many hours it is read again; null: only when asked.")
]
Patterns = Annotated[
    list[Annotated[str, Field(min_length=1, max_length=300)]],
    Field(max_length=rules.MOST_PATTERNS, description="Paths such as `/help/*`."),
]


class EntryShown(Shape):
    """A question and its answer, or a part of a page that was read."""

    id: uuid.UUID
    external_id: str | None
    question: str
    answer: str
    phrasings: list[str]
    language: str | None
    link: str | None
    is_read: Annotated[bool, Field(description="Whether it was read in a source, and is changed there.")]
    is_archived: bool
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, entry: Entry) -> "EntryShown":
        return cls(
            id=entry.id,
            external_id=entry.external_id,
            question=entry.question,
            answer=entry.answer,
            phrasings=[phrasing.text for phrasing in entry.phrasings],
            language=entry.language,
            link=entry.link,
            is_read=entry.page_id is not None,
            is_archived=entry.archived_at is not None,
            created_at=entry.created_at,
            updated_at=entry.updated_at,
        )


class EntryPage(Listed):
    """Entries, the newest first."""

    data: list[EntryShown]


class EntryQuery(PageQuery):
    """Which entries."""

    origin: (
        Annotated[Literal["written", "read"], Field(description="Written by somebody, or read in a source.")] | None
    ) = None
    external_id: Annotated[str, Field(max_length=wording.LONGEST_ID)] | None = None


class NewEntry(Shape):
    """A question and its answer."""

    question: Question
    answer: Answer
    phrasings: Phrasings = Field(default_factory=list)
    external_id: (
        Annotated[
            str,
            Field(min_length=1, max_length=wording.LONGEST_ID, description="Its name at the site; each is there once."),
        ]
        | None
    ) = None


class ChangedEntry(Shape):
    """What is to be changed; what is left out stays."""

    question: Question | None = None
    answer: Answer | None = None
    phrasings: Phrasings | None = None
    is_archived: Annotated[bool, Field(description="Archived, the agent does not use it.")] | None = None


class SourceShown(Shape):
    """A place that an agent has read."""

    id: uuid.UUID
    kind: Literal["page", "sitemap", "site", "file", "text"]
    title: str
    address: str | None
    read_every_hours: int | None
    is_being_read: bool
    entries: Annotated[int, Field(description="How many entries came of it.")]
    problem: str | None
    created_at: Moment
    read_at: Moment | None
    next_read_at: Moment | None

    @classmethod
    def of(cls, source: Source, *, entries: int, is_being_read: bool) -> "SourceShown":
        return cls(
            id=source.id,
            kind=source.kind.value,
            title=source.title,
            address=source.address,
            read_every_hours=source.read_every_hours,
            is_being_read=is_being_read,
            entries=entries,
            problem=source.problem,
            created_at=source.created_at,
            read_at=source.read_at,
            next_read_at=source.next_read_at,
        )


class SourcePage(Listed):
    """Sources, the newest first."""

    data: list[SourceShown]


class NewSource(Shape):
    """A place to read: a page, a sitemap or a whole website by its address, or a text."""

    kind: Literal["page", "sitemap", "site", "text"]
    title: Annotated[str, Field(max_length=200)] = ""
    address: Annotated[str, Field(max_length=2_000, description="Of all kinds but `text`.")] | None = None
    text: (
        Annotated[str, Field(max_length=handing_in.LONGEST_TEXT, description="Of the kind `text`: Markdown.")] | None
    ) = None
    read_every_hours: Hours = None
    include: Patterns = Field(default_factory=list)
    exclude: Patterns = Field(default_factory=list)
    most_pages: Annotated[int, Field(ge=1, le=rules.MOST_PAGES)] = rules.USUAL_PAGES
