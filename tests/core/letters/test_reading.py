"""What is new in a mail: read as people's programs write it, and quickly whatever is sent."""

import time

import pytest

from core.letters.arrived import Arrived, by_name
from core.letters.reading import new_words


def mail(text="", html="", **headers):
    pairs = [(name.replace("_", "-"), content) for name, content in headers.items()]
    return Arrived(by_name(pairs), [], text, html)


@pytest.mark.parametrize(
    ("language", "text", "new"),
    [
        ("en", "Thanks!\n\nOn Mon, May 3, 2027 at 10:00 AM Sue <x@y.example>\nwrote:\n\n> Hello\n> you", "Thanks!"),
        ("en", "Thanks: it works.\n\n1. one\n2. two", "Thanks: it works.\n\n1. one\n2. two"),
        (
            "de",
            "Danke!\n\nNach Berlin bitte.\n\nAm Mo., 3. Mai 2027 schrieb Lumi <a@b.example>:\n\n> ##- Hier -##",
            "Danke!\n\nNach Berlin bitte.",
        ),
        (
            "he",
            "תודה רבה\n\nבתאריך יום ב׳, 3 במאי 2027 מאת Lumi <help@in.example>:\n\n> ##- נא לכתוב -##\n> יש תשובה",
            "תודה רבה",
        ),
        ("en", "\n\n> only a quote", "> only a quote"),
        ("en", "", ""),
    ],
)
def test_only_what_is_new_is_read(language, text, new):
    assert new_words(mail(text), language=language) == new


def test_a_mail_without_plain_text_is_read_from_its_page():
    html = (
        "<html><head><style>p{color:red}</style></head><body><p>Hello <b>you</b></p><script>x()</script>"
        "<ul><li>one<li>two</ul><div class='gmail_quote'><div>On Mon</div> wrote:<blockquote>old</blockquote></div>"
    )
    assert new_words(mail(html=html), language="en") == "Hello you\n\none\ntwo"


def test_no_more_is_read_than_a_message_may_have():
    assert len(new_words(mail("word " * 50_000), language="en")) <= 4_000


@pytest.mark.parametrize(
    "hostile",
    [
        {"text": "\n" * 80_000},
        {"text": "Am " * 30_000 + "schrieb"},
        {"text": "##-" * 30_000},
        {"text": "a\n" * 30_000 + "##- x -##"},
        {"html": "<div>" * 100_000},
        {"html": "<!--" * 100_000},
        {"html": "<div class=gmail_quote>" * 20_000},
    ],
)
def test_a_hostile_mail_takes_no_longer_than_another(hostile):
    began = time.process_time()
    new_words(mail(**hostile), language="de")
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated; type=x"},
        {"Precedence": "bulk"},
        {"X_Autoreply": "yes"},
        {"List_Id": "<news.shop.example>"},
        {"Return_Path": "<>"},
        {"Content_Type": "multipart/report; report-type=delivery-status"},
        {"From": "MAILER-DAEMON@mail.example"},
        {"X_Auto_Response_Suppress": "All"},
    ],
)
def test_what_a_program_wrote_is_known_as_such(headers):
    assert mail("Out of office", **({"From": "marta@mail.example"} | headers)).is_automatic


def test_what_a_person_wrote_is_not():
    said = {"From": "Marta <Marta@Mail.example>", "Auto_Submitted": "no", "Return_Path": "<marta@mail.example>"}
    found = mail("Hello", **said)
    assert not found.is_automatic
    assert found.sender == "marta@mail.example"


@pytest.mark.parametrize("sender", ["", "a@b.example, c@d.example", "nobody", "=?bad?="])
def test_a_sender_that_is_none_or_several_is_none(sender):
    assert "@" not in mail(From=sender).sender


def test_a_mail_without_a_name_has_one_by_what_it_holds():
    assert mail("one").mail_id == mail("one").mail_id != mail("two").mail_id
    assert len(mail("x", Message_ID=f"<{'x' * 390}@y.example>").mail_id) < 100


def test_what_it_answers_is_read_the_nearest_first():
    answered = mail(In_Reply_To="<c@x>", References="<a@x> <b@x>\n <c@x> nonsense <d@x\n>")
    assert answered.references == ["<c@x>", "<b@x>", "<a@x>"]
