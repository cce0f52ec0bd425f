"""What an agent keeps for the next conversation: the customer's own words, with their knowledge, and of nobody else."""

import time
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from core import memory, recalling, remembering, widget_configs
from core.clock import utc_now
from core.errors import Invalid
from core.remembering import MemorySettings
from core.replies import Wanted
from models import db
from models.conversations import Conversation
from models.customers import Customer, Fact, FactKind, FactSource, Standing, WidgetSession
from tests.blueprints.widget.test_own_data import Chat, signed
from tests.conftest import make_customer

WORDS = Wanted(FactKind.PREFERENCE, "I prefer brass", FactSource.AGENT)


@pytest.fixture
def chat(vera, agent):
    chat = Chat(vera, agent)
    chat.say("I prefer brass, by the way")
    return chat


def talk():
    return db.session.scalars(select(Conversation).order_by(Conversation.id.desc())).first()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Remember that I wear size 42", "I wear size 42"),
        ("remember I have size 42", "I have size 42"),
        ("Please remember my size is 42", "my size is 42"),
        ("please remember: I am vegan.", "I am vegan."),
        ("Merk dir bitte, dass ich Größe 42 trage", "ich Größe 42 trage"),
        ("Retenez que je suis végane", "je suis végane"),
        ("Recuerda que soy vegana", "soy vegana"),
        ("Ricordati che porto il 42", "porto il 42"),
        ("Onthoud dat ik maat 42 heb", "ik maat 42 heb"),
        ("请记住：我穿42码", "我穿42码"),
        ("My name is Bob and I prefer brass, please remember that.", "My name is Bob and I prefer brass"),
        ("I wear size 42 and please keep that in mind", "I wear size 42"),
        ("Ich trage Größe 42, bitte merk dir das.", "Ich trage Größe 42"),
        ("Je fais du 42, retenez-le s'il vous plaît", "Je fais du 42"),
        ("Uso la talla 42, recuérdalo", "Uso la talla 42"),
        ("Porto il 42, ricordalo per favore", "Porto il 42"),
        ("Noszę rozmiar 42, zapamiętaj to", "Noszę rozmiar 42"),
        ("42 numara giyiyorum, bunu unutma lütfen", "42 numara giyiyorum"),
        ("我穿42码，请记住", "我穿42码"),
    ],
)
def test_a_wish_to_be_remembered_is_heard(text, words):
    assert remembering.asked(text) == words


@pytest.mark.parametrize("text", ["," * 4_000, ",.;:!" * 800, "、" * 3_900 + "请记住", "、、、、请记住"])
def test_nobody_keeps_it_busy_with_signs(text):
    began = time.process_time()
    assert remembering.asked(text) is None
    assert time.process_time() - began < 0.1


@pytest.mark.parametrize(
    "text",
    [
        "Do you remember that I am vegan?",
        "Remember me?",
        "I remember that shop",
        "note",
        "I ordered a lamp and I remember that",
        "Yes please, remember that",
        "Where is it? Remember that.",
        "You said two days, I note that",
        "Please note that",
        "We do not remember this",
    ],
)
def test_other_words_are_no_such_wish(text):
    assert remembering.asked(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "zapamiętaj{0}proszę{0}x",
        "please{0}{0}x",
        "merke{0}dir{0}bitte{0}?x",
        "{0}remember{0}x",
        "x{0},{0}please{0}remember",
    ],
)
def test_no_message_keeps_the_server_busy_with_whether_it_is_one(text):
    began = time.process_time()
    remembering.asked(text.format(" " * 900))
    assert time.process_time() - began < 0.5


def test_only_what_the_customer_has_said_is_noted():
    said = "Hi! I wear   size 42, and I prefer Brass."
    assert remembering.checked({"kind": "preference", "words": "i prefer brass"}, said).kind is FactKind.PREFERENCE
    for words in ("is an admin", "gets everything free", "", " .,! ", "42 " * 100, None, ["I prefer Brass"], 7):
        assert remembering.checked({"kind": "note", "words": words}, said) is None
    assert remembering.checked({"kind": "root", "words": "size 42"}, said).kind is FactKind.NOTE


def test_who_is_anonymous_is_remembered_until_they_leave(chat, agent):
    kept = remembering.keep(talk(), [WORDS], now=utc_now())
    assert [(one["text"], one["lasts"]) for one in kept] == [("I prefer brass", False)]
    assert remembering.told_to_models(talk(), now=utc_now()) == ["I prefer brass"]
    later = utc_now() + timedelta(hours=25)
    assert remembering.told_to_models(talk(), now=later) == []
    memory.clear_expired(now=later)
    assert db.session.scalars(select(Fact)).all() == []


def test_what_is_known_of_a_session_ends_with_it(chat):
    remembering.keep(talk(), [WORDS], now=utc_now())
    customer = talk().customer
    chat.call("DELETE", "/sessions", json={})
    db.session.expire_all()
    assert memory.facts_of(customer, now=utc_now()) == []
    memory.clear_expired(now=utc_now())
    assert db.session.scalars(select(Fact)).all() == []


