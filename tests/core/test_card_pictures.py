"""Pictures of goods: fetched by us for names that we gave, and nothing else."""

import io

import pytest
from PIL import Image

from core import card_pictures
from core.errors import NotFound
from gateways.outgoing import OutgoingFailed, Response

ADDRESS = "https://shop.example/lamp.png"


@pytest.fixture(autouse=True)
def nothing_kept(app):
    card_pictures._kept.clear()


@pytest.fixture
def fetched(monkeypatch):
    """Addresses that were fetched; the answer can be changed by its `body`."""
    picture = io.BytesIO()
    Image.new("RGB", (1200, 900), "red").save(picture, "PNG")
    asked, answer = [], {"status": 200, "body": picture.getvalue()}

    def fetch(url, **_limits):
        asked.append(url)
        if answer["status"] == 0:
            raise OutgoingFailed("It did not answer.")
        return Response(answer["status"], {}, answer["body"], url)

    monkeypatch.setattr(card_pictures, "fetch", fetch)
    return asked, answer


def test_a_picture_is_encoded_anew_and_fetched_once(fetched, vera):
    name = card_pictures.name_of(ADDRESS)
    for _ in range(2):
        answer = vera.get(f"/pictures/of-cards/{name}.webp")
        assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    assert Image.open(io.BytesIO(answer.data)).size == (480, 360)
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert fetched[0] == [ADDRESS]


@pytest.mark.parametrize("change", [lambda name: name[:-4], lambda name: "0" * 32 + name[32:], lambda _name: "é.x"])
def test_nobody_makes_us_fetch_what_no_shop_has_shown(fetched, vera, change):
    name = change(card_pictures.name_of(ADDRESS))
    assert vera.get(f"/pictures/of-cards/{name}.webp").status_code == 404
    assert fetched[0] == []


@pytest.mark.parametrize(
    ("status", "body"), [(404, b""), (200, b"<svg xmlns='http://www.w3.org/2000/svg'/>"), (0, b"")]
)
def test_what_is_no_picture_is_none(fetched, status, body):
    fetched[1].update(status=status, body=body)
    name = card_pictures.name_of(ADDRESS)
    for _ in range(2):
        with pytest.raises(NotFound):
            card_pictures.read(name, allow_private=False)
    assert len(fetched[0]) == 1


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://shop.example/a.png", "/a.png", "https://", "x" * 2_000])
def test_only_addresses_of_the_web_get_a_name(app, url):
    assert card_pictures.name_of(url) is None
