"""What a newcomer sees first: a handful of entries, asked in other words. A wrong answer here is never forgiven."""

import pytest

from core.answering import Index
from tests.core.answering.conftest import SHOP, site

BAKERY = site(
    ("When are you open?", "We are open Tuesday to Sunday from 7 am to 6 pm."),
    ("Do you make birthday cakes?", "Yes. Order three days ahead and tell us size, flavour and the name to write."),
    ("Is your bread vegan?", "All sourdough loaves are vegan; brioche contains butter and eggs."),
)
SOFTWARE = site(
    ("How do I reset my password?", "Click 'Forgot password' and follow the link in the mail."),
    ("Can I change my plan?", "Yes, under Settings, Billing, at any time; the difference is prorated."),
    ("How do I invite a colleague?", "Open Settings, Members and send an invitation to their e-mail address."),
)
HOTEL = site(
    ("What time is check-in?", "Rooms are ready from 3 pm; check-out is at 11 am."),
    ("Do you allow pets?", "Dogs up to 20 kg are welcome for 15 euros a night."),
    ("Is there parking?", "Yes, in our garage, 12 euros a day."),
    ("Is breakfast included?", "Breakfast is included in all rates, from 7 to 10."),
)
TRACKING = site(("Where is my order?", "Open the tracking link in your confirmation mail."))
SITES = {"shop": SHOP, "bakery": BAKERY, "software": SOFTWARE, "hotel": HOTEL, "tracking": TRACKING}

IN_OTHER_WORDS = [
    ("shop", "when will my parcel get here", "0"),
    ("shop", "shipping time", "0"),
    ("shop", "I want to send something back", "1"),
    ("shop", "Hi there, could you tell me what your return policy is?", "1"),
    ("shop", "can I pay with paypal", "2"),
    ("bakery", "what time do you close", "0"),
    ("bakery", "opening hours?", "0"),
    ("bakery", "I need a cake for my daughter's birthday", "1"),
    ("bakery", "vegan options?", "2"),
    ("software", "I forgot my password", "0"),
    ("software", "downgrade my plan", "1"),
    ("software", "add a team member", "2"),
    ("hotel", "can I bring my dog", "1"),
    ("hotel", "do I have to pay for breakfast", "3"),
    ("tracking", "track my package", "0"),
    ("tracking", "has my order shipped yet", "0"),
]

SOMETHING_ELSE = [
    ("shop", "do you have a job for me"),
    ("shop", "what is the weather tomorrow"),
    ("bakery", "can you fix my bike"),
    ("bakery", "do you sell phone cases"),
    ("software", "what's the best pizza in town"),
    ("hotel", "do you have a pool?"),
    ("hotel", "i need a plumber"),
    ("tracking", "do you ship to canada"),
    ("tracking", "what's your phone number"),
    ("tracking", "how do i cook rice"),
]


@pytest.fixture(scope="module")
def indexes(model):
    return {name: Index.build(entries, model) for name, entries in SITES.items()}


@pytest.mark.parametrize(("name", "question", "entry_id"), IN_OTHER_WORDS)
def test_a_question_in_other_words_gets_its_answer(indexes, name, question, entry_id):
    assert indexes[name].search(question).entry_id == entry_id


@pytest.mark.parametrize(("name", "question"), SOMETHING_ELSE)
def test_a_question_about_something_else_gets_none(indexes, name, question):
    assert indexes[name].search(question).entry_id is None


@pytest.mark.parametrize("question", ["how do i cook rice", "who won the world cup", "is my cat a liquid"])
def test_nonsense_is_not_even_offered_a_title(indexes, question):
    for index in indexes.values():
        assert index.search(question).outcome == "unanswered"


def test_one_entry_answers_its_own_title_and_not_everything(indexes):
    line = indexes["tracking"].calibration.answer_from
    assert 0.4 < line < 0.8
    assert indexes["tracking"].search("Where is my order?").score > 0.9


@pytest.mark.parametrize("name", SITES)
def test_without_the_model_titles_still_find_their_entry(name):
    index = Index.build(SITES[name], None)
    for entry in SITES[name]:
        assert index.search(entry.question).entry_id == entry.id


@pytest.mark.parametrize(("name", "question"), SOMETHING_ELSE)
def test_without_the_model_something_else_gets_no_answer_either(name, question):
    assert Index.build(SITES[name], None).search(question).entry_id is None
