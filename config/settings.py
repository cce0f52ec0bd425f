"""What the operator chose, read once from the environment and checked as a whole."""

import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """The environment cannot be used; the text lists every problem, one a line."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("Porchlight cannot start:\n" + "\n".join(f"  - {problem}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Settings:
    """One process's settings. Secrets are left out of its printed form."""

    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    data_dir: Path = ROOT / "instance"
    secret_key: str = field(default="", repr=False)
    # Of before, newest first: what they signed and sealed is still read.
    previous_secret_keys: tuple[str, ...] = field(default=(), repr=False)
    database_url: str = field(default="", repr=False)
    redis_url: str = field(default="", repr=False)
    mail_url: str = field(default="", repr=False)
    mail_from: str = "Porchlight <porchlight@localhost>"
    files_url: str = field(default="", repr=False)
    scanner_url: str = ""
    llm_base_url: str = ""
    llm_api_key: str = field(default="", repr=False)
    llm_model: str = ""
    # Seconds until its first word; none: as long as nobody notices.
    llm_patience: int | None = None
    trusted_proxies: int = 0
    allow_private_addresses: bool = False
    # Where the daily copies of the embedded default go, and how many are kept; none: none are made.
    backup_dir: Path = ROOT / "instance" / "backups"
    backup_keep: int = 7
    testing: bool = False

    @property
    def uses_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def is_https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def is_out_of_reach(self) -> bool:
        """Whether the public address means something only on this machine or in its own network."""
        host = urlsplit(self.public_url).hostname or ""
        try:
            return not ipaddress.ip_address(host).is_global
        except ValueError:
            return "." not in host or host.endswith((".localhost", ".local", ".internal"))

    @property
    def files_dir(self) -> Path:
        return self.data_dir / "files"


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Read and check the whole environment.

    Args:
        environ: the variables of design.md 5.1; the process's own when left out.

    Raises:
        SettingsError: naming every variable that cannot be used.
    """
    environ = os.environ if environ is None else environ
    problems: list[str] = []
    data_dir = _data_dir(environ, problems)
    host = environ.get("HOST", "").strip() or "127.0.0.1"
    port = _whole_number(environ, "PORT", 8000, 1, 65535, problems)
    settings = Settings(
        host=host,
        port=port,
        public_url=_public_url(environ, host, port, problems),
        data_dir=data_dir,
        secret_key=_secret_key(environ, data_dir, problems),
        previous_secret_keys=_previous_secret_keys(environ, data_dir, problems),
        database_url=_database_url(environ, data_dir, problems),
        redis_url=_url(environ, "REDIS_URL", ("redis", "rediss"), problems),
        mail_url=_url(environ, "MAIL_URL", ("smtp", "smtps", "file", "console"), problems),
        mail_from=environ.get("MAIL_FROM", "").strip() or "Porchlight <porchlight@localhost>",
        files_url=_url(environ, "FILES_URL", ("s3", "gs", "az", "file", "memory"), problems),
        scanner_url=_scanner_url(environ, problems),
        llm_base_url=_url(environ, "LLM_BASE_URL", ("http", "https"), problems),
        llm_api_key=environ.get("LLM_API_KEY", "").strip(),
        llm_model=environ.get("LLM_MODEL", "").strip(),
        llm_patience=_whole_number(environ, "LLM_PATIENCE", 0, 0, 20, problems) or None,
        trusted_proxies=_whole_number(environ, "TRUSTED_PROXIES", 0, 0, 10, problems),
        allow_private_addresses=_switch(environ, "ALLOW_PRIVATE_ADDRESSES", problems),
        backup_dir=Path(environ.get("BACKUP_DIR", "").strip() or data_dir / "backups").absolute(),
        backup_keep=_whole_number(environ, "BACKUP_KEEP", 7, 0, 365, problems),
    )
    if problems:
        raise SettingsError(problems)
    return settings


def _data_dir(environ: Mapping[str, str], problems: list[str]) -> Path:
    path = Path(environ.get("DATA_DIR", "").strip() or ROOT / "instance").absolute()
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        problems.append(f"DATA_DIR: the folder {path} cannot be made ({error.strerror}).")
    else:
        if not os.access(path, os.W_OK):
            problems.append(f"DATA_DIR: the folder {path} cannot be written to.")
    return path


def _secret_key(environ: Mapping[str, str], data_dir: Path, problems: list[str]) -> str:
    key = environ.get("SECRET_KEY", "")
    if key:
        if len(key) < 32:
            problems.append("SECRET_KEY: use at least 32 characters, or leave it out and one is made and kept.")
        return key
    path = data_dir / "secret_key"
    try:
        return _kept_secret(path)
    except OSError as error:
        problems.append(f"SECRET_KEY: {path} cannot be read or written ({error.strerror}).")
        return ""


def _previous_secret_keys(environ: Mapping[str, str], data_dir: Path, problems: list[str]) -> tuple[str, ...]:
    """Those of the environment, else the lines of the file beside the kept one."""
    path = data_dir / "secret_key_previous"
    try:
        listed = environ.get("SECRET_KEY_PREVIOUS", "").split(",") if "SECRET_KEY_PREVIOUS" in environ else _lines(path)
    except (OSError, ValueError):
        problems.append(f"SECRET_KEY_PREVIOUS: {path} cannot be read.")
        return ()
    keys = tuple(key.strip() for key in listed if key.strip())
    if any(len(key) < 32 for key in keys):
        problems.append("SECRET_KEY_PREVIOUS: each key has at least 32 characters; commas stand between them.")
    return keys


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.exists() else []


def _kept_secret(path: Path) -> str:
    # Written aside and linked into place: of two processes that start at once, both end with the same key.
    if not path.exists():
        draft = path.with_name(f".secret_key.{secrets.token_hex(8)}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


def _database_url(environ: Mapping[str, str], data_dir: Path, problems: list[str]) -> str:
    url = environ.get("DATABASE_URL", "").strip()
    if not url:
        return f"sqlite:///{data_dir / 'porchlight.db'}"
    if url.startswith(("postgres://", "postgresql://")):
        return "postgresql+psycopg://" + url.split("://", 1)[1]
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        problems.append("DATABASE_URL: begin with sqlite:/// or postgresql://.")
    return url


def _public_url(environ: Mapping[str, str], host: str, port: int, problems: list[str]) -> str:
    url = environ.get("PUBLIC_URL", "").strip().rstrip("/")
    if not url:
        shown = "127.0.0.1" if host in ("", "0.0.0.0", "::") else host  # noqa: S104 - compared, not bound
        return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        problems.append("PUBLIC_URL: write the address only, like https://chat.example.com.")
    return url


def _url(environ: Mapping[str, str], name: str, schemes: tuple[str, ...], problems: list[str]) -> str:
    url = environ.get(name, "").strip()
    if url and urlsplit(url).scheme not in schemes:
        problems.append(f"{name}: begin with {' or '.join(f'{scheme}:' for scheme in schemes)}.")
    return url


def _scanner_url(environ: Mapping[str, str], problems: list[str]) -> str:
    known = len(problems)
    url = _url(environ, "SCANNER_URL", ("clamd",), problems)
    try:
        is_whole = not url or (bool(urlsplit(url).hostname) and urlsplit(url).port != 0)
    except ValueError:
        is_whole = False
    # Not scanned for a mistyped address: nobody would notice.
    if not is_whole and len(problems) == known:
        problems.append("SCANNER_URL: write the address of clamd, like clamd://127.0.0.1:3310.")
    return url


def _whole_number(environ: Mapping[str, str], name: str, default: int, low: int, high: int, problems: list[str]) -> int:
    text = environ.get(name, "").strip()
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        problems.append(f"{name}: write a whole number from {low} to {high}.")
        return default
    return int(text)


def _switch(environ: Mapping[str, str], name: str, problems: list[str]) -> bool:
    text = environ.get(name, "").strip().lower()
    if text in ("", "0", "false", "no", "off"):
        return False
    if text in ("1", "true", "yes", "on"):
        return True
    problems.append(f"{name}: write 1 or 0.")
    return False
