"""What a person needs to know who comes into a conversation: in a few lines, from what is kept already masked."""

from sqlalchemy import select

from core import page_contexts
from core.conversations.finding import last_words_of_customer
from core.privacy import mask
from core.texts import clean_line
from models import db
from models.conversations import Answer, Conversation, Message, Outcome

LONGEST = 700
_MOST_SAID = 3
_LONGEST_SAID = 140

_BECAME = {
    Outcome.UNANSWERED: "The agent did not know an answer.",
    Outcome.SUGGESTED: "The agent was not sure and offered other questions.",
    Outcome.ANSWERED: "The agent had given an answer.",
}


def told_by_model(text: object) -> str:
    """A model's summary, as plain text within bounds; it is shown as the model's and obeyed by nobody."""
    return mask(clean_line(str(text or ""))[:LONGEST]).text[:LONGEST].strip()


def of(conversation: Conversation) -> str:
    """What was asked last, what became of it, and where the customer is."""
    said = last_words_of_customer(conversation, most=_MOST_SAID)
    lines = ["; then ".join(f"“{_short(message.text)}”" for message in said)] if said else []
    became = _became(conversation)
    context = page_contexts.of(conversation)
    if became:
        lines.append(became)
    if context.title or context.address:
        lines.append(f"On the page {context.title or context.address}.")
    if context.cart:
        lines.append(f"In the cart: {context.cart}.")
    return " ".join(lines)[:LONGEST]


def _became(conversation: Conversation) -> str:
    outcome = db.session.scalar(
        select(Answer.outcome)
        .join(Message, Message.id == Answer.message_id)
        .where(Answer.conversation_id == conversation.id, Answer.outcome.in_(_BECAME))
        .order_by(Message.seq.desc())
        .limit(1)
    )
    return _BECAME[outcome] if outcome else ""


def _short(text: str) -> str:
    line = clean_line(text)
    return line if len(line) <= _LONGEST_SAID else f"{line[: _LONGEST_SAID - 1].rstrip()}…"
