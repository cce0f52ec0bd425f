"""Mail that a service took in for us. The secret in the address says whose; each service brings it in its own form."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from core.clock import utc_now
from core.letters import Outcome, SentFile, arriving, mailboxes, services, signatures
from core.letters.arrived import MOST_FILES, Arrived
from models import db
from models.letters import Mailbox, MailboxKind
from web.access import public
from web.attempts import network
from web.extensions import csrf, limiter
from web.uploads import content_of, expect_files

bp = Blueprint("inbound", __name__, url_prefix="/inbound")
csrf.exempt(bp)


@bp.post("/mail/<secret>")
@limiter.limit("600 per minute", key_func=network)
@public
def take_mail(secret: str) -> ResponseReturnValue:
    mailbox = mailboxes.by_hook(secret)
    mail = _mail(mailbox)
    outcome = arriving.take(mailbox, mail, now=utc_now())
    mailboxes.note_read(mailbox, now=utc_now())
    # Whatever became of it: a service that is told of a refusal sends the same mail for hours.
    return jsonify(outcome=outcome.value if outcome is not Outcome.BLOCKED else Outcome.TAKEN.value)


def _mail(mailbox: Mailbox) -> Arrived:
    kind, key = mailbox.kind, mailboxes.secret_of(mailbox)
    # A slow line must not hold a read of the database open; nothing of the body is read before it is known whose it is.
    db.session.commit()
    # What was encoded for a letter takes a third more.
    expect_files(MOST_FILES + 2)
    request.max_form_memory_size = request.max_content_length
    if kind is MailboxKind.POSTMARK:
        return services.from_postmark(request.get_json(force=True, silent=True))
    if kind is MailboxKind.SENDGRID and key:
        # As it came: read as a form, its bytes are gone.
        signatures.check_sendgrid(dict(request.headers), request.get_data(), key)
    form = request.form.to_dict()
    if kind is MailboxKind.SENDGRID:
        return services.from_sendgrid(form, _files())
    if key:
        signatures.check_mailgun(form, key, now=utc_now())
    return services.from_mailgun(form, _files())


def _files() -> dict[str, SentFile]:
    found = list(request.files.items())[: 2 * MOST_FILES]
    return {field: SentFile(file.filename or "", content_of(file)) for field, file in found}
