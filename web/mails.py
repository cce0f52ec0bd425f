"""The words of each mail, and the links in it."""

from typing import Any

from flask import current_app

from core import (
    accounts,
    customers,
    deletions,
    handoffs,
    installs,
    notices,
    notifications,
    password_resets,
    recovery_codes,
    teammates,
    transcripts,
    widget_configs,
)
from core.clock import utc_now
from core.notifications import Letter
from core.permissions import Permission
from core.shown_addresses import without_keys
from core.transcripts import Transcript
from gateways.queue import current_queue
from models import db, transaction
from models.agents import Agent, Handover, WidgetVersion
from models.conversations import Conversation, State
from models.customers import Customer
from models.jobs import Job
from models.teammates import Invitation, Teammate, Workspace
from models.webhooks import Webhook
from web.notification_words import told

_MOST_TOLD = 30


def mails_leave_the_server() -> bool:
    """Whether mails are sent, and not only written to a folder or the log."""
    return bool(current_app.config["PORCHLIGHT"].mail_url.startswith("smtp"))


def link_to(endpoint: str, **values: Any) -> str:
    """The address of a page under PUBLIC_URL. A request's own host is not asked: whoever sends it chooses it."""
    public_url: str = current_app.config["PORCHLIGHT"].public_url
    return public_url + current_app.url_map.bind("").build(endpoint, values)


def send_transcript(conversation: Conversation, transcript: Transcript, *, to: str) -> None:
    """Mail a copy of a chat. Its words are those of the chat, and that somebody has asked for it; nothing else."""
    _send(
        "transcript",
        to,
        transcript.title,
        about=conversation.customer,
        transcript=transcript,
        as_text=transcripts.as_text(transcript),
        why=transcripts.why_mailed(conversation),
    )


def ask_for_password_reset(email: str) -> None:
    """Mail a link to whoever has an account with this e-mail.

    Looking them up is left to the queue, so that the answer takes equally long whether there is one or not.
    """
    current_queue().add("password_reset", email)


def send_password_reset(email: str) -> None:
    """Do what `ask_for_password_reset` asked for."""
    teammate = accounts.find_by_email(email)
    if teammate is None:
        return
    link = link_to("auth.reset_password", token=password_resets.start(teammate, now=utc_now()))
    _send("password_reset", teammate.email, "Set a new password", teammate=teammate, link=link)


def send_invitation(invitation: Invitation, *, link: str) -> None:
    subject = f"{invitation.invited_by.name} invites you to {invitation.workspace.name}"
    _send("invitation", invitation.email, subject, invitation=invitation, link=link)


def send_handover(handover: Handover, *, link: str) -> None:
    subject = f"{handover.sent_by.name} asks you to add a chat to their website"
    _send("handover", handover.email, subject, handover=handover, link=link)


def tell_quiet(job: Job) -> None:
    """Tell those who look after websites that the chat is not loaded any more where it was."""
    agent = db.session.get(Agent, job.subject_id)
    quiet = installs.quiet_now(agent, now=utc_now()) if agent is not None else []
    if agent is None or not quiet:
        return
    link = link_to("deploy.show", agent_id=agent.id)
    subject = f"{agent.name} is not on {quiet[0].name} any more"
    with transaction():
        for teammate in teammates.who_may(agent.workspace_id, Permission.MANAGE_WEBSITES):
            _send("quiet", teammate.email, subject, teammate=teammate, agent=agent, sites=quiet, link=link)


def tell_look_published(job: Job) -> None:
    """Tell who set the time that their look was published, and what it took the place of."""
    version = db.session.get(WidgetVersion, job.subject_id)
    teammate = version.published_by if version else None
    if version is None or teammate is None or teammate.removed_at is not None:
        return
    agent = db.session.get_one(Agent, version.agent_id)
    _send(
        "look_published",
        teammate.email,
        f"Your look of {agent.name} is published",
        teammate=teammate,
        agent=agent,
        version=version,
        before=widget_configs.took_the_place_of(version),
        link=link_to("customizer.show", agent_id=agent.id),
    )


def tell_webhook_off(job: Job) -> None:
    """Tell those who look after webhooks that one was switched off, and why."""
    webhook = db.session.get(Webhook, job.subject_id)
    if webhook is None or webhook.is_on:
        return
    # A mail is read on its way by whoever carries it.
    link, address = link_to("webhooks.show", webhook_id=webhook.id), without_keys(webhook.address)
    with transaction():
        for teammate in teammates.who_may(webhook.workspace_id, Permission.MANAGE_SECURITY):
            subject = f"{webhook.name} is not told any more"
            _send(
                "webhook_off", teammate.email, subject, teammate=teammate, webhook=webhook, address=address, link=link
            )


