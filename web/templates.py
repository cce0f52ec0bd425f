"""What every template may use."""

from datetime import datetime, timedelta

from flask import Flask, request
from jinja2 import StrictUndefined
from markupsafe import Markup

from core import rich_text
from core.clock import utc_now
from web.fragments import is_partial
from web.money import money


def prepare(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(ago=ago, moment=moment, count=count, markdown=markdown, money=money)
    app.jinja_env.globals.update(is_partial=is_partial, is_current=is_current)


def is_current(prefix: str) -> bool:
    """Whether the page shown lies under this address; marks the place in a menu."""
    return request.path == prefix or request.path.startswith(prefix.rstrip("/") + "/")


def ago(then: datetime | None, now: datetime | None = None) -> str:
    """How long ago in words, like `3 minutes ago`; `never` for None."""
    if then is None:
        return "never"
    passed = (now or utc_now()) - then
    for size, word in ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute")):
        if passed >= size:
            return f"{count(int(passed / size), word)} ago"
    return "just now"


def moment(then: datetime) -> Markup:
    """A point in time that the browser shows in the viewer's own zone."""
    return Markup('<local-time datetime="{}">{} UTC</local-time>').format(
        then.isoformat(), then.strftime("%-d %b %Y, %H:%M")
    )


def markdown(text: str) -> Markup:
    """Markdown as safe HTML, as customers see it."""
    return Markup(rich_text.to_html(text))  # noqa: S704 - safe by its contract


def count(number: int, word: str, plural: str | None = None) -> str:
    """A number with its noun: `1 page`, `1,204 pages`."""
    noun = word if number == 1 else plural or f"{word}s"
    return f"{number:,} {noun}"
