"""Tables, and facts about one row. Importing this package makes every table known."""

from models import agents, conversations, customers, jobs, knowledge, mails, teammates
from models.base import Base, after_commit, db, new_id, transaction

__all__ = [
    "Base",
    "after_commit",
    "agents",
    "conversations",
    "customers",
    "db",
    "jobs",
    "knowledge",
    "mails",
    "new_id",
    "teammates",
    "transaction",
]
