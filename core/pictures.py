"""Pictures of a business for the look of its chat: encoded anew, kept in the file store, shown to everybody."""

import io
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from core import audits
from core.errors import Invalid, NotFound
from core.images import Crop, encode
from core.widget_configs.colours import DARK_PAGE, LIGHT_PAGE, contrast
from gateways.files import current_files
from models import after_commit, db, new_id, transaction
from models.agents import Agent, WidgetDraft, WidgetDraftStep, WidgetSchedule, WidgetVersion
from models.files import Picture
from models.teammates import Teammate

MOST_BYTES = 6 * 1024 * 1024
UNUSED_FOR = timedelta(days=7)
"""How long a picture is kept that no look shows: somebody may undo, or come back to an open page."""
_LOST = 1.6
"""Below this contrast a shape cannot be told from the page around it."""
_SIZES_OF_SAMPLE = (48, 48)


@dataclass(frozen=True)
class Use:
    """What a picture is for."""

    name: str
    most_wide: int
    """In pixels: twice to thrice of what is shown, for sharp screens."""
    most_high: int
    is_square: bool


USES: Mapping[str, Use] = {
    "avatar": Use("Picture of the agent", 192, 192, is_square=True),
    "logo": Use("Logo", 720, 288, is_square=False),
    "image": Use("Picture of the launcher", 192, 192, is_square=True),
}
"""By the name of the setting that it stands in."""

_AT_ONCE = 500
_WIDEST = 720
"""Pixels, of any of them."""


def add(agent: Agent, content: bytes, *, use: str, crop: Crop | None, by: Teammate | None, now: datetime) -> Picture:
    """Keep a picture, encoded anew; no look shows it until a setting names it.

    Args:
        content: the file as it was sent: PNG, JPEG, WebP or GIF.
        use: one of `USES`.
        crop: the part to keep; without one, all of a logo and the middle of the others.

    Raises:
        Invalid: when it is no picture, or too large.
    """
    if not content:
        raise Invalid("Choose a picture.")
    if len(content) > MOST_BYTES:
        raise Invalid(f"Choose a picture of at most {MOST_BYTES // 2**20} MB; this one has {len(content) / 2**20:.1f}.")
    shape = USES[use]
    image = encode(content, most_wide=shape.most_wide, most_high=shape.most_high, crop=crop, is_square=shape.is_square)
    picture = Picture(
        id=new_id(),
        workspace_id=agent.workspace_id,
        media_type=image.media_type,
        width=image.width,
        height=image.height,
        size=len(image.content),
        tone=tone_of(image.content),
        created_by_id=by.id if by else None,
        created_at=now,
    )
    # First the file: a row without one would be a broken picture, a file without a row is swept.
    current_files().write(_key(picture.id), image.content, media_type=image.media_type)
    with transaction():
        db.session.add(picture)
        subject, after = ("agent", agent.id, agent.name), {"used as": shape.name}
        audits.record(agent.workspace_id, "look.add_picture", by=by, subject=subject, after=after, now=now)
    return picture


def put_back(row: Picture, content: bytes) -> None:
    """Keep the bytes of a picture that comes from an archive, encoded anew.

    Raises:
        Invalid: when it is no picture, or too large.
    """
    if len(content) > MOST_BYTES:
        raise Invalid(f"Choose a picture of at most {MOST_BYTES // 2**20} MB.")
    image = encode(content, most_wide=_WIDEST, most_high=_WIDEST)
    current_files().write(_key(row.id), image.content, media_type=image.media_type)
    row.media_type, row.size, row.width, row.height = image.media_type, len(image.content), image.width, image.height
    row.tone = tone_of(image.content)


def find(picture_id: uuid.UUID) -> tuple[Picture, bytes]:
    """A picture and its content; whoever knows its id may see it.

    Raises:
        NotFound: when there is none.
    """
    picture = db.session.get(Picture, picture_id)
    content = current_files().read(_key(picture_id)) if picture else None
    if picture is None or content is None:
        raise NotFound("There is no such picture.")
    return picture, content


