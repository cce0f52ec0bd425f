"""The words of a mail to a customer, in the language of their chat."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date
from markupsafe import Markup

from core import attachments, return_links, rich_text, widget_configs, widget_words
from core.letters.leaving import Outgoing
from models.conversations import Conversation, Message

ABOVE = "##-"
"""How the line begins and, turned round, ends below which nothing of an answer is read."""


@dataclass(frozen=True)
class Line:
    """One message, in words."""

    who: str
    text: str
    html: Markup
    """Safe by the contract of `rich_text`."""
    files: Sequence[str]


@dataclass(frozen=True)
class Words:
    """All that a mail says beside its links."""

    language: str
    is_right_to_left: bool
    sender: str
    subject: str
    above: str
    intro: str
    lines: Sequence[Line]
    files_label: str
    open_chat: str
    answer: str
    link: str
    why: str
    stop: str


def words_of(outgoing: Outgoing, *, now: datetime) -> Words:
    """What a mail says; texts of what it cannot offer are empty."""
    conversation = outgoing.conversation
    speaker = Speaker(conversation)
    until = format_date((now + return_links.LIFETIME).date(), format="long", locale=speaker.language)
    subject = speaker.say("letter_subject", name=speaker.name)
    return Words(
        language=speaker.language,
        is_right_to_left=widget_words.is_rtl(speaker.language),
        sender=speaker.name,
        # An answer keeps the subject, and mail programs look at it as well as at what it refers to.
        subject=f"Re: {subject}" if outgoing.references else subject,
        above=f"{ABOVE} {speaker.say('letter_above')} {ABOVE[::-1]}" if outgoing.answer_to else "",
        intro=speaker.say("letter_intro"),
        lines=[_line(message, speaker) for message in outgoing.messages],
        files_label=speaker.say("transcript_files"),
        open_chat=speaker.say("letter_open"),
        answer=speaker.say("letter_answer") if outgoing.answer_to else "",
        link=speaker.say("letter_link", date=until) if outgoing.secret else "",
        why=speaker.say("letter_why", place=speaker.place),
        stop=speaker.say("letter_stop"),
    )


class Speaker:
    """Speaks to the customer of a conversation, in its language and with the words of its owner."""

    def __init__(self, conversation: Conversation) -> None:
        config, _version = widget_configs.published(conversation.agent)
        self.language = conversation.language
        self.name = widget_configs.name_in(config, self.language)
        self.place = conversation.origin.partition("://")[2] or self.name
        self._own = config.words

    def say(self, key: str, **values: object) -> str:
        return widget_words.say(self.language, key, own=self._own, **values)


def _line(message: Message, speaker: Speaker) -> Line:
    html = Markup(rich_text.to_html(message.text))  # noqa: S704 - what `rich_text` made is safe by its contract
    name = message.teammate.name if message.teammate else speaker.name
    return Line(name, rich_text.to_text(message.text), html, attachments.names_in(message))
