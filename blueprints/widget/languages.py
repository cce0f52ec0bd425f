"""The words of the frame: which language, what stands in its page, and what its parts fetch."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask.typing import ResponseReturnValue
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from core import widget_words
from core.errors import NotFound
from core.widget_configs import WidgetConfig
from core.widget_words import OwnWords, Text
from web.access import public

bp = Blueprint("widget_words", __name__)

_A_YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True)
class Voice:
    """A language, and the words that an admin has put in the place of ours."""

    language: str
    own: OwnWords

    def for_template(self) -> dict[str, Any]:
        """What a page needs to speak."""
        return {
            "language": self.language,
            "is_rtl": widget_words.is_rtl(self.language),
            "say": partial(widget_words.say, self.language, own=self.own),
        }

    def json(self, parts: Iterable[str]) -> Markup:
        """The words that the script needs from the start, and those of its parts that are an admin's own."""
        words: dict[str, Text] = widget_words.group(self.language, "frame", own=self.own)
        for name in self._groups_of(parts).values():
            words |= widget_words.owned(self.language, name, own=self.own)
        # As letters: their escapes would be three times as long in most languages.
        return htmlsafe_json_dumps(words, dumps=json.dumps, ensure_ascii=False, separators=(",", ":"))

    def addresses_of(self, parts: Iterable[str]) -> dict[str, str]:
        """Where the words of each part are, by the part's name with `.json`."""
        return {
            f"{part}.json": url_for(
                "widget_words.show_words", language=self.language, group=name, mark=_mark(self.language, name)
            )
            for part, name in self._groups_of(parts).items()
        }

    def _groups_of(self, parts: Iterable[str]) -> dict[str, str]:
        known = widget_words.groups(self.language)
        names = {part.partition(".")[0] for part in parts}
        return {name: name.replace("-", "_") for name in sorted(names) if name.replace("-", "_") in known}


def voice_for(config: WidgetConfig, *, locale: str | None = None) -> Voice:
    """The voice for this request.

    Args:
        locale: a language that counts whatever the settings say, as in a preview.
    """
    language = widget_words.known_language(locale or "") or widget_words.language_for(
        config.language,
        page_language=request.args.get("locale"),
        accept_language=request.headers.get("Accept-Language"),
        own_language=config.own_language,
    )
    return Voice(language, config.words)


@bp.get("/widget/words/<language>/<group>-<mark>.json")
@public
def show_words(language: str, group: str, mark: str) -> ResponseReturnValue:
    """The shipped words of one part; the same for everybody, under an address that changes with them."""
    if language not in widget_words.LANGUAGES or group not in widget_words.groups(language):
        raise NotFound("There are no such words.")
    response = Response(_packed(language, group), mimetype="application/json")
    is_current = mark == _mark(language, group)
    response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable" if is_current else "no-store"
    return response


@cache
def _packed(language: str, group: str) -> str:
    return json.dumps(widget_words.group(language, group), ensure_ascii=False, separators=(",", ":"))


@cache
def _mark(language: str, group: str) -> str:
    return hashlib.sha256(_packed(language, group).encode()).hexdigest()[:10]
