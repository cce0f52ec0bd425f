"""Which properties custom CSS may set, and which kind of value each of them takes."""

from dataclasses import dataclass

from core.custom_css import bounds
from core.custom_css.bounds import COLOURS, MATHS, Check
from core.custom_css.words import names

_VARIABLES = frozenset({"var", "env"})
_COLOURED = COLOURS | {"var"}
_PAINT = (
    _COLOURED
    | MATHS
    | _VARIABLES
    | names(
        """linear-gradient radial-gradient conic-gradient repeating-linear-gradient repeating-radial-gradient
    repeating-conic-gradient"""
    )
)
_SIZES = MATHS | _VARIABLES
_EASING = names("cubic-bezier steps linear")
_GRID = _SIZES | names("minmax repeat fit-content")
_TRANSFORMS = names(
    """translate translatex translatey translate3d scale scalex scaley rotate rotatex rotatey rotatez skew skewx
    skewy"""
)
_FILTERS = COLOURS | names("blur brightness contrast drop-shadow grayscale hue-rotate invert opacity saturate sepia")


@dataclass(frozen=True)
class Kind:
    """What a property takes: functions, quoted text, and how far its values reach."""

    functions: frozenset[str]
    reach: Check
    strings: bool = False
    names_keyframes: bool = False
    only_generated: bool = False


CUSTOM_PROPERTY = Kind(_PAINT, bounds.within(-24, 64, everywhere=(-24, 64)), strings=True)

_LINE = Kind(_COLOURED | _VARIABLES, bounds.within(0, 64, everywhere=(0, 16)))
_SHADOW = Kind(_COLOURED, bounds.within(-64, 64, everywhere=(-64, 64)))
_SPACE = Kind(_SIZES, bounds.within(0, 400, everywhere=(0, 32)))
_MARGIN = Kind(_VARIABLES, bounds.within(-24, 400, everywhere=(0, 32)))
_OFFSET = Kind(_VARIABLES, bounds.within(-64, 400))
_SIZE = Kind(_SIZES, bounds.within(0, 1000, hides_below=4))
_TEXT_SPACING = Kind(frozenset({"var"}), bounds.legible(-1, 16))
_LAYOUT = Kind(frozenset(), bounds.away)
_MOVE = Kind(_TRANSFORMS, bounds.transformation)

_DISPLAYED = """block inline inline-block flex inline-flex grid inline-grid flow-root list-item table table-row
    table-cell -webkit-box"""
