"""A Referer is read as browsers read it: thousands of odd addresses, each compared with a real URL parser (Node's)."""

import json
import random
import re
import shutil
import subprocess
from unicodedata import bidirectional

import pytest

from core.domains import origin_of

_PARSE = """
const addresses = JSON.parse(require("fs").readFileSync(0, "utf8"));
console.log(JSON.stringify(addresses.map((address) => {
  try { return new URL(address).origin; } catch { return null; }
})));
"""
_SCHEMES = ["http:", "https:", "HTTPS:", "hTTp:", "ht\ntp:", "ftp:", "httpx:", "file:", ""]
_SLASHES = ["//", "//", "//", "/", "", "///", "\\\\", "/\\", "\t//", "\\/\\/"]
_USERS = ["", "", "", "", "u@", "u:p@", "@", "a@b@", "evil.com%40", "u%2F@", "user:@", ":@", "a\\@", "x/@"]
_LABELS = [
    *("example", "com", "shop", "EXAMPLE", "a", "xn--bcher-kva", "xn--", "xn--a", "bücher", "faß", "ΑΒΓ", "shop。de"),
    *("ｅx", "a\tb", "a\nb", "a b", "a%62c", "%C3%BC", "%E3%80%82", "%00", "%2e", "a_b", "-a", "a-", "r3---sn", "☕"),
    *("1", "127", "0x7f", "0", "256", "1.", "", "..", "0x", "09", "4294967295", "4294967296", "0x1g", "é", "e\u0301"),
    *("א", "ا1", "a\u00adb", "a\u200bb", "\u200d", "[", "]", "<", "^", "|", "%", "%zz", "K", "ſ", "İ", "ﬁ", "Ⅷ"),
]
_IPV6 = [
    "[::1]",
    "[::ffff:1.2.3.4]",
    "[1:2:3:4:5:6:7:8]",
    "[1::2::3]",
    "[::1%eth0]",
    "[::G]",
    "[]",
    "[0:0:0:0:0:0:13.1.68.3]",
]
_PORTS = [
    "",
    "",
    "",
    ":",
    ":80",
    ":443",
    ":8443",
    ":0",
    ":00443",
    ":65535",
    ":65536",
    ":8a",
    ": 80",
    ":-1",
    ":4\n43",
    ":٣",
]
_ENDS = ["", "/", "/path", "?q=@x", "#f", "\\x", "/../..", " ", "/@evil.com", "?\\"]


def made_up(count, seed):
    chance = random.Random(seed)

    def host():
        if chance.random() < 0.1:
            return chance.choice(_IPV6)
        return ".".join(chance.choice(_LABELS) for _ in range(chance.choice([1, 2, 2, 3, 4])))

    return [
        "".join(
            [
                chance.choice(["", "", "", " ", "\x00", "\n"]),
                chance.choice(_SCHEMES[:2]) if chance.random() < 0.7 else chance.choice(_SCHEMES),
                chance.choice(_SLASHES),
                chance.choice(_USERS),
                host(),
                chance.choice(_PORTS),
                chance.choice(_ENDS),
            ]
        )
        for _ in range(count)
    ]


def names_a_website(origin):
    """Whether a pattern could name it: other names that browsers open are refused on purpose."""
    found = re.fullmatch(r"https?://(\[[0-9a-f:]+\]|[^:]+)(?::([0-9]+))?", origin or "")
    if not found or found[2] == "0":
        return False
    labels = found[1].split(".")
    return found[1].startswith("[") or (
        all(re.fullmatch(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", label) for label in labels)
    )


@pytest.mark.skipif(not shutil.which("node"), reason="Node is there wherever the front end was built by it.")
def test_thousands_of_odd_addresses_are_read_as_by_a_url_parser():
    addresses = made_up(4000, seed=6454)
    done = subprocess.run(
        ["node", "-e", _PARSE], input=json.dumps(addresses), stdout=subprocess.PIPE, text=True, check=True
    )
    wrong, read = [], 0
    for address, told in zip(addresses, json.loads(done.stdout), strict=True):
        ours = origin_of(address)
        read += ours is not None
        # Invisible characters are refused where browsers drop them. And UTS 46 asks the Bidi rule of every label as
        # soon as one is written from right to left, of which Node leaves out the plain ones.
        is_stricter = any(sign in "\u00ad\u200b\u200d" or bidirectional(sign) in {"R", "AL"} for sign in address)
        if (ours is not None and str(ours) != told) or (ours is None and names_a_website(told) and not is_stricter):
            wrong.append((address, str(ours), told))
    assert wrong == []
    assert read > 500
