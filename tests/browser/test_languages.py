"""The chat in other languages on a website: as the page, the browser or the settings say."""

import json

from playwright.sync_api import expect

from core.widget_words import say
from tests.browser.houses import open_chat, snippet


def test_an_arabic_page_gets_an_arabic_chat(page, house, shop, accessible):
    page.goto(shop.page("index.html", snippet(house, json.dumps({"locale": "ar-EG"}))))
    chat = open_chat(page)
    root = chat.locator("html")
    expect(root).to_have_attribute("dir", "rtl")
    expect(root).to_have_attribute("lang", "ar")
    field = chat.locator("textarea[name=text]")
    expect(field).to_have_attribute("placeholder", say("ar", "placeholder"))
    field.fill("مرحبا")
    chat.locator("button[type=submit]").click()
    own = chat.locator('[data-message][data-from="customer"]')
    expect(own).to_have_attribute("data-state", "sent")
    reply = chat.locator('[data-message][data-from="agent"] .bubble').last
    expect(reply).to_have_text(say("ar", "talk_hello"))
    # What the customer says stands at the end of the line, which is the left here.
    assert own.locator(".bubble").bounding_box()["x"] < reply.bounding_box()["x"]
    accessible(page)


def test_a_german_browser_gets_a_german_chat(browser, house, shop):
    context = browser.new_context(locale="de-DE")
    page = context.new_page()
    address = shop.page("index.html", snippet(house, json.dumps({"locale": "eo"})))
    page.goto(address)
    chat = open_chat(page)
    expect(chat.locator("#answering")).to_have_text(say("de", "automatic"))
    chat.locator("#menu summary").click()
    chat.locator("[data-do=own-data]").click()
    expect(chat.locator(".own-data h2")).to_have_text(say("de", "data_title"))
    expect(chat.locator(".own-data")).to_contain_text(say("de", "data_nobody"))
    context.close()


def test_the_launcher_learns_the_language_of_the_page(page, house, shop):
    page.goto(shop.page("index.html", snippet(house, json.dumps({"locale": "fr"}))))
    open_chat(page)
    expect(page.locator('[data-customer-agent="launcher"]')).to_have_attribute("aria-label", say("fr", "close_chat"))
