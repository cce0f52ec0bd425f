"""Several customers and teammates at once, in browsers of their own, and what each of them has seen when."""

import contextlib
import random
import re
import sqlite3
import statistics
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.proxies import Proxy

# The frame and the admin keep their messages in these; both are watched in the same way.
_WATCH = """() => {
    window.appeared = {};
    const look = () => {
        for (const word of document.body.innerText.match(/#[a-z]+-\\d+#/g) ?? []) window.appeared[word] ??= Date.now();
    };
    new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
    look();
}"""
PATIENCE = 20_000


@dataclass
class Person:
    """Somebody in a browser of their own; everything that they write bears a number of its own."""

    name: str
    context: BrowserContext
    page: Page
    sent: list[tuple[str, float]] = field(default_factory=list)

    def mark(self) -> str:
        word = f"#{self.name}-{len(self.sent)}#"
        self.sent.append((word, time.time() * 1000))
        return word

    def watch(self) -> None:
        self.page.evaluate(_WATCH)

    def waits(self, other: "Person", *, since: int = 0) -> list[float]:
        """Milliseconds until what this one wrote was on the other's screen; what never was there is missing."""
        appeared = other.page.evaluate("window.appeared")
        return [appeared[word] - at for word, at in self.sent[since:] if word in appeared]


@dataclass
class Customer(Person):
    conversation: str = ""

    def open(self, url: str, agent_id: str) -> None:
        with self.page.expect_response("**/api/v1/widget/sessions") as begun:
            self.page.goto(f"{url}/chat/{agent_id}")
            # A chat that nobody has written in begins with the first word.
            self.page.locator("textarea[name=text]").press_sequentially(" ")
        self.conversation = begun.value.json()["conversation"]["id"]
        expect(self.page.locator("textarea[name=text]")).to_be_visible()
        self.watch()

    def say(self, text: str = "") -> str:
        field = self.page.locator("textarea[name=text]")
        field.fill(f"{text} #{self.name}-{len(self.sent)}#".strip())
        word = self.mark()
        field.press("Enter")
        return word

    def heard(self) -> list[str]:
        """All marks in the order of the screen."""
        return marks(self.page.locator("[data-message] .bubble"))

    def speakers(self) -> list[str]:
        return speakers(self.page.locator("#messages [data-message]"))

    def on_screen(self) -> list[str]:
        """The ids of all messages, in the order of the screen."""
        ids: list[str] = self.page.evaluate(
            "() => [...document.querySelectorAll('#messages [data-message]')].map((one) => one.dataset.message)"
        )
        return ids

    @property
    def unsent(self) -> Locator:
        return self.page.locator('[data-from=customer]:not([data-state="sent"])')


class Helper(Person):
    """A teammate."""

    def sign_in(self, url: str, email: str, password: str) -> None:
        self.page.goto(f"{url}/sign-in")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url("**/admin/**")

    def open(self, url: str, whose: Customer) -> None:
        self.page.goto(f"{url}/admin/conversations/{whose.conversation}")
        expect(self.page.locator("#thread")).to_contain_text(whose.sent[0][0])
        self.watch()

    def write(self, text: str) -> None:
        """Begin an answer, and leave it."""
        self.page.locator("reply-box textarea").press_sequentially(text)

    def say(self) -> str:
        field = self.page.locator("reply-box textarea")
        field.fill(f"Answer #{self.name}-{len(self.sent)}#")
        word = self.mark()
        field.press("Control+Enter")
        return word

    def insist(self) -> str:
        """Press again, as somebody does whose words stay where they were written, until the last answer is told."""
        word = self.sent[-1][0]
        field, told = self.page.locator("reply-box textarea"), self.page.locator("#thread").get_by_text(word)
        ends = time.monotonic() + PATIENCE / 1000
        while time.monotonic() < ends and not told.count():
            if word in field.input_value() and self.page.locator("#send").is_enabled():
                field.press("Control+Enter")
            self.page.wait_for_timeout(250)
        expect(told).to_have_count(1)
        return word

    def heard(self) -> list[str]:
        return marks(self.page.locator("#thread .message .message-words"))

    def speakers(self) -> list[str]:
        return speakers(self.page.locator("#thread .message"))


