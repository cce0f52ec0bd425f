"""Custom CSS of an admin: parsed, checked against allow-lists, and written anew.

What comes out can neither load anything nor leave its sheet, and it can never hide or cover what is marked
`data-protected` in the widget (the close button, the consent, the automation notice). Three means see to that:

- Every selector gets a guard (`selectors.py`) so that it cannot match a protected element or a part of one. A
  declaration that could move or hide its element gets a wider guard, which spares everything around a protected
  element too. A browser that does not know `:has()` drops such a rule, which is the safe side.
- Values that are inherited, or that push the neighbours about, have bounds (`values.py`).
- Keyframes live under names of their own, so the widget's own animations cannot be replaced.
"""

from core.custom_css.names import PROPERTIES, SELECTORS, StableName
from core.custom_css.sanitizer import MAX_SIZE, Problem, SanitizedCss, sanitize

__all__ = ["MAX_SIZE", "PROPERTIES", "SELECTORS", "Problem", "SanitizedCss", "StableName", "sanitize"]
