"""Three customers and two teammates at once, on lines that break: nothing is lost, doubled or out of order."""

import contextlib
import sqlite3
import urllib.parse
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser import crowds
from tests.browser.conftest import Demo
from tests.browser.crowds import PATIENCE, Customer, Helper
from tests.proxies import Proxy, proxy

SUPPORT = "samir@lantern-and-loom.example"


@pytest.fixture
def lines(demo: Demo) -> Iterator[tuple[Proxy, Proxy]]:
    """The way of the customers to the server, and that of the team."""
    port = urllib.parse.urlsplit(demo.url).port
    assert port
    with proxy(port) as street, proxy(port) as office:
        yield street, office


@pytest.fixture
def team(browser: Browser, demo: Demo, lines: tuple[Proxy, Proxy]) -> Iterator[tuple[Helper, Helper]]:
    with contextlib.closing(sqlite3.connect(demo.server.data_dir / "porchlight.db")) as database, database:
        database.execute(
            "UPDATE teammates SET password_hash ="
            " (SELECT password_hash FROM teammates WHERE email = ?) WHERE email = ?",
            (demo.email, SUPPORT),
        )
    olga, samir = crowds.helper(browser, "olga"), crowds.helper(browser, "samir")
    olga.sign_in(lines[1].url, demo.email, demo.password)
    samir.sign_in(lines[1].url, SUPPORT, demo.password)
    yield olga, samir
    crowds.close((olga, samir))


@pytest.fixture
def customers(browser: Browser, demo: Demo, lines: tuple[Proxy, Proxy]) -> Iterator[list[Customer]]:
    made = [crowds.customer(browser, name) for name in ("ann", "ben", "cleo")]
    for one in made:
        one.open(lines[0].url, demo.agent_id)
        one.say("I want to talk to a person")
    yield made
    crowds.close(made)


def test_a_busy_hour(customers: list[Customer], team: tuple[Helper, Helper], lines: tuple[Proxy, Proxy]) -> None:
    (ann, ben, cleo), (olga, samir), (street, office) = customers, team, lines
    for one in customers:
        expect(one.page.locator("#answering")).to_contain_text("Waiting")

    # Two in one conversation see each other, and the second does not answer unawares.
    olga.open(office.url, ann)
    samir.open(office.url, ann)
    expect(olga.page.locator(".presence-team")).to_contain_text("Samir Haddad is here")
    crowds.see_each_other_write(samir, ann, "Samir Haddad")
    expect(olga.page.locator(".presence-team")).to_contain_text("Samir Haddad is writing")
    expect(olga.page.locator(".presence-customer")).to_contain_text("is writing")
    olga.say()
    expect(samir.page.locator("#thread")).to_contain_text("Olga Brandt is answering")

    samir.open(office.url, ben)
    for _round in range(2):
        for helper, customer in ((olga, ann), (samir, ben)):
            helper.say()
            customer.say()
            expect(helper.page.locator("#thread")).to_contain_text(customer.sent[-1][0], timeout=PATIENCE)

    # The customers' line is dead: what they write waits, and what they are told is there when it is back.
    street.is_down = True
    street.cut()
    ben.say()
    samir.say()
    street.is_down = False
    # The team's line breaks, and its pages catch up.
    office.cut()
    ben.say()
    for word in (ben.sent[-2][0], ben.sent[-1][0]):
        expect(samir.page.locator("#thread")).to_contain_text(word, timeout=PATIENCE)
    expect(ben.page.locator("#thread")).to_contain_text(samir.sent[-1][0], timeout=PATIENCE)
    expect(ben.unsent).to_have_count(0, timeout=PATIENCE)

    for helper, customer in ((olga, ann), (samir, ben)):
        _are_alike(helper, customer)

    olga.page.get_by_role("button", name="Hand back").click()
    expect(ann.page.locator("#answering")).to_contain_text("Automatic", timeout=PATIENCE)
    word = ann.say("Do you deliver abroad?")
    answered = '[data-from="agent"]:last-child'
    expect(ann.page.locator(f"#messages > {answered}")).to_be_visible(timeout=PATIENCE)
    expect(olga.page.locator("#thread")).to_contain_text(word, timeout=PATIENCE)
    expect(olga.page.locator(f".said > {answered}")).to_be_visible(timeout=PATIENCE)
    _are_alike(olga, ann)

    # The answer to the rating comes back by a line that has just broken.
    crowds.resolve(samir, ben, before=street.cut)
    _are_alike(samir, ben)
    assert cleo.heard() == [word for word, _at in cleo.sent], "nobody else's words come to who still waits"


def _are_alike(helper: Helper, customer: Customer) -> None:
    """Both screens show the same sides speak in the same order, and each word that was written once."""
    assert sorted(customer.heard()) == sorted(word for word, _at in (*customer.sent, *helper.sent))
    assert customer.heard() == helper.heard()
    assert customer.speakers() == helper.speakers()
    for person in (customer, helper):
        own = [word for word, _at in person.sent]
        assert [word for word in customer.heard() if word in own] == own
