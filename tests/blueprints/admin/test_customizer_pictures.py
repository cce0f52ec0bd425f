"""Pictures in the customizer: uploaded, cut, used, and shown to everybody by their own address."""

import io
import json

import pytest

from core import pictures, widget_configs
from core.widget_configs import WidgetConfig
from gateways.files import current_files
from models import db
from models.files import Picture
from tests.conftest import NOW
from tests.core.test_pictures import drawn

NOBODYS = "01a20575-0b9b-720e-b3c2-4ab58584d404"

HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _own_files(app):
    yield
    current_files().delete(*current_files().keys("pictures"))


def upload(client, agent, use="avatar", content=None, headers=HTMX, **crop):
    form = {"picture": (io.BytesIO(drawn() if content is None else content), "me.png"), **crop}
    return client.post(f"/admin/agents/{agent.id}/customizer/pictures/{use}", data=form, headers=headers)


def save(client, agent, **changes):
    form = {"revision": widget_configs.draft(agent).revision, **changes}
    return client.post(f"/admin/agents/{agent.id}/customizer/draft", data=form, headers=HTMX)


def test_the_form_comes_as_a_dialog_and_as_a_page(eddy, agent):
    address = f"/admin/agents/{agent.id}/customizer/pictures/logo"
    page, dialog = eddy.get(address).text, eddy.get(address, headers=HTMX).text
    assert "<h1>Logo</h1>" in page
    assert 'enctype="multipart/form-data"' in page
    assert "<dialog" in dialog
    assert "<html" not in dialog
    # On the page there is no field of the look's form that an answer to htmx could replace.
    assert "hx-post" not in page.split('id="picture-form"')[1].split(">")[0]
    assert "hx-post" in dialog.split('id="picture-form"')[1].split(">")[0]


def test_what_is_uploaded_comes_back_as_a_field_of_the_form(eddy, agent):
    answer = upload(eddy, agent)
    picture = db.session.query(Picture).one()
    assert answer.status_code == 200
    assert f'name="avatar" value="{picture.id}"' in answer.text
    assert widget_configs.drafted(agent) == WidgetConfig(name="Lumi")
    kept = save(eddy, agent, avatar=str(picture.id))
    assert widget_configs.drafted(agent).brand.avatar == str(picture.id)
    assert f"/pictures/{picture.id}.webp" in kept.text


def test_without_scripts_the_picture_is_in_the_draft_at_once(eddy, agent):
    for use in ("avatar", "logo", "image"):
        answer = upload(eddy, agent, use, headers={})
        assert answer.status_code == 303
        assert answer.location == f"/admin/agents/{agent.id}/customizer"
    config = widget_configs.drafted(agent)
    assert config.brand.avatar
    assert config.brand.logo
    assert config.launcher.image
    assert config.launcher.fill == "image"
    taken = eddy.post(
        f"/admin/agents/{agent.id}/customizer/draft",
        data={"revision": widget_configs.draft(agent).revision, "logo": config.brand.logo, "without": "logo"},
    )
    assert taken.status_code == 303
    assert widget_configs.drafted(agent).brand.logo == ""
    assert widget_configs.drafted(agent).brand.avatar == config.brand.avatar


def test_the_part_that_was_chosen_is_kept(eddy, agent):
    upload(eddy, agent, "logo", left="10", top="10", width="100", height="40")
    picture = db.session.query(Picture).one()
    assert (picture.width, picture.height) == (100, 40)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "Choose a picture."), (b"<svg/>", "Choose a PNG")],
)
def test_what_is_no_picture_is_refused_beside_the_field(eddy, agent, content, sentence):
    answer = upload(eddy, agent, content=content)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#picture-problem")
    assert sentence in answer.text
    assert db.session.query(Picture).count() == 0
    page = upload(eddy, agent, content=content, headers={})
    assert page.status_code == 422
    assert sentence in page.text
    assert "<h1>" in page.text


def test_only_who_edits_agents_uploads(rita, stan, vera, agent):
    assert upload(rita, agent).status_code == 403
    assert upload(stan, agent).status_code == 404
    assert upload(vera, agent).status_code == 401
    assert upload(rita, agent, "avatar").status_code == 403
    assert db.session.query(Picture).count() == 0


def test_uploads_are_limited(eddy, agent):
    answers = {upload(eddy, agent, content=b"x").status_code for _ in range(31)}
    assert answers == {422, 429}


def test_somebody_elses_picture_cannot_be_used(eddy, agent, other_agent):
    theirs = pictures.add(other_agent, drawn(), use="avatar", crop=None, by=None, now=NOW)
    answer = save(eddy, agent, avatar=str(theirs.id))
    assert answer.status_code == 422
    assert "Upload the picture once more." in answer.text
    assert widget_configs.drafted(agent).brand.avatar == ""
    assert str(theirs.id) not in json.dumps(widget_configs.drafted(agent).as_settings())


def test_everybody_sees_a_picture_and_nothing_but_a_picture(vera, agent):
    picture = pictures.add(agent, drawn(), use="avatar", crop=None, by=None, now=NOW)
    answer = vera.get(f"/pictures/{picture.id}.webp")
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert answer.data.startswith(b"RIFF")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in answer.headers
    again = vera.get(f"/pictures/{picture.id}.webp", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", [f"{NOBODYS}.webp", f"{NOBODYS}.png", NOBODYS, "..%2Fkey.webp", "x.webp"])
def test_nothing_else_is_there(vera, path):
    answer = vera.get(f"/pictures/{path}")
    assert answer.status_code == 404
    assert "immutable" not in answer.headers["Cache-Control"]


def test_a_picture_whose_file_is_gone_is_gone(vera, agent):
    picture = pictures.add(agent, drawn(), use="avatar", crop=None, by=None, now=NOW)
    current_files().delete(f"pictures/{picture.id}")
    assert vera.get(f"/pictures/{picture.id}.webp").status_code == 404


def test_the_frame_shows_the_pictures(eddy, vera, agent):
    upload(eddy, agent, "avatar", headers={})
    upload(eddy, agent, "logo", headers={})
    widget_configs.publish(agent, by=None, now=NOW)
    brand = widget_configs.published(agent)[0].brand
    page = vera.get(f"/widget/{agent.public_id}").text
    assert f'<img class="logo" src="/pictures/{brand.logo}.webp" alt="">' in page
    assert f"url(/pictures/{brand.avatar}.webp)" in page
