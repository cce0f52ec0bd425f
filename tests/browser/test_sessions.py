"""Who is chatting, in a real browser: coming back, two tabs at once, signed tokens, and signing out."""

import json
import time
import urllib.error
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Website
from tests.browser.houses import (
    House,
    browser,
    containing,
    forgive,
    inside,
    last_told,
    open_chat,
    own,
    say,
    snippet,
    somebody,
    wait_for_identity,
    write,
)

DAY = 86_400
COOKIES_ALLOWED: dict[str, Any] = {"profile": {"cookie_controls_mode": 0, "block_third_party_cookies": False}}
COOKIES_BLOCKED: dict[str, Any] = {"profile": {"cookie_controls_mode": 1, "block_third_party_cookies": True}}
NOTHING_KEPT: dict[str, Any] = {"profile": {"default_content_setting_values": {"cookies": 2}}}
TAKES_NO_COOKIE = "Object.defineProperty(Document.prototype, 'cookie', {get: () => '', set: () => {}})"
WHAT_IS_KEPT = """() => {
    const kept = {};
    document.cookie = 'third=1; Path=/; Secure; SameSite=None';
    kept.thirdPartyCookie = document.cookie.includes('third');
    try { kept.storage = Object.values(localStorage).join(); } catch (error) { kept.storage = error.name; }
    return kept;
}"""

NEWEST_FAMILY = "SELECT max(created_at) FROM refresh_families"
"""The same before and after: nobody began anew. Their count goes down by itself when the house sweeps old ones."""


class TestComingBack:
    @pytest.mark.parametrize("preferences", [COOKIES_ALLOWED, COOKIES_BLOCKED], ids=["allowed", "blocked"])
    def test_the_conversation_is_there_the_next_day(self, playwright, tmp_path, house, shop, preferences):
        address = shop.page("index.html", snippet(house))
        with browser(playwright, tmp_path / "profile", preferences) as context:
            page = context.new_page()
            page.goto(address)
            chat = open_chat(page)
            say(chat, "I was here first")
            allowed = preferences is COOKIES_ALLOWED
            assert inside(page).evaluate(WHAT_IS_KEPT)["thirdPartyCookie"] == allowed
            page.reload()
            expect(own(open_chat(page))).to_have_text([containing("I was here first")])
            # What has yet to be answered must not be when the page goes and a day goes by.
            wait_for_identity(page, None)
            page.close()
            house.pass_time(1.05 * DAY)
            page = context.new_page()
            page.goto(address)
            chat = open_chat(page)
            expect(own(chat)).to_have_text([containing("I was here first")])
            say(chat, "And again today")

    def test_a_browser_without_cookies_keeps_it_in_the_frame_for_a_shorter_time(
        self, playwright, tmp_path, house, shop
    ):
        address = shop.page("index.html", snippet(house))
        with browser(playwright, tmp_path / "profile", COOKIES_ALLOWED) as context:
            context.add_init_script(TAKES_NO_COOKIE)
            page = context.new_page()
            page.goto(address)
            say(open_chat(page), "No cookies here")
            assert context.cookies(house.url) == []
            assert "secret" in inside(page).evaluate(WHAT_IS_KEPT)["storage"]
            house.pass_time(1.05 * DAY)
            page.goto(address)
            expect(own(open_chat(page))).to_have_text([containing("No cookies here")])
            house.pass_time(8 * DAY)
            page.goto(address)
            chat = open_chat(page)
            say(chat, "A week is long")
            expect(own(chat)).to_have_count(1)

    def test_a_browser_that_keeps_nothing_still_chats(self, playwright, tmp_path, house, shop):
        address = shop.page("index.html", snippet(house))
        with browser(playwright, tmp_path / "profile", NOTHING_KEPT) as context:
            page = context.new_page()
            page.goto(address)
            chat = open_chat(page)
            say(chat, "Only for now")
            house.pass_time(1.05 * DAY)
            say(chat, "The page was left open for a day")
            expect(own(chat)).to_have_count(2)
            assert context.cookies(house.url) == []
            page.reload()
            chat = open_chat(page)
            say(chat, "Anew")
            expect(own(chat)).to_have_count(1)


