"""Whether a page may stand in a frame of ours: `frame-ancestors` beats `X-Frame-Options` (CSP 3, 6.4.2)."""

import pytest

from core.installs.policies import may_be_framed

US = "https://chat.example"
SHOP = "https://shop.example"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, True),
        ({"x-frame-options": "DENY"}, False),
        ({"x-frame-options": "SameOrigin"}, False),
        ({"x-frame-options": "ALLOW-FROM https://chat.example"}, True),
        ({"content-security-policy": "default-src 'self'"}, True),
        ({"content-security-policy": "frame-ancestors 'none'"}, False),
        ({"content-security-policy": "frame-ancestors"}, False),
        ({"content-security-policy": "frame-ancestors 'self'"}, False),
        ({"content-security-policy": "frame-ancestors *"}, True),
        ({"content-security-policy": "frame-ancestors https://chat.example"}, True),
        ({"content-security-policy": "frame-ancestors https://*.chat.example"}, False),
        ({"content-security-policy": "frame-ancestors https://chat.example", "x-frame-options": "DENY"}, True),
        ({"content-security-policy": "frame-ancestors *, frame-ancestors 'none'"}, False),
        ({"content-security-policy": "FRAME-ANCESTORS https:"}, True),
        ({"content-security-policy": "frame-ancestors http:"}, True),
        ({"content-security-policy": "frame-ancestors ws:"}, False),
    ],
    ids=str,
)
def test_what_a_page_says_of_frames_counts(headers, expected):
    assert may_be_framed(headers, by=US, page_origin=SHOP) is expected


@pytest.mark.parametrize(
    "headers", [{"x-frame-options": "sameorigin"}, {"content-security-policy": "frame-ancestors 'self'"}]
)
def test_a_page_of_our_own_host_may_be_framed_by_itself(headers):
    assert may_be_framed(headers, by=SHOP, page_origin=SHOP)
