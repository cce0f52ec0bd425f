"""Keeps the bytes of pictures and attachments: in a folder, or in a bucket of an object store."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import structlog

if TYPE_CHECKING:
    from obstore.store import ObjectStore

log = structlog.get_logger()

_PIECE = 1024 * 1024


class FileStore:
    """Bytes by their key, such as `pictures/0192…`. Keys are ours, never a name that somebody sent."""

    def __init__(self, store: "ObjectStore") -> None:
        self._store = store

    def write(self, key: str, content: bytes, *, media_type: str = "application/octet-stream") -> None:
        """Keep the content under this key, in the place of what was there.

        Raises:
            OSError: when the store cannot be written to.
        """
        attributes: Any = {"Content-Type": media_type} if self._keeps_attributes else None
        self._store.put(key, content, attributes=attributes)

    def read(self, key: str) -> bytes | None:
        """The content, or None when there is none."""
        try:
            return bytes(self._store.get(key).bytes())
        except FileNotFoundError:
            return None

    def write_from(self, key: str, path: Path) -> None:
        """Keep a file of this machine under this key, without holding all of it in memory.

        Raises:
            OSError: when the store cannot be written to.
        """
        self._store.put(key, path)

    def pieces(self, key: str) -> Iterator[bytes] | None:
        """The content piece by piece, for what is too large for memory; None when there is none."""
        try:
            found = self._store.get(key)
        except FileNotFoundError:
            return None
        return (bytes(piece) for piece in found.stream(min_chunk_size=_PIECE))

    def delete(self, *keys: str) -> None:
        """Remove what is there; what is not there is removed already."""
        for key in keys:
            try:
                self._store.delete(key)
            except FileNotFoundError:
                continue

    def keys(self, prefix: str) -> list[str]:
        """The keys under a prefix, for a sweep of what nobody refers to."""
        return [str(row["path"]) for batch in self._store.list(prefix) for row in batch]

    @property
    def _keeps_attributes(self) -> bool:
        from obstore.store import LocalStore

        return not isinstance(self._store, LocalStore)


def open_files(url: str, *, folder: Path) -> FileStore:
    """The store for these settings.

    Args:
        url: such as `s3://bucket/prefix`, with the credentials of the environment (`AWS_ACCESS_KEY_ID`, …); a folder
            of this machine when empty.
        folder: that folder.
    """
    from obstore.store import LocalStore, MemoryStore, from_url

    if not url:
        return FileStore(LocalStore(folder, mkdir=True))
    if urlsplit(url).scheme == "memory":
        return FileStore(MemoryStore())
    return FileStore(from_url(url))


_files: FileStore | None = None


def use_files(files: FileStore) -> None:
    """Make this the process's store."""
    global _files  # noqa: PLW0603 - one store a process is the point
    _files = files


def current_files() -> FileStore:
    """The process's store.

    Raises:
        RuntimeError: before the app has been made.
    """
    if _files is None:
        raise RuntimeError("No file store has been opened.")
    return _files
