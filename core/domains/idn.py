"""Names with letters beyond ASCII, by UTS 46 (non-transitional processing)."""

import unicodedata

import idna

_LONGEST_INPUT = 1024
_UNREADABLE = "This name has a character or a combination of characters that no website name may have."


class InvalidHost(ValueError):
    """This text is no host; the message is a sentence that a shop owner can read."""


def to_ascii(name: str) -> str:
    """Turn a name into A-labels in lower case.

    Only the steps of UTS 46 are taken: lengths, ASCII characters and dots are for the caller to judge. Unlike
    UTS 46, a character that would be dropped is refused: two names that look alike must not become one.

    Raises:
        InvalidHost: UTS 46 finds the name invalid, or it holds an invisible character.
    Source: UTS 46, sections 4 (processing) and 4.1 (validity), with CheckBidi and CheckJoiners as WHATWG URL
    asks. RFC 5892's narrower list of letters is left aside: emoji names exist, and browsers open them.
    """
    if len(name) > _LONGEST_INPUT:
        raise InvalidHost("This name is too long: at most 63 characters between dots and 253 in all.")
    mapped = name.lower() if name.isascii() else _mapped(name)
    labels = [_unicode_label(label) for label in mapped.split(".")]
    _check_directions(labels)
    return ".".join(label if label.isascii() else f"xn--{_punycode(label)}" for label in labels)


def to_unicode(name: str) -> str:
    """Show a name that `to_ascii` made as its owner writes it; for reading only, never for comparing."""
    return ".".join(_unicode_label(label) for label in name.split("."))


def _mapped(name: str) -> str:
    for character in name:
        if not character.isascii() and _remapped(character) == "":
            raise InvalidHost(f"There is an invisible character in this name (U+{ord(character):04X}).")
    return _remapped(name)


def _remapped(text: str) -> str:
    try:
        return idna.uts46_remap(text, std3_rules=False)
    except ValueError:
        pass
    raise InvalidHost(_UNREADABLE)


def _unicode_label(label: str) -> str:
    """Decode an A-label; check whatever is not plain ASCII by the validity criteria of UTS 46."""
    if label.startswith("xn--"):
        decoded = _from_punycode(label[4:])
        if decoded.isascii():
            raise InvalidHost("A part that starts with xn-- does not stand for a name.")
        _check_label(decoded)
        return decoded
    if not label.isascii():
        _check_label(label)
    return label


def _check_label(label: str) -> None:
    # Mapping a label that is mapped already changes nothing and composes nothing (criteria 1 and 7).
    if _remapped(label) != label or label.startswith(("xn--", "-")) or label.endswith("-"):
        raise InvalidHost(_UNREADABLE)
    categories = [unicodedata.category(character) for character in label]
    # Of a character younger than this Python, neither direction nor composition is known: none of it can be checked.
    if categories[0].startswith("M") or "Cn" in categories or not _joiners_fit(label):
        raise InvalidHost(_UNREADABLE)


def _joiners_fit(label: str) -> bool:
    try:
        return all(
            idna.valid_contextj(label, place) for place, character in enumerate(label) if character in "\u200c\u200d"
        )
    except ValueError:  # Its neighbour is a control character, which has no name.
        return False


def _check_directions(labels: list[str]) -> None:
    """Apply the Bidi rule (RFC 5893) to every label as soon as one is written from right to left."""
    if not any(unicodedata.bidirectional(character) in {"R", "AL", "AN"} for character in "".join(labels)):
        return
    try:
        followed = all(idna.check_bidi(label, check_ltr=True) for label in labels if label)
    except ValueError:
        followed = False
    if not followed:
        raise InvalidHost("This name mixes writing directions in a way that no website name may.")


def _punycode(label: str) -> str:
    if len(label) > 63:  # Checked before the encoding, which takes quadratic time.
        raise InvalidHost("This name is too long: at most 63 characters between dots and 253 in all.")
    return label.encode("punycode").decode("ascii")


def _from_punycode(encoded: str) -> str:
    try:
        decoded = encoded.encode("ascii").decode("punycode") if len(encoded) <= 59 else ""
        faithful = decoded.encode("punycode").decode("ascii") == encoded
    except ValueError:
        faithful = False
    if not faithful:
        raise InvalidHost("A part that starts with xn-- does not stand for a name.")
    return decoded