class TestTwoTabs:
    def test_two_hundred_renewals_at_once_lose_nothing(self, context, house, shop):
        tabs = two_tabs(context, house, shop)
        families = house.rows(NEWEST_FAMILY)
        begin = time.time() * 1000 + 500
        for page in tabs:
            inside(page).evaluate(RENEW_TOGETHER, {"agentId": house.agent_id, "begin": begin, "times": 200})
        statuses = [inside(page).evaluate("renewed") for page in tabs]
        assert statuses == [[201] * 200] * 2
        for number, page in enumerate(tabs):
            page.reload()
            chat = open_chat(page)
            expect(own(chat).first).to_contain_text("Said before")
            say(chat, f"Still here in {number}")
        assert house.rows(NEWEST_FAMILY) == families

    def test_both_wake_up_after_a_day(self, context, house, shop, complaints):
        tabs = two_tabs(context, house, shop)
        families = house.rows(NEWEST_FAMILY)
        house.pass_time(1.05 * DAY)
        for page in tabs:
            write(page.frame_locator('iframe[data-customer-agent="frame"]'), "Good morning")
        for page in tabs:
            chat = page.frame_locator('iframe[data-customer-agent="frame"]')
            expect(chat.locator('[data-from="customer"][data-state="sent"]')).to_have_count(3)
        assert house.rows(NEWEST_FAMILY) == families
        forgive(complaints, 401)

    def test_a_stolen_right_to_come_back_ends_for_both_and_is_on_record(self, context, house, shop, complaints):
        page = two_tabs(context, house, shop)[0]
        stolen = next(cookie for cookie in context.cookies(house.url) if house.agent_id in cookie["name"])["value"]
        reused = "SELECT count(*) FROM refresh_families WHERE revoked_because = 'reuse'"
        recorded = "SELECT count(*) FROM audit_entries WHERE action LIKE '%reuse%'"
        [(before,)], [(recorded_before,)] = house.rows(reused), house.rows(recorded)
        page.reload()
        open_chat(page)
        wait_for_identity(page, None)
        house.pass_time(30)
        assert steal(house, stolen) == "token_revoked"
        chat = page.frame_locator('iframe[data-customer-agent="frame"]')
        expect(chat.locator("#notice")).to_contain_text("a new one has begun")
        expect(own(chat)).to_have_count(0)
        assert house.rows(reused) == [(before + 1,)]
        assert house.rows(recorded) == [(recorded_before + 1,)]
        forgive(complaints, 401)