_GROUPS: list[tuple[str, Kind]] = [
    ("color -webkit-text-fill-color", Kind(_COLOURED, bounds.visible_colour)),
    (
        """background-color border-color border-top-color border-right-color border-bottom-color border-left-color
        border-inline-color border-block-color outline-color text-decoration-color text-emphasis-color caret-color
        accent-color column-rule-color scrollbar-color fill stroke -webkit-tap-highlight-color""",
        Kind(_COLOURED, bounds.everywhere),
    ),
    (
        """background background-image background-position background-position-x background-position-y background-size
        background-repeat background-origin background-clip -webkit-background-clip background-attachment
        background-blend-mode""",
        Kind(_PAINT, bounds.everywhere),
    ),
    ("font-family", Kind(frozenset({"var"}), bounds.everywhere, strings=True)),
    ("font", Kind(frozenset({"var"}), bounds.legible(8, 64, [(0.8, 4), (100, 1000)]), strings=True)),
    ("font-size", Kind(_SIZES, bounds.legible(8, 64))),
    ("line-height", Kind(_SIZES, bounds.legible(8, 96, [(0.8, 4)]))),
    ("letter-spacing word-spacing text-indent", _TEXT_SPACING),
    (
        """font-weight font-style font-stretch font-variant font-variant-numeric font-variant-caps font-kerning
        font-optical-sizing font-synthesis text-align text-align-last text-decoration-line
        text-decoration-style text-underline-offset text-underline-position text-transform
        text-rendering text-wrap text-overflow white-space word-break overflow-wrap word-wrap hyphens tab-size
        vertical-align list-style list-style-type list-style-position border-collapse border-style
        border-top-style border-right-style border-bottom-style border-left-style border-radius border-top-left-radius
        border-top-right-radius border-bottom-left-radius border-bottom-right-radius border-start-start-radius
        border-start-end-radius border-end-start-radius border-end-end-radius outline-style stroke-width
        stroke-linecap stroke-linejoin color-scheme scroll-behavior scrollbar-width user-select -webkit-user-select
        appearance -webkit-appearance -webkit-font-smoothing -moz-osx-font-smoothing print-color-adjust
        forced-color-adjust caption-side""",
        Kind(_COLOURED | _SIZES, bounds.everywhere),
    ),
    (
        """border border-top border-right border-bottom border-left border-width border-top-width border-right-width
        border-bottom-width border-left-width border-inline border-block border-inline-start border-inline-end
        border-block-start border-block-end outline outline-width outline-offset column-rule""",
        _LINE,
    ),
    ("text-decoration text-decoration-thickness", Kind(_COLOURED, bounds.within(0, 8, everywhere=(0, 8)))),
    ("box-shadow text-shadow", _SHADOW),
    (
        """padding padding-top padding-right padding-bottom padding-left padding-inline padding-block
        padding-inline-start padding-inline-end padding-block-start padding-block-end gap border-spacing row-gap
        column-gap scroll-padding scroll-margin""",
        _SPACE,
    ),
    (
        """margin margin-top margin-right margin-bottom margin-left margin-inline margin-block margin-inline-start
        margin-inline-end margin-block-start margin-block-end""",
        _MARGIN,
    ),
    ("top right bottom left inset inset-inline inset-block", _OFFSET),
    (
        """width height min-width min-height max-width max-height inline-size block-size min-inline-size min-block-size
        max-inline-size max-block-size flex-basis""",
        _SIZE,
    ),
    (
        """box-sizing overflow overflow-x overflow-y overscroll-behavior float clear flex flex-direction flex-wrap
        flex-flow flex-grow flex-shrink order align-content align-items align-self justify-content justify-items
        justify-self place-content place-items place-self object-fit object-position aspect-ratio columns column-count
        mix-blend-mode isolation transform-origin transform-style backface-visibility resize touch-action
        -webkit-line-clamp line-clamp -webkit-box-orient will-change""",
        _LAYOUT,
    ),
    (
        """grid-template-columns grid-template-rows grid-template-areas grid-auto-columns grid-auto-rows grid-auto-flow
        grid-column grid-row grid-area column-width""",
        Kind(_GRID, bounds.within(0, 1000)),
    ),
    ("display", Kind(frozenset(), bounds.words(_DISPLAYED, hiding="none contents"))),
    ("visibility", Kind(frozenset(), bounds.words("visible", hiding="hidden collapse"))),
    ("position", Kind(frozenset(), bounds.words("static relative sticky", hiding="absolute"))),
    ("pointer-events", Kind(frozenset(), bounds.words("auto", hiding="none"))),
    (
        "cursor",
        Kind(
            frozenset(),
            bounds.words(
                "",
                everywhere="""auto default pointer text help wait progress not-allowed move grab grabbing zoom-in
                zoom-out crosshair context-menu copy inherit""",
            ),
        ),
    ),
    ("z-index", Kind(frozenset(), bounds.stacking)),
    ("opacity", Kind(frozenset(), bounds.opacity)),
    ("transform translate scale rotate", _MOVE),
    ("filter backdrop-filter -webkit-backdrop-filter", Kind(_FILTERS, bounds.filtering)),
    (
        """transition transition-property transition-duration transition-delay transition-timing-function
        transition-behavior""",
        Kind(_EASING, bounds.everywhere),
    ),
    ("animation animation-name", Kind(_EASING, bounds.away, names_keyframes=True)),
    (
        """animation-duration animation-delay animation-timing-function animation-iteration-count animation-direction
        animation-fill-mode animation-play-state""",
        Kind(_EASING, bounds.away),
    ),
    ("content", Kind(frozenset(), bounds.away, strings=True, only_generated=True)),
]
KINDS: dict[str, Kind] = {name: kind for names, kind in _GROUPS for name in names.split()}