def tell_deletion(workspace: Workspace, *, by: str) -> None:
    """Tell all owners and admins that a workspace is going to be deleted, while it can be taken back."""
    link = link_to("data.show")
    for teammate in teammates.who_may(workspace.id, Permission.MANAGE_TEAM):
        subject = f"{workspace.name} is going to be deleted"
        _send("deletion", teammate.email, subject, teammate=teammate, workspace=workspace, by=by, link=link)


def delete_workspace(job: Job) -> None:
    """Delete a workspace, and tell those who owned it that it is done."""
    gone = deletions.run(job, now=utc_now())
    if gone is None:
        return
    for email in gone.emails:
        _send("deleted", email, f"{gone.name} is deleted", name=gone.name)


def tell_password_changed(teammate: Teammate) -> None:
    link = link_to("auth.forgot_password")
    _send("password_changed", teammate.email, "Your password was changed", teammate=teammate, link=link)


def tell_password_known(teammate: Teammate, *, address: str) -> None:
    subject = "Somebody else may know your password"
    link = link_to("auth.forgot_password")
    _send("password_known", teammate.email, subject, teammate=teammate, address=address, link=link)


def tell_recovery_code_used(teammate: Teammate) -> None:
    left = recovery_codes.left(teammate)
    _send("recovery_code_used", teammate.email, "A recovery code was used", teammate=teammate, left=left)


def tell_second_factor_changed(teammate: Teammate, what: str) -> None:
    """Tell it to its owner, who may not have wanted this.

    Args:
        what: what happened to it, as in `A passkey was added`.
    """
    link = link_to("account.show")
    _send("second_factor_changed", teammate.email, what, teammate=teammate, what=what, link=link)


def tell_second_factor_reset(teammate: Teammate, *, by: str) -> None:
    subject = "Your second factor was reset"
    _send("second_factor_reset", teammate.email, subject, teammate=teammate, by=by, link=link_to("auth.sign_in"))


def tell_email_changed(teammate: Teammate, *, before: str) -> None:
    """Tell it to the address that no longer works: its owner may not have wanted this."""
    _send("email_changed", before, "Your sign-in e-mail was changed", teammate=teammate)


def call_people(job: Job) -> None:
    """Tell everybody who may answer that a customer waits, unless somebody has taken care of it meanwhile."""
    conversation = db.session.get(Conversation, job.subject_id)
    if conversation is None or conversation.state is not State.WAITING:
        return
    customer = customers.name_as_known(conversation.customer)
    link = link_to("conversations.show", conversation_id=conversation.id)
    # All mails or none: a job that is tried again must not tell anybody twice.
    with transaction():
        wanting = notifications.to_mail_at_once(handoffs.who_may_answer(conversation), conversation, now=utc_now())
        for teammate in wanting:
            subject = f"{customer} is waiting for a person"
            _send(
                "customer_waiting",
                teammate.email,
                subject,
                about=conversation.customer,
                teammate=teammate,
                customer=customer,
                conversation=conversation,
                link=link,
            )


def tell_unseen(letter: Letter) -> None:
    """Tell a teammate what stands beneath their bell, in one mail."""
    shown = letter.notifications[:_MOST_TOLD]
    told_of = [
        {"text": told(one), "link": link_to("conversations.show", conversation_id=one.conversation_id)} for one in shown
    ]
    more = len(letter.notifications) - len(shown)
    first = told_of[0]["text"]
    _send(
        "unseen",
        letter.teammate.email,
        first if len(told_of) == 1 else f"{first}, and {len(letter.notifications) - 1} more",
        # A mail names one customer at least; with them it is erased as long as it waits.
        about=shown[0].conversation.customer,
        teammate=letter.teammate,
        told=told_of,
        more=more,
        link=link_to("notifications.index"),
        settings_link=link_to("notifications.show_settings"),
    )


def _send(kind: str, to: str, subject: str, *, about: Customer | None = None, **values: Any) -> None:
    templates = current_app.jinja_env
    notices.send(
        kind,
        to=to,
        subject=subject,
        text=templates.get_template(f"mail/{kind}.txt").render(values),
        html=templates.get_template(f"mail/{kind}.html").render(values, subject=subject),
        about=about,
        now=utc_now(),
    )
