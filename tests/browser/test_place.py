"""Where the launcher and the window stand on a website's pages, what they look like there, and when they are shown."""

import base64
import contextlib
import json
import re
import sqlite3

import pytest
from playwright.sync_api import Page, expect

from tests.browser.houses import forgive, somebody

LAUNCHER = '[data-customer-agent="launcher"]'
FRAME = 'iframe[data-customer-agent="frame"]'
PICTURE = "0f8fad5b-d9cb-469f-a165-70867728950e"
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
DESKTOP, PHONE = {"width": 1000, "height": 800}, {"width": 390, "height": 780}


@pytest.fixture(scope="module")
def placed(demo):
    """Publishes a launcher for an agent that is allowed on the tests' websites; returns the snippet of a page."""
    made = demo.server.command("agents", "create", "--name", "Place", "--domain", "localhost", "--domain", "127.0.0.1")

    def publish(settings="{}", **launcher):
        # As a version of its own: a published one never changes.
        statement = (
            "INSERT INTO widget_versions (id, agent_id, number, settings, published_at)"
            " SELECT lower(hex(randomblob(16))), agent_id, number + 1, ?, published_at FROM widget_versions"
            " WHERE agent_id = (SELECT id FROM agents WHERE public_id = ?) ORDER BY number DESC LIMIT 1"
        )
        with contextlib.closing(sqlite3.connect(demo.server.data_dir / "porchlight.db")) as database, database:
            database.execute(statement, (json.dumps({"name": "Place", "launcher": launcher}), made["agent_id"]))
        address = f"{demo.url}/widget/{made['agent_id']}.js"
        return f'<script>window.CustomerAgent = {settings}</script><script id="loader" async src="{address}"></script>'

    return publish


def wait_for_box(page: Page, selector: str, expected: list[float]) -> None:
    """Until it stands there in whole pixels: the icon's size is a part of the launcher's."""
    page.wait_for_function(
        """([selector, expected]) => {
            const { x, y, width, height } = document.querySelector(selector)?.getBoundingClientRect() ?? {};
            return [x, y, width, height].every((one, place) => Math.round(one) === Math.round(expected[place]));
        }""",
        arg=[selector, expected],
    )


def load_again(page: Page, position: str) -> None:
    """The widget anew on the same page, with another place of the page's own."""
    page.evaluate(
        """position => new Promise(done => {
            window.CustomerAgent.shutdown();
            window.CustomerAgent = { position };
            const script = document.createElement("script");
            script.src = document.getElementById("loader").src;
            script.onload = done;
            document.body.append(script);
        })""",
        position,
    )


def expected(position: str, screen, size: int, side: int, edge: int):
    row, column = position.split("-")
    across = {"left": side, "center": (screen["width"] - size) / 2, "right": screen["width"] - side - size}
    down = {"top": edge, "middle": (screen["height"] - size) / 2, "bottom": screen["height"] - edge - size}
    return [across[column], down[row], size, size]


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_nine_places_on_computers_and_phones(page, placed, shop, direction):
    measures = {"size": 64, "side": 30, "edge": 40, "phone_size": 48, "phone_side": 10, "phone_edge": 0}
    body = placed(**measures, phone_position="top-center", layer=4242)
    page.set_viewport_size(DESKTOP)
    page.goto(shop.page("index.html", f"<script>document.documentElement.dir = '{direction}'</script>{body}"))
    expect(page.locator(LAUNCHER)).to_be_visible()
    wait_for_box(page, LAUNCHER, expected("bottom-right", DESKTOP, 64, 30, 40))
    assert page.locator(LAUNCHER).evaluate("launcher => getComputedStyle(launcher.parentNode).zIndex") == "4242"
    page.set_viewport_size(PHONE)
    wait_for_box(page, LAUNCHER, expected("top-center", PHONE, 48, 10, 0))
    for row in ("top", "middle", "bottom"):
        for column in ("left", "center", "right"):
            page.set_viewport_size(DESKTOP)
            load_again(page, f"{row}-{column}")
            wait_for_box(page, LAUNCHER, expected(f"{row}-{column}", DESKTOP, 64, 30, 40))
            page.set_viewport_size(PHONE)
            wait_for_box(page, LAUNCHER, expected(f"{row}-{column}", PHONE, 48, 10, 0))


