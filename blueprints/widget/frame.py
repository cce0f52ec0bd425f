"""The frame in which customers chat: its page, the direct link, and the way through when scripts are blocked."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from blueprints.widget import refresh_cookies
from blueprints.widget.languages import Voice, voice_for
from blueprints.widget.limits import PER_ADDRESS, PER_ADDRESS_WITHOUT_SCRIPT, admit, admit_opened, admit_opening
from blueprints.widget.previews import Preview, previewed
from blueprints.widget.requests import client_id, known_agent, own_origin
from core import (
    absences,
    answers,
    conversations,
    events,
    greetings,
    pre_chat,
    ratings,
    refresh_secrets,
    return_links,
    sessions,
    tickets,
    triggers,
    websites,
    widget_configs,
    widget_words,
)
from core.clock import utc_now
from core.custom_css import sanitize
from core.domains import DomainValidator, origin_of
from core.errors import DomainError, Forbidden, Invalid, NotFound, TooMany, Unauthenticated
from core.protection_settings import Action
from core.sessions import Started, Visit
from core.texts import clean, required_text
from core.widget_configs import PACKAGED_FONTS, WidgetConfig
from models import db
from models.agents import Agent, EventKind
from models.conversations import Conversation, Message, State
from models.customers import Customer, Standing, WidgetSession
from web.access import public
from web.assets import asset_text, asset_url
from web.browsers import arrival
from web.compression import compressed
from web.extensions import csrf, limiter

bp = Blueprint("widget_frame", __name__)
csrf.exempt(bp)

_PARTS = (
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


@dataclass(frozen=True)
class Framing:
    """Where a frame stands."""

    channel: str
    """`web`, `link` or `preview`."""
    mode: str
    """What the frame's script goes by: `back`, `bubble`, `inline`, `link`, `preview` or `window`."""
    origin: str | None
    ancestors: str
    preview: Preview | None = None
    """What is shown instead of the published look."""
    return_link: uuid.UUID | None = None
    """The mailed link that led here."""


@bp.get("/widget/<agent_id>")
@public
def show_frame(agent_id: str) -> ResponseReturnValue:
    agent = known_agent(agent_id)
    return _page(agent, _framing(agent))


@bp.get("/chat/<agent_id>")
@public
def show_link(agent_id: str) -> ResponseReturnValue:
    agent = known_agent(agent_id)
    return _page(agent, Framing(channel="link", mode="link", origin=None, ancestors="'none'"))


@bp.get("/chat/<agent_id>/back/<secret>")
@limiter.limit(PER_ADDRESS)
@public
def show_return(agent_id: str, secret: str) -> ResponseReturnValue:
    """One conversation again, by the link in an e-mail. To look begins nothing: mail programs look, too."""
    agent = known_agent(agent_id)
    try:
        link = return_links.find(agent, secret, now=utc_now())
        conversation = db.session.get_one(Conversation, link.conversation_id)
        sessions.check_returning(agent, conversation)
    except (NotFound, Unauthenticated):
        return _closed(agent, said="letter_gone", status=404)
    framing = Framing(channel="link", mode="back", origin=None, ancestors="'none'", return_link=link.id)
    # A script that begins at once, without a cookie to come back by.
    response = _frame(agent, framing, conversation=None, language=conversation.language)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.post("/widget/<agent_id>/messages")
@limiter.limit(PER_ADDRESS_WITHOUT_SCRIPT)
@public
def say_without_script(agent_id: str) -> ResponseReturnValue:
    """Take a message or a rating from a plain form and answer with the whole page, answer included."""
    agent = known_agent(agent_id)
    try:
        session, started = _session_of_form(agent)
    except Unauthenticated as refusal:
        return _once_more(agent, refusal, is_late=True)
    except (Forbidden, TooMany) as refusal:
        return _once_more(agent, refusal)
    conversation = db.session.get_one(Conversation, session.conversation_id)
    problem, typed = "", ""
    try:
        admit(session, Action.MESSAGES)
        if "rating" in request.form:
            _rate(conversation)
        else:
            _ask(agent, conversation, session)
    except DomainError as error:
        problem, typed = _words_of(agent, conversation.language, error), _typed()
    conversation = db.session.get_one(Conversation, session.conversation_id, populate_existing=True)
    framing = _framing_of(agent, session, conversation)
    token = started.token if started else request.form["session"]
    response = _frame(agent, framing, conversation=conversation, session_token=token, problem=problem, typed=typed)
    response.status_code = 422 if problem else 200
    if started is not None and session.return_link_id is None:
        refresh_cookies.keep_in_cookie(response, agent, started.refresh_secret, started.refresh_expires_at)
    return response


