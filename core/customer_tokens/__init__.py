"""Customer tokens: how a website proves who is chatting (design.md 5.2)."""

from core.customer_tokens.claims import VerifiedCustomer
from core.customer_tokens.examination import Check, Step, examine
from core.customer_tokens.keys import ALGORITHMS, InvalidKey, check_key
from core.customer_tokens.refusals import TokenRefused
from core.customer_tokens.verification import verify, verify_with_any

__all__ = [
    "ALGORITHMS",
    "Check",
    "InvalidKey",
    "Step",
    "TokenRefused",
    "VerifiedCustomer",
    "check_key",
    "examine",
    "verify",
    "verify_with_any",
]