def test_pages_and_devices_where_it_is_not_shown(page, placed, shop):
    page.set_viewport_size(DESKTOP)
    body = placed(page_rule="except", pages=["/checkout/*", "/cart"], screens="desktop")
    page.goto(shop.page("index.html", body))
    launcher = page.locator(LAUNCHER)
    expect(launcher).to_be_visible()
    for path, is_shown in (("/checkout", False), ("/about", True), ("/Cart/", False)):
        page.evaluate("path => history.pushState({}, '', path)", path)
        expect(launcher).to_be_visible(visible=is_shown)
    page.go_back()
    expect(launcher).to_be_visible()
    page.go_forward()
    expect(launcher).to_be_hidden()
    # Who opens the chat all the same has it, until it is closed or the site goes on.
    page.evaluate("CustomerAgent.open()")
    expect(page.locator(FRAME)).to_be_visible()
    page.evaluate("CustomerAgent.close()")
    expect(launcher).to_be_hidden()
    page.evaluate("history.pushState({}, '', '/about')")
    expect(launcher).to_be_visible()
    page.evaluate("CustomerAgent.hide()")
    page.evaluate("history.pushState({}, '', '/blog')")
    expect(launcher).to_be_hidden()
    page.evaluate("CustomerAgent.show()")
    expect(launcher).to_be_visible()
    page.set_viewport_size(PHONE)
    expect(launcher).to_be_hidden()


def test_an_element_of_the_site_in_the_place_of_our_button(page, placed, shop):
    body = placed(opener=".help, #contact", bubble=False)
    page.goto(shop.page("index.html", f'<button class="help">Help</button><button id="contact">Contact</button>{body}'))
    page.wait_for_function("Boolean(CustomerAgent.open)")
    assert page.locator(LAUNCHER).count() == 0
    contact = page.locator("#contact")
    contact.click()
    expect(page.locator(FRAME)).to_be_visible()
    expect(contact).to_have_attribute("aria-expanded", "true")
    assert contact.evaluate("contact => contact.ariaControlsElements[0].dataset.customerAgent") == "frame"
    page.frame_locator(FRAME).locator("textarea[name=text]").press("Escape")
    expect(page.locator(FRAME)).to_be_hidden()
    expect(contact).to_be_focused()
    expect(contact).to_have_attribute("aria-expanded", "false")


def test_the_window_fills_pages_below_a_width_and_fits_the_others(page, placed, shop):
    page.set_viewport_size({"width": 650, "height": 700})
    page.goto(shop.page("index.html", placed("{ position: 'middle-right' }", full_screen_below=700)))
    page.locator(LAUNCHER).click()
    expect(page.locator(FRAME)).to_be_visible()
    wait_for_box(page, FRAME, [0, 0, 650, 700])
    page.set_viewport_size({"width": 720, "height": 500})
    wait_for_box(page, FRAME, [720 - 20 - 56 - 16 - 400, 20, 400, 460])


@pytest.mark.parametrize("is_strict", [False, True])
def test_a_picture_where_the_site_takes_it_and_the_icon_where_it_does_not(
    page, demo, placed, shop, complaints, is_strict
):
    page.route(f"**/pictures/{PICTURE}.webp", lambda route: route.fulfill(body=DOT, content_type="image/png"))
    policy = f"default-src 'none'; script-src 'unsafe-inline' {demo.url}; frame-src {demo.url}; connect-src {demo.url}"
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">' if is_strict else ""
    page.goto(shop.page("index.html", placed(fill="image", image=PICTURE), head=head))
    sign = "l => { const s = getComputedStyle(l, '::before'); return [s.content, s.backgroundImage] }"
    launcher = page.locator(LAUNCHER)
    expect(launcher).to_be_visible()
    if is_strict:
        page.wait_for_timeout(500)
        assert launcher.evaluate(sign) == ['"···"', "none"]
        assert [one for one in complaints if PICTURE not in one] == []
        complaints.clear()
    else:
        expect(launcher).to_have_attribute("data-picture", "")
        content, image = launcher.evaluate(sign)
        assert (content, f"{demo.url}/pictures/{PICTURE}.webp" in image) == ('""', True)
    size = launcher.bounding_box()
    assert size
    assert [round(size["width"]), round(size["height"])] == [56, 56]