class TestProof:
    def test_the_site_is_asked_again_before_its_token_expires(self, context, house, shop):
        ann = somebody("ann")
        first, second = house.token(ann, life=7, name="Ann"), house.token(ann, name="Ann")
        settings = f"{{ customerToken: () => (window.asked = (window.asked ?? 0) + 1) === 1 ? '{first}' : '{second}' }}"
        page = context.new_page()
        with page.expect_response("**/api/v1/widget/customer") as renewed:
            page.goto(shop.page("index.html", snippet(house, settings)))
            chat = open_chat(page)
            say(chat, "Proven once")
        assert renewed.value.request.post_data_json["customerToken"] == second
        assert page.evaluate("asked") == 2
        say(chat, "And twice")
        expect(own(chat)).to_have_count(2)
        assert last_told(page, "identity")["customer"]["standing"] == "verified"

    @pytest.mark.parametrize("settings", ["'{}'", "Promise.resolve('{}')", "async () => '{}'"])
    def test_a_token_is_a_text_a_promise_or_a_function(self, context, house, shop, settings):
        page = context.new_page()
        token = f"{{ customerToken: {settings.format(house.token('kim', name='Kim'))} }}"
        page.goto(shop.page("index.html", snippet(house, token)))
        open_chat(page)
        wait_for_identity(page, "kim")

    def test_a_better_token_is_asked_for_once_and_no_worse_one_lets_anybody_in(self, context, house, shop, complaints):
        bea = somebody("bea")
        bad, good = house.token(bea, secret="another secret that nobody here has"), house.token(bea)
        settings = f"{{ customerToken: () => (window.asked = (window.asked ?? 0) + 1) === 1 ? '{bad}' : '{good}' }}"
        page = context.new_page()
        page.goto(shop.page("index.html", snippet(house, settings)))
        say(open_chat(page), "Hers")
        page.wait_for_function("asked === 2")
        page.goto(shop.page("other.html", snippet(house, f"{{ customerToken: '{bad}' }}")))
        chat = open_chat(page)
        expect(chat.locator("#notice")).to_contain_text("could not confirm who you are")
        expect(chat.locator("[data-message]")).to_have_count(0)
        assert last_told(page, "error")["code"] == "customer_token_refused"
        page.evaluate("(token) => CustomerAgent.identify({ customerToken: token })", good)
        expect(own(chat)).to_have_text([containing("Hers")])
        expect(chat.locator("#notice")).to_be_empty()
        forgive(complaints, 401)

    def test_a_site_that_promised_a_token_and_fails_lets_nobody_in(self, context, house, shop, complaints):
        sessions = house.rows("SELECT count(*) FROM widget_sessions")
        page = context.new_page()
        page.goto(shop.page("index.html", snippet(house, "{ customerToken: () => { throw Error('no session') } }")))
        chat = open_chat(page)
        expect(chat.locator("#notice")).to_contain_text("could not confirm who you are")
        assert house.rows("SELECT count(*) FROM widget_sessions") == sessions
        # The site's own mistake stands in its own console.
        complaints[:] = [said for said in complaints if "no session" not in said]

    def test_a_plain_iframe_takes_its_token_behind_the_hash(self, context, house, shop):
        hal, ida = somebody("hal"), somebody("ida")
        address = f"{house.url}/widget/{house.agent_id}?mode=inline"
        frame = f'<iframe src="{address}#customerToken={house.token(hal)}" title="Chat"></iframe>'
        page = context.new_page()
        page.goto(shop.page("index.html", frame))
        chat = page.frame_locator("iframe")
        say(chat, "I am Hal")
        assert inside(page).evaluate("location.href") == address
        hand_over(page, house.token(ida))
        expect(own(chat)).to_have_count(0)
        say(chat, "I am Ida")
        hand_over(page, house.token(hal))
        expect(own(chat)).to_have_text([containing("I am Hal")])
        hand_over(page, "")
        expect(own(chat)).to_have_count(0)
        assert "customerToken" not in inside(page).evaluate("location.href")
        said = f"SELECT external_id FROM customers WHERE external_id IN ('{hal}', '{ida}') ORDER BY external_id"
        assert house.rows(said) == [(hal,), (ida,)]

    def test_a_token_in_a_query_is_not_taken(self, context, house):
        page = context.new_page()
        warnings: list[str] = []
        page.on("console", lambda said: warnings.append(said.text) if said.type == "warning" else None)
        page.goto(f"{house.url}/chat/{house.agent_id}?customerToken={house.token('quin')}")
        expect(page.locator("textarea[name=text]")).to_be_visible()
        page.wait_for_url(f"{house.url}/chat/{house.agent_id}")
        say(page, "Who am I?")  # type: ignore[arg-type]
        assert house.rows("SELECT count(*) FROM customers WHERE external_id = 'quin'") == [(0,)]
        assert "behind the #" in warnings[0]

    def test_the_direct_link_asks_whether_it_speaks_of_its_reader(self, context, house, accessible):
        page = context.new_page()
        page.goto(f"{house.url}/chat/{house.agent_id}#customerToken={house.token('leo', name='Leo')}")
        question = page.get_by_role("dialog", name="Continue as Leo?")
        expect(question).to_be_visible()
        accessible(page)
        with page.expect_response(lambda answer: answer.url.endswith("/api/v1/widget/customer")):
            question.get_by_role("button", name="Yes, I am Leo").click()
        assert page.url == f"{house.url}/chat/{house.agent_id}"
        say(page, "By link")  # type: ignore[arg-type]
        assert house.rows("SELECT count(*) FROM customers WHERE external_id = 'leo'") == [(1,)]

    def test_a_link_signs_nobody_in_as_somebody_else(self, context, house):
        page = context.new_page()
        page.goto(f"{house.url}/chat/{house.agent_id}#customerToken={house.token('mallory', name='Mallory')}")
        page.get_by_role("button", name="That is not me").click()
        say(page, "For the shop alone")  # type: ignore[arg-type]
        assert house.rows("SELECT count(*) FROM customers WHERE external_id = 'mallory'") == [(0,)]


