"""Teaching an agent in a real browser: by keyboard, by dragging, with nothing typed ever lost."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect


@pytest.fixture
def teaching(admin: Page, demo) -> Page:
    """The questions and answers of an agent that knows three things."""
    admin.goto(f"{demo.url}/admin/agents/new")
    admin.get_by_label("Name").fill("Pupil")
    admin.get_by_role("button", name="Make the agent").click()
    admin.wait_for_url(re.compile(r"/admin/agents/[0-9a-f-]{36}$"))
    admin.goto(f"{admin.url}/knowledge")
    for question in ("Third?", "Second?", "First?"):
        add(admin, question)
    return admin


def add(page: Page, question: str) -> None:
    page.locator("#question").fill(question)
    page.locator("#answer").fill("Yes.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(f"Added: {question}")).to_be_visible()
    expect(page.locator("#question")).to_be_focused()
    expect(page.locator("#question")).to_have_value("")


def questions(page: Page) -> Locator:
    return page.locator("a.entry-question")


def test_what_is_typed_is_there_after_a_reload_until_it_is_saved(teaching):
    teaching.locator("#question").fill("Half a question")
    teaching.locator("#answer").fill("Half an answer")
    teaching.reload()
    expect(teaching.locator("#question")).to_have_value("Half a question")
    expect(teaching.locator("#answer")).to_have_value("Half an answer")
    add(teaching, "A whole one?")
    teaching.reload()
    expect(teaching.locator("#question")).to_have_value("")


def test_questions_move_by_keyboard_and_keep_the_focus(teaching):
    expect(questions(teaching)).to_have_text(["First?", "Second?", "Third?"])
    down = teaching.get_by_role("button", name="Move down: First?")
    for order in (["Second?", "First?", "Third?"], ["Second?", "Third?", "First?"]):
        down.focus()
        teaching.keyboard.press("Enter")
        expect(questions(teaching)).to_have_text(order)
        expect(down).to_be_focused()


def test_questions_are_dragged_to_their_place(teaching):
    rows = teaching.locator(".entry-row")
    handle = rows.nth(2).locator("[data-handle]")
    handle.scroll_into_view_if_needed()
    handle.hover()
    teaching.mouse.down()
    top = rows.nth(0).bounding_box()
    teaching.mouse.move(top["x"] + 20, top["y"] + 4, steps=6)
    with teaching.expect_response("**/knowledge/order") as answer:
        teaching.mouse.up()
    assert answer.value.ok
    teaching.reload()
    expect(questions(teaching)).to_have_text(["Third?", "First?", "Second?"])


def test_archiving_can_be_undone_and_disturbs_nothing_typed(teaching):
    teaching.locator("#question").fill("Still typing")
    teaching.get_by_role("button", name="Archive: Second?").click()
    expect(questions(teaching)).to_have_text(["First?", "Third?"])
    expect(teaching.locator("#knowledge-tabs")).to_contain_text("Archived 1")
    teaching.get_by_role("button", name="Undo").click()
    expect(questions(teaching)).to_have_text(["First?", "Second?", "Third?"])
    expect(teaching.locator("#question")).to_have_value("Still typing")


def test_the_answer_is_previewed_and_a_lost_connection_loses_nothing(teaching, complaints):
    questions(teaching).first.click()
    answer = teaching.locator("#answer")
    answer.fill("Yes, always")
    answer.evaluate("area => area.setSelectionRange(5, 11)")
    teaching.get_by_role("button", name="Bold").click()
    expect(teaching.locator("#preview strong")).to_have_text("always")
    teaching.context.set_offline(True)
    teaching.get_by_role("button", name="Save").click()
    expect(teaching.get_by_role("alert")).to_contain_text("did not reach the server")
    expect(answer).to_have_value("Yes, **always**")
    teaching.context.set_offline(False)
    teaching.get_by_role("button", name="Save").click()
    expect(teaching.get_by_text("Saved.")).to_be_visible()
    complaints[:] = [said for said in complaints if "DISCONNECTED" not in said and "sendError" not in said]
    complaints[:] = [said for said in complaints if "htmx:afterRequest" not in said]


def test_a_question_is_tried_while_it_is_typed_and_found_by_search(teaching):
    teaching.locator("#trial-text").press_sequentially("hello")
    expect(teaching.locator("#trial-result")).to_contain_text("Small talk")
    teaching.locator("#search").press_sequentially("second")
    expect(questions(teaching)).to_have_text(["Second?"])
    expect(teaching).to_have_url(re.compile(r"\?q=second$"))


def test_a_pasted_list_is_looked_at_then_learned(teaching):
    teaching.get_by_role("link", name="Import a list").first.click()
    teaching.get_by_label("Or paste a list").fill("Fourth?\tYes.\nFifth?\t\n")
    teaching.get_by_role("button", name="Check the list").click()
    expect(teaching.get_by_text("The answer is empty.")).to_be_visible()
    teaching.get_by_role("button", name="Import 1 good row, leave 1 row out").click()
    expect(questions(teaching)).to_have_text(["First?", "Second?", "Third?", "Fourth?"])
    expect(teaching.locator("#learning")).to_be_empty()


def test_a_test_question_is_asked_by_itself_and_says_how_it_came_out(teaching):
    teaching.get_by_role("link", name="Test questions").click()
    teaching.get_by_label("When a customer asks").fill("First?")
    teaching.get_by_label("it should answer with").fill("First?")
    teaching.get_by_role("button", name="Add", exact=True).click()
    expect(teaching.get_by_text("1 of 1 right")).to_be_visible()
    expect(teaching.locator(".test-verdict .badge")).to_have_text("Right")
    teaching.get_by_role("button", name="Remove: First?").click()
    expect(teaching.get_by_text("No test questions yet")).to_be_visible()
