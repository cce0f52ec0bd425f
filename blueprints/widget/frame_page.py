"""The page of a frame, in the language of who chats and with the look of its agent; or a few words instead of it."""

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Response, make_response, render_template, request, url_for
from markupsafe import Markup

from blueprints.widget.framing import Framing
from blueprints.widget.languages import Voice, voice_for
from core import absences, conversations, greetings, pre_chat, tickets, triggers, widget_configs
from core.clock import utc_now
from core.widget_configs import PACKAGED_FONTS, WidgetConfig
from models.agents import Agent
from models.conversations import Conversation, Message, State
from web.assets import asset_text, asset_url
from web.compression import compressed

PARTS = (
    "attachments.css",
    "attachments.js",
    "cards.css",
    "cards.js",
    "challenge.js",
    "confirm.css",
    "confirm.js",
    "greeting.js",
    "emoji.css",
    "emoji.js",
    "hand-over.css",
    "hand-over.js",
    "link-previews.css",
    "link-previews.js",
    "menu.js",
    "own-data.css",
    "own-data.js",
    "transcript.css",
    "transcript.js",
    "people.js",
    "pop-out.js",
    "pre-chat.css",
    "pre-chat.js",
    "rating.css",
    "rating.js",
    "remembered.css",
    "remembered.js",
    "resize.js",
    "sound.js",
)
"""What the frame's script fetches when it is wanted; with its words, where the catalogue has a group of its name."""

_PARTS_OF_PREVIEW = ("preview.js", *(f"font-{name}.css" for name in PACKAGED_FONTS))
"""What the frame of the customizer fetches beside."""

_TOLD = ("name",)
"""What the frame's script goes by; all else of the look is on the page already."""


def frame_page(
    agent: Agent,
    framing: Framing,
    *,
    conversation: Conversation | None,
    is_resumable: bool = True,
    session_token: str = "",
    problem: str = "",
    typed: str = "",
    language: str = "",
) -> Response:
    """Answer with the page of a frame.

    Args:
        conversation: what was said already and is shown; None: the script fetches it, or there is nothing yet.
        is_resumable: whether the browser may have a secret to come back by.
        session_token: of who chats without scripts.
        problem: why what was typed was not taken.
        language: in which it has to speak; otherwise as the request and the settings say.
    """
    settings = framing.preview.config if framing.preview else widget_configs.published(agent)[0]
    voice = _voice(settings, framing, language or _begun_in(conversation))
    config = widget_configs.spoken(settings, voice.language)
    look = widget_configs.look_of(config)
    now = utc_now()
    nonce = secrets.token_urlsafe(16)
    said = conversations.latest_messages(conversation) if conversation else []
    page = render_template(
        "widget/frame.html",
        agent={"id": agent.public_id},
        look=look,
        told={name: look[name] for name in _TOLD}
        | _greetings_of(config, framing)
        | _away_of(config, framing, voice, now)
        | _launcher_of(config, framing, voice),
        absence=absences.absence(config, language=voice.language, now=now),
        theme_css=Markup(look["css"]),  # noqa: S704 - colours and measures that were checked one by one
        features=dict(config.features),
        before=pre_chat.asked(conversation) if conversation else pre_chat.asked_of_anybody(config),
        answered=request.form,
        consent=config.consent,
        css=Markup(asset_text("widget.css")),  # noqa: S704 - our own build output
        script=Markup(asset_text("frame.js")),  # noqa: S704 - our own build output
        custom_css_url=_sheet_of(agent, config, framing),
        thread_css=asset_url("thread.css"),
        font_files=_font_files(config.theme.font),
        parts={name: asset_url(name) for name in _parts_of(framing)}
        | voice.addresses_of(_parts_of(framing))
        | {"emoji-data": asset_url(f"emoji-{voice.language}.json")},
        words=voice.json(_parts_of(framing)),
        nonce=nonce,
        ticket="" if framing.mode == "window" else _ticket(agent, framing, voice.language),
        mode=framing.mode,
        resumable=is_resumable,
        messages=[_shown(message) for message in said],
        state=_state(conversation),
        session=session_token,
        client_id=secrets.token_urlsafe(12),
        post_url=url_for("widget_without_script.say", agent_id=agent.public_id),
        problem=problem,
        typed=typed,
        **voice.for_template(),
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = _policy(nonce, framing.ancestors)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if framing.mode == "window":
        # It has to know the chat that has opened it, which stands on another website's page.
        response.headers["Cross-Origin-Opener-Policy"] = "unsafe-none"
    # Two milliseconds more than brotli's usual effort, and 300 bytes less on each phone.
    return compressed(response, quality=7)


def closed_page(agent: Agent, *, said: str = "", status: int = 403) -> Response:
    """A page for who opens the chat on its own where its owner has not allowed that.

    Args:
        said: the key of what it says instead.
    """
    nonce = secrets.token_urlsafe(16)
    config, _version = widget_configs.published(agent)
    voice = voice_for(config)
    page = render_template(
        "widget/closed.html",
        heading=config.name,
        site_url=agent.site_url,
        said=said,
        nonce=nonce,
        **voice.for_template(),
    )
    response = make_response(page, status)
    response.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
    )
    return response


