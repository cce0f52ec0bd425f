"""A new agent looks like its website, unless somebody has made it look otherwise meanwhile."""

import io
from dataclasses import replace

import pytest
from PIL import Image as Pillow

from core import first_looks, jobs, pictures, widget_configs
from core.clock import utc_now
from models import db
from models.files import Picture

PAGE = """<meta property="og:site_name" content="{name}"><title>Home</title>{icon}
<style>.btn{{background:#0a66c2}}</style>"""


def picture(size=180):
    out = io.BytesIO()
    Pillow.new("RGB", (size, size), (10, 102, 194)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def website(httpserver, agent):
    """The agent's website, on a name of its own."""
    agent.site_url = httpserver.url_for("/").rstrip("/")
    db.session.commit()
    httpserver.expect_request("/icon.png").respond_with_data(picture(), content_type="image/png")

    def serve(name="Local Host", icon='<link rel="apple-touch-icon" href="/icon.png">'):
        httpserver.expect_request("/").respond_with_data(PAGE.format(name=name, icon=icon), content_type="text/html")

    return serve


def look_at(agent, *, allow_private=True):
    job = jobs.start(agent.workspace_id, first_looks.KIND, agent.id, now=utc_now())
    first_looks.run(job, allow_private=allow_private)
    return job


def test_customers_see_the_websites_name_colours_and_picture(agent, website):
    website()
    assert look_at(agent).problem is None
    config, version = widget_configs.published(agent)
    assert (config.name, config.greeting) == (
        "Local Host assistant",
        "Welcome to Local Host. What can I help you with?",
    )
    assert (config.theme.accent, version, agent.name) == ("#0a66c2", 2, "Local Host assistant")
    assert pictures.owned(agent.workspace_id, config.brand.avatar).width == 180
    assert not widget_configs.has_changes(agent)


@pytest.mark.parametrize("name", ["Just a moment...", "Home", "", "Local host " * 9, "Lamps & more"])
def test_a_title_that_is_no_name_changes_no_name(agent, website, name):
    website(name=name)
    look_at(agent)
    config, _version = widget_configs.published(agent)
    assert (config.name, config.theme.accent) == ("Lumi", "#0a66c2")


@pytest.mark.parametrize(
    "icon",
    [
        "",
        '<link rel="icon" href="/favicon.ico">',
        '<link rel="icon" sizes="16x16" href="/icon.png">',
        '<link rel="apple-touch-icon" href="/icon.svg">',
        '<link rel="apple-touch-icon" href="/gone.png">',
        '<link rel="apple-touch-icon" href="/">',
        '<link rel="apple-touch-icon" href="http://[::1">',
    ],
)
def test_a_picture_that_cannot_be_used_leaves_the_letter(agent, website, icon):
    website(icon=icon)
    look_at(agent)
    assert widget_configs.published(agent)[0].brand.avatar == ""
    assert db.session.query(Picture).count() == 0


def test_an_edit_is_never_overwritten(agent, website):
    website()
    config = replace(widget_configs.drafted(agent), greeting="Mine")
    widget_configs.save_draft(agent, config, revision=1, by=None, now=utc_now())
    assert "You were faster" in look_at(agent).problem
    assert widget_configs.drafted(agent) == config
    assert widget_configs.published(agent)[1] == 1


def test_an_edit_while_the_website_is_read_stays_too(agent, website, monkeypatch):
    website()
    config = replace(widget_configs.drafted(agent), greeting="Mine")
    fetch = first_looks.site_looks.fetch_icon

    def edited_meanwhile(found, **options):
        widget_configs.save_draft(agent, config, revision=1, by=None, now=utc_now())
        return fetch(found, **options)

    monkeypatch.setattr(first_looks.site_looks, "fetch_icon", edited_meanwhile)
    assert "You were faster" in look_at(agent).problem
    assert widget_configs.drafted(agent) == config


def test_a_website_that_cannot_be_opened_says_so_and_nothing_changes(agent, website):
    website()
    assert "could not be opened" in look_at(agent, allow_private=False).problem
    assert widget_configs.published(agent)[1] == 1


def test_an_agent_without_a_website_is_left_alone(agent):
    first_looks.start(agent, now=utc_now())
    assert db.session.query(jobs.Job).count() == 0
