"""What an agent knows."""

from models.jobs import Job


def index_job(job: Job) -> None: ...
