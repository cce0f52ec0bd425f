"""Binds the queue's tasks to the rules, and runs them inside the app."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Flask

from config.settings import Settings
from core import (
    accounts,
    answers,
    archives,
    attachments,
    call_answers,
    connections,
    conversations,
    deletions,
    evaluations,
    events,
    first_looks,
    handoffs,
    handovers,
    idempotent_calls,
    installs,
    invitations,
    jobs,
    knowledge,
    memory,
    moods,
    notices,
    notifications,
    occurrences,
    passkey_challenges,
    password_resets,
    pictures,
    preview_links,
    proposals,
    protection,
    ratings,
    retention,
    return_links,
    rooms,
    routing,
    sessions,
    targets,
    webhooks,
    widget_configs,
)
from core import letters as core_letters
from core.clock import utc_now
from core.letters import polling
from core.occurrences import Kind
from core.sources import handing_in, reading_jobs, readings
from gateways.queue import TaskQueue, open_queue, use_queue
from models import db
from models.jobs import Job
from web import attempts, backups, letters, mails
from web.notifications import mail_due, push_one, tell_rooms


def init_jobs(app: Flask, settings: Settings) -> TaskQueue:
    """Open the queue and say what each task does."""
    queue = open_queue(redis_url=settings.redis_url, data_dir=settings.data_dir, immediate=settings.testing)
    use_queue(queue)
    run = _inside(app)
    queue.handle("job", run(jobs.run))
    queue.handle("mail", run(notices.deliver))
    queue.handle("password_reset", run(mails.send_password_reset))
    queue.handle(attempts.GUESSED_PASSWORDS, run(note_guessed_passwords))
    queue.handle(attempts.GUESSED_CODES, run(note_guessed_codes))
    queue.handle(notifications.TASK, run(push_one))
    queue.handle(backups.TASK, run(backups.make_daily))
    queue.every_minute("sweep", run(sweep))
    jobs.register("index", learn)
    jobs.register(evaluations.JOB, evaluations.run)
    jobs.register(conversations.LOOKED_THROUGH, proposals.run)
    jobs.register(first_looks.KIND, lambda job: first_looks.run(job, allow_private=settings.allow_private_addresses))
    jobs.register(handoffs.CALL, mails.call_people)
    jobs.register(installs.QUIET, mails.tell_quiet)
    jobs.register(archives.EXPORT, archives.run_export)
    jobs.register(archives.IMPORT, archives.run_import)
    jobs.register(deletions.KIND, mails.delete_workspace)
    jobs.register(webhooks.OFF, mails.tell_webhook_off)
    jobs.register(widget_configs.TOLD, mails.tell_look_published)
    for kind in rooms.JOBS:
        jobs.register(kind, tell_rooms)
    jobs.register(retention.CLEAR, retention.clear)
    jobs.register(readings.KIND, lambda job: reading_jobs.run(job, allow_private=settings.allow_private_addresses))
    jobs.register(routing.JOB, routing.run)
    jobs.register(moods.JUDGE, moods.judge)
    moods.listen()
    occurrences.listen("routing", routing.KINDS, routing.follow)
    occurrences.listen("targets", targets.KINDS, targets.follow)
    occurrences.listen("notifications", notifications.HEARD, notifications.tell)
    jobs.register(core_letters.LEAVE, letters.leave)
    jobs.register(polling.POLL, lambda job: polling.run(job, allow_private=settings.allow_private_addresses))
    occurrences.listen("letters", frozenset({Kind.SENT}), core_letters.note_sent)
    occurrences.listen("rooms", rooms.HEARD, rooms.tell)
    occurrences.listen("ratings", frozenset({Kind.RESOLVED}), ratings.ask)
    app.extensions["porchlight_queue"] = queue
    return queue


def note_guessed_passwords(email: str, address: str) -> None:
    """Tell the audit log of somebody who guesses passwords."""
    accounts.note_guesses(email, address=address, now=utc_now())


def note_guessed_codes(email: str, address: str) -> None:
    """Tell the audit log, and the person themself: whoever gets as far as the code has their password."""
    teammate = accounts.note_guesses(email, address=address, now=utc_now())
    if teammate is not None:
        mails.tell_password_known(teammate, address=address)


def learn(job: Job) -> None:
    """Learn what was taught, and ask the agents' test questions again."""
    knowledge.index_job(job)
    evaluations.start_due(now=utc_now())


def sweep() -> None:
    """Put back what a crash lost, and clear what has run out."""
    now = utc_now()
    jobs.requeue_overdue(now=now)
    targets.alert_late(now=now)
    routing.sweep(now=now)
    answers.requeue_overdue(now=now)
    conversations.wake_due(now=now)
    call_answers.clear_stale(now=now)
    widget_configs.publish_due(now=now)
    evaluations.start_due(now=now)
    sessions.clear_expired(now=now)
    events.clear_old(now=now)
    notices.requeue_overdue(now=now)
    notices.clear_old(now=now)
    notifications.requeue_overdue(now=now)
    mail_due()
    password_resets.clear_expired(now=now)
    invitations.clear_expired(now=now)
    memory.clear_expired(now=now)
    passkey_challenges.clear_expired(now=now)
    handovers.clear_expired(now=now)
    idempotent_calls.clear_expired(now=now)
    preview_links.clear_expired(now=now)
    return_links.clear_expired(now=now)
    polling.start_due(now=now)
    protection.clear_old(now=now)
    webhooks.resume(now=now)
    retention.start_due(now=now)
    readings.start_due(now=now)
    if now.minute == 7:
        # Once an hour is soon enough to miss a website, and cheap.
        installs.look_for_quiet(now=now)
    if now.minute % 15 == 4:
        connections.read_again(now=now)
    if now.minute == 11:
        backups.start_due(now=now)
    if now.minute == 27:
        webhooks.clear_old(now=now)
        archives.clear_expired(now=now)
        deletions.start_due(now=now)
    if now.minute == 17:
        notifications.clear_old(now=now)
        attachments.clear_unsent(now=now)
    if (now.hour, now.minute) == (3, 37):
        attachments.clear_files_without_rows(now=now)
        handing_in.clear_files_without_rows(now=now)
        archives.clear_files_without_rows(now=now)
    if (now.hour, now.minute) == (3, 30):
        pictures.clear_unused(now=now)


def _inside(app: Flask) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def wrap(task: Callable[..., None]) -> Callable[..., None]:
        @wraps(task)
        def run(*arguments: Any) -> None:
            with app.app_context():
                try:
                    task(*arguments)
                finally:
                    db.session.remove()

        return run

    return wrap