def owned(workspace_id: uuid.UUID, picture_id: str) -> Picture | None:
    """The workspace's own picture of this id; None when there is none, or it is somebody else's."""
    try:
        wanted = uuid.UUID(picture_id)
    except ValueError:
        return None
    return db.session.scalar(select(Picture).where(Picture.id == wanted, Picture.workspace_id == workspace_id))


def tone_of(content: bytes) -> str:
    """Whether a picture would be lost on some pages.

    Args:
        content: as `core.images.encode` wrote it.

    Returns:
        `dark` or `light` when the page shows through it and a good part of what is drawn is almost as dark or as light
        as the dark or light page; else nothing.
    """
    from PIL import Image

    with Image.open(io.BytesIO(content)) as picture:
        sample = picture.convert("RGBA").resize(_SIZES_OF_SAMPLE)
    pixels = [sample.getpixel((x, y)) for x in range(sample.width) for y in range(sample.height)]
    drawn = [f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue, alpha in pixels if alpha > 127]  # type: ignore[misc]
    if len(drawn) > 0.95 * len(pixels) or not drawn:
        return ""
    lost = {
        tone: sum(contrast(colour, page) < _LOST for colour in drawn) / len(drawn)
        for tone, page in (("dark", DARK_PAGE), ("light", LIGHT_PAGE))
    }
    tone = max(lost, key=lambda name: lost[name])
    return tone if lost[tone] > 0.2 else ""


def clear_unused(*, now: datetime) -> int:
    """Delete the pictures that no draft, version or planned look has shown for a week, and files without a row.

    Returns:
        How many pictures were deleted.
    """
    until = now - UNUSED_FOR
    workspaces = db.session.scalars(select(Picture.workspace_id).where(Picture.created_at < until).distinct()).all()
    cleared = sum(_clear(workspace_id, until) for workspace_id in workspaces)
    _clear_files(until)
    return cleared


def _clear(workspace_id: uuid.UUID, until: datetime) -> int:
    with transaction():
        old = set(
            db.session.scalars(
                select(Picture.id).where(Picture.workspace_id == workspace_id, Picture.created_at < until)
            )
        )
        shown = set(_shown(workspace_id))
        unused = {picture for picture in old if str(picture) not in shown}
        db.session.execute(delete(Picture).where(Picture.id.in_(unused)))
        after_commit(lambda: current_files().delete(*map(_key, unused)))
    return len(unused)


def _shown(workspace_id: uuid.UUID) -> Iterator[str]:
    """The pictures that the workspace's looks name."""
    for table in (WidgetDraft, WidgetDraftStep, WidgetSchedule, WidgetVersion):
        looks = select(table.settings).join(Agent, Agent.id == table.agent_id).where(Agent.workspace_id == workspace_id)
        for settings in db.session.scalars(looks.execution_options(yield_per=100)):
            brand, launcher = settings.get("brand") or {}, settings.get("launcher") or {}
            yield from (str(brand.get("avatar")), str(brand.get("logo")), str(launcher.get("image")))


def _clear_files(until: datetime) -> None:
    """What a crash between file and row left behind."""
    written = {found for key in current_files().keys("pictures") if (found := _picture_of(key))}
    # The first 48 bits of such an id are the milliseconds of its making (RFC 9562).
    old = [picture for picture in written if (picture.int >> 80) / 1000 < until.timestamp()]
    for start in range(0, len(old), _AT_ONCE):
        some = old[start : start + _AT_ONCE]
        kept = set(db.session.scalars(select(Picture.id).where(Picture.id.in_(some))))
        current_files().delete(*(_key(picture) for picture in some if picture not in kept))


def _picture_of(key: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(key.rpartition("/")[2])
    except ValueError:
        # Not one of ours, or one that the store is writing.
        return None


def _key(picture_id: uuid.UUID) -> str:
    return f"pictures/{picture_id}"