def see_each_other_write(helper: Helper, customer: Customer, name: str) -> None:
    """Both begin to write, and each hears of it; `name` is the teammate's."""
    helper.write("A moment")
    expect(customer.page.locator("#typing")).to_contain_text(f"{name} is writing", timeout=PATIENCE)
    sign = helper.page.locator(".presence-customer", has_text="is writing")
    ends = time.monotonic() + PATIENCE / 1000
    while not sign.is_visible() and time.monotonic() < ends:
        # As people do: they go on writing, and what was lost with a line is told again.
        customer.page.locator("textarea[name=text]").press_sequentially("Well ")
        customer.page.wait_for_timeout(400)
    expect(sign).to_be_visible()


def resolve(helper: Helper, customer: Customer, *, before: Callable[[], None] = lambda: None) -> None:
    """The teammate resolves the conversation, and hears how content the customer was; `before` that is sent."""
    helper.page.get_by_role("button", name="Resolve", exact=True).click()
    expect(helper.page.locator("#thread")).to_contain_text("You resolved it", timeout=PATIENCE)
    rating = customer.page.locator(".rating")
    rating.get_by_label("Very good").check(force=True)
    rating.get_by_label("Would you like to add something?").fill("Quick and kind")
    before()
    rating.get_by_role("button", name="Send rating").click()
    expect(rating).to_contain_text("Thank you. Your rating: Very good.", timeout=PATIENCE)
    given = helper.page.locator("#thread .rating-given")
    expect(given).to_contain_text("Very good", timeout=PATIENCE)
    expect(given).to_contain_text("Quick and kind")


def talk_on_a_broken_line(customers: Sequence[Customer], line: Proxy, *, seconds: float, pause: float = 0.5) -> None:
    """Have all of them write in turn while the line is cut every one to five seconds; then let it come to rest."""
    ends, next_cut = time.monotonic() + seconds, time.monotonic() + 1
    chance = random.Random(7)
    while time.monotonic() < ends:
        for one in customers:
            one.say("Do you deliver abroad?")
            one.page.wait_for_timeout(pause * 1000 / len(customers))
            if time.monotonic() >= next_cut:
                line.cut()
                next_cut = time.monotonic() + chance.uniform(1, 5)
    for one in customers:
        expect(one.unsent).to_have_count(0, timeout=60_000)


def comes_to_rest(one: Customer, data_dir: Path, *, seconds: float = 60) -> bool:
    """Whether the screen comes to show what is stored, each message once and in its order."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        with contextlib.closing(sqlite3.connect(data_dir / "porchlight.db")) as database:
            rows = database.execute(
                "SELECT id, (SELECT COUNT(*) FROM answers a WHERE finished_at IS NULL"
                " AND a.conversation_id = m.conversation_id) FROM messages m WHERE conversation_id = ? ORDER BY seq",
                (uuid.UUID(one.conversation).hex,),
            ).fetchall()
        is_quiet = not any(owed for _id, owed in rows)
        if is_quiet and one.on_screen() == [str(uuid.UUID(number)) for number, _owed in rows]:
            return True
        one.page.wait_for_timeout(250)
    return False


def marks(messages: Locator) -> list[str]:
    return marks_in(messages.all_inner_texts())


def marks_in(texts: Sequence[str]) -> list[str]:
    return [word for text in texts for word in re.findall(r"#[a-z]+-\d+#", text)]


def speakers(messages: Locator) -> list[str]:
    """Whose each message is, in the order of the screen."""
    sides: list[str] = messages.evaluate_all("(all) => all.map((one) => one.dataset.from)")
    return sides


def customer(browser: Browser, name: str) -> Customer:
    context = browser.new_context()
    return Customer(name, context, context.new_page())


def helper(browser: Browser, name: str) -> Helper:
    context = browser.new_context()
    return Helper(name, context, context.new_page())


def close(people: Sequence[Person]) -> None:
    for person in people:
        person.context.close()


def median(waits: Sequence[float]) -> float:
    return statistics.median(waits)
