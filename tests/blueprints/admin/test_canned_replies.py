"""Settings → Canned replies."""

import pytest

from core import canned_replies

INDEX = "/admin/settings/canned-replies/"
HTMX = {"HX-Request": "true"}
WORDS = {"title": "A greeting", "shortcut": "hello", "text": "Hello {{customer.first_name|there}}."}


@pytest.fixture
def reply(sue, workspace):
    sue.post(INDEX, data=WORDS)
    return canned_replies.listed(workspace)[0]


def test_support_writes_changes_and_deletes_a_reply(sue, workspace):
    assert sue.get(INDEX + "new").text.count("<h1>") == 1
    assert sue.post(INDEX, data=WORDS, headers=HTMX).headers["HX-Redirect"] == INDEX
    [reply] = canned_replies.listed(workspace)
    assert "A greeting" in sue.get(f"{INDEX}{reply.id}").text
    sue.post(f"{INDEX}{reply.id}", data=WORDS | {"text": "Hi."})
    assert "Hi." in sue.get(INDEX).text
    assert sue.post(f"{INDEX}{reply.id}/deletion").status_code == 303
    assert "No canned replies yet" in sue.get(INDEX).text


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"title": ""}, "Give it a title."),
        ({"shortcut": "two words"}, "one word"),
        ({"shortcut": "hello"}, "/hello already"),
        ({"text": "{{order}}"}, "is not known here"),
    ],
)
def test_what_cannot_be_kept_is_told_at_its_field(sue, reply, changes, problem):
    refused = sue.post(INDEX, data=WORDS | {"shortcut": "other"} | changes, headers=HTMX)
    assert refused.status_code == 422
    assert problem in refused.text
    assert "<html" not in refused.text


def test_a_search_finds_by_words_of_the_text(sue, reply):
    assert "A greeting" in sue.get(INDEX + "?search=hello", headers=HTMX).text
    assert "Nothing found for “lamp”" in sue.get(INDEX + "?search=lamp", headers=HTMX).text


def test_a_viewer_reads_and_does_not_write(rita, reply):
    assert "A greeting" in rita.get(INDEX).text
    assert rita.get(INDEX + "new").status_code == 403
    assert rita.post(INDEX, data=WORDS).status_code == 403
    assert rita.post(f"{INDEX}{reply.id}/deletion").status_code == 403


def test_a_strangers_reply_is_not_found(stan, reply):
    assert stan.get(f"{INDEX}{reply.id}").status_code == 404
    assert stan.post(f"{INDEX}{reply.id}", data=WORDS).status_code == 404
    assert stan.post(f"{INDEX}{reply.id}/deletion").status_code == 404
