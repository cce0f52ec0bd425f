"""Addresses are shown without the keys in them."""

import pytest

from core.shown_addresses import without_keys


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://shop.example/mcp", "https://shop.example/mcp"),
        ("https://shop.example/mcp?key=s3cret", "https://shop.example/mcp?key=…"),
        (
            "https://shop.example/mcp?shop=1&token=a=b&empty=&flag",
            "https://shop.example/mcp?shop=…&token=…&empty=&flag",
        ),
        ("https://shop.example/mcp?0123456789abcdef", "https://shop.example/mcp?…"),
        ("https://shop.example/s/NzA3YzQwNGYtMTIzNA/mcp#key", "https://shop.example/s/NzA3YzQwNGYtMTIzNA/mcp"),
        ("https://shop.example/s/NzA3YzQwNGYtMTIzNAab/mcp", "https://shop.example/s/…/mcp"),
        ("https://shop.example/01890a5d-ac96-774b-bcce-b302099a8057", "https://shop.example/…"),
        ("https://shop.example/opening-hours-and-delivery", "https://shop.example/opening-hours-and-delivery"),
        ("http://[::1]:8000/mcp?a=1", "http://[::1]:8000/mcp?a=…"),
    ],
)
def test_what_may_be_a_key_is_not_shown(address, shown):
    assert without_keys(address) == shown
    assert without_keys(shown) == shown
