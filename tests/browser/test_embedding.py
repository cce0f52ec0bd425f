"""What a site may say to the widget and hear of it: every setting, call and event of docs/widget-api.md."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.browser.houses import inside, last_told, open_chat, own, say, snippet, somebody, wait_for_identity

LAUNCHER = '[data-customer-agent="launcher"]'
FRAME = 'iframe[data-customer-agent="frame"]'


class TestSettings:
    def test_one_script_for_all_agents_under_a_strict_policy(self, page, house, shop):
        policy = f"default-src 'none'; script-src 'nonce-n1'; frame-src {house.url}; connect-src {house.url}"
        head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        settings = json.dumps({"agentId": house.agent_id, "nonce": "n1"})
        script = f'<script nonce="n1">window.CustomerAgent = {settings}</script>'
        body = f'{script}<script nonce="n1" async src="{house.url}/widget.js"></script>'
        page.goto(shop.page("index.html", body, head=head))
        say(open_chat(page), "Under a strict policy")

    def test_the_agent_may_stand_on_the_script(self, page, house, shop):
        body = f'<script async src="{house.url}/widget.js" data-agent="{house.agent_id}"></script>'
        page.goto(shop.page("index.html", body))
        expect(page.locator(LAUNCHER)).to_be_visible()

    def test_a_told_customer_is_not_verified_and_the_page_is_kept_with_them(self, page, house, shop):
        customer = {"id": 4711, "name": "Olaf", "email": "olaf@example.com", "customAttributes": {"plan": "gold"}}
        settings = {"customer": customer, "context": {"page": "shoes"}}
        page.goto(shop.page("index.html", snippet(house, json.dumps(settings))))
        open_chat(page)
        wait_for_identity(page, "4711")
        told = last_told(page, "identity")["customer"]
        assert told == {"id": "4711", "standing": "identified", "name": "Olaf", "email": "olaf@example.com"}
        context = "SELECT context FROM widget_sessions ORDER BY id DESC LIMIT 1"
        assert json.loads(house.rows(context)[0][0]) == {"page": "shoes", "page_title": "A shop"}

    def test_a_press_counts_when_the_window_arrives_while_it_is_held(self, page, house, shop):
        page.route("**/widget/window/**", lambda route: (page.wait_for_timeout(300), route.continue_()))
        page.goto(shop.page("index.html", snippet(house)))
        box = page.locator(LAUNCHER).bounding_box()
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.mouse.down()
        page.locator(FRAME).wait_for(state="attached")
        page.mouse.up()
        expect(page.frame_locator(FRAME).locator("textarea[name=text]")).to_be_visible()
        expect(page.locator(LAUNCHER)).to_have_attribute("aria-expanded", "true")

    def test_times_are_told_as_the_site_says(self, page, house, shop):
        page.goto(shop.page("index.html", snippet(house, "{ locale: 'fr-CA' }")))
        chat = open_chat(page)
        say(chat, "Bonjour")
        expect(own(chat).locator(".time")).to_have_text(re.compile(r"\sh\s"))

    @pytest.mark.parametrize(("position", "x", "y"), [("top-left", 20, 20), ("middle-right", 924, 372)])
    def test_the_launcher_stands_where_the_page_wants_it(self, page, house, shop, position, x, y):
        page.set_viewport_size({"width": 1000, "height": 800})
        page.goto(shop.page("index.html", snippet(house, f"{{ position: '{position}' }}")))
        page.wait_for_function(
            "at => { const { x, y } = document.querySelector('[data-customer-agent=launcher]')?.getBoundingClientRect()"
            " ?? {}; return x === at[0] && y === at[1]; }",
            arg=[x, y],
        )

    def test_an_element_of_the_page_opens_the_chat_and_gets_the_focus_back(self, page, house, shop):
        button = '<button id="help">Help</button>'
        page.goto(shop.page("index.html", button + snippet(house, "{ launcher: '#help' }")))
        page.wait_for_function("Boolean(CustomerAgent.open)")
        assert page.locator(LAUNCHER).count() == 0
        page.click("#help")
        expect(page.locator(FRAME)).to_be_visible()
        inside(page).locator("textarea").press("Escape")
        expect(page.locator(FRAME)).to_be_hidden()
        expect(page.locator("#help")).to_be_focused()

    def test_without_consent_nothing_is_kept_and_with_it_all(self, page, house, shop):
        address = shop.page("index.html", snippet(house, "{ consent: false }"))
        page.goto(address)
        say(open_chat(page), "No trace of this")
        assert kept(page, house) == []
        page.goto(address)
        chat = open_chat(page)
        say(chat, "But of this")
        expect(own(chat)).to_have_count(1)
        with page.expect_response("**/sessions/refresh"):
            page.evaluate("CustomerAgent.consent(true)")
        page.goto(address)
        chat = open_chat(page)
        expect(own(chat)).to_have_count(1)
        with page.expect_response("**/sessions/refresh"):
            page.evaluate("CustomerAgent.consent(false)")
        assert kept(page, house) == []
        say(chat, "And it goes on")

    def test_calls_made_before_are_made_in_their_order(self, page, house, shop):
        one, other = somebody("first"), somebody("second")
        first, second = {"customer": {"id": one}}, {"customer": {"id": other}}
        calls = [["identify", first], ["send", "As the first"], ["identify", second], ["send", "As the second"]]
        page.goto(shop.page("index.html", snippet(house, json.dumps({"q": calls}))))
        wait_for_identity(page, other)
        chat = page.frame_locator(FRAME)
        expect(own(chat).and_(chat.locator('[data-state="sent"]'))).to_have_count(1)
        expect(own(chat)).to_contain_text("As the second")
        of = "SELECT text FROM messages JOIN conversations ON conversations.id = conversation_id "
        whose = f"JOIN customers ON customers.id = customer_id WHERE told_id = '{one}' AND sender = 'customer'"
        assert house.rows(of + whose) == [("As the first",)]


def test_every_call_and_event(page, house, shop):
    names = ["ready", "open", "close", "message:sent", "message:received", "identity"]
    listen = f"window.dataLayer = []; for (const name of {json.dumps(names)}) heard(name);"
    heard = "window.all = []; const heard = (name) => addEventListener(`customer-agent:${name}`, () => all.push(name));"
    page.goto(shop.page("index.html", f"<script>{heard}{listen}</script>" + snippet(house)))
    page.wait_for_function("all.includes('ready')")
    frame = page.locator(FRAME)
    page.evaluate("CustomerAgent.on('ready', () => all.push('late'))")
    page.evaluate("CustomerAgent.on('unread', ({ count }) => all.push(count))")
    page.evaluate("CustomerAgent.open()")
    expect(frame).to_be_visible()
    page.evaluate("CustomerAgent.toggle()")
    expect(frame).to_be_hidden()
    page.evaluate("CustomerAgent.send('Sent by the site')")
    page.wait_for_function("all.includes('message:received')")
    page.evaluate("CustomerAgent.hide()")
    expect(page.locator(LAUNCHER)).to_be_hidden()
    page.evaluate("CustomerAgent.show()")
    expect(page.locator(LAUNCHER)).to_be_visible()
    page.evaluate("CustomerAgent.setContext({ page: 'lamps' })")
    in_order = page.evaluate("all")
    assert in_order[:2] == ["ready", "late"]
    assert [name for name in in_order if name in ("open", "close")] == ["open", "close", "open", "close"]
    assert set(in_order) >= set(names)
    pushed = page.evaluate("dataLayer.map(({ event }) => event)")
    assert [f"customer-agent:{name}" for name in in_order if name in names] == pushed
    counted = "() => { let n = 0; const fn = () => n++; const { on, off, open, close } = CustomerAgent; "
    calls = "on('open', fn); open(); close(); off('open', fn); open(); close(); return n; }"
    assert page.evaluate(counted + calls) == 1
    page.evaluate("CustomerAgent.shutdown()")
    assert page.locator("[data-customer-agent]").count() == 0


def kept(page, house):
    """Cookies of ours, and what stands in the storage of page and frame."""
    storage = "() => { try { return Object.keys(localStorage); } catch { return []; } }"
    own_storage = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    return [*page.context.cookies(house.url), *inside(page).evaluate(storage), *own_storage]
