"""What is asked before a customer's first message: the form, and whether they agree to the consent line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import select

from core import customers, privacy_settings, profiles, widget_configs, widget_words
from core.errors import Invalid
from core.texts import clean_line
from core.widget_configs import WidgetConfig
from core.widget_configs.parts import Consent, Field
from models import db, transaction
from models.agents import Agent
from models.conversations import Conversation, Message, Sender
from models.customers import Customer, Standing

_LONGEST = 500
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}\.[^@\s.]{1,63}")
_PHONE = re.compile(r"\+?[\d\s().\-/]{5,32}")
_LEAST_DIGITS = 5


@dataclass(frozen=True)
class Asked:
    """What is still to be asked in a conversation."""

    intro: str = ""
    fields: tuple[Field, ...] = ()
    consent: Consent | None = None
    """The line that has to be agreed to."""

    @property
    def is_anything(self) -> bool:
        return bool(self.fields) or self.consent is not None

    @property
    def is_needed(self) -> bool:
        """Whether the first message has to wait for it."""
        return self.consent is not None or any(field.is_required for field in self.fields)

    def as_json(self) -> dict[str, Any]:
        """For the widget's API (docs/widget-api.md)."""
        consent = self.consent and {"text": self.consent.text, "link": self.consent.link}
        fields = [field.as_json() for field in self.fields]
        return {"intro": self.intro, "fields": fields, "consent": consent}


class Unanswered(Invalid):
    """A required question waits for its answer."""

    code = "pre_chat_required"


class NotAgreed(Invalid):
    """The consent line waits for the customer's word."""

    code = "consent_required"


class WrongAnswers(Invalid):
    """Some answers cannot be used; `details` holds a sentence for each, by the key of its question."""

    code = "pre_chat_invalid"

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.details = MappingProxyType({"fields": dict(problems)})


def asked(conversation: Conversation) -> Asked:
    """What is still to be asked here: nothing once the customer has spoken, and nothing that is known."""
    config = _config(conversation)
    if not (config.pre_chat.is_on or _must_agree(config.consent)) or _has_spoken(conversation):
        return Asked()
    # In the customer's language only where it is shown: each message asks whether anything is.
    config = widget_configs.spoken(config, conversation.language)
    whole, known = asked_of_anybody(config), _known(conversation)
    return replace(
        whole,
        fields=tuple(field for field in whole.fields if field.key not in known),
        consent=whole.consent if conversation.consented_at is None else None,
    )


def asked_of_anybody(config: WidgetConfig) -> Asked:
    """What is asked of somebody of whom nothing is known."""
    return Asked(
        intro=config.pre_chat.intro,
        fields=config.pre_chat.fields if config.pre_chat.is_on else (),
        consent=config.consent if _must_agree(config.consent) else None,
    )


def check_ready(conversation: Conversation) -> None:
    """Let a customer begin to talk, unless something has to come first.

    Raises:
        NotAgreed: when they have to agree to the consent line.
        Unanswered: when a required question is open.
    """
    waiting = asked(conversation)
    if waiting.consent is not None:
        raise NotAgreed(widget_words.say(conversation.language, "consent_first"))
    if waiting.is_needed:
        raise Unanswered(widget_words.say(conversation.language, "pre_chat_first"))


def answer(conversation: Conversation, answers: object, *, agrees: bool, now: datetime) -> None:
    """Keep what a customer answers, all of it or nothing. What is not asked here is left out.

    Args:
        answers: texts by the keys of their questions; empty ones are not given.
        agrees: whether the customer agrees to the consent line as it stands now.

    Raises:
        WrongAnswers: with a sentence for each answer that cannot be used, or that is missing.
        NotAgreed: when they have to agree and do not.
        privacy_settings.Refused: when an answer holds what the workspace does not want to have.
    """
    if not isinstance(answers, Mapping):
        raise Invalid("The answers have to be an object of texts.")
    waiting = asked(conversation)
    if waiting.consent is not None and not agrees:
        raise NotAgreed(widget_words.say(conversation.language, "consent_first"))
    # Masking takes its time, and may be refused: no transaction waits for it.
    given = _read(conversation, waiting.fields, answers)
    with transaction():
        db.session.refresh(conversation, with_for_update=True)
        conversation.told = (conversation.told or {}) | {
            field.key: {"question": field.label, "answer": text} for field, text in given
        } or None
        if waiting.consent is not None:
            conversation.consented_at, conversation.consent_text = now, waiting.consent.text
        _note_profile(conversation.customer, {field.key: text for field, text in given}, now=now)


def _config(conversation: Conversation) -> WidgetConfig:
    agent = db.session.get_one(Agent, conversation.agent_id)
    # Whoever tries the draft is asked what the draft asks.
    is_preview = conversation.channel == "preview"
    return widget_configs.drafted(agent) if is_preview else widget_configs.published(agent)[0]


def _must_agree(consent: Consent) -> bool:
    return consent.is_on and consent.must_agree


def _has_spoken(conversation: Conversation) -> bool:
    if conversation.last_seq == 0:
        return False
    said = select(Message.id).where(Message.conversation_id == conversation.id, Message.sender == Sender.CUSTOMER)
    return db.session.scalar(said.limit(1)) is not None


def _known(conversation: Conversation) -> set[str]:
    """The keys of what the site has told, or the customer in this conversation."""
    profile = profiles.of(conversation.customer)
    known = {field.name for field in (profile.name, profile.email, *profile.attributes) if field and field.content}
    return known | set(conversation.told or {})


def _read(
    conversation: Conversation, fields: tuple[Field, ...], answers: Mapping[str, object]
) -> list[tuple[Field, str]]:
    given: list[tuple[Field, str]] = []
    problems: dict[str, str] = {}
    for field in fields:
        value = answers.get(field.key)
        text = clean_line(value) if isinstance(value, str) else ""
        problem = _problem(field, text)
        if problem:
            problems[field.key] = widget_words.say(conversation.language, problem, count=_LONGEST)
        elif text:
            given.append((field, text))
    if problems:
        raise WrongAnswers(problems)
    return [(field, _fit(conversation, field, text)) for field, text in given]


def _problem(field: Field, text: str) -> str:
    """The key of the words that say what is wrong, or nothing."""
    if not text:
        return "pre_chat_missing" if field.is_required else ""
    if len(text) > _LONGEST:
        return "pre_chat_too_long"
    if field.kind == "email" and not _EMAIL.fullmatch(text):
        return "pre_chat_email"
    if field.kind == "phone" and not (_PHONE.fullmatch(text) and sum(map(str.isdigit, text)) >= _LEAST_DIGITS):
        return "pre_chat_phone"
    return "pre_chat_choice" if field.kind == "choice" and text not in field.choices else ""


def _fit(conversation: Conversation, field: Field, text: str) -> str:
    """The answer as it may be stored: where an address or a number is asked for, that is what is wanted."""
    if field.kind in ("email", "phone", "choice"):
        return text
    return privacy_settings.for_storage(conversation.workspace_id, text).text


def _note_profile(customer: Customer, answers: Mapping[str, str], *, now: datetime) -> None:
    """Name, address and number are known of the customer from then on, unproven; the others stay with the talk."""
    told: dict[str, Any] = {key: answers[key] for key in ("name", "email") if key in answers}
    if "phone" in answers:
        is_signed = customer.standing is Standing.VERIFIED
        kept = (customer.told or {}).get("attributes") if is_signed else customer.attributes
        told["customAttributes"] = {**(kept or {}), "phone": answers["phone"]}
    if told:
        customers.tell(customer, told, now=now)
