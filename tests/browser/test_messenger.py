"""What people expect of a messenger: emoji, a tone, what is new, a window of its own, a form after the hello."""

import json
import uuid

import pytest
from playwright.sync_api import FrameLocator, Page, expect

CONSENT = {"is_on": True, "text": "We keep what you write for a month.", "must_agree": True}
ASKED = [
    {"key": "name", "label": "Your name"},
    {"key": "topic", "label": "What is it about?", "kind": "choice", "choices": ["A lamp", "A parcel"]},
    {"key": "order", "label": "Your order", "is_required": True},
]
HIDING = (
    "#consent, .consent { display: none; visibility: hidden; opacity: 0; height: 0; position: absolute; top: -999px }"
)


@pytest.fixture
def open_chat(page: Page, demo, website, tmp_path):
    """Opens the chat of an agent with these settings, on a website of its own."""

    def opened(settings=None, *, customer=None) -> FrameLocator:
        name = f"Lumi {uuid.uuid4().hex[:6]}"
        made = demo.server.command("agents", "create", "--name", name, "--domain", "127.0.0.1")
        agent = made["agent_id"]
        if settings:
            file = tmp_path / "look.json"
            file.write_text(json.dumps(settings))
            demo.server.command("agents", "configure", agent, "--file", str(file))
        told = f"<script>window.CustomerAgent = {{customer: {json.dumps(customer)}}}</script>" if customer else ""
        page.goto(website.page("index.html", f'{told}<script async src="{demo.url}/widget/{agent}.js"></script>'))
        page.locator("[data-customer-agent=launcher]").click()
        chat = page.frame_locator("[data-customer-agent=frame]")
        expect(chat.locator("textarea[name=text]")).to_be_focused()
        return chat

    return opened


def say(chat, text):
    field = chat.locator("textarea[name=text]")
    field.fill(text)
    field.press("Enter")


def said(chat):
    return chat.locator('[data-message][data-from="customer"]')


def test_the_form_comes_after_the_hello_and_no_css_hides_the_consent(page, open_chat, accessible, complaints):
    settings = {"pre_chat": {"is_on": True, "fields": ASKED}, "consent": CONSENT, "custom_css": HIDING}
    chat = open_chat(settings, customer={"name": "Vera"})
    expect(chat.locator("#greeting")).to_be_visible()
    expect(chat.locator("#consent")).to_be_visible()
    expect(chat.locator(".pre-chat")).to_have_count(0)
    say(chat, "Where is my lamp?")
    form = chat.locator(".pre-chat")
    expect(form).to_be_visible()
    # What the website has told is not asked.
    expect(form.get_by_label("Your name")).to_have_count(0)
    accessible(page)
    page.keyboard.press("Escape")
    expect(chat.locator("textarea[name=text]")).to_have_value("Where is my lamp?")
    chat.locator("textarea[name=text]").press("Enter")
    form.get_by_role("button", name="Send message").click()
    expect(form.locator(".pre-chat-problem")).to_contain_text("Agree")
    form.get_by_role("checkbox").check()
    form.get_by_role("button", name="Send message").click()
    expect(form.get_by_text("Answer this, please.")).to_be_visible()
    form.get_by_label("Your order").fill("L-4711")
    form.get_by_label("What is it about?").select_option("A lamp")
    form.get_by_role("button", name="Send message").click()
    expect(said(chat)).to_contain_text("Where is my lamp?")
    expect(said(chat)).to_have_attribute("data-state", "sent")
    expect(chat.locator("#consent")).to_be_hidden()
    complaints[:] = [one for one in complaints if "422" not in one]


def test_optional_questions_are_skipped_with_one_click(open_chat):
    chat = open_chat({"pre_chat": {"is_on": True, "fields": ASKED[:1]}})
    say(chat, "Hello")
    chat.get_by_role("button", name="Skip").click()
    expect(said(chat)).to_have_attribute("data-state", "sent")


