"""Puts Porchlight together."""

from flask import Flask

from blueprints import register_blueprints
from config.logs import configure_logs
from config.settings import ROOT, Settings, SettingsError, read_settings
from core import connections, jwks, language_models, signing, webhooks
from core.connections import shopify
from core.privacy import mask
from gateways.bus import open_bus, use_bus
from gateways.files import open_files, use_files
from gateways.mails import mail_config
from gateways.rooms import reach as reach_rooms
from gateways.scanner import open_scanner, use_scanner
from web import access, answering, assets, commands, database, errors, forms, headers, jobs, proxies, telling, templates
from web.cookies import AdminCookie
from web.extensions import init_extensions


def create_app(settings: Settings | None = None) -> Flask:
    """Make the app for these settings; those of the environment when left out.

    Raises:
        SystemExit: when the environment cannot be used, with every problem in words.
    """
    settings = settings or _settings_of_environment()
    configure_logs(mask=lambda text: mask(text).text)
    app = Flask(__name__, root_path=str(ROOT), static_folder=None)
    app.session_interface = AdminCookie()
    app.config.update(
        PORCHLIGHT=settings,
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.previous_secret_keys),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=database.engine_options(settings),
        MAX_CONTENT_LENGTH=8 * 1024 * 1024,
        MAX_FORM_MEMORY_SIZE=4 * 1024 * 1024,
        SESSION_COOKIE_NAME="porchlight_admin",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.is_https,
        WTF_CSRF_TIME_LIMIT=None,
        TESTING=settings.testing,
        PROPAGATE_EXCEPTIONS=settings.testing,
        **mail_config(settings.mail_url, sender=settings.mail_from, data_dir=settings.data_dir),
    )
    use_bus(open_bus(settings.redis_url))
    use_files(open_files(settings.files_url, folder=settings.files_dir))
    use_scanner(open_scanner(settings.scanner_url))
    init_extensions(app, settings)
    database.prepare_sqlite(app, settings)
    signing.use_secret(settings.secret_key, previous=settings.previous_secret_keys)
    connections.reach(allow_private=settings.allow_private_addresses)
    webhooks.reach(allow_private=settings.allow_private_addresses)
    shopify.introduce(settings.public_url)
    reach_rooms(allow_private=settings.allow_private_addresses)
    jwks.reach(allow_private=settings.allow_private_addresses)
    templates.prepare(app)
    access.guard(app)
    forms.take_fields_only(app)
    errors.handle_errors(app)
    headers.send_security_headers(app)
    jobs.init_jobs(app, settings)
    answering.init_answering(app, settings)
    telling.init_telling(app, settings)
    language_models.reach(allow_private=settings.allow_private_addresses)
    language_models.use_model(answering.model_of(settings), patience=settings.llm_patience)
    register_blueprints(app)
    commands.add_commands(app)
    assets.serve_assets(app)
    proxies.trust_proxies(app, settings)
    return app


def _settings_of_environment() -> Settings:
    try:
        return read_settings()
    except SettingsError as error:
        # Whoever starts the server or a command gets the list, not a traceback.
        raise SystemExit(str(error)) from None
