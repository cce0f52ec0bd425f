"""Sentence vectors, behind one small interface; the built-in model ships in a Python package."""

from gateways.embeddings.minilm import load, return_freed_memory
from gateways.embeddings.protocol import Embedder

__all__ = ["Embedder", "load", "return_freed_memory"]
