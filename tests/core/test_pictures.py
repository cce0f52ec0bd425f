"""Pictures of the look: kept as they were encoded anew, shown while a look names them, and nobody else's to use."""

import io
import json
import uuid
from datetime import timedelta

import pytest
from PIL import Image, ImageDraw

from core import looks, pictures, widget_configs
from core.errors import Invalid, NotFound
from core.images import Crop
from core.pictures import UNUSED_FOR, tone_of
from core.widget_configs import WidgetConfig, changes, check, look_of
from gateways.files import current_files
from models import db, new_id
from models.agents import WidgetSchedule
from models.audits import AuditEntry
from models.files import Picture
from tests.conftest import NOW

LATER = NOW + UNUSED_FOR + timedelta(hours=1)


def drawn(size=(300, 200), colour=(200, 30, 30, 255), mode="RGBA", shape=None, kind="PNG"):
    image = Image.new(mode, size, colour if shape is None else (0, 0, 0, 0))
    if shape is not None:
        ImageDraw.Draw(image).rectangle((20, 20, size[0] - 20, size[1] - 20), fill=shape)
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def add(agent, use="avatar", content=None, crop=None, now=NOW):
    return pictures.add(agent, content or drawn(), use=use, crop=crop, by=None, now=now)


@pytest.fixture(autouse=True)
def _own_files(app):
    yield
    current_files().delete(*current_files().keys("pictures"))


def test_a_picture_is_kept_small_and_square(agent):
    picture = add(agent)
    found, content = pictures.find(picture.id)
    assert (found.width, found.height, found.media_type, found.size) == (192, 192, "image/webp", len(content))
    assert Image.open(io.BytesIO(content)).format == "WEBP"


def test_a_logo_keeps_its_shape(agent):
    assert (add(agent, "logo").width, add(agent, "logo").height) == (300, 200)


def test_the_chosen_part_is_what_is_kept(agent):
    content = drawn((200, 100), (255, 255, 255, 255))
    half = Image.open(io.BytesIO(content))
    half.paste((0, 0, 255), (100, 0, 200, 100))
    out = io.BytesIO()
    half.save(out, "PNG")
    _, kept = pictures.find(add(agent, content=out.getvalue(), crop=Crop(100, 0, 100, 100)).id)
    red, green, blue = Image.open(io.BytesIO(kept)).convert("RGB").getpixel((5, 5))
    assert blue > 240
    assert red < 20
    assert green < 20


def test_it_is_noted_who_uploaded_it(agent):
    add(agent)
    entry = db.session.query(AuditEntry).filter_by(action="look.add_picture").one()
    assert entry.after == {"used as": "Picture of the agent"}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Choose a picture."),
        (b"GIF89a nothing", "could not be read|PNG, JPEG"),
        (b"x" * (6 * 2**20 + 1), "at most 6 MB"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(agent, content, sentence):
    with pytest.raises(Invalid, match=sentence):
        pictures.add(agent, content, use="avatar", crop=None, by=None, now=NOW)
    assert current_files().keys("pictures") == []


def test_an_unknown_picture_is_not_found(app):
    with pytest.raises(NotFound):
        pictures.find(uuid.uuid4())


@pytest.mark.parametrize(
    ("shape", "tone"),
    [((10, 10, 10, 255), "dark"), ((255, 255, 255, 255), "light"), ((200, 80, 30, 255), ""), (None, "")],
)
def test_it_is_known_where_a_see_through_logo_would_be_lost(agent, shape, tone):
    assert add(agent, "logo", drawn((400, 100), shape=shape)).tone == tone


def test_a_picture_with_a_background_of_its_own_is_never_lost():
    assert tone_of(drawn((100, 100), (0, 0, 0), mode="RGB", kind="WEBP")) == ""


def test_a_look_shows_its_pictures(agent):
    avatar, logo = add(agent), add(agent, "logo", drawn((400, 100), shape=(0, 0, 0, 255)))
    given = {"brand": {"avatar": str(avatar.id), "logo": str(logo.id)}}
    config, problems = looks.check(agent, given, base=WidgetConfig())
    look = look_of(config)
    assert not problems
    assert config.brand.logo_tone == "dark"
    assert look["logo"] == f"/pictures/{logo.id}.webp"
    assert f"url(/pictures/{avatar.id}.webp)" in look["css"]
    assert ':root[data-scheme="dark"] .logo{' in look["css"]
    assert [change.what for change in changes(WidgetConfig(), config)] == ["Picture of the agent", "Logo"]


def test_a_look_without_pictures_carries_nothing_of_them():
    look = look_of(WidgetConfig())
    assert look["logo"] == ""
    assert "url(" not in look["css"]
    assert ".logo" not in look["css"]


@pytest.mark.parametrize("part", ["brand.avatar", "brand.logo", "launcher.image"])
def test_somebody_elses_picture_is_refused_and_never_shown(agent, other_agent, part):
    theirs = str(add(other_agent).id)
    group, name = part.split(".")
    config, problems = looks.check(agent, {group: {name: theirs}}, base=WidgetConfig())
    assert problems == {part: "Upload the picture once more."}
    assert theirs not in json.dumps(config.as_settings())


def test_what_a_look_says_of_the_tone_is_read_from_the_picture_itself(agent):
    given = {"brand": {"logo": str(add(agent, "logo").id), "logo_tone": "dark"}}
    assert looks.check(agent, given, base=WidgetConfig())[0].brand.logo_tone == ""


def test_only_what_no_look_shows_is_cleared_after_a_week(agent, other_agent):
    drafted, published, planned, unused, theirs = (add(each) for each in (*[agent] * 4, other_agent))
    fresh = add(agent, now=LATER - timedelta(days=1))
    config = check({"brand": {"avatar": str(published.id)}}, base=widget_configs.drafted(agent))[0]
    for part, picture in (("avatar", published), ("logo", drafted)):
        config = check({"brand": {part: str(picture.id)}}, base=config)[0]
        widget_configs.save_draft(agent, config, revision=widget_configs.draft(agent).revision, by=None, now=NOW)
        if picture is published:
            widget_configs.publish(agent, by=None, now=NOW)
    look = {"launcher": {"image": str(planned.id)}}
    db.session.add(WidgetSchedule(agent_id=agent.id, settings=look, publish_at=LATER, created_at=NOW))
    db.session.commit()
    assert pictures.clear_unused(now=NOW + timedelta(days=1)) == 0
    assert pictures.clear_unused(now=LATER) == 2
    left = {picture.id for picture in db.session.query(Picture)}
    assert left == {drafted.id, published.id, planned.id, fresh.id}
    assert {key.rpartition("/")[2] for key in current_files().keys("pictures")} == {str(one) for one in left}
    assert unused.id not in left
    assert theirs.id not in left


def test_a_file_that_a_crash_left_behind_is_cleared_too(app):
    lost, fresh = uuid.UUID(int=0x0190_0000_0000_7000_8000_0000_0000_0000), new_id()
    for key in (lost, fresh, "a-file-of-somebody-else"):
        current_files().write(f"pictures/{key}", b"x")
    pictures.clear_unused(now=NOW)
    assert set(current_files().keys("pictures")) == {f"pictures/{fresh}", "pictures/a-file-of-somebody-else"}
