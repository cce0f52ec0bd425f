"""Compresses answers that are made on the fly; built files are compressed beforehand."""

import gzip
from functools import lru_cache

import brotli
from flask import Response, request


def compressed(response: Response, *, quality: int = 5) -> Response:
    """The same answer in the best encoding that the browser takes.

    Args:
        quality: brotli's, 0 to 11; high ones only for what is cached.
    """
    response.vary.add("Accept-Encoding")
    body = response.get_data()
    if len(body) < 500:
        return response
    encoding = request.accept_encodings.best_match(["br", "gzip"])
    if encoding == "br":
        _replace(response, _brotli(body, quality), "br")
    elif encoding == "gzip":
        _replace(response, gzip.compress(body, 6, mtime=0), "gzip")
    return response


def _replace(response: Response, body: bytes, encoding: str) -> None:
    response.set_data(body)
    response.headers["Content-Encoding"] = encoding


def _brotli(body: bytes, quality: int) -> bytes:
    return _cached_brotli(body, quality) if quality > 9 else brotli.compress(body, quality=quality)


@lru_cache(maxsize=256)
def _cached_brotli(body: bytes, quality: int) -> bytes:
    packed: bytes = brotli.compress(body, quality=quality)
    return packed
