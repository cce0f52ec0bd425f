"""Find personal data in what people write, and put a plain mark in its place."""

from core.privacy.masking import Masked, Span, mask

__all__ = ["Masked", "Span", "mask"]
