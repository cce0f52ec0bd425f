"""What a workspace has decided about mail to customers who have left the chat."""

import uuid
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from core import inbox_settings
from core.errors import Invalid
from models.teammates import Teammate, Workspace

LEAST_MINUTES, MOST_MINUTES = 1, 24 * 60


@dataclass(frozen=True)
class LetterSettings:
    """Whether and when a customer gets a mail of what a teammate has written."""

    is_on: bool = True
    minutes: int = 5
    """For so long it may stand unread in the chat."""

    @property
    def wait(self) -> timedelta:
        return timedelta(minutes=self.minutes)


def of(workspace_id: uuid.UUID) -> LetterSettings:
    """What holds; the defaults where nothing was decided, or nothing that is understood."""
    usual, kept = LetterSettings(), inbox_settings.of(workspace_id, "letters")
    minutes = kept.get("minutes")
    if not isinstance(minutes, int) or not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        minutes = usual.minutes
    return LetterSettings(bool(kept.get("is_on", usual.is_on)), minutes)


def change(workspace: Workspace, settings: LetterSettings, *, by: Teammate, now: datetime) -> None:
    """Decide when customers get mails.

    Raises:
        Invalid: when the time to wait is out of bounds.
    """
    if not LEAST_MINUTES <= settings.minutes <= MOST_MINUTES:
        raise Invalid(f"Wait at least {LEAST_MINUTES} minute and at most {MOST_MINUTES:,}.")
    inbox_settings.change(workspace, "letters", asdict(settings), action="letters.change", by=by, now=now)
