"""Which roles there are, in words, and who may give which."""

from collections.abc import Mapping
from types import MappingProxyType

from models.teammates import Role

WORDS: Mapping[Role, str] = MappingProxyType(
    {
        Role.OWNER: "Can do everything, and decide about other owners",
        Role.ADMIN: "Can do everything, but not change owners",
        Role.EDITOR: "Can teach agents and change how they look",
        Role.SUPPORT: "Can answer customers",
        Role.VIEWER: "Can see everything, and change nothing",
    }
)
_FROM_THE_TOP = list(Role)


def grantable_by(role: Role) -> list[Role]:
    """The roles that somebody with this role may give: their own and those below."""
    return _FROM_THE_TOP[_FROM_THE_TOP.index(role) :]


def rank(role: Role) -> int:
    """0 for owners, more the less a role may do; for sorting."""
    return _FROM_THE_TOP.index(role)