class TestSomebodyElse:
    def test_who_is_named_anew_sees_nothing_of_who_was_here(self, context, house, shop):
        context.add_init_script(REMEMBER_ALL_WORDS)
        ann, bob = somebody("ann"), somebody("bob")
        page = context.new_page()
        page.goto(shop.page("ann.html", snippet(house, f"{{ customerToken: '{house.token(ann)}' }}")))
        chat = open_chat(page)
        say(chat, "The words of Ann")
        chat.locator("textarea[name=text]").fill("Half of Ann's words")
        page.evaluate("(token) => CustomerAgent.identify({ customerToken: token })", house.token(bob))
        wait_for_identity(page, bob)
        assert "of Ann" not in inside(page).evaluate("document.body.innerHTML")
        expect(chat.locator("textarea[name=text]")).to_have_value("")
        page.evaluate("(token) => CustomerAgent.identify({ customerToken: token })", house.token(ann))
        expect(own(chat)).to_have_text([containing("The words of Ann")])
        # Ann does not sign out; the next page names Bob.
        page.goto(shop.page("bob.html", snippet(house, f"{{ customerToken: '{house.token(bob)}' }}")))
        chat = open_chat(page)
        wait_for_identity(page, bob)
        say(chat, "Bob was here")
        assert "of Ann" not in inside(page).evaluate("allWords")
        assert "Bob was here" in inside(page).evaluate("allWords")

    def test_signing_out_leaves_nothing_even_when_the_page_goes_at_once(self, context, house, shop, complaints):
        signed_in = shop.page("in.html", snippet(house, f"{{ customerToken: '{house.token(somebody('dan'))}' }}"))
        signed_out = shop.page("out.html", snippet(house))
        page = context.new_page()
        page.goto(signed_in)
        say(open_chat(page), "Dan's own words")
        # Closed before: where the first page comes to the end of it after all, it would say that the chat was open.
        page.evaluate("(address) => { CustomerAgent.close(); CustomerAgent.logout(); location = address; }", signed_out)
        page.wait_for_url(signed_out)
        page.wait_for_function("(agent) => sessionStorage[agent] === 'close'", arg=house.agent_id)
        chat = open_chat(page)
        wait_for_identity(page, None)
        expect(own(chat)).to_have_count(0)
        assert house.rows("SELECT count(*) FROM refresh_families WHERE revoked_because = 'ended'") != [(0,)]
        # What the first page did not wait for, the next one asked again.
        forgive(complaints, 401)

    def test_signing_out_of_an_open_chat_begins_another(self, context, house, shop):
        page = context.new_page()
        page.goto(shop.page("index.html", snippet(house, f"{{ customerToken: '{house.token(somebody('eva'))}' }}")))
        chat = open_chat(page)
        say(chat, "Eva's own words")
        before = token_of(page)
        page.evaluate("CustomerAgent.logout()")
        expect(chat.locator("[data-message]")).to_have_count(0)
        wait_for_identity(page, None)
        say(chat, "Somebody else")
        expect(own(chat)).to_have_count(1)
        assert token_of(page) != before

    def test_what_could_not_be_sent_is_not_sent_by_another(self, playwright, tmp_path, house, shop):
        fay, gus = somebody("fay"), somebody("gus")
        with browser(playwright, tmp_path / "profile", COOKIES_ALLOWED) as context:
            page = context.new_page()
            page.goto(shop.page("fay.html", snippet(house, f"{{ customerToken: '{house.token(fay)}' }}")))
            chat = open_chat(page)
            say(chat, "Sent by Fay")
            context.set_offline(True)
            write(chat, "Waiting for Fay")
            expect(own(chat).last).to_have_attribute("data-state", "sending")
            assert "Waiting for Fay" in inside(page).evaluate(WHAT_IS_KEPT)["storage"]
            context.set_offline(False)
            context.route("**/api/v1/widget/messages", lambda route: route.abort())
            page.goto(shop.page("gus.html", snippet(house, f"{{ customerToken: '{house.token(gus)}' }}")))
            context.unroute("**/api/v1/widget/messages")
            chat = open_chat(page)
            wait_for_identity(page, gus)
            say(chat, "Sent by Gus")
            expect(own(chat)).to_have_count(1)
            page.goto(shop.page("fay.html", snippet(house, f"{{ customerToken: '{house.token(fay)}' }}")))
            chat = open_chat(page)
            expect(own(chat)).to_have_text([containing("Sent by Fay"), containing("Waiting for Fay")])
            expect(own(chat).last).to_have_attribute("data-state", "sent")