def _greetings_of(config: WidgetConfig, framing: Framing) -> dict[str, Any]:
    """The greetings, where the browser has to choose or fill one; a preview shows what is being written."""
    is_one = not config.greetings and not greetings.has_variables(config.greeting)
    return {} if is_one or framing.mode == "preview" else {"greetings": triggers.greetings_for_browser(config)}


def _launcher_of(config: WidgetConfig, framing: Framing, voice: Voice) -> dict[str, Any]:
    # The loader is one for everybody; where this page speaks another language, the frame tells it the right words.
    if framing.mode != "bubble" or voice.language == widget_configs.language_of_launcher(config):
        return {}
    launcher = widget_configs.look_of(replace(config, language=voice.language))["launcher"]
    return {"launcher": {"words": launcher["words"], "text": launcher.get("text", "")}}


def _away_of(config: WidgetConfig, framing: Framing, voice: Voice, now: datetime) -> dict[str, Any]:
    """What is said outside business hours, and when they end and begin: the chat may stay open over that."""
    turns = [] if framing.mode == "preview" else absences.turns_ahead(config, now=now)
    if not turns:
        return {}
    told = absences.next_absence(config, language=voice.language, now=now)
    # With our own clock: that of a browser may be wrong.
    return {"away": {"text": told.text, "at": _seconds(now), "turns": [_seconds(turn) for turn in turns]}}


def _seconds(moment: datetime) -> int:
    return round(moment.timestamp())


def _ticket(agent: Agent, framing: Framing, language: str) -> str:
    return tickets.issue(
        agent,
        origin=framing.origin,
        channel=framing.channel,
        language=language,
        return_link=framing.return_link,
    )


def _parts_of(framing: Framing) -> tuple[str, ...]:
    return PARTS + _PARTS_OF_PREVIEW if framing.mode == "preview" else PARTS


def _sheet_of(agent: Agent, config: WidgetConfig, framing: Framing) -> str:
    """The address of the site owner's own sheet; nothing when there is none, or it is switched off."""
    if not config.custom_css or not config.custom_css_is_on:
        return ""
    # Named after its content, so that a change is there at once wherever the earlier one is still kept.
    content = hashlib.sha256(config.custom_css.encode()).hexdigest()[:8]
    token = request.args.get("preview") if framing.preview else None
    return url_for("widget_frame.custom_css", agent_id=agent.public_id, v=content, preview=token)


def _font_files(font: str) -> dict[str, str]:
    """The style sheet of a font of ours, and its file for the letters that most need; nothing for system fonts."""
    if font not in PACKAGED_FONTS:
        return {}
    return {kind: asset_url(f"font-{font}.{kind}") for kind in ("css", "woff2")}


def _voice(config: WidgetConfig, framing: Framing, language: str) -> Voice:
    """How this frame speaks: in a language that is known, else as the request and the settings say."""
    if not language and framing.mode == "preview":
        language = request.args.get("locale", "")
    return voice_for(config, locale=language)


def _begun_in(conversation: Conversation | None) -> str:
    # Who chats without scripts goes on in the language in which they began.
    return conversation.language if request.method == "POST" and conversation is not None else ""


def _shown(message: Message) -> dict[str, Any]:
    content = conversations.as_json(message)
    # What `rich_text` made is safe by its contract; everything else is escaped by the template.
    content["html"] = Markup(content["html"])  # noqa: S704
    content["sources"] = [{**source, "html": Markup(source["html"])} for source in content["sources"]]  # noqa: S704
    return content


def _state(conversation: Conversation | None) -> dict[str, Any]:
    if conversation is None:
        return {"state": State.AGENT.value, "person": None}
    told = conversations.state_as_json(conversation)
    return {"state": told["state"], "person": told["name"]}


def _policy(nonce: str, ancestors: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce}'",
            f"style-src 'nonce-{nonce}' 'self'",
            # Pictures in messages are fetched with the session's token, and shown from memory.
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types porchlight",
            f"frame-ancestors {ancestors}",
        )
    )
