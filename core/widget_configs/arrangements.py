"""Rules of style for what only some looks have, so that no other chat carries them."""

from collections.abc import Iterator

from core.widget_configs.config import Theme
from core.widget_configs.palettes import dark_of, light_of
from core.widget_configs.parts import Brand, picture_url

_CENTERED = (
    ".top{position:relative;flex-direction:column;gap:6px;padding-bottom:14px;text-align:center}"
    ".title{flex:none;max-width:100%}.top .face{width:48px;height:48px}"
    ".menu,.top .close{position:absolute;top:max(8px,env(safe-area-inset-top));margin:0}"
    ".intro{text-align:center}.intro .face{display:none}.logo{margin-inline:auto}"
    ".menu{inset-inline-end:56px}.top .close{inset-inline-end:10px}.menu:last-child{inset-inline-end:10px}"
)
_AVATAR = '.top .face,.intro .face,[data-from="agent"] .avatar{background:#fff url(%s) 50%%/cover;font-size:0}'
_LOGO = ".logo{display:block;max-width:min(100%,240px);max-height:64px;margin-bottom:16px}.intro .face{display:none}"
_PLATE = "box-sizing:content-box;padding:10px 14px;border-radius:calc(var(--radius)*.67);background:%s"


def arranged(theme: Theme, brand: Brand) -> str:
    """The style sheet of a look's own arrangement: its header, its picture, its logo."""
    return "".join(_rules(theme, brand))


def _rules(theme: Theme, brand: Brand) -> Iterator[str]:
    if theme.header_layout == "center":
        yield _CENTERED
    if brand.avatar:
        yield _AVATAR % picture_url(brand.avatar)
    if brand.logo:
        yield _LOGO
        yield from _plate(theme, brand.logo_tone)


def _plate(theme: Theme, tone: str) -> Iterator[str]:
    """A logo that would be lost on one of the schemes stands there on the paper of the other."""
    if tone:
        rule = _PLATE % (light_of(theme).paper if tone == "dark" else dark_of(theme).paper)
        yield f':root[data-scheme="{tone}"] .logo{{{rule}}}'
        yield f'@media(prefers-color-scheme:{tone}){{:root[data-scheme="auto"] .logo{{{rule}}}}}'