@bp.get("/widget/<agent_id>/custom.css")
@public
def custom_css(agent_id: str) -> ResponseReturnValue:
    agent = known_agent(agent_id)
    preview = previewed(agent)
    config = preview.config if preview else widget_configs.published(agent)[0]
    sheet = _written_anew(config.custom_css) if config.custom_css_is_on else ""
    response = Response(sheet, mimetype="text/css")
    response.headers["Cache-Control"] = "no-store" if preview else "public, max-age=60"
    return response


@lru_cache(maxsize=64)
def _written_anew(sheet: str) -> str:
    """A sheet by an allow-list that may have grown stricter since it was saved. It takes long, and anybody may ask."""
    return sanitize(sheet).css


def _ask(agent: Agent, conversation: Conversation, session: WidgetSession) -> None:
    text = required_text(request.form.get("text"), name="The message", limit=conversations.MESSAGE_LIMIT)
    number = client_id(request.form.get("clientId"))
    waiting = pre_chat.asked(conversation)
    if waiting.is_anything:
        given = {field.key: request.form.get(f"pre_chat.{field.key}") for field in waiting.fields}
        pre_chat.answer(conversation, given, agrees=request.form.get("consent") == "yes", now=utc_now())
    asked = conversations.ask_once(
        conversation, client_id=number, text=text, now=utc_now(), **return_links.said_by(session)
    )
    events.record_in(agent, conversation, EventKind.MESSAGE, now=utc_now())
    answers.produce(asked.message.id, at_once=True)


def _rate(conversation: Conversation) -> None:
    try:
        asked, score = uuid.UUID(request.form["rating"]), int(request.form.get("score", ""))
    except ValueError:
        raise Invalid("Choose one of the answers.") from None
    ratings.rate(conversation, asked, score=score, comment=request.form.get("comment"), now=utc_now())


def _page(agent: Agent, framing: Framing) -> Response:
    if framing.channel == "link" and not agent.allows_link:
        return _closed(agent)
    if framing.mode == "window":
        return _frame(agent, framing, conversation=None, is_resumable=False)
    conversation = None
    secret = refresh_cookies.secret_from_cookie(agent)
    family = refresh_secrets.peek(agent, secret, now=utc_now()) if secret else None
    if family is not None:
        customer = db.session.get_one(Customer, family.customer_id)
        # Whom the website has named, it names again or somebody else: what they said is shown when that is known.
        if customer.standing is Standing.ANONYMOUS:
            conversation = conversations.latest(agent, customer, channel=framing.channel)
    return _frame(agent, framing, conversation=conversation, is_resumable=family is not None)


def _closed(agent: Agent, *, said: str = "", status: int = 403) -> Response:
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


def _framing(agent: Agent) -> Framing:
    """Where this request's frame stands, and who may embed it."""
    referer = request.headers.get("Referer")
    preview = previewed(agent)
    if preview is not None and preview.is_shared:
        return _shared(agent, preview, str(origin_of(referer)))
    if preview is not None:
        # Without a loader beside it, the frame has to begin by itself.
        mode = "inline" if request.args.get("mode") == "inline" else "preview"
        return Framing(conversations.PREVIEW, mode, own_origin(), ancestors="'self'", preview=preview)
    patterns = websites.patterns(agent)
    is_known = DomainValidator.validate_referer(referer, patterns)
    mode = request.args.get("mode", "bubble")
    if mode == "window" and widget_configs.published(agent)[0].features.get("pop_out"):
        # Goes on with the session of the chat that has opened it, and can begin none.
        return Framing(channel="web", mode="window", origin=None, ancestors="'none'")
    if request.headers.get("Sec-Fetch-Dest") == "document":
        return Framing(channel="link", mode="link", origin=None, ancestors="'none'")
    return Framing(
        channel="web",
        mode=mode if mode in ("bubble", "inline") else "bubble",
        origin=str(origin_of(referer)) if is_known else None,
        ancestors=DomainValidator.frame_ancestors(patterns, referer),
    )


