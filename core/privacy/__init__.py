"""Find personal data in what people write, and put a plain mark in its place."""

from core.privacy.kinds import Kind
from core.privacy.masking import Masked, Span, marked, mask

__all__ = ["Kind", "Masked", "Span", "marked", "mask"]
