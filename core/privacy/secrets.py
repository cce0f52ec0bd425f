"""Passwords, one-time codes, and keys and tokens of known shapes."""

import re
from collections.abc import Iterator

from core.privacy.finding import Finding, Reading
from core.privacy.words import CODE, IS, PASSWORD, SECRET, names

_KEY_BEGINS = re.compile(r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----")
_KEY_ENDS = re.compile(r"-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z")
_SHAPES = re.compile(
    r"(?<![A-Za-z0-9_-])(?:"
    r"eyJ[\w-]{8,2000}+\.[\w-]{8,4000}+\.[\w-]{0,1000}+|(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{10,200}|sk-[\w-]{16,250}"
    r"|(?:AKIA|ASIA|AROA|AIDA)[A-Z0-9]{16}(?![A-Z0-9])|gh[pousr]_[A-Za-z0-9]{20,255}|github_pat_\w{20,255}|glpat-[\w-]{16,100}"
    r"|xox[abeoprs]-[\w-]{10,250}|xapp-[\w-]{10,250}|AIza[\w-]{30,60}|ya29\.[\w-]{20,300}|GOCSPX-[\w-]{20,60}"
    r"|shp(?:at|ss|ca|pa)_[a-fA-F0-9]{24,64}|SG\.[\w-]{16,40}\.[\w-]{16,64}|npm_[A-Za-z0-9]{30,60}|hf_[A-Za-z0-9]{20,60}"
    r"|pypi-[\w-]{16,300}|whsec_[\w+/=-]{16,100}|dop_v1_[a-f0-9]{32,80}|key-[a-f0-9]{32}|SK[a-f0-9]{32}|AC[a-f0-9]{32}"
    r"|EAA[A-Za-z0-9]{30,300}|\d{8,10}:[\w-]{35}(?![\w-])|sq0[a-z]{3}-[\w-]{20,60}|lin_api_\w{20,60}|rzp_(?:live|test)_\w{10,40}|dckr_pat_[\w-]{20,60}|ATATT3[\w=-]{20,250}|[MNO][\w-]{23,25}\.[\w-]{6}\.[\w-]{27,40}"
    r"|(?<=hooks\.slack\.com/services/)T\w{6,14}/B\w{6,14}/\w{16,40}|AGE-SECRET-KEY-1\w{20,80})"
)
# As those of AWS: forty signs of base64 (RFC 4648) with a slash or plus among them.
_BASE64 = re.compile(
    r"(?<![\w/+=.:-])(?=[\w]{0,39}[/+])(?=[^a-z]{0,39}[a-z])(?=[^A-Z]{0,39}[A-Z])(?=\D{0,39}\d)[A-Za-z0-9/+]{40}(?![\w/+=-])"
)
_AUTHORIZATION = re.compile(r"(?<![^\W_])(?:bearer|basic) +(?P<value>[\w.~+/-]{16,2000}={0,2})", re.IGNORECASE)
_IN_URL = re.compile(r"(?<=://)[^\s/@:\[\]]{1,100}:(?P<value>[^\s/@\[\]]{1,100})(?=@)")
_NAMED_SECRET = re.compile(
    rf"{SECRET}[\"'`*]{{0,3}}(?:(?: {{0,2}}{IS}){{1,2}}|(?= [A-Za-z0-9]{{16}}))"
    rf" {{0,2}}[\"'`*]{{0,3}}(?P<value>[\w.~+/!$%-]{{12,500}}={{0,2}})",
    re.IGNORECASE,
)

_VALUE = r"[^\s\[\]\"'“”„«»‘’`<>,，。]"
_PASSWORD = re.compile(
    rf"{PASSWORD}(?:[\"*_)]{{0,3}}|'(?!s))"
    rf"(?: (?:that |which )?(?:i|we|they) (?:\w{{1,10}} ){{0,2}}\w{{1,10}}(?= (?:is|was) ))?"
    rf"(?: (?:for|für|of|pour|para|de|del|di|per|voor|do|till|til) [\w.@-]{{1,40}}(?: [\w.@-]{{1,40}})?)?"
    rf"(?: (?:was|is|has been|got) (?:changed|set|reset|updated)(?= to ))?"
    rf"(?P<link>(?:'s(?= )|\s{{0,3}}{IS}(?![\w])|\s{{0,3}}(?:[:=：]|->|=>)|は|是|은|는| - ?){{0,2}})"
    rf"\s{{0,3}}(?P<quote>[\"'“„«‘`*]{{0,2}})"
    rf"(?:(?<=[\"“„«‘`'])(?P<phrase>[^\n\"“”„«»‘’`'\[\]]{{3,128}})(?=[\"”“»’`'])|(?P<value>{_VALUE}{{3,128}}))",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"(?<![^\W_])(?:login|log-?in|user(?:name)?|credentials|zugangsdaten|benutzer(?:name)?|account)[:=] ?"
    r"[\w.@+-]{1,60}(?: ?[/|] ?|, ?)"
    rf"(?P<value>(?=[^\s\d]{{0,40}}\d){_VALUE}{{5,128}})",
    re.IGNORECASE,
)
_ORDINARY = names(
    """not wrong incorrect invalid expired too now still forgotten forgot correct the same being working
    required reset resets changed change lost secure weak strong safe very only also always never already
    just really what where how when why and but for from with your you our this that they them please help
    link page field email mail must should could would can cannot longer shorter unknown missing empty stored
    saved encrypted hashed compromised leaked stolen different important rejected accepted recovery protected
    needed locked blocked broken sent set okay fine there here nicht falsch ungültig abgelaufen vergessen
    richtig korrekt zurücksetzen ändern geändert verloren sicher wurde nötig ungueltig unsicher leider noch
    schon auch aber und oder das die der ein eine mein meine ihr pas invalide expiré oublié perdu faux bon
    mauvais trop toujours aussi incorrecta incorrecto olvidada olvidé expirado caducada inválida inválido
    perdida mala muy siempre también sbagliata errata scaduta dimenticata persa corretta non verkeerd
    vergeten ongeldig verlopen kwijt niet juist złe nieprawidłowe błędne wygasło zapomniane nie errada
    esqueci expirada incorreta fel felaktigt glömt inte feil glemt ikke forkert väärä unohtunut неверный
    забыл неправильный истек не"""
)
_NOT_A_SECRET = re.compile(r"(?:https?://|www\.)\S*|[\W_]+|\d{1,2}", re.IGNORECASE)

# Scripts without blanks put their words right behind a value.
_END = r"(?![^\W\u0e00-\uffff]|[.,-]\d)"
_CODE_VALUE = (
    r"(?:[A-Z]{1,2}-\d{4,8}|\d{3,4}[ -]\d{3,4}|(?=[A-Z-]{0,30}\d)[A-Z0-9]{4,6}(?:-[A-Z0-9]{4,6}){1,5}|\d{3,10}"
    rf"|(?=[A-Z]{{0,9}}\d)[A-Z0-9]{{4,10}}){_END}"
)
_CODE = re.compile(
    rf"{CODE}(?:[^\d\n\[\]]{{0,25}}?(?:(?<![^\W\d_]){IS}(?!\w)|[:=#-]))?[は是为為은는]?[\s\"'*(#]{{0,3}}"
    rf"(?<![^\W\u0e00-\uffff.,$€£/-])(?<![.,$€£/-])(?P<value>{_CODE_VALUE})",
    re.IGNORECASE,
)
_PLAIN_CODE = re.compile(
    r"(?<![^\W\d_])(?P<before>[^\W\d_]{1,20}[ -])?(?:code|codes|código|codice|kod|kode|koodi|kód|kodu|код|コード)"
    rf"(?:(?<=enter code)|(?<=use code)|(?<=the code)|(?<=my code)|(?<=your code)| i \w{{2,10}} (?:is|was)"
    rf"|(?: {{0,2}}{IS}(?!\w)){{1,2}}) {{0,2}}[\"'*]{{0,2}}"
    rf"(?P<value>\d{{3}}[ -]\d{{3}}|\d{{4,8}}){_END}",
    re.IGNORECASE,
)
_OTHER_CODES = re.compile(
    r"(?:discount|promo|promotion|promotional|coupon|voucher|gift|postal|post|zip|error|country|area|product|item|article|artículo|articolo|artigo|sku|part|serial|color|colour|dress|source|qr"
    r"|bar|hs|tariff|order|tracking|booking|status|response|http|exit|rabatt|gutschein|fehler|produkt|artikel|referral|invite|sort|swift|bank"
    r"|branch|reference|ref|customs|party|style|model|size|batch|lot|city|state|dial|dialing|calling"
    r"|store|shop|campaign)[ -]",
    re.IGNORECASE,
)
_CODE_FIRST = re.compile(
    rf"(?<![\w.,#$€£/-])(?P<value>\d{{3}}[ -]\d{{3}}|\d{{4,8}}|[A-Z]-\d{{4,8}}) "
    rf"(?:is|ist|est|es|è|é|to|är|er|on|as|als) (?:[\w.-]{{1,30}}[ ]){{0,3}}(?:{CODE}|code)",
    re.IGNORECASE,
)
_TYPED_CODE = re.compile(
    r"(?<![^\W_])(?:enter|type|use|entered|typed) (?P<value>\d{3}[ -]\d{3}|\d{4,8}) to "
    r"(?:verify|confirm|log ?in|sign ?in|continue|authenticate|unlock)(?![^\W_])",
    re.IGNORECASE,
)


def find_secrets(reading: Reading) -> Iterator[Finding]:
    """Find keys and tokens by their known shapes, or by the name and the equals sign before them."""
    text = reading.text
    found = [*_private_keys(text)]
    found += [match.span() for match in (*_SHAPES.finditer(text), *_BASE64.finditer(text))]
    found += [match.span("value") for match in _AUTHORIZATION.finditer(text) if _is_random(match["value"])]
    found += [match.span("value") for match in _NAMED_SECRET.finditer(text) if _is_random(match["value"])]
    for start, end in sorted(found):
        yield Finding(start, end, "secret")


def _private_keys(text: str) -> Iterator[tuple[int, int]]:
    end = 0
    while begin := _KEY_BEGINS.search(text, end):
        last = _KEY_ENDS.search(text, begin.end())
        end = last.end() if last else len(text)
        yield begin.start(), end


def find_passwords(reading: Reading) -> Iterator[Finding]:
    """Find passwords that are told as such: `password: …`, `mein Passwort ist …`, and those in addresses."""
    text = reading.text
    found = [match.span("value") for match in (*_IN_URL.finditer(text), *_LOGIN.finditer(text))]
    found += [span for match in _PASSWORD.finditer(text) if (span := _told(text, match))]
    for start, end in sorted(found):
        yield Finding(start, end, "password")


def _told(text: str, match: re.Match[str]) -> tuple[int, int] | None:
    if match["phrase"]:
        return None if match["phrase"].lower() in _ORDINARY else match.span("phrase")
    value = _trimmed(match["value"], is_quoted=bool(match["quote"]))
    if len(value) < 3 or not _is_told(text, match, value):
        return None
    return match.start("value"), match.start("value") + len(value)


def _trimmed(value: str, *, is_quoted: bool) -> str:
    """Without what ends the sentence; an exclamation mark behind digits is more likely a part of it."""
    if is_quoted:
        return value.rstrip("*_")
    value = value.rstrip(".?;:)*_")
    return value if re.search(r"\d[^\s!]*!$", value) else value.rstrip(".!?;:)*_")


def _is_told(text: str, match: re.Match[str], value: str) -> bool:
    if value.lower() in _ORDINARY or _NOT_A_SECRET.fullmatch(value):
        return False
    looks_secret = any(sign.isdigit() or not sign.isalnum() for sign in value.strip("-")) or not (
        value.islower() or value.istitle() or value.isupper()
    )
    link = match["link"].strip()
    if not link and not match["quote"]:
        return len(value) >= 6 and any(sign.isdigit() for sign in value)
    if link.endswith((":", "=", "：", ">")) or match["quote"]:
        return True
    ends_sentence = re.match(r"[.!?,;)]*(?:\s*$|[.!?,]\s|\n)", text[match.start("value") + len(value) :][:8])
    return looks_secret or (len(value) >= 4 and bool(ends_sentence) and link != "-")


def _is_random(value: str) -> bool:
    return any(sign.isdigit() for sign in value) and any(sign.isalpha() for sign in value)


def find_codes(reading: Reading) -> Iterator[Finding]:
    """Find one-time codes, PINs and card check values that the words next to them call so."""
    text = reading.text
    found = [match.span("value") for match in _CODE.finditer(text)]
    found += [match.span("value") for match in (*_CODE_FIRST.finditer(text), *_TYPED_CODE.finditer(text))]
    for match in _PLAIN_CODE.finditer(text):
        if not match["before"] or not _OTHER_CODES.fullmatch(match["before"]):
            found.append(match.span("value"))
    for start, end in sorted(found):
        yield Finding(start, end, "code")
