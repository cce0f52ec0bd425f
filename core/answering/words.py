"""Words of a message: what carries meaning, and what is only politeness around it."""

import re
import unicodedata

# Longer messages hold a story; its first part names the subject, and time stays bounded.
LONGEST_MESSAGE = 2_000

_STOP_WORDS = """
a about am an and any are as at be been but by can could did do does doing for from get got had has have having he
hello hey hi how i if im in into is it its ive just know like may me might mine my need no not of off on or our
out please she should so some tell than thank thanks that thats the their them then there these they this those to
too up us want was we well were what when where which who whom whose why will with would you your yours
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())

WORD = re.compile(r"[^\W_]+")

# These scripts write no spaces: each sign counts as a word, or nothing but a whole sentence would ever match.
_UNSPACED = re.compile(r"([\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff])")

_PREAMBLE = re.compile(
    r"""^(?:
      (?:hi|hello|hey|good\ (?:morning|afternoon|evening|day)|please|sorry|excuse\ me|thanks|thank\ you|ok|okay|so|well)
        (?:\ (?:there|team|all|everyone|again))?[\s,.!:-]+
    | i(?:'m|\ am|\ was)\ (?:wondering|asking|inquiring|enquiring|writing|curious)\ (?:if|whether|about|how|to)?\s+
    | i(?:'d|\ would|\ 'd)?\ (?:really\ )?(?:like|love|want|need|wish)\ to\ (?:know|ask|understand|find\ out|learn)
        (?:\ (?:more\ )?about|\ if|\ whether|\ from\ you)?[\s,:]+
    | (?:can|could|would|will)\ (?:you|u|anyone|someone|somebody)\ (?:please\ |kindly\ )?
        (?:tell\ me|explain(?:\ to\ me)?|help\ me(?:\ (?:with|to|understand))?|let\ me\ know|advise(?:\ me)?)
        (?:\ (?:about|if|whether))?[\s,:]+
    | (?:please\ )?(?:tell\ me|let\ me\ know|explain(?:\ to\ me)?)(?:\ (?:about|if|whether))?[\s,:]+
    | i\ (?:have|got|had)\ an?\ (?:quick\ |small\ )?(?:question|query)(?:\ (?:about|regarding|on|for\ you))?[\s,.:-]+
    | (?:quick\ )?question\s*:\s*
    )+""",
    re.IGNORECASE | re.VERBOSE,
)


def question_of(message: str) -> str:
    """Return the message without greeting and "could you tell me": what is left says what is asked.

    A message that is nothing but such words comes back as it is.
    """
    folded = " ".join(message[:LONGEST_MESSAGE].replace("’", "'").split())
    rest = _PREAMBLE.sub("", folded)
    return rest if len(rest.split()) > 1 else folded


def spaced(text: str) -> str:
    """Return the text with what cannot be stored replaced, and spaces around each Chinese or Japanese sign."""
    return _UNSPACED.sub(r" \1 ", text.encode("utf-8", "replace").decode("utf-8"))


def tokens(text: str) -> list[str]:
    """Return the distinct words of a text in their order, lower case and without apostrophes."""
    lowered = unicodedata.normalize("NFKC", text).lower().replace("'", "").replace("’", "")
    return list(dict.fromkeys(WORD.findall(spaced(lowered))))


def content_words(text: str) -> list[str]:
    """Return the words that carry meaning; all of them, where none does ("who are you")."""
    every = tokens(text)
    return [word for word in every if word not in STOP_WORDS] or every
