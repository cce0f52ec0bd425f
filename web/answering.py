"""Produces answers in threads of the server process, inside the app."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import structlog
from flask import Flask

from config.settings import Settings
from core import answers
from core.ahead import Ahead
from gateways.llm import Model
from models import db

log = structlog.get_logger()


def init_answering(app: Flask, settings: Settings) -> None:
    """Say where answers are produced: in a pool of threads, or in tests at once and in place."""

    def produce(message_id: uuid.UUID, *, is_claimed: bool = False) -> None:
        with app.app_context():
            try:
                answers.produce(message_id, is_claimed=is_claimed)
            except Exception:
                # The row still says that the answer is owed; the sweeper comes back to it.
                log.exception("answer_interrupted", message=str(message_id))
            finally:
                db.session.remove()

    def begin(ahead: Ahead) -> None:
        with app.app_context():
            try:
                answers.produce_ahead(ahead)
            except Exception:
                log.exception("answer_interrupted", message=str(ahead.message_id))
                # If the question is not stored yet, it is answered as any other.
                ahead.settle(None)
            finally:
                db.session.remove()

    if settings.testing:
        answers.use_dispatcher(produce)
        return
    # Who asks a model does little but wait; a thread more is made only where all others are busy.
    pool = ThreadPoolExecutor(max_workers=256, thread_name_prefix="answer")

    def dispatch(message_id: uuid.UUID, *, is_claimed: bool = False) -> None:
        pool.submit(produce, message_id, is_claimed=is_claimed)

    def dispatch_ahead(ahead: Ahead) -> None:
        pool.submit(begin, ahead)

    answers.use_dispatcher(dispatch, ahead=dispatch_ahead)


def model_of(settings: Settings) -> Model | None:
    """The language model that the operator has chosen, if any."""
    if not settings.llm_base_url:
        return None
    return Model(settings.llm_base_url, settings.llm_model, settings.llm_api_key, may_be_private=True)
