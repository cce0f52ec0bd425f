"""How gunicorn serves Porchlight: one threaded worker on SQLite, gevent workers on PostgreSQL."""

import multiprocessing
import os
from typing import Any

from config.settings import SettingsError, read_settings

# Nothing of ours but the settings is imported up here: gevent has to patch first, or one query stops a whole worker.

try:
    _settings = read_settings()
except SettingsError as error:
    raise SystemExit(str(error)) from None

bind = f"[{_settings.host}]:{_settings.port}" if ":" in _settings.host else f"{_settings.host}:{_settings.port}"
proc_name = "porchlight"
control_socket_disable = True
graceful_timeout = 10
timeout = 60
keepalive = 30
loglevel = os.environ.get("LOG_LEVEL", "warning")
# The path alone, never the query: tokens and questions do not belong in a log.
access_log_format = "%(m)s %(U)s %(s)s %(M)sms"

if _settings.uses_sqlite:
    # A stream keeps a thread. gevent would be leaner, but a busy SQLite would stop all its greenlets.
    worker_class, workers, threads, worker_connections = "gthread", 1, 1100, 2000
else:
    # Without Redis, workers could not tell each other what happened.
    worker_class, workers, threads = "gevent", multiprocessing.cpu_count() if _settings.redis_url else 1, 1
    worker_connections = 6000


def post_worker_init(worker: Any) -> None:
    """Start what runs beside the requests; the first worker says where to look and what to do next."""
    from web import workers as beside

    app = worker.app.callable
    beside.start(app)
    if worker.age == 1:
        print(f"Porchlight is at {_settings.public_url} – {_next_step(app)}. Ctrl-C ends it.", flush=True)


def _next_step(app: Any) -> str:
    from core import accounts, setup_codes

    with app.app_context():
        if not accounts.is_first_run():
            return "open it to sign in"
        code = setup_codes.current()
        return "open it to make your account" + (f" with the code {code}" if code else "")


def worker_exit(_server: Any, _worker: Any) -> None:
    _stop()


def worker_int(_worker: Any) -> None:
    _stop()


def _stop() -> None:
    from web import workers as beside

    beside.stop()
