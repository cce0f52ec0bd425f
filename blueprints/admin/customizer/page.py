"""What the customizer shows: the whole page, and what changes of it."""

from collections.abc import Mapping
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field

from blueprints.admin.customizer.forms import LookForm, fresh_form
from blueprints.admin.customizer.saving import Outcome
from blueprints.admin.customizer.sections import SECTIONS, css, features, launcher
from blueprints.admin.customizer.sections.theme import preset_key
from blueprints.admin.customizer.talk import away_of, talk_of
from core import custom_css, widget_configs
from core.widget_configs import WidgetConfig
from core.widget_words import languages
from models.agents import Agent
from web.fragments import is_partial, render_page

SAVED = Outcome()
_DARK = ("dark_accent", "dark_paper", "dark_ink", "dark_surface")


def answer(agent: Agent, form: LookForm, outcome: Outcome) -> ResponseReturnValue:
    """The draft's state for htmx; the whole page with what was typed for a plain post that could not be taken."""
    if is_partial():
        return render_page("admin/customizer/_answer.html", **page_of(agent, form, outcome)), outcome.status
    if outcome.status == 200:
        return redirect(url_for("customizer.show", agent_id=agent.id), 303)
    return render_page("admin/customizer/show.html", **page_of(agent, form, outcome)), outcome.status


def page_of(agent: Agent, form: LookForm, outcome: Outcome = SAVED) -> dict[str, Any]:
    """Everything that the page's templates want to know."""
    draft = widget_configs.draft(agent)
    config = WidgetConfig.from_settings(draft.settings)
    published, version = widget_configs.published(agent)
    # What could not be saved goes on standing in the form and in the preview.
    shown = outcome.mine or config
    key_before = form.preset_before.data or ""
    is_repainted = form.picked_preset and outcome.is_saved
    if is_repainted:
        form = fresh_form(config, revision=draft.revision)
    light, dark = widget_configs.light_of(shown.theme), widget_configs.dark_of(shown.theme)
    first, second = widget_configs.gradient_of(shown.launcher, shown.theme.accent)
    theme_colours = {"said": light.said} | {name: getattr(dark, name.removeprefix("dark_")) for name in _DARK}
    return {
        "agent": agent,
        "form": form,
        "preset_key": preset_key(shown),
        "is_repainted": is_repainted,
        "is_other_preset": preset_key(shown) != key_before,
        "draft": draft,
        "look_language": shown.own_language if shown.language in ("page", "browser") else shown.language,
        "look": widget_configs.previewed_look_of(shown) | away_of(shown),
        "theme": shown.theme,
        "shown_light": light,
        "shown_dark": dark,
        "theme_followers": _followers(form, theme_colours),
        "launcher_followers": _followers(form, {"launcher_colour": first, "launcher_second_colour": second}),
        "light_of": widget_configs.light_of,
        "dark_of": widget_configs.dark_of,
        "presets": widget_configs.PRESETS,
        "measures": widget_configs.MEASURES,
        "packaged_fonts": widget_configs.PACKAGED_FONTS,
        "colour_fields": (*widget_configs.COLOURS, *widget_configs.DERIVED_COLOURS),
        "launcher_colours": launcher.COLOURS,
        "launcher_measures": widget_configs.LAUNCHER_MEASURES,
        "launcher_shown": {"colour": first, "second_colour": second},
        "tried_page": _tried(shown, form.tried_page.data or ""),
        "advice": widget_configs.advice_on(shown.theme, shown.launcher),
        "version": version,
        "languages": list(languages.NAMES.items()),
        "schedule": widget_configs.scheduled(agent),
        "changes": widget_configs.changes(published, config),
        "site": agent.site_url or "",
        "problem": "",
        "matched": None,
        "matched_name": "",
        "matched_icon": None,
        "problems": outcome.problems,
        "outcome": outcome,
        "css_problems": custom_css.sanitize(form.custom_css.data or "").problems,
        "css_names": css.NAMES,
        "feature_sentences": features.SENTENCES,
        "problem_names": [name for section in SECTIONS for name in section.PROBLEMS],
        **talk_of(form, shown),
        "revision": draft.revision if outcome.is_saved else form.revision.data or 0,
    }


def _followers(form: LookForm, colours: Mapping[str, str]) -> list[tuple[Field, str]]:
    """The colours that were left empty and so follow others, with what they come to."""
    return [(form[name], colour) for name, colour in colours.items() if not (form[name].data or "").strip()]


def _tried(config: WidgetConfig, address: str) -> str:
    """Whether the launcher is shown on a page that somebody asks about, as a sentence."""
    if not address.strip():
        return ""
    return "It is shown there." if widget_configs.is_shown_on(config.launcher, address) else "It is not shown there."