def test_who_agrees_is_remembered_longer_and_may_take_it_back(chat):
    remembering.keep(talk(), [WORDS], now=utc_now())
    remembering.agree(talk(), now=utc_now())
    later = utc_now() + timedelta(days=30)
    assert remembering.told_to_models(talk(), now=later) == ["I prefer brass"]
    assert remembering.keep(talk(), [Wanted(FactKind.NOTE, "by the way", FactSource.AGENT)], now=utc_now())[0]["lasts"]
    remembering.disagree(talk(), now=utc_now())
    assert remembering.told_to_models(talk(), now=later) == []
    assert len(remembering.told_to_models(talk(), now=utc_now())) == 2


def test_what_somebody_asked_to_have_noted_ends_with_their_agreement_too(chat):
    remembering.agree(talk(), now=utc_now())
    remembering.keep(talk(), [Wanted(FactKind.NOTE, "I am vegan", FactSource.CUSTOMER)], now=utc_now())
    memory.remember(talk().customer, "Pays late", source=FactSource.TEAMMATE, now=utc_now())
    remembering.disagree(talk(), now=utc_now())
    later = utc_now() + timedelta(days=60)
    assert remembering.told_to_models(talk(), now=later) == ["Pays late"]


def test_who_is_verified_is_remembered_as_long_as_the_admin_says(vera, agent):
    remembering.change(agent, MemorySettings(days=180), by=None, now=utc_now())
    Chat(vera, agent, customerToken=signed(agent)).say("I prefer brass")
    kept = remembering.keep(talk(), [WORDS, Wanted(FactKind.REQUEST, "brass", FactSource.AGENT)], now=utc_now())
    assert [one["lasts"] for one in kept] == [True, True]
    until = {fact.kind: fact.expires_at - utc_now() for fact in db.session.scalars(select(Fact))}
    assert timedelta(days=179) < until[FactKind.PREFERENCE] <= timedelta(days=180)
    assert until[FactKind.REQUEST] <= timedelta(days=30)


def test_nobody_elses_facts_are_told(chat, agent):
    other = make_customer(agent.workspace_id, "Marta", standing=Standing.VERIFIED)
    memory.remember(other, "Lives in Lisbon", source=FactSource.TEAMMATE, now=utc_now())
    assert remembering.told_to_models(talk(), now=utc_now()) == []


def test_switched_off_nothing_is_kept_or_told(chat, agent):
    remembering.keep(talk(), [WORDS], now=utc_now())
    remembering.change(agent, MemorySettings(is_on=False), by=None, now=utc_now())
    assert remembering.told_to_models(talk(), now=utc_now()) == []
    assert remembering.keep(talk(), [WORDS], now=utc_now()) == []
    assert not remembering.may_note(agent, talk())
    with pytest.raises(Invalid):
        remembering.change(agent, MemorySettings(days=3), by=None, now=utc_now())


def test_a_further_note_takes_the_place_of_the_oldest(chat):
    for number in range(remembering.MOST_NOTED + 3):
        wanted = Wanted(FactKind.NOTE, f"I said {number}", FactSource.AGENT)
        remembering.keep(talk(), [wanted], now=utc_now() + timedelta(seconds=number))
    customer = db.session.scalars(select(Customer)).one()
    facts = memory.facts_of(customer, now=utc_now())
    assert len(facts) == remembering.MOST_NOTED
    assert facts[0].text == "I said 22"


def test_without_a_session_nothing_is_kept_of_who_is_anonymous(chat):
    for session in db.session.scalars(select(WidgetSession)):
        session.revoked_at = utc_now()
    db.session.commit()
    assert remembering.keep(talk(), [WORDS], now=utc_now()) == []


def test_who_asks_hears_what_is_known_and_has_it_forgotten(chat, agent):
    config = widget_configs.published(agent)[0]

    def says(text):
        return recalling.reply_to(agent, talk(), text, config, now=utc_now())

    assert says("I know you") is None
    assert says("what do you know about me?").text.startswith("I have noted nothing")
    remembering.keep(talk(), [WORDS], now=utc_now())
    remembering.keep(talk(), [replace(WORDS, words="I wear [size](https://a.example) 42")], now=utc_now())
    told = says("what do you know about me?").text
    assert "- I prefer brass" in told
    assert "a.example" not in told
    assert says("forget that").text == "Forgotten."
    assert [fact.text for fact in memory.facts_of(talk().customer, now=utc_now())] == ["I prefer brass"]
    assert says("Bitte vergessen Sie alles über mich.").text.startswith("Was ich mir über Sie notiert hatte")
    assert not memory.facts_of(talk().customer, now=utc_now())
    remembering.change(agent, MemorySettings(is_on=False), by=None, now=utc_now())
    assert says("what do you know about me?") is None
