"""The Flask extensions, made once and bound to an app by `create_app`."""

from flask import Flask
from flask_limiter import Limiter
from flask_login import LoginManager
from flask_mailman import Mail
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from htmx_flask import Htmx

from config.settings import ROOT, Settings
from gateways.counters import IN_PROCESS, Counters, use_counters
from models import db
from web.addresses import network

csrf = CSRFProtect()
limiter = Limiter(key_func=network, headers_enabled=False, in_memory_fallback_enabled=True)
login_manager = LoginManager()
mail = Mail()
migrate = Migrate(directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
htmx = Htmx()


def init_extensions(app: Flask, settings: Settings) -> None:
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or IN_PROCESS
    if settings.redis_url:
        # A Redis that hangs must not hold up every visitor: each process counts for itself meanwhile.
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {"socket_timeout": 1, "socket_connect_timeout": 1}
    db.init_app(app)
    migrate.init_app(app, db)
    csrf.init_app(app)
    limiter.init_app(app)
    use_counters(Counters(limiter.storage))
    login_manager.init_app(app)
    mail.init_app(app)
    htmx.init_app(app)
