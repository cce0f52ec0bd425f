"""What a customer sees when the server says no, and what they can see, take along and erase of their own."""

import base64
import hashlib
import json
import re
import time
import uuid

from playwright.sync_api import Route, expect

from tests.browser.houses import (
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

MESSAGES = "**/api/v1/widget/messages"


def refuse_once(status: int, code: str, **details: object):
    """Let the server say this to the first message, and take the next."""
    heard: list[dict[str, str]] = []

    def answer(route: Route) -> None:
        heard.append(route.request.headers)
        if len(heard) > 1:
            return route.continue_()
        error = {"code": code, "message": "In the server's words.", **details}
        return route.fulfill(status=status, json={"error": error})

    return answer, heard


class TestRefusals:
    def test_who_is_too_fast_sees_the_time_run_down_and_it_goes_by_itself(self, page, house, shop, complaints):
        answer, heard = refuse_once(429, "rate_limited", retryAfter=4)
        page.route(MESSAGES, answer)
        page.goto(shop.page("index.html", snippet(house)))
        chat = open_chat(page)
        began = time.monotonic()
        write(chat, "Very fast")
        expect(chat.locator("#notice .unseen")).to_have_text(re.compile("goes out by itself in 4 seconds"))
        expect(chat.locator("#notice [aria-hidden=true]")).to_have_text(re.compile("in [12] second"))
        write(chat, "Even faster")
        expect(chat.locator('[data-from="customer"][data-state="sent"]')).to_have_count(2)
        assert time.monotonic() - began >= 4
        assert len(heard) == 3
        expect(chat.locator("#notice")).to_be_empty()
        assert last_told(page, "error")["code"] == "rate_limited"
        forgive(complaints, 429)

    def test_what_may_not_be_sent_goes_back_into_the_box_with_the_reason(self, page, house, shop, complaints):
        answer, _heard = refuse_once(422, "personal_data_refused")
        page.route(MESSAGES, answer)
        page.goto(shop.page("index.html", snippet(house)))
        chat = open_chat(page)
        write(chat, "My card is 4111 1111 1111 1111")
        expect(chat.locator("textarea[name=text]")).to_have_value("My card is 4111 1111 1111 1111")
        expect(chat.locator("#notice")).to_have_text("In the server's words.")
        expect(own(chat)).to_have_count(0)
        say(chat, "Without it, then")
        expect(chat.locator("#notice")).to_be_empty()
        forgive(complaints, 422)

    def test_a_challenge_is_solved_while_the_customer_goes_on_typing(self, page, house, shop, complaints):
        salt, number = "5a17?expires=1900000000&", 58_000
        digest = hashlib.sha256(f"{salt}{number}".encode()).hexdigest()
        challenge = {"algorithm": "SHA-256", "challenge": digest, "maxNumber": 60_000, "salt": salt, "signature": "5e"}
        answer, heard = refuse_once(403, "challenge_required", challenge=challenge)
        page.route(MESSAGES, answer)
        page.goto(shop.page("index.html", snippet(house)))
        chat = open_chat(page)
        inside(page).evaluate(NOTE_NOTICES)
        write(chat, "I am no robot")
        chat.locator("textarea[name=text]").press_sequentially("and I type on", delay=20)
        expect(own(chat)).to_have_attribute("data-state", "sent")
        expect(chat.locator("textarea[name=text]")).to_have_value("and I type on")
        assert inside(page).evaluate("notices")[:2] == ["Checking that you are not a robot…", ""]
        solution = json.loads(base64.b64decode(heard[1]["x-widget-challenge"]))
        assert {name: solution[name] for name in ("challenge", "number", "salt", "signature")} == {
            "challenge": digest,
            "number": number,
            "salt": salt,
            "signature": "5e",
        }
        forgive(complaints, 403)

    def test_a_blocked_visitor_is_told_so(self, page, house, shop, complaints):
        mo = somebody("mo")
        page.goto(shop.page("index.html", snippet(house, f"{{ customerToken: '{house.token(mo)}' }}")))
        say(open_chat(page), "Before")
        house.write(
            "INSERT INTO blocks (id, workspace_id, customer_id, reason, created_at, hits) "
            "SELECT ?, workspace_id, id, '', datetime('now'), 0 FROM customers WHERE external_id = ?",
            uuid.uuid4().hex,
            mo,
        )
        chat = open_chat(page)
        write(chat, "After")
        expect(chat.locator("#notice")).to_have_text("This chat is not available to you.")
        expect(chat.locator("textarea[name=text]")).to_be_disabled()
        expect(own(chat).last).to_contain_text("Not sent.")
        page.reload()
        chat = open_chat(page)
        expect(chat.locator("#notice")).to_have_text("This chat is not available to you.")
        expect(chat.locator("[data-message]")).to_have_count(0)
        assert last_told(page, "error")["code"] == "blocked"
        forgive(complaints, 403)


NOTE_NOTICES = """() => {
    window.notices = [];
    const line = document.getElementById("notice");
    new MutationObserver(() => notices.push(line.textContent)).observe(line, { childList: true });
}"""


class TestOwnData:
    def test_a_customer_sees_corrects_takes_along_and_erases_what_is_kept(self, page, house, shop, accessible):
        nia = somebody("nia")
        token = house.token(nia, name="Nia Example", email="nia@example.com", plan="gold")
        page.goto(shop.page("index.html", snippet(house, f"{{ customerToken: '{token}' }}")))
        chat = open_chat(page)
        words = f"Remember me, {nia}"
        say(chat, words)
        for text in ("Wears size 42.", "Likes lamps."):
            house.write(
                "INSERT INTO facts (id, workspace_id, customer_id, text, source, created_at, updated_at) "
                "SELECT ?, workspace_id, id, ?, 'customer', datetime('now'), datetime('now') "
                "FROM customers WHERE external_id = ?",
                uuid.uuid4().hex,
                text,
                nia,
            )
        chat.get_by_label("More").press("Enter")
        chat.get_by_role("button", name="Your data").press("Enter")
        view = chat.get_by_role("region", name="Your data")
        expect(view.get_by_role("heading", name="Your data")).to_be_focused()
        expect(view).to_contain_text("The website has confirmed that you are Nia Example, nia@example.com.")
        expect(view).to_contain_text("gold")
        expect(chat.locator("textarea[name=text]")).to_be_hidden()
        accessible(page)

        view.get_by_role("button", name="Correct: Wears size 42.").press("Enter")
        view.get_by_role("textbox", name="What is right").fill("Wears size 43.")
        view.get_by_role("button", name="Save").press("Enter")
        expect(view.get_by_role("button", name="Correct: Wears size 43.")).to_be_focused()
        view.get_by_role("button", name="Delete: Likes lamps.").press("Enter")
        expect(view.get_by_role("status")).to_have_text("Deleted.")
        facts = f"SELECT text FROM facts JOIN customers ON customers.id = customer_id WHERE external_id = '{nia}'"
        assert house.rows(facts) == [("Wears size 43.",)]

        with page.expect_download() as download:
            view.get_by_role("button", name="Download it").click()
        assert download.value.suggested_filename == "my-chat-data.json"
        assert words in download.value.path().read_text()

        page.keyboard.press("Escape")
        expect(view).to_have_count(0)
        expect(chat.get_by_label("More")).to_be_focused()
        chat.get_by_label("More").click()
        chat.get_by_role("button", name="Your data").click()
        view.get_by_role("button", name="Forget me").click()
        expect(view).to_contain_text("deleted for good")
        accessible(page)
        view.get_by_role("button", name="Yes, forget me").click()
        expect(chat.locator("#notice")).to_contain_text("is deleted")
        expect(chat.locator("[data-message]")).to_have_count(0)
        expect(chat.locator("textarea[name=text]")).to_be_focused()
        assert house.rows(f"SELECT count(*) FROM messages WHERE text = '{words}'") == [(0,)]
        assert house.rows(facts) == []

    def test_a_visitor_without_a_name_is_told_that_they_have_none(self, page, house, shop, accessible):
        page.goto(shop.page("index.html", snippet(house)))
        chat = open_chat(page)
        wait_for_identity(page, None)
        chat.get_by_label("More").click()
        chat.get_by_role("button", name="Your data").click()
        view = chat.get_by_role("region", name="Your data")
        expect(view).to_contain_text("Nobody knows who you are.")
        expect(view).to_contain_text("Nothing so far.")
        accessible(page)
        view.get_by_role("button", name="Back to the chat").click()
        expect(chat.locator("textarea[name=text]")).to_be_visible()


def test_a_direct_link_that_is_closed_says_where_the_chat_is(page, house, accessible, complaints):
    house.write("UPDATE agents SET allows_link = 0")
    try:
        page.goto(f"{house.url}/chat/{house.agent_id}")
        expect(page.get_by_role("main")).to_contain_text("on our website only")
    finally:
        house.write("UPDATE agents SET allows_link = 1")
    accessible(page)
    forgive(complaints, 403)
