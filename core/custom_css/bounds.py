"""How far a declaration may reach: what it could hide or push away decides which guard its rule gets."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum

from tinycss2.ast import Node
from tinycss2.color4 import parse_color

from core.custom_css.words import Refused, names


class Reach(IntEnum):
    """Where a declaration can do no harm; the larger, the fewer places."""

    EVERYWHERE = 0
    AWAY_FROM_PROTECTED = 1  # Not on a protected element, not around one.
    HIDING = 2  # The same, and only on something that is named by its class.


Check = Callable[[Sequence[Node]], Reach]

# A rough size in CSS pixels is enough to tell a spacing from something off-screen; the frame is about 400 wide.
PIXELS = {
    **dict.fromkeys(("em", "rem"), 16.0),
    **dict.fromkeys(("vw", "vh", "vmin", "vmax", "svw", "svh", "lvw", "lvh", "dvw", "dvh"), 8.0),
    **dict.fromkeys(("ch", "ex"), 8.0),
    "px": 1.0,
    "pt": 4 / 3,
    "pc": 16.0,
    "in": 96.0,
    "cm": 37.8,
    "mm": 3.78,
    "q": 0.945,
}
SECONDS = {"s": 1.0, "ms": 0.001}
OTHER_UNITS = names("deg grad rad turn fr dppx dpi dpcm x")
COLOURS = names("rgb rgba hsl hsla hwb lab lch oklab oklch color color-mix light-dark")
_TOO_FAR = "This size is out of bounds here."
_PIXELS_OF_A_PERCENT = 4.0
MATHS = names("calc min max clamp")


def everywhere(_tokens: Sequence[Node]) -> Reach:
    """Take any value, on any element."""
    return Reach.EVERYWHERE


def away(_tokens: Sequence[Node]) -> Reach:
    """Take any value, but only where nothing protected is near."""
    return Reach.AWAY_FROM_PROTECTED


def within(low: float, high: float, *, everywhere: tuple[float, float] | None = None, hides_below: float = 0) -> Check:
    """Take lengths between two bounds, in pixels; those inside the closer pair do no harm on any element."""

    def check(tokens: Sequence[Node]) -> Reach:
        lengths = list(_lengths(tokens))
        if any(not low <= length <= high for length in lengths):
            raise Refused(_TOO_FAR)
        if hides_below and any(length < hides_below for length in lengths):
            return Reach.HIDING
        least, most = everywhere or (0, 0)
        is_known = not _has_function(tokens, MATHS)
        if everywhere and is_known and all(least <= length <= most for length in lengths):
            return Reach.EVERYWHERE
        return Reach.AWAY_FROM_PROTECTED

    return check


def legible(low: float, high: float, numbers: Sequence[tuple[float, float]] = ()) -> Check:
    """Take sizes of text; one that nobody could read, or that is only known later, hides it."""

    def check(tokens: Sequence[Node]) -> Reach:
        lengths = list(_lengths(tokens, of_a_percent=0.16))
        values = [token.value for token in flat(tokens) if token.type == "number"]
        if any(length > 4 * high for length in lengths):
            raise Refused(_TOO_FAR)
        is_plain = not any(token.type == "function" for token in tokens)
        is_read = all(low <= length <= high for length in lengths)
        if is_plain and is_read and all(any(a <= value <= b for a, b in numbers) for value in values):
            return Reach.EVERYWHERE
        return Reach.HIDING

    return check


def words(allowed: str, hiding: str = "", everywhere: str = "") -> Check:
    """Take one word of these; any other is refused."""
    reaches = {
        **dict.fromkeys(allowed.split(), Reach.AWAY_FROM_PROTECTED),
        **dict.fromkeys(hiding.split(), Reach.HIDING),
        **dict.fromkeys(everywhere.split(), Reach.EVERYWHERE),
    }

    def check(tokens: Sequence[Node]) -> Reach:
        word = tokens[0].lower_value if len(tokens) == 1 and tokens[0].type == "ident" else ""
        if word not in reaches:
            raise Refused(f"Use one of {', '.join(sorted(reaches))} here.")
        return reaches[word]

    return check


def visible_colour(tokens: Sequence[Node]) -> Reach:
    """Take a colour; one that lets more than half of what is behind it through hides the text."""
    if len(tokens) != 1 or (tokens[0].type == "ident" and tokens[0].lower_value == "transparent"):
        return Reach.HIDING
    if tokens[0].type == "ident" or _has_function(tokens, {"var"}):
        return Reach.EVERYWHERE
    colour = parse_color(tokens[0])
    return Reach.EVERYWHERE if colour is not None and _alpha(colour) >= 0.5 else Reach.HIDING


def _alpha(colour: object) -> float:
    return float(getattr(colour, "alpha", 0))


def stacking(tokens: Sequence[Node]) -> Reach:
    """Take a small layer number: the protected parts lie above them all."""
    token = tokens[0]
    if len(tokens) == 1 and (token.type == "ident" or (token.type == "number" and -1 <= token.value <= 10)):
        return Reach.AWAY_FROM_PROTECTED
    raise Refused("Use a whole number from -1 to 10 here.")


def opacity(tokens: Sequence[Node]) -> Reach:
    """Take an opacity; what is mostly see-through counts as hidden."""
    shares = _shares(tokens)
    return Reach.AWAY_FROM_PROTECTED if len(tokens) == len(shares) and shares[0] >= 0.5 else Reach.HIDING


def transformation(tokens: Sequence[Node]) -> Reach:
    """Take moves and turns that stay in sight; shrinking to nothing hides."""
    factors = [abs(token.value) for token in flat(tokens) if token.type == "number"]
    if any(factor > 2 for factor in factors) or any(abs(length) > 400 for length in _lengths(tokens)):
        raise Refused(_TOO_FAR)
    return Reach.AWAY_FROM_PROTECTED if all(factor >= 0.5 for factor in factors) else Reach.HIDING


def filtering(tokens: Sequence[Node]) -> Reach:
    """Take filters; strong ones can hide as well as any other means."""
    is_mild = all(0.5 <= share <= 2 for share in _shares(tokens))
    is_sharp = all(
        abs(token.value * PIXELS.get(token.lower_unit, 0)) <= 32 for token in flat(tokens) if token.type == "dimension"
    )
    return Reach.AWAY_FROM_PROTECTED if is_mild and is_sharp else Reach.HIDING


def flat(tokens: Iterable[Node]) -> Iterator[Node]:
    """Walk over component values and what they contain, save for the parts of a colour."""
    for token in tokens:
        yield token
        if token.type == "function" and token.lower_name not in COLOURS:
            yield from flat(token.arguments)
        elif token.type == "() block":
            yield from flat(token.content)


def _has_function(tokens: Sequence[Node], names: Iterable[str]) -> bool:
    return any(token.type == "function" and token.lower_name in names for token in flat(tokens))


def _shares(tokens: Sequence[Node]) -> list[float]:
    numeric = [token for token in flat(tokens) if token.type in ("number", "percentage")]
    return [float(token.value) / (100 if token.type == "percentage" else 1) for token in numeric]


def _lengths(tokens: Sequence[Node], *, of_a_percent: float = _PIXELS_OF_A_PERCENT) -> Iterator[float]:
    for token in flat(tokens):
        if token.type == "dimension" and token.lower_unit in PIXELS:
            yield token.value * PIXELS[token.lower_unit]
        elif token.type == "percentage":
            yield token.value * of_a_percent
        elif token.type == "number" and not token.value:
            yield 0.0
