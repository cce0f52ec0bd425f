"""How teammates learn that somebody needs them: what they are told, by which ways, and what they have seen."""

from core.notifications.choices import Choices, Pace, QuietHours, change, of
from core.notifications.due import Letter, claim_push, due_letters, mailed, requeue_overdue, to_mail_at_once
from core.notifications.kinds import Kind, Way
from core.notifications.seeing import clear_old, latest, see, see_all, topic, unseen
from core.notifications.telling import HEARD, TASK, tell

__all__ = [
    "HEARD",
    "TASK",
    "Choices",
    "Kind",
    "Letter",
    "Pace",
    "QuietHours",
    "Way",
    "change",
    "claim_push",
    "clear_old",
    "due_letters",
    "latest",
    "mailed",
    "of",
    "requeue_overdue",
    "see",
    "see_all",
    "tell",
    "to_mail_at_once",
    "topic",
    "unseen",
]
