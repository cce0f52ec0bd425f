"""The demo shop: a made-up business with all its parts, to be looked at and played with."""

from core.demos.shop import EMAIL, Demo, connect_shop, find_agent, make

__all__ = ["EMAIL", "Demo", "connect_shop", "find_agent", "make"]
