"""Find personal data in what people write, and put a plain mark in its place."""

from core.privacy.kinds import Kind
from core.privacy.masking import Masked, Span, marked, mask
from core.privacy.pages import looks_like_page, plain_page

__all__ = ["Kind", "Masked", "Span", "looks_like_page", "marked", "mask", "plain_page"]
