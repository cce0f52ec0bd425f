"""Where the words stand that somebody has searched for: a piece of the newest text that holds them, with marks."""

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.inboxes.previews import preview_of
from core.inboxes.searching import words_in
from models import db
from models.conversations import Message, Sender
from models.customers import folded
from models.inbox import Note
from models.search_texts import SearchText

_BEFORE = 40
_LENGTH = 140
_MOST_TEXTS = 3_000
_SIGNS = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Found:
    """A piece of what was said or noted."""

    sender: Sender | None
    """None for a note."""
    name: str
    """Of the teammate; empty for others."""
    parts: Sequence[tuple[str, bool]]
    """The piece, cut where what was searched for begins and ends; each part with whether it is that."""


def found_texts(conversation_ids: Sequence[uuid.UUID], search: str) -> Mapping[uuid.UUID, Found]:
    """Of each conversation in which the words were said or noted, the newest text that holds them."""
    if not (words := words_in(search)):
        return {}
    texts = db.session.scalars(
        select(SearchText)
        .where(SearchText.conversation_id.in_(conversation_ids))
        .order_by(SearchText.id.desc())
        .limit(_MOST_TEXTS)
    )
    newest: dict[uuid.UUID, SearchText] = {}
    for text in texts:
        if text.conversation_id not in newest and _holds(text.words.split(), words):
            newest[text.conversation_id] = text
    sought = [word for word, _ in words]
    return {conversation_id: _found(said, sought) for conversation_id, said in _said(list(newest.values()))}


def _holds(words: Sequence[str], sought: Sequence[tuple[str, bool]]) -> bool:
    """As the database finds texts: asking it for these few again would have it look at all others, too."""
    return all(
        any(word.startswith(one) if is_beginning else word == one for word in words) for one, is_beginning in sought
    )


def _said(texts: Sequence[SearchText]) -> Iterator[tuple[uuid.UUID, Message | Note]]:
    messages = select(Message).where(Message.id.in_([text.message_id for text in texts if text.message_id]))
    notes = select(Note).where(Note.id.in_([text.note_id for text in texts if text.note_id]))
    for message in db.session.scalars(messages.options(joinedload(Message.teammate))):
        yield message.conversation_id, message
    for note in db.session.scalars(notes.options(joinedload(Note.teammate))):
        yield note.conversation_id, note


def _found(said: Message | Note, sought: Sequence[str]) -> Found:
    words = said.text if isinstance(said, Note) else preview_of(said)
    sender = said.sender if isinstance(said, Message) else None
    return Found(sender, said.teammate.name if said.teammate else "", list(_parts(" ".join(words.split()), sought)))


def _parts(text: str, sought: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """A piece of the text around the first match, in parts."""
    matches = list(_matches(text, sought))
    begin = max(0, matches[0][0] - _BEFORE) if matches and matches[0][0] > _LENGTH // 2 else 0
    end = min(len(text), begin + _LENGTH)
    place = begin
    yield ("…", False) if begin else ("", False)
    for first, last in matches:
        if first < place or last > end:
            continue
        yield text[place:first], False
        yield text[first:last], True
        place = last
    yield text[place:end] + ("…" if end < len(text) else ""), False


def _matches(text: str, sought: Sequence[str]) -> Iterator[tuple[int, int]]:
    for run in _SIGNS.finditer(text):
        word = folded(run.group())
        for one in sought:
            place = word.find(one)
            is_unspaced = not one.isascii() and place >= 0
            if word.startswith(one) or is_unspaced:
                # Folding may change how long a word is; then the whole word is marked.
                same = len(word) == len(run.group())
                yield (run.start() + place, run.start() + place + len(one)) if same else run.span()
                break
