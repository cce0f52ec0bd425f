"""A page that could be anybody's, with the widget of a preview on it."""

from flask import Response, make_response

from core.domains import origin_of
from models.agents import Agent
from web.fragments import render_page


def preview_page(
    agent: Agent, token: str, *, ancestors: str, backdrop: str = "", language: str = "en", direction: str = "ltr"
) -> Response:
    """The page.

    Args:
        token: what the loader and the frame show their look by.
        ancestors: who may frame this page, as CSP says it.
        backdrop: a page of the agent's own website that stands behind the widget, without its scripts.
        language: of the page, which the widget may follow.
        direction: `ltr` or `rtl`.
    """
    page = render_page(
        "widget/preview.html", agent=agent, token=token, backdrop=backdrop, language=language, direction=direction
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = _policy(ancestors, backdrop)
    return response


def _policy(ancestors: str, backdrop: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            f"frame-src 'self' {origin_of(backdrop) or ''}".rstrip(),
            "base-uri 'none'",
            "form-action 'none'",
            f"frame-ancestors {ancestors}",
        )
    )