def test_two_colours_and_words_that_can_be_read(page, placed, shop):
    page.goto(
        shop.page("index.html", placed(fill="gradient", colour="#4a148c", second_colour="#fdd835", text="Ask us"))
    )
    style = page.locator(LAUNCHER).evaluate("l => [getComputedStyle(l).backgroundImage, getComputedStyle(l).color]")
    assert re.fullmatch(r"linear-gradient\(135deg, rgb\(74, 20, 140\), rgb\(\d+, \d+, \d+\)\)", style[0])
    assert style[1] == "rgb(255, 255, 255)"


@pytest.mark.parametrize("badge", [True, False])
def test_unread_replies_are_counted_where_that_is_wanted(page, placed, shop, badge):
    # A chat of the test's own, so that a reply comes exactly while it is closed.
    chat = """<script>
        addEventListener("message", ({ ports: [port] }) => port.postMessage({ type: "unread", count: 2 }));
        parent.postMessage({ type: "porchlight:hello" }, "*");
    </script>"""
    page.route("**/widget/*?mode=bubble*", lambda route: route.fulfill(body=chat, content_type="text/html"))
    page.goto(shop.page("index.html", placed(badge=badge)))
    launcher = page.locator(LAUNCHER)
    launcher.hover()
    if badge:
        expect(launcher).to_have_attribute("aria-label", "Chat with Place, 2 new")
    else:
        page.wait_for_timeout(500)
        expect(launcher).to_have_attribute("aria-label", "Chat with Place")
    content = launcher.evaluate("launcher => getComputedStyle(launcher, '::after').content")
    assert (content == '"2"') is badge


def test_a_link_of_a_colleague_that_is_no_longer_good_shows_what_is_published(page, placed, shop):
    page.goto(shop.page("index.html", placed(text="Ask us")) + "#porchlight-preview=nothing")
    expect(page.locator(LAUNCHER)).to_have_text("Ask us")
    assert page.locator(LAUNCHER).count() == 1


def test_the_section_launcher_is_followed_by_the_real_launcher(admin, demo, accessible, complaints):
    name = somebody("By hand")
    demo.server.command("agents", "create", "--name", name, "--domain", "example.com")
    admin.goto(f"{demo.url}/admin/?all=1")
    admin.get_by_role("link", name=name).click()
    admin.get_by_role("navigation", name="What to do").get_by_role("link", name="Customize").click()
    admin.locator("[data-moment]").select_option("closed")
    admin.locator("summary", has_text="Launcher").click()
    launcher = admin.frame_locator(".preview-frame").locator(LAUNCHER)
    stage = launcher.evaluate("() => [innerWidth, innerHeight]")
    for position, at in (("top-left", [20, 20]), ("middle-center", [(stage[0] - 56) / 2, (stage[1] - 56) / 2])):
        admin.locator(f'label:has([name=position][value="{position}"])').click()
        admin.wait_for_function(
            """at => {
                const page = document.querySelector(".preview-frame").contentDocument;
                const { x, y } = page.querySelector("[data-customer-agent=launcher]").getBoundingClientRect();
                return Math.abs(x - at[0]) < 1 && Math.abs(y - at[1]) < 1;
            }""",
            arg=at,
        )
    admin.get_by_text("Two colours", exact=True).click()
    admin.locator("#launcher_second_colour").fill("#fdd835")
    expect(admin.get_by_role("button", name="instead")).to_be_visible()
    expect(launcher).to_have_css("background-image", re.compile("linear-gradient"))
    admin.get_by_text("All but these", exact=True).click()
    admin.get_by_label("Addresses, one in each line").fill("/checkout/*")
    admin.get_by_label("Would it show on").fill("https://shop.example/checkout/pay")
    expect(admin.locator("#page-verdict")).to_have_text("It is not shown there.")
    accessible(admin)
    admin.locator("details.more-help:has(#launcher_opener) > summary").click()
    admin.get_by_label("Your own button").fill("a:hover")
    expect(admin.locator("#problem-launcher-opener")).to_contain_text("#chat")
    admin.get_by_label("Your own button").fill("#help")
    # What stands below moves up when the problem goes.
    expect(admin.locator("#problem-launcher-opener")).to_have_text("")
    admin.get_by_label("Show our button, too").uncheck()
    expect(launcher).to_be_hidden()
    admin.get_by_label("Show our button, too").check()
    expect(launcher).to_be_visible()
    forgive(complaints, 422)
