"""The script that a site owner pastes, and the window that it fetches."""

import json
import re

import brotli
import pytest

from core import widget_configs
from tests.conftest import NOW

EVERYTHING = {
    "position": "middle-left",
    "greeting": "Hi there. What can I help you with?",
    "theme": {"dark_accent": "#f0a06a"},
    "launcher": {
        "icon": "spark",
        "text": "Questions? Ask us",
        "fill": "image",
        "colour": "#123456",
        "image": "0f8fad5b-d9cb-469f-a165-70867728950e",
        "size": 64,
        "side": 32,
        "edge": 48,
        "phone_position": "bottom-center",
        "phone_size": 48,
        "phone_side": 8,
        "phone_edge": 12,
        "full_screen_below": 600,
        "layer": 2147483000,
        "screens": "desktop",
        "opener": "#help a.chat, [data-open-chat]",
        "page_rule": "except",
        "pages": ["/checkout/*", "/cart", "/account/orders/*"],
    },
}
RULES = [{"scrolled": 50, "pages": "/pricing", "visitor": "returning", "text": "Shall we look together?"}]
GRADIENT = EVERYTHING | {"launcher": EVERYTHING["launcher"] | {"fill": "gradient", "second_colour": "#abcdef"}}


def publish(agent, settings):
    config, problems = widget_configs.check(settings)
    assert problems == {}
    draft = widget_configs.draft(agent)
    widget_configs.save_draft(agent, config, revision=draft.revision, by=None, now=NOW)
    widget_configs.publish(agent, by=None, now=NOW)


def loader_of(vera, agent):
    return vera.get(f"/widget/{agent.public_id}.js", base_url="https://chat.example.com")


def settings_in(script):
    return json.JSONDecoder().raw_decode(script, script.index('{"agent":'))[0]


@pytest.mark.parametrize(
    "settings",
    [
        {},
        EVERYTHING | {"triggers": [{"after_seconds": 20}]},
        EVERYTHING | {"triggers": RULES},
        GRADIENT | {"triggers": RULES},
    ],
    ids=["as it comes", "a picture and a delay", "a picture and rules", "a gradient and rules"],
)
def test_it_weighs_3_kb_as_it_is_served_with_everything_switched_on(vera, agent, settings):
    publish(agent, settings)
    served = loader_of(vera, agent)
    assert len(brotli.compress(served.data, quality=11)) <= 3072


def test_everything_that_was_chosen_is_in_it(vera, agent):
    publish(agent, EVERYTHING)
    look = settings_in(loader_of(vera, agent).text)["look"]
    address = "https://chat.example.com/pictures/0f8fad5b-d9cb-469f-a165-70867728950e.webp"
    assert (look["position"], look["phone"], look["image"]) == ("middle-left", "bottom-center", address)
    assert f"url({address})" in look["css"]
    assert look["pages"] == ["/checkout/", "/cart/?", "/account/orders/"]
    assert look["opener"] == "#help a.chat, [data-open-chat]"
    assert look["window"] == [400, 680, 600]


def test_the_window_is_for_every_website_and_for_ever(vera, agent):
    address = settings_in(loader_of(vera, agent).text)["window"]
    answer = vera.get(f"{address}?0", headers={"Origin": "https://shop.example"})
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "immutable" in answer.headers["Cache-Control"]
    assert re.search(r"export\s*\{", answer.text)


def test_a_window_of_yesterday_is_the_one_of_today_and_is_not_kept(vera):
    answer = vera.get("/widget/window/window-OLDERONE.js")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


HOSTILE = "</script><!--\u2028'\"}]*/;alert(1)//"


def test_what_was_written_stays_text_in_the_script(vera, agent):
    publish(
        agent,
        {
            "name": HOSTILE[:60],
            "launcher": {"text": HOSTILE[:30], "page_rule": "only", "pages": [HOSTILE.replace("*", "")]},
        },
    )
    script = loader_of(vera, agent).text
    assert "</script" not in script
    assert "\u2028" not in script
    look = settings_in(script.replace("<\\/", "</"))["look"]
    assert look["text"] == widget_configs.published(agent)[0].launcher.text
    assert "alert" not in look["css"]
