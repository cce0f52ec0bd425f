"""What an agent knows: its questions and answers, their order, and the index in which they are found."""

from core.knowledge.bulk import Action, ImportResult, Plan, PlannedRow, import_entries, plan_import
from core.knowledge.entries import (
    Page,
    add,
    archive,
    change,
    count_archived,
    count_live,
    count_written,
    external_ids,
    find,
    find_many,
    listed,
    page_of,
    restore,
)
from core.knowledge.learning import index_job, learn_now, learning_of, start_learning, stop_learning
from core.knowledge.order import move, move_down, move_up
from core.knowledge.serving import index_for

__all__ = [
    "Action",
    "ImportResult",
    "Page",
    "Plan",
    "PlannedRow",
    "add",
    "archive",
    "change",
    "count_archived",
    "count_live",
    "count_written",
    "external_ids",
    "find",
    "find_many",
    "import_entries",
    "index_for",
    "index_job",
    "learn_now",
    "learning_of",
    "listed",
    "move",
    "move_down",
    "move_up",
    "page_of",
    "plan_import",
    "restore",
    "start_learning",
    "stop_learning",
]
