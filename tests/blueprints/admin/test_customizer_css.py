"""The site owner's own CSS: kept as it was written, cleaned wherever it is shown, and off at one click."""

import html
import json
import re

import pytest

from core import signing, widget_configs
from core.clock import utc_now
from core.custom_css import MAX_SIZE
from core.signing import Kind
from core.widget_configs import WidgetConfig

HTMX = {"HX-Request": "true"}
SHEET = ".bubble { color: teal }"


def send(client, agent, path="draft", headers=HTMX, **fields):
    form = {"revision": widget_configs.draft(agent).revision, "name": "Lumi", "greeting": "Hi", **fields}
    return client.post(f"/admin/agents/{agent.id}/customizer/{path}", data=form, headers=headers)


def look_in(text):
    return json.loads(html.unescape(re.search(r'look="([^"]*)"', text)[1]))


def switched(on):
    return {"has_css_switch": "1"} | ({"custom_css_is_on": "1"} if on else {})


def test_a_sheet_is_kept_and_the_preview_gets_it_clean(eddy, agent):
    answer = send(eddy, agent, custom_css=f"{SHEET}\n.bubble {{ background: url(//evil.example) }}", **switched(True))
    assert answer.status_code == 200
    shown = look_in(answer.text)["customCss"]
    assert "teal" in shown
    assert "evil" not in shown
    assert "evil" in widget_configs.drafted(agent).custom_css


def test_problems_are_told_at_the_line_as_it_was_typed(eddy, agent):
    answer = send(eddy, agent, custom_css="\n\n.a { color: red }\n#close { display: none }").text
    assert 'hx-swap-oob="morph"' in answer
    assert re.findall(r'data-line="(\d+)"', answer) == ["4"]
    assert "1 thing left out" in answer
    assert "data-line" not in send(eddy, agent, custom_css=SHEET).text


def test_many_problems_are_told_in_few_lines(eddy, agent):
    answer = send(eddy, agent, custom_css="\n".join(["@import 'x';"] * 30)).text
    assert answer.count("data-line=") == 30
    assert "and 22 more" in answer


def test_what_is_too_long_is_not_kept(eddy, agent):
    answer = send(eddy, agent, custom_css="a" * (MAX_SIZE + 1))
    assert answer.status_code == 422
    assert "Shorten the CSS" in answer.text
    assert widget_configs.drafted(agent).custom_css == ""


def test_the_switch_turns_it_off_and_a_form_without_the_switch_leaves_it(eddy, agent):
    send(eddy, agent, custom_css=SHEET, **switched(False))
    assert not widget_configs.drafted(agent).custom_css_is_on
    assert "customCss" not in look_in(send(eddy, agent).text)
    assert widget_configs.drafted(agent).custom_css == SHEET
    send(eddy, agent, **switched(True))
    assert widget_configs.drafted(agent).custom_css_is_on


def test_without_scripts_the_page_shows_the_field_and_what_was_left_out(eddy, agent):
    sent = send(eddy, agent, headers={}, custom_css="#close { display: none }", **switched(True))
    assert sent.status_code == 303
    page = eddy.get(f"/admin/agents/{agent.id}/customizer").text
    assert "#close { display: none }</textarea>" in page
    assert "<span>Line 1</span>" in page
    assert 'name="custom_css_is_on" value="1" checked' in page


@pytest.mark.parametrize("person", ["rita", "stan"])
def test_others_write_no_css(request, person, agent):
    assert send(request.getfixturevalue(person), agent, custom_css=SHEET).status_code in (403, 404)
    assert widget_configs.drafted(agent).custom_css == ""


def published(agent, olga, **settings):
    config = WidgetConfig(name="Lumi", **settings)
    widget_configs.save_draft(agent, config, revision=widget_configs.draft(agent).revision, by=None, now=utc_now())
    widget_configs.publish(agent, by=None, now=utc_now())


def sheet_in(page):
    found = re.search(r'<link id="own-css" rel="stylesheet" href="([^"]+)"', page)
    return html.unescape(found[1]) if found else None


def test_customers_get_the_sheet_under_a_name_that_changes_with_it(agent, olga, vera):
    frame = f"/widget/{agent.public_id}?mode=inline"
    assert sheet_in(vera.get(frame).text) is None
    published(agent, olga, custom_css=SHEET)
    first = sheet_in(vera.get(frame).text)
    assert "teal" in vera.get(first).text
    published(agent, olga, custom_css=".bubble { color: navy }")
    assert sheet_in(vera.get(frame).text) != first


def test_switched_off_customers_get_none_of_it(agent, olga, vera):
    published(agent, olga, custom_css=SHEET, custom_css_is_on=False)
    assert sheet_in(vera.get(f"/widget/{agent.public_id}?mode=inline").text) is None
    # A page that is still open may ask for it by its earlier address.
    assert vera.get(f"/widget/{agent.public_id}/custom.css").text == ""


def test_a_preview_comes_with_the_drafts_sheet_and_nobody_else_does(agent, eddy, vera):
    send(eddy, agent, custom_css=SHEET, **switched(True))
    token = signing.sign(Kind.PREVIEW, {"agent": str(agent.id)})
    address = sheet_in(eddy.get(f"/widget/{agent.public_id}?preview={token}").text)
    answer = vera.get(address)
    assert "teal" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert vera.get(f"/widget/{agent.public_id}/custom.css").text == ""
