"""Customer accounts of a connected shop: its customers sign in there, and their own orders can be looked up."""

from core.shop_accounts.calling import call
from core.shop_accounts.keeping import (
    callback_path,
    card,
    check,
    connect,
    disconnect,
    found,
    is_in_use,
    of_agent,
    of_shop,
    scopes,
    shop_name,
)
from core.shop_accounts.logins import Armed, arm, begin, finish
from core.shop_accounts.sign_ins import (
    clear_expired,
    end_of_session,
    is_signed_in,
    keep_latest,
    live_of,
    of,
    of_session,
)

__all__ = [
    "Armed",
    "arm",
    "begin",
    "call",
    "callback_path",
    "card",
    "check",
    "clear_expired",
    "connect",
    "disconnect",
    "end_of_session",
    "finish",
    "found",
    "is_in_use",
    "is_signed_in",
    "keep_latest",
    "live_of",
    "of",
    "of_agent",
    "of_session",
    "of_shop",
    "scopes",
    "shop_name",
]
