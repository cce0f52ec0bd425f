"""Binds the queue's tasks to the rules, and runs them inside the app."""

from collections.abc import Callable, Iterator
from datetime import datetime
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
    shop_accounts,
    shop_answers,
    targets,
    webhooks,
    widget_configs,
)
from core import letters as core_letters
from core.apart import apart
from core.clock import utc_now
from core.letters import polling
from core.occurrences import Kind
from core.sources import handing_in, paces, reading_jobs, readings
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
    jobs.register(shop_answers.FOLLOW, shop_answers.follow)
    jobs.register(shop_answers.LOOK, shop_answers.look)
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
    """Put back what a crash lost, and clear what has run out: each apart, so that none keeps the others from it."""
    now = utc_now()
    for step in _steps(now):
        with apart(f"{step.__module__}.{step.__name__}"):
            step(now=now)


def _steps(now: datetime) -> Iterator[Callable[..., object]]:
    yield jobs.requeue_overdue
    yield targets.alert_late
    yield routing.sweep
    yield answers.requeue_overdue
    yield conversations.wake_due
    yield call_answers.clear_stale
    yield widget_configs.publish_due
    yield evaluations.start_due
    yield sessions.clear_expired
    yield events.clear_old
    yield notices.requeue_overdue
    yield notices.clear_old
    yield notifications.requeue_overdue
    yield mail_due
    yield password_resets.clear_expired
    yield invitations.clear_expired
    yield memory.clear_expired
    yield passkey_challenges.clear_expired
    yield handovers.clear_expired
    yield idempotent_calls.clear_expired
    yield preview_links.clear_expired
    yield return_links.clear_expired
    yield shop_accounts.clear_expired
    yield polling.start_due
    yield protection.clear_old
    yield webhooks.resume
    yield retention.start_due
    yield readings.start_due
    yield paces.clear_expired
    yield from _now_and_then(now)


def _now_and_then(now: datetime) -> Iterator[Callable[..., object]]:
    if now.minute == 7:
        # Once an hour is soon enough to miss a website, and cheap.
        yield installs.look_for_quiet
    if now.minute % 15 == 4:
        yield connections.read_again
    if now.minute == 11:
        yield backups.start_due
    if now.minute == 27:
        yield webhooks.clear_old
        yield archives.clear_expired
        yield deletions.start_due
    if now.minute == 17:
        yield notifications.clear_old
        yield attachments.clear_unsent
    if (now.hour, now.minute) == (3, 37):
        yield attachments.clear_files_without_rows
        yield handing_in.clear_files_without_rows
        yield archives.clear_files_without_rows
    if (now.hour, now.minute) == (3, 30):
        yield pictures.clear_unused


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
