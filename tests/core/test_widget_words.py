"""The catalogues of the widget: whole in each language, with the same places, in the forms that its numbers take."""

import json
import re
import subprocess
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import widget_words
from core.widget_words import CATEGORIES, LANGUAGES, category, language_for, say

OTHERS = LANGUAGES[1:]
SAME_IN_ENGLISH = {
    "transcript_file",
    "transcript_sources",
    "chat",
    "data_file_name",
    "notice",
    "sources",
    "minutes",
    "seconds",
    "data_download",
}
"""Keys whose text may be the same word as in English."""
LETTERS = {
    "ar": r"[\u0600-\u06ff]",
    "he": r"[\u0590-\u05ff]",
    "ja": r"[\u3040-\u30ff\u4e00-\u9fff]",
    "zh": r"[\u4e00-\u9fff]",
}
TYPICALLY_ENGLISH = re.compile(r"\b(?:the|you|your|this|that|again|please|cannot|with)\b", re.IGNORECASE)


def forms(text):
    return [text] if isinstance(text, str) else list(text.values())


def places(text):
    """The places that any form has; a form may leave the count out, as in `one source`."""
    return {place for form in forms(text) for place in re.findall(r"\{(\w+)\}", form)}


def test_keys_are_unique_across_groups():
    for language in LANGUAGES:
        keys = Counter(key for texts in widget_words.groups(language).values() for key in texts)
        assert [key for key, times in keys.items() if times > 1] == []
        assert [key for key in keys if not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", key)] == []


def test_no_form_has_the_name_of_another_text():
    keys = widget_words.shipped("en").keys()
    for language in LANGUAGES:
        shipped = widget_words.shipped(language).items()
        named = {f"{key}_{form}" for key, text in shipped if not isinstance(text, str) for form in text}
        assert named & keys == set()


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_there(language):
    ours, english = (widget_words.groups(one) for one in (language, "en"))
    assert {name: list(texts) for name, texts in ours.items()} == {name: list(texts) for name, texts in english.items()}


@pytest.mark.parametrize("language", OTHERS)
def test_places_are_the_same(language):
    english = widget_words.shipped("en")
    for key, text in widget_words.shipped(language).items():
        assert isinstance(text, str) == isinstance(english[key], str), key
        assert places(text) == places(english[key]), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_counted_texts_have_the_forms_of_their_language(language):
    for key, text in widget_words.shipped(language).items():
        if not isinstance(text, str):
            assert tuple(text) == CATEGORIES[language], key


def test_forms_are_chosen_as_browsers_do():
    counts = [*range(205), 1_000, 1_000_000, 1_000_001, 2_000_000]
    script = (
        f"const counts={counts};const told={{}};"
        f"for(const l of {json.dumps(LANGUAGES)}){{const r=new Intl.PluralRules(l);told[l]=counts.map(n=>r.select(n))}}"
        "console.log(JSON.stringify(told))"
    )
    told = json.loads(subprocess.run(["node", "-e", script], capture_output=True, check=True).stdout)
    assert told == {language: [category(language, count) for count in counts] for language in LANGUAGES}


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_english(language):
    english = widget_words.shipped("en")
    for key, text in widget_words.shipped(language).items():
        if key not in SAME_IN_ENGLISH:
            assert text != english[key], key
        for form in forms(text):
            words = re.sub(r"https?://\S+", "", form)
            assert len(TYPICALLY_ENGLISH.findall(words)) < 2, (key, form)
            if language in LETTERS and key != "data_file_name":
                assert re.search(LETTERS[language], form), (key, form)


@pytest.mark.parametrize("language", OTHERS)
def test_lengths_are_sane(language):
    english = widget_words.shipped("en")
    for key, text in widget_words.shipped(language).items():
        longest = max(map(len, forms(english[key])))
        assert all(0 < len(form) <= 2 * longest + 24 for form in forms(text)), key
        assert all(form == form.strip() and "  " not in form for form in forms(text)), key


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_holds_markup(language):
    for key, text in widget_words.shipped(language).items():
        assert not any(letter in form for form in forms(text) for letter in "<>\u2028\u2029"), key


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("en", 1, "1 new message"),
        ("en", 2, "2 new messages"),
        ("pl", 3, "3 nowe wiadomości"),
        ("pl", 5, "5 nowych wiadomości"),
        ("ar", 2, "رسالتان جديدتان"),
        ("he", 2, "שתי הודעות חדשות"),
        ("ja", 7, "新着メッセージ7件"),
        ("fr", 0, "0 nouveau message"),
    ],
)
def test_a_counted_text_takes_its_form(language, count, said):
    assert say(language, "new_messages", count=count) == said


def test_own_words_take_the_place_of_ours():
    own = {"de": {"placeholder": "Na, was gibt’s?", "new_messages_one": "Da ist was"}}
    assert say("de", "placeholder", own=own) == "Na, was gibt’s?"
    assert say("en", "placeholder", own=own) == "Write a message"
    assert say("de", "new_messages", own=own, count=1) == "Da ist was"
    assert say("de", "new_messages", own=own, count=2) == "2 neue Nachrichten"
    assert widget_words.owned("de", "frame", own=own) == {
        "new_messages": {"one": "Da ist was", "other": "{count} neue Nachrichten"}
    }


def test_a_value_is_never_read_as_a_place():
    assert say("en", "writing", name="{name} {count}") == "{name} {count} is writing"


@pytest.mark.parametrize(
    ("setting", "page", "accepted", "own", "spoken"),
    [
        ("page", "pt-BR", "de", "en", "pt"),
        ("page", "zh-Hans-CN", None, "en", "zh"),
        ("page", "iw", None, "en", "he"),
        ("page", "eo", "sv,fr;q=0.8,de;q=0.9", "en", "de"),
        ("page", "", "tr-TR,tr;q=0.9", "en", "tr"),
        ("page", None, None, "it", "it"),
        ("page", "dezember", None, "en", "en"),
        ("browser", "de", "es;q=0.5,pl", "en", "pl"),
        ("browser", "de", "*", "nl", "nl"),
        ("browser", None, "de;q=0,fr;q=0.1", "en", "fr"),
        ("ja", "de", "fr", "en", "ja"),
        ("page", None, None, "xx", "en"),
    ],
)
def test_the_language_is_chosen(setting, page, accepted, own, spoken):
    assert language_for(setting, page_language=page, accept_language=accepted, own_language=own) == spoken


@given(st.text(), st.none() | st.text(), st.none() | st.text(), st.text())
def test_whatever_is_sent_the_language_is_one_of_ours(setting, page, accepted, own):
    assert language_for(setting, page_language=page, accept_language=accepted, own_language=own) in LANGUAGES


@given(st.sampled_from(LANGUAGES), st.text(max_size=60), st.text(max_size=60))
def test_a_fixed_language_is_never_overruled(fixed, page, accepted):
    assert language_for(fixed, page_language=page, accept_language=accepted) == fixed


@given(st.sampled_from(LANGUAGES), st.from_regex(r"(-[A-Za-z0-9]{2,8}){0,3}", fullmatch=True))
def test_a_tag_is_known_with_whatever_follows(language, rest):
    assert language_for("page", page_language=language.upper() + rest, accept_language="xx") == language


def test_languages_are_written_in_their_direction():
    assert [language for language in LANGUAGES if widget_words.is_rtl(language)] == ["ar", "he"]
