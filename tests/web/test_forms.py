import io

import pytest

from core.errors import Conflict, Invalid, NotFound
from web.forms import PlainForm, RefusalsAt, name_field


class NamedForm(PlainForm):
    name = name_field()


@pytest.mark.parametrize("body", ['{"email": 5, "password": [1]}', "-1", "[]", '"text"', "{"])
def test_json_is_no_form(vera, olga, body):
    """The values of a form are text; those of JSON can be anything."""
    for client, path in ((vera, "/sign-in"), (olga, "/admin/account/name"), (olga, "/admin/team/invitations")):
        answer = client.post(path, data=body, content_type="application/json")
        assert answer.status_code == 415
        assert "could not be read" in answer.text


def test_a_stranger_is_asked_to_sign_in_before_anything_else(vera):
    assert vera.post("/admin/account/name", json={}).status_code == 303


def test_a_file_in_the_place_of_text_counts_as_not_sent(olga):
    answer = olga.post("/admin/account/name", data={"name": (io.BytesIO(b"Olga"), "name.txt")})
    assert answer.status_code == 422
    assert "Write your name." in answer.text


@pytest.mark.parametrize("kind", [Invalid, Conflict])
def test_a_refusal_of_the_core_stands_where_it_belongs(app, kind):
    with app.test_request_context():
        form = NamedForm(formdata=None)
        with RefusalsAt(form.name):
            raise kind("There is one of this name already.")
        with RefusalsAt(form):
            raise kind("There are too many.")
        assert (form.name.errors, form.form_errors) == (["There is one of this name already."], ["There are too many."])


def test_what_is_no_refusal_of_a_form_goes_on_its_way(app):
    with app.test_request_context(), pytest.raises(NotFound), RefusalsAt(NamedForm(formdata=None)):
        raise NotFound("There is no such thing.")
