"""Pages and parts of pages: the same template serves both."""

from typing import Any

from flask import current_app, make_response, redirect
from flask.typing import ResponseReturnValue
from htmx_flask import request
from werkzeug.wrappers import Response


def render_block(template: str, block: str, **values: Any) -> str:
    """Render one named block of a template by itself."""
    page = current_app.jinja_env.get_template(template)
    current_app.update_template_context(values)
    return "".join(page.blocks[block](page.new_context(values)))


def render_page(template: str, *, fragment: str | None = None, **values: Any) -> str:
    """Render the whole page, or for htmx only the block that the route names."""
    if fragment and is_partial():
        return render_block(template, fragment, **values)
    current_app.update_template_context(values)
    return current_app.jinja_env.get_template(template).render(values)


def render_question(question: str, answers: str, **values: Any) -> str:
    """Ask before something that cannot be taken back, on a page or in a dialog.

    Args:
        question: its heading.
        answers: the template of what will happen, with the form that has it done.
    """
    return render_page("admin/question.html", fragment="dialog", question=question, answers=answers, **values)


def show_change(template: str, *, fragment: str, otherwise: str, **values: Any) -> ResponseReturnValue:
    """Answer a good change: htmx gets the fragment, a plain post is sent on (303) to `otherwise`."""
    if is_partial():
        return render_block(template, fragment, **values)
    return redirect(otherwise, 303)


def show_problem(template: str, *, fragment: str | None = None, **values: Any) -> ResponseReturnValue:
    """Answer a form that cannot be taken with itself and its messages, status 422."""
    return render_page(template, fragment=fragment, **values), 422


def go_to(address: str) -> Response:
    """Send the browser to another page after a change, by htmx or by a plain 303."""
    if is_partial():
        response = make_response("", 204)
        response.headers["HX-Redirect"] = address
        return response
    return make_response(redirect(address, 303))


def is_partial() -> bool:
    return bool(request.htmx) and not request.htmx.boosted and not request.htmx.history_restore_request