def _shared(agent: Agent, preview: Preview | None, origin: str) -> Framing:
    """A preview by a colleague's link: on our own neutral page, or on a website of the agent."""
    is_own, patterns = origin == own_origin(), websites.patterns(agent)
    is_known = is_own or DomainValidator.validate_domain(origin, patterns)
    return Framing(
        channel=conversations.PREVIEW,
        mode="bubble",
        origin=origin if is_known else None,
        ancestors="'self'" if is_own else DomainValidator.frame_ancestors(patterns, f"{origin}/" if is_known else None),
        preview=preview,
    )


def _framing_of(agent: Agent, session: WidgetSession, conversation: Conversation) -> Framing:
    if session.return_link_id is not None:
        return Framing("link", "back", None, ancestors="'none'", return_link=session.return_link_id)
    if conversation.channel == "web":
        patterns = websites.patterns(agent)
        ancestors = DomainValidator.frame_ancestors(patterns, f"{session.parent_origin}/")
        return Framing(channel="web", mode="inline", origin=session.parent_origin, ancestors=ancestors)
    if conversation.channel == conversations.PREVIEW:
        return replace(_shared(agent, None, session.parent_origin), mode="link", origin=None)
    return Framing(channel=conversation.channel, mode="link", origin=None, ancestors="'none'")


def _session_of_form(agent: Agent) -> tuple[WidgetSession, Started | None]:
    """The session that the form carries, or a new one for its ticket."""
    token = request.form.get("session", "")
    if token:
        session = sessions.find(token, now=utc_now(), by_link=True)
        if session.agent_id != agent.id:
            raise Unauthenticated("This session belongs to another agent.")
        return session, None
    ticket = tickets.read(request.form.get("ticket"))
    # Without scripts nobody can tell the page's address but the browser, by the Referer of the frame.
    origin = ticket.origin or (own_origin() if ticket.channel != "web" else request.headers.get("Origin", ""))
    secret = refresh_cookies.secret_from_cookie(agent) if request.headers.get("Origin") == own_origin() else None
    visit = Visit(parent_origin=origin, own_origin=own_origin(), refresh_secret=secret, **arrival())
    admit_opening(agent, ticket=request.form.get("ticket"), origin=origin, secret=secret)
    started = sessions.start(agent, request.form.get("ticket"), visit, now=utc_now())
    admit_opened(started.session)
    return started.session, started


def _once_more(agent: Agent, refusal: DomainError, *, is_late: bool = False) -> Response:
    """The page again for who could not get in, with what they wrote and why it was not taken."""
    late = tickets.read_late(request.form.get("ticket"))
    if late is None or late.agent != agent.public_id:
        raise refusal
    ancestors = "'none'"
    if late.channel == conversations.PREVIEW:
        ancestors = _shared(agent, None, late.origin or own_origin()).ancestors
    elif late.channel == "web":
        referer = f"{late.origin}/" if late.origin else None
        ancestors = DomainValidator.frame_ancestors(websites.patterns(agent), referer)
    mode = "inline" if late.channel == "web" else "link"
    framing = Framing(channel=late.channel, mode=mode, origin=late.origin, ancestors=ancestors)
    problem = "" if is_late else _words_of(agent, late.language, refusal)
    response = _frame(
        agent,
        framing,
        conversation=None,
        is_resumable=False,
        problem=problem or widget_words.say(late.language, "said_late"),
        typed=_typed(),
        language=late.language,
    )
    response.status_code = 422
    return response


def _words_of(agent: Agent, language: str, error: DomainError) -> str:
    config, _version = widget_configs.published(agent)
    return widget_words.refusal(language, error, own=config.words)


def _typed() -> str:
    return clean(request.form.get("text", "")[: conversations.MESSAGE_LIMIT])


def _frame(
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
        post_url=url_for("widget_frame.say_without_script", agent_id=agent.public_id),
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
    return _PARTS + _PARTS_OF_PREVIEW if framing.mode == "preview" else _PARTS


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
