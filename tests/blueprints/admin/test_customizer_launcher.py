"""The section Launcher of the customizer: what is sent is kept, and what is to be said about it is said."""

import html
import json
import re

import pytest

from core import widget_configs
from core.widget_configs import Launcher

HTMX = {"HX-Request": "true"}
SENT = {
    "position": "top-left",
    "icon": "spark",
    "text": "Ask us",
    "launcher_fill": "gradient",
    "launcher_colour": "#4A148C",
    "launcher_second_colour": "#ad1457",
    "launcher_phone_position": "bottom-center",
    "launcher_size": "64",
    "launcher_side": "30",
    "launcher_edge": "40",
    "launcher_phone_size": "48",
    "launcher_phone_side": "10",
    "launcher_phone_edge": "0",
    "launcher_screens": "desktop",
    "launcher_page_rule": "except",
    "launcher_pages": "/checkout/*\r\n\r\n /cart ",
    "launcher_opener": "#help",
    "launcher_full_screen_below": "700",
    "launcher_layer": "42",
    "has_launcher_switches": "1",
}
KEPT = Launcher(
    icon="spark",
    text="Ask us",
    fill="gradient",
    colour="#4a148c",
    second_colour="#ad1457",
    size=64,
    side=30,
    edge=40,
    phone_position="bottom-center",
    phone_size=48,
    phone_side=10,
    phone_edge=0,
    layer=42,
    full_screen_below=700,
    screens="desktop",
    badge=False,
    opener="#help",
    bubble=False,
    page_rule="except",
    pages=("/checkout/*", "/cart"),
)


def send(client, agent, headers=HTMX, **form):
    revision = widget_configs.draft(agent).revision
    return client.post(
        f"/admin/agents/{agent.id}/customizer/draft", data={"revision": revision, **form}, headers=headers
    )


def said(answer, name):
    return re.search(rf'id="problem-launcher-{name}"[^>]*>([^<]*)', answer.text)[1]


def test_everything_that_is_sent_is_kept_and_shown_again(eddy, agent):
    assert send(eddy, agent, **SENT).status_code == 200
    config = widget_configs.drafted(agent)
    assert (config.position, config.launcher) == ("top-left", KEPT)
    page = eddy.get(f"/admin/agents/{agent.id}/customizer").text
    assert "/checkout/*\n/cart</textarea>" in page
    assert 'name="launcher_phone_position" value="bottom-center" checked' in page


def test_the_preview_gets_all_of_it_but_the_rule_of_pages(eddy, agent):
    answer = send(eddy, agent, **SENT)
    look = json.loads(html.unescape(re.search(r'look="([^"]*)"', answer.text)[1]))["launcher"]
    assert (look["position"], look["phone"], look["opener"]) == ("top-left", "bottom-center", "#help")
    # A button that is left out is only hidden here: it may come back with the next change.
    assert {"pages", "bare"}.isdisjoint(look)
    assert look["css"].endswith("::slotted(button){display:none}")


def test_unticked_boxes_count_only_where_they_stood(eddy, agent):
    send(eddy, agent, text="Hello")
    assert widget_configs.drafted(agent).launcher == Launcher(text="Hello")
    send(eddy, agent, has_launcher_switches="1", launcher_badge="1")
    launcher = widget_configs.drafted(agent).launcher
    assert (launcher.badge, launcher.bubble) == (True, False)


@pytest.mark.parametrize(
    ("field", "value", "name", "sentence"),
    [
        ("launcher_opener", "a:hover", "opener", "CSS selector"),
        ("launcher_pages", "/a/*/b", "pages", "at the end"),
        ("launcher_layer", "0", "layer", "from 1 to"),
        ("launcher_size", "900", "size", "from 40 to 80"),
        ("launcher_colour", "rainbow", "colour", "#rrggbb"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(eddy, agent, field, value, name, sentence):
    answer = send(eddy, agent, **{field: value})
    assert answer.status_code == 422
    assert sentence in said(answer, name)
    assert widget_configs.drafted(agent).launcher == Launcher()


@pytest.mark.parametrize(
    ("rule", "address", "verdict"),
    [
        ("only", "https://shop.example/blog/lamps?a=1", "It is shown there."),
        ("only", "/about", "It is not shown there."),
        ("except", "/blog", "It is not shown there."),
        ("all", "/about", "It is shown there."),
        ("only", "  ", ""),
    ],
)
def test_a_page_can_be_asked_about_and_is_not_kept(eddy, agent, rule, address, verdict):
    answer = send(eddy, agent, launcher_page_rule=rule, launcher_pages="/blog/*", tried_page=address)
    assert re.search(r'id="page-verdict"[^>]*>([^<]*)', answer.text)[1] == verdict


def test_a_better_shade_is_taken_by_its_button_also_without_scripts(eddy, agent):
    answer = send(eddy, agent, launcher_colour="#ffe000")
    shade = re.search(r'value="colour=(#[0-9a-f]{6})"', answer.text)[1]
    plain = send(eddy, agent, headers={}, launcher_colour="#ffe000", proposal=f"colour={shade}")
    assert plain.status_code == 303
    assert widget_configs.drafted(agent).launcher.colour == shade


def test_a_picture_of_another_business_is_not_shown(eddy, agent):
    answer = send(eddy, agent, launcher_fill="image", image="0f8fad5b-d9cb-469f-a165-70867728950e")
    assert answer.status_code == 422
    assert widget_configs.drafted(agent).launcher.image == ""


def test_who_may_only_look_changes_nothing(rita, stan, agent):
    assert send(rita, agent, **SENT).status_code == 403
    assert send(stan, agent, **SENT).status_code == 404