REMEMBER_ALL_WORDS = """
    window.allWords = "";
    new MutationObserver((changes) => {
        for (const { addedNodes } of changes) for (const node of addedNodes) window.allWords += node.textContent;
    }).observe(document, { childList: true, subtree: true });
"""


def hand_over(page: Page, token: str) -> None:
    """What a site does that shows the chat in an iframe of its own."""
    hand = "frame.src = frame.src.split('#')[0] + '#customerToken=' + token"
    page.evaluate(f"(token) => {{ const frame = document.querySelector('iframe'); {hand}; }}", token)


def token_of(page: Page) -> str:
    """The session token with which the frame asks what has been said."""
    with page.expect_request("**/api/v1/widget/messages") as sent:
        write(page.frame_locator('iframe[data-customer-agent="frame"]'), "Which token is this?")
    return str(sent.value.headers["x-widget-token"])


RENEW_TOGETHER = """({ agentId, begin, times }) => {
    const until = (moment) => new Promise((resolve) => setTimeout(resolve, moment - Date.now()));
    const renew = async () => {
        const statuses = [];
        for (let turn = 0; turn < times; turn += 1) {
            await until(begin + turn * 20);
            const body = JSON.stringify({ agentId });
            const answer = await fetch("/api/v1/widget/sessions/refresh", { method: "POST", body });
            statuses.push(answer.status);
        }
        return statuses;
    };
    window.renewed = renew();
}"""


def two_tabs(context: BrowserContext, house: House, shop: Website) -> list[Page]:
    address = shop.page("index.html", snippet(house))
    tabs = [context.new_page() for _ in range(2)]
    for number, page in enumerate(tabs):
        page.goto(address)
        chat = open_chat(page)
        if number == 0:
            say(chat, "Said before")
        expect(own(chat).first).to_contain_text("Said before")
        # Its history was there before; what has yet to be answered must not be when a day goes by.
        wait_for_identity(page, None)
    return tabs


def steal(house: House, secret: str) -> str:
    """What a thief is told who uses a refresh secret that its browser has used already."""
    body = json.dumps({"agentId": house.agent_id, "refreshSecret": secret}).encode()
    request = urllib.request.Request(f"{house.url}/api/v1/widget/sessions/refresh", body)
    try:
        urllib.request.urlopen(request)
    except urllib.error.HTTPError as error:
        with error:
            code: str = json.load(error)["error"]["code"]
            return code
    raise AssertionError("The thief was let in.")
