"""All the words of the widget, one language at a time. They are saved with the draft, each as it is written."""

import uuid
from dataclasses import replace
from typing import Any

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.admin.customizer.blueprint import bp
from blueprints.admin.customizer.page import page_of
from blueprints.admin.customizer.saving import form_of
from core import agents, widget_configs, widget_words
from core.clock import utc_now
from core.errors import Conflict, NotFound
from core.permissions import Permission
from core.widget_configs import WidgetConfig
from models.agents import Agent
from web.access import current_teammate, current_workspace, requires
from web.fragments import is_partial, render_page

_TITLES = {
    "own_texts": "Your own texts",
    "page": "In the chat",
    "frame": "While chatting",
    "menu": "In the menu",
    "pre_chat": "Before the chat",
    "attachments": "Files and pictures",
    "hours": "Outside business hours",
    "loader": "On the website’s pages",
    "closed": "Where the link is switched off",
    "hand_over": "A link that signs somebody in",
    "own_data": "A customer’s own data",
    "remembered": "What is remembered",
    "confirm": "When something is to be confirmed",
    "transcript": "A copy of the conversation",
    "letter": "E-mails after the chat was left",
    "emoji": "Emoji",
    "rating": "How content somebody was",
    "people": "With a person",
    "sound": "Sounds",
    "resize": "A larger window",
    "pop_out": "A window of its own",
    "server": "What the agent says",
    "small_talk": "Small talk",
    "orders": "Orders and products",
    "refusals": "When something cannot be done",
}
"""Where each group of the catalogue appears."""
_NOT_LISTED = ("preview", "own", "shop_window")
"""Groups that no customer reads, whose texts stand among one's own, or that stand on a page of no agent's."""
_LONG = 60
"""Texts longer than this get more than one line to be written in."""


@bp.get("/<uuid:agent_id>/customizer/words/<language>")
@requires(Permission.VIEW)
def show_words(agent_id: uuid.UUID, language: str) -> ResponseReturnValue:
    agent = agents.find(current_workspace(), agent_id)
    return _shown(agent, _known(language))


@bp.post("/<uuid:agent_id>/customizer/words/<language>")
@requires(Permission.EDIT_AGENTS)
def update_words(agent_id: uuid.UUID, language: str) -> ResponseReturnValue:
    """Save the words that were sent, and leave all others as they are."""
    agent = agents.find(current_workspace(), agent_id)
    keys = _keys(widget_configs.drafted(agent), _known(language))
    sent = {key: text for key in keys if (text := request.form.get(f"word.{key}")) is not None}
    problems = _save(agent, language, sent)
    if is_partial():
        page = page_of(agent, form_of(agent)) | {"sent": sent, "word_problems": problems}
        return render_page("admin/customizer/_words_answer.html", **page), 422 if problems else 200
    if problems:
        return _shown(agent, language, problems=problems, typed=sent), 422
    return redirect(url_for(".show_words", agent_id=agent.id, language=language), 303)


def _save(agent: Agent, language: str, sent: dict[str, str]) -> dict[str, str]:
    """Keep what can be used of the words in the draft; answers a sentence for each of the others, by its key."""
    draft, config = widget_configs.draft(agent), widget_configs.drafted(agent)
    taken = _changed_meanwhile(agent, config, language, sent)
    words = {key: text for key, text in sent.items() if key not in taken}
    before = config.words.get(language, {})
    changed, problems = widget_configs.check({"words": {**config.words, language: {**before, **words}}}, base=config)
    prefix = f"words.{language}."
    told = {name.removeprefix(prefix): sentence for name, sentence in problems.items() if name.startswith(prefix)}
    if told:
        # What stood there goes on standing, until it is put right.
        kept = {**before, **words, **{key: before.get(key, "") for key in told}}
        changed, _problems = widget_configs.check({"words": {**config.words, language: kept}}, base=config)
    try:
        widget_configs.save_draft(agent, changed, revision=draft.revision, by=current_teammate(), now=utc_now())
    except Conflict as conflict:
        return dict.fromkeys(sent, f"{conflict.message} Write this once more.")
    return taken | told


def _changed_meanwhile(agent: Agent, config: WidgetConfig, language: str, sent: dict[str, str]) -> dict[str, str]:
    """A sentence for each word that somebody else has changed since this page was loaded, so that nothing is lost."""
    began = widget_configs.begun_from(agent, request.form.get("revision", default=0, type=int))
    if began is None:
        return {}
    before, now = began.words.get(language, {}), config.words.get(language, {})
    return {
        key: f"Somebody has changed this meanwhile, to “{now.get(key) or 'the usual words'}”. Write yours once "
        "more to keep it."
        for key, text in sent.items()
        if before.get(key, "") != now.get(key, "") and now.get(key, "") != text
    }


def _known(language: str) -> str:
    if language not in widget_words.LANGUAGES:
        raise NotFound("The widget does not speak this language.")
    return language


def _keys(config: WidgetConfig, language: str) -> set[str]:
    return {row["key"] for group in _groups(config, language) for row in group["rows"]}


def _groups(config: WidgetConfig, language: str, typed: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """The texts of a language, grouped by where they appear, each with what is said without words of one's own."""
    own = {**config.words.get(language, {}), **(typed or {})}
    usual = {name: texts for name, texts in widget_words.flat(language).items() if name not in _NOT_LISTED}
    if language != config.own_language:
        usual = {"own_texts": _own_texts(config, language)} | usual
    return [
        {
            "title": _TITLES[name],
            "rows": [_row(key, text, own.get(key, "")) for key, text in texts.items()],
            "changed": sum(1 for key in texts if own.get(key)),
        }
        for name, texts in usual.items()
        if texts
    ]


def _own_texts(config: WidgetConfig, language: str) -> dict[str, str]:
    """The texts of the settings as they are said in a language without translations of one's own."""
    here = widget_configs.own_texts(widget_configs.spoken(replace(config, words={}), language))
    return {key: here.get(key, text) for key, text in widget_configs.own_texts(config).items()}


def _row(key: str, usual: str, own: str) -> dict[str, Any]:
    lines = usual.count("\n") + 1 + (len(usual) > _LONG)
    return {"key": key, "usual": usual, "own": own, "lines": min(lines, 6)}


def _shown(
    agent: Agent, language: str, *, problems: dict[str, str] | None = None, typed: dict[str, str] | None = None
) -> str:
    config = widget_configs.drafted(agent)
    return render_page(
        "admin/customizer/_all_words.html" if is_partial() else "admin/customizer/words.html",
        agent=agent,
        language=language,
        languages=widget_words.NAMES,
        direction="rtl" if widget_words.is_rtl(language) else "ltr",
        groups=_groups(config, language, typed),
        own_language=config.own_language,
        revision=widget_configs.draft(agent).revision,
        problems=problems or {},
    )