def test_emoji_are_found_by_word_and_put_where_the_caret_stands(page, open_chat, accessible):
    chat = open_chat()
    chat.locator("textarea[name=text]").fill("Hi !")
    chat.locator("textarea[name=text]").evaluate("field => field.setSelectionRange(3, 3)")
    button = chat.get_by_role("button", name="Insert emoji")
    button.click()
    expect(chat.locator(".emoji-grid button").first).to_be_visible()
    accessible(page)
    chat.get_by_role("searchbox").fill("waving hand")
    chat.get_by_role("searchbox").press("Enter")
    expect(chat.locator("textarea[name=text]")).to_have_value("Hi 👋!")
    chat.get_by_role("searchbox").fill("")
    expect(chat.locator(".emoji-room section").first).to_contain_text("Recently used")
    chat.get_by_role("searchbox").press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(chat.locator("textarea[name=text]")).to_have_value("Hi 👋😃!")
    page.keyboard.press("Escape")
    expect(chat.locator(".emoji-picker")).to_have_count(0)
    expect(chat.locator("textarea[name=text]")).to_be_focused()


def test_an_answer_to_a_closed_chat_rings_once_and_is_marked(page, open_chat):
    chat = open_chat()
    body = chat.locator("body")
    body.evaluate(
        "body => { body.dataset.rings = 0; document.addEventListener('porchlight:rang', () => body.dataset.rings++); }"
    )
    say(chat, "Hello")
    expect(chat.locator('[data-message][data-from="agent"]')).to_have_count(1)
    launcher = page.locator("[data-customer-agent=launcher]")
    launcher.click()
    expect(launcher).to_have_attribute("aria-expanded", "false")
    # However fast the answer is, nobody sees it come.
    chat.locator("textarea[name=text]").evaluate(
        "field => { field.value = 'What are your opening hours?'; field.form.requestSubmit(); }"
    )
    expect(chat.locator('[data-message][data-from="agent"]')).to_have_count(2)
    expect(body).to_have_attribute("data-rings", "1")
    assert chat.locator("html").evaluate("() => document.title").startswith("(1) ")
    launcher.click()
    expect(chat.locator(".news")).to_be_visible()
    assert not chat.locator("html").evaluate("() => document.title").startswith("(")
    say(chat, "Thank you")
    expect(chat.locator(".news")).to_have_count(0)


def test_the_window_grows_and_stays_so_on_the_next_page(page, open_chat):
    chat = open_chat()
    frame = page.locator("[data-customer-agent=frame]")
    usual = frame.bounding_box()["width"]
    chat.locator("#menu summary").click()
    chat.get_by_role("button", name="Larger window").click()
    page.wait_for_function(f"() => document.querySelector('iframe').getBoundingClientRect().width > {usual} + 100")
    page.reload()
    page.wait_for_function(f"() => document.querySelector('iframe')?.getBoundingClientRect().width > {usual} + 100")
    chat.locator("#menu summary").click()
    chat.get_by_role("button", name="Smaller window").click()
    page.wait_for_function(f"() => document.querySelector('iframe').getBoundingClientRect().width <= {usual}")


def test_the_chat_goes_on_in_a_window_of_its_own_and_nowhere_else(page, open_chat, demo, website):
    chat = open_chat()
    say(chat, "Hello from the page")
    expect(said(chat)).to_have_attribute("data-state", "sent")
    chat.locator("#menu summary").click()
    with page.expect_popup() as popup:
        chat.get_by_role("button", name="Open in its own window").click()
    own = popup.value
    expect(said(own)).to_contain_text("Hello from the page")
    assert "token" not in own.url
    say(own, "And from the window")
    expect(said(own)).to_have_count(2)
    expect(said(chat)).to_have_count(2)

    # A stranger opens the same page, listens for whatever comes, and offers a session of its own.
    address = own.url
    stranger = page.context.new_page()
    stranger.goto(website.page("stranger.html", "<p>Mine</p>"))
    with stranger.expect_popup() as popup:
        stranger.evaluate(
            """address => {
                window.heard = [];
                addEventListener("message", ({ data }) => heard.push(data));
                window.child = open(address);
                setInterval(() => {
                    const { port1, port2 } = new MessageChannel();
                    port1.onmessage = ({ data }) => heard.push(data);
                    child.postMessage({ type: "porchlight:pop-out" }, "*", [port2]);
                    child.postMessage({ token: "stolen", who: { customer: null, conversation: "x" } }, "*");
                }, 100);
            }""",
            address,
        )
    empty = popup.value
    expect(empty.locator("#notice")).to_contain_text("could not be taken along")
    expect(empty.locator("[data-message]")).to_have_count(0)
    expect(empty.locator("textarea[name=text]")).to_be_disabled()
    assert stranger.evaluate("heard") == []
    assert not empty.locator("body").get_attribute("data-ticket")
