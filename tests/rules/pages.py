import jinja2
from flask import render_template, render_template_string
from markupsafe import Markup

from web.extensions import csrf


def pages(text, environment, bp):
    # ruleid: template-out-of-text
    render_template_string(text)
    # ruleid: template-out-of-text
    jinja2.Template(text)
    # ruleid: template-out-of-text
    environment.from_string(text)
    # ok: template-out-of-text
    render_template("page.html", text=text)
    # ruleid: markup-out-of-place
    Markup(text)
    # ruleid: markup-out-of-place
    Markup(f"<b>{text}</b>")
    # ok: markup-out-of-place
    Markup("<b>{}</b>").format(text)
    # ruleid: page-of-strangers-without-a-token
    csrf.exempt(bp)
