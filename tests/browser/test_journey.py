"""The whole way: an empty server, an account, three questions, a snippet, a customer's answer."""

import re

from playwright.sync_api import Page, expect

TAUGHT = [
    ("What are your opening hours?", "We are open Monday to Saturday, 9:00 to 18:00."),
    ("How much does shipping cost?", "Shipping is **4.90 €**, and free from 50 €."),
    ("Can I return an item?", "Yes, within 30 days, unused and in its box."),
]


def test_from_an_empty_server_to_a_customers_answer(page: Page, fresh_server, website, accessible, complaints):
    make_account(page, fresh_server.url)
    accessible(page)
    teach(page)
    publish_a_look(page)
    snippet = deploy(page)
    host = website.page("index.html", snippet)
    other = website.page("other.html", snippet)

    customer = page.context.new_page()
    customer.goto(host)
    chat = open_chat(customer)
    ask(chat, "How do I send something back?")
    expect(answers(chat)).to_contain_text("within 30 days")

    expect(page.get_by_text("Working on")).to_be_visible()

    customer.reload()
    chat = open_chat(customer, was_open=True)
    expect(answers(chat)).to_contain_text("within 30 days")
    customer.goto(other)
    chat = open_chat(customer, was_open=True)
    expect(answers(chat)).to_contain_text("within 30 days")

    second = page.context.new_page()
    second.goto(host)
    beside = open_chat(second)
    ask(chat, "When are you open?")
    expect(answers(beside).last).to_contain_text("9:00 to 18:00")

    offline_and_back(customer, chat, beside, complaints)


def offline_and_back(customer: Page, chat, beside, complaints) -> None:
    before = beside.locator('[data-message][data-from="customer"]').count()
    customer.context.set_offline(True)
    ask(chat, "What does delivery cost me?", delivered=False)
    expect(chat.locator('[data-message][data-from="customer"]').last).not_to_have_attribute("data-state", "sent")
    customer.context.set_offline(False)
    expect(chat.locator('[data-message][data-from="customer"]').last).to_have_attribute("data-state", "sent")
    expect(answers(chat).last).to_contain_text("4.90")
    expect(beside.locator('[data-message][data-from="customer"]')).to_have_count(before + 1)
    expect(chat.locator('[data-message][data-from="customer"]')).to_have_count(before + 1)
    # The browser says so itself while there is no network.
    complaints[:] = [said for said in complaints if "ERR_INTERNET_DISCONNECTED" not in said]


def make_account(page: Page, url: str) -> None:
    page.goto(url)
    page.get_by_label("name").fill("Olga")
    page.get_by_label("E-mail").fill("olga@example.com")
    page.get_by_label("Password", exact=True).fill("correct horse battery")
    page.get_by_label("website").fill("127.0.0.1")
    page.get_by_role("button", name="Create my agent").click()
    page.wait_for_url("**/admin/agents/**")


def teach(page: Page) -> None:
    page.get_by_role("link", name="Teach").first.click()
    for question, answer in TAUGHT:
        form = page.get_by_role("form", name="Add a question")
        form.get_by_label("Question").fill(question)
        form.get_by_label("Answer").fill(answer)
        form.get_by_role("button", name="Add").click()
        expect(page.locator("#entries")).to_contain_text(question)


def publish_a_look(page: Page) -> None:
    page.get_by_role("link", name=re.compile("127.0.0.1|ssistant")).first.click()
    page.get_by_role("link", name="Customize").first.click()
    page.get_by_label("Greeting", exact=True).first.fill("Good evening. What may I light for you?")
    preview = page.frame_locator("iframe").first
    expect(preview.frame_locator('iframe[data-customer-agent="frame"]').locator("body")).to_contain_text(
        "What may I light for you?"
    )
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Customers see version 2")).to_be_visible()


def deploy(page: Page) -> str:
    page.goto(page.url.replace("/customizer", ""))
    page.get_by_role("link", name="Deploy on My Site").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("Waiting for your site to load the widget")).to_be_visible()
    return dialog.locator("#snippet-any").inner_text()


def open_chat(page: Page, *, was_open: bool = False):
    """Press the launcher, unless the chat was open on the page before and opens by itself."""
    launcher = page.locator('[data-customer-agent="launcher"]')
    if not was_open:
        launcher.click()
    chat = page.frame_locator('iframe[data-customer-agent="frame"]')
    expect(chat.locator("textarea[name=text]")).to_be_visible()
    return chat


def ask(chat, text: str, *, delivered: bool = True) -> None:
    chat.locator("textarea[name=text]").fill(text)
    chat.locator("button[type=submit]").click()
    mine = chat.locator('[data-message][data-from="customer"]').last
    expect(mine).to_contain_text(text)
    if delivered:
        expect(mine).to_have_attribute("data-state", "sent")


def answers(chat):
    return chat.locator('[data-message][data-from="agent"] .bubble')
