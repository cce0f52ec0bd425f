"""A whole workspace as one file: taken out by its owners, and brought into an empty one (docs/backup.md)."""

from core.archives.bringing import check, run_import
from core.archives.keeping import (
    EXPORT,
    IMPORT,
    KEPT,
    clear_expired,
    clear_files_without_rows,
    download,
    find,
    is_under_way,
    job_of,
    listed,
    pieces_of,
    remove,
    request_export,
    request_import,
)
from core.archives.taking import run_export

__all__ = [
    "EXPORT",
    "IMPORT",
    "KEPT",
    "check",
    "clear_expired",
    "clear_files_without_rows",
    "download",
    "find",
    "is_under_way",
    "job_of",
    "listed",
    "pieces_of",
    "remove",
    "request_export",
    "request_import",
    "run_export",
    "run_import",
]
