"""The Flask extensions, made once and bound to an app by `create_app`."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager
from flask_mailman import Mail
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from htmx_flask import Htmx

from config.settings import ROOT, Settings
from models import db

csrf = CSRFProtect()
limiter = Limiter(key_func=get_remote_address, headers_enabled=False, in_memory_fallback_enabled=True)
login_manager = LoginManager()
mail = Mail()
migrate = Migrate(directory=str(ROOT / "migrations"), render_as_batch=True, compare_type=True)
htmx = Htmx()


def init_extensions(app: Flask, settings: Settings) -> None:
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    db.init_app(app)
    migrate.init_app(app, db)
    csrf.init_app(app)
    limiter.init_app(app)
    login_manager.init_app(app)
    mail.init_app(app)
    htmx.init_app(app)
