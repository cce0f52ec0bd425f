"""Mails a customer what a teammate has written after they had left."""

from urllib.parse import urlsplit

from flask import current_app

from core import letters, notices
from core.clock import utc_now
from core.letters import Outgoing
from models import db, transaction
from models.conversations import Conversation
from models.jobs import Job
from web.mails import link_to


def leave(job: Job) -> None:
    """Mail what the customer of a conversation has not seen; called when the time to wait is over.

    Raises:
        jobs.Later: when it is too soon.
    """
    conversation = db.session.get(Conversation, job.subject_id)
    if conversation is None:
        return
    # The mail and that it was sent are stored together: a job that is tried again tells nobody twice.
    with transaction():
        outgoing = letters.take(conversation, host=_host(), now=utc_now())
        if outgoing is not None:
            _send(outgoing)


def _send(outgoing: Outgoing) -> None:
    now, conversation = utc_now(), outgoing.conversation
    words = letters.words_of(outgoing, now=now)
    stop = link_to("letters.show", mark=letters.mark_to_stop(conversation.id))
    values = {"words": words, "link": _link_of(outgoing), "stop": stop, "subject": words.subject}
    templates = current_app.jinja_env
    notices.send(
        "letter",
        to=outgoing.address,
        subject=words.subject,
        text=templates.get_template("mail/letter.txt").render(values),
        html=templates.get_template("mail/letter.html").render(values),
        about=conversation.customer,
        sender_name=words.sender,
        headers=_headers(outgoing, stop),
        now=now,
    )


def _link_of(outgoing: Outgoing) -> str:
    """Where the chat opens: by the mailed link, or on the website where that is no proof enough."""
    agent = outgoing.conversation.agent
    if outgoing.secret:
        return link_to("widget_frame.show_return", agent_id=agent.public_id, secret=outgoing.secret)
    return agent.site_url or ""


def _headers(outgoing: Outgoing, stop: str) -> dict[str, str]:
    headers = {
        "Message-ID": outgoing.mail_id,
        # One press in the mail program is enough (RFC 8058).
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        # No notice of an absence, please: nobody would read it.
        "X-Auto-Response-Suppress": "All",
    }
    if outgoing.answer_to:
        headers["Reply-To"] = outgoing.answer_to
    if outgoing.references:
        headers |= {"In-Reply-To": outgoing.references[-1], "References": " ".join(outgoing.references)}
    return headers


def _host() -> str:
    public_url: str = current_app.config["PORCHLIGHT"].public_url
    return urlsplit(public_url).hostname or "localhost"
