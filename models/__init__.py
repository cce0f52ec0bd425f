"""Tables, and facts about one row. Importing this package makes every table known."""

from models import (
    agents,
    answering,
    audits,
    connections,
    conversations,
    customers,
    files,
    jobs,
    knowledge,
    mails,
    privacy,
    protection,
    second_factors,
    teammates,
)
from models.base import Base, after_commit, db, insert_into, new_id, transaction

__all__ = [
    "Base",
    "after_commit",
    "agents",
    "answering",
    "audits",
    "connections",
    "conversations",
    "customers",
    "db",
    "files",
    "insert_into",
    "jobs",
    "knowledge",
    "mails",
    "new_id",
    "privacy",
    "protection",
    "second_factors",
    "teammates",
    "transaction",
]
