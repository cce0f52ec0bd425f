"""Sentence vectors, behind one small interface; the built-in model ships in a Python package."""

from gateways.embeddings.minilm import load, return_freed_memory
from gateways.embeddings.protocol import Embedder, Lexicon

__all__ = ["Embedder", "Lexicon", "load", "return_freed_memory"]
