"""E-mail addresses (RFC 5321), and those that are written around."""

import re
from collections.abc import Iterator

from core.privacy.finding import Finding, Reading

_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_DOMAIN = rf"(?:(?:{_LABEL}\.){{1,8}}(?:xn--[a-z0-9-]{{2,59}}|[^\W\d_]{{2,24}})|localhost)(?![\w@])"
_LITERAL = r"\[(?:ipv6:[0-9a-f:.]{2,45}|\d{1,3}(?:\.\d{1,3}){3})\]"
_SIGN = r"(?:@|%40|&#64;|&#x40;|&commat;)"
# The look-behind lets the search pass over a long word once, instead of from each of its letters.
_EMAIL = re.compile(
    rf"(?<![\w.+-])(?:\"(?:[^\"\\\n]|\\.){{1,64}}\"|[\w+](?:[\w.+'~!-]|%(?!40)){{0,63}}+){_SIGN}(?:{_DOMAIN}|{_LITERAL})",
    re.IGNORECASE,
)
_OPEN, _CLOSE = r" ?[\[({<] ?", r" ?[\])}>] ?"
_AT_WORD = r"(?:at|ät|arobase|arroba|chiocciola|małpa|snabel-?a|apenstaartje|klammeraffe|собака|kukac|zavináč)"
_DOT_WORD = r"(?:dot|punkt|punto|ponto|kropka|pont|tečka|bodka|точка)"
_DOT_SIGN = rf"{_OPEN}(?:{_DOT_WORD}|point|punt|piste|nokta|period|\.){_CLOSE}"
_COMMON = (
    r"(?:com|org|net|edu|gov|info|example|io|co|uk|de|at|ch|fr|es|it|nl|be|pl|pt|br|se|dk|no|fi|cz|sk|hu|ru|рф|jp|cn|in|au|ca"
    r"|us|eu|me)"
)
_WORD = r"[^\W_][\w+-]{0,62}"
_LOCAL = rf"(?<![\w.+-])[\w+][\w.+-]{{0,63}}+(?:(?:{_DOT_SIGN}| {_DOT_WORD} )[\w.+-]{{1,64}}+){{0,3}}"
_IN_WORDS = re.compile(
    # An at in brackets says enough; one that is a word needs a dot that is one too, and an end that is known.
    rf"{_LOCAL}(?:{_OPEN}(?:{_AT_WORD}|@|a|chez){_CLOSE}{_WORD}(?:(?:\.|{_DOT_SIGN}| {_DOT_WORD} ){_WORD}){{1,4}}"
    rf"| ?@ ?{_WORD}(?:(?:{_DOT_SIGN}| {_DOT_WORD} ){_WORD}){{1,4}}"
    rf"| {_AT_WORD} (?!(?:the|that|this|an?|each|one|every|my|your|some) ){_WORD}"
    rf"(?:(?:{_DOT_SIGN}| {_DOT_WORD} ){_WORD}){{0,3}}(?:{_DOT_SIGN}| {_DOT_WORD} ){_COMMON})(?![\w@])"
    r"|(?<![\w.+-])[^\W_][^\W_.+]{0,40}(?:_at_| ?-at- ?)[^\W_]{1,40}(?:(?:_dot_| ?-dot- ?)[^\W_]{2,24}){1,3}(?![\w@])",
    re.IGNORECASE,
)
_PROVIDER = (
    r"(?:gmail|googlemail|yahoo|hotmail|outlook|live|msn|icloud|me|mac|aol|gmx|web|proton(?:mail)?|posteo|mailbox|t-online"
    r"|freenet|yandex|mail|libero|virgilio|orange|wanadoo|laposte|free|sfr|wp|o2|onet|interia|seznam|qq|163|126|zoho|fastmail)"
)
_SPACED = re.compile(
    # A slip of the thumb beside the sign, and "at" where the name or the provider leaves no doubt.
    rf"(?<![\w.+-])[^\W\d_][\w.+-]{{1,63}}+(?:(?: @ |@ )(?:{_LABEL}\.){{1,4}}| @{_PROVIDER}\.){_COMMON}(?![\w@/.-]\w?)"
    rf"|(?<![\w.+-])[^\W\d_][\w.+-]{{0,63}}+@(?:{_LABEL}\.){{0,3}}{_LABEL} ?\. ?{_COMMON}(?![\w@])"
    rf"|(?<![\w.+-])[^\W\d_]{{2,30}}[._][^\W_]{{2,30}} at (?:{_LABEL}\.){{1,4}}{_COMMON}(?![\w@/])"
    rf"|(?<![\w.+-])(?!(?:look|looked|mail|email|account|it|is|was|me|them|log|works?) )[^\W\d_][\w.+-]{{2,63}}+"
    rf" at {_PROVIDER}\.{_COMMON}(?![\w@/])",
    re.IGNORECASE,
)
_FILE = re.compile(r"@[23]x\.(?:png|jpe?g|gif|webp|svg)$", re.IGNORECASE)


def find_emails(reading: Reading) -> Iterator[Finding]:
    """Find addresses, also those that are written around, as in `jo (at) shop.example`."""
    text = reading.text
    patterns = (_EMAIL, _IN_WORDS, _SPACED) if "@" in text or "40" in text or "&" in text else (_IN_WORDS, _SPACED)
    end = 0
    for start, last in sorted(match.span() for pattern in patterns for match in pattern.finditer(text)):
        if start >= end and not _FILE.search(text[start:last]):
            yield Finding(start, last, "email")
            end = last
