"""What the forms of all features share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from wtforms import EmailField
from wtforms.validators import Email, InputRequired, Length, ValidationError

from core.errors import DomainError


@contextmanager
def told_at_the_field() -> Iterator[None]:
    """Show a refusal of the core beside the field that is being checked."""
    try:
        yield
    except DomainError as refusal:
        raise ValidationError(refusal.message) from None


def email_field(label: str = "E-mail") -> Any:
    return EmailField(
        label,
        validators=[
            InputRequired("Write the e-mail address."),
            Length(max=254, message="This e-mail address is too long."),
            Email("This does not look like an e-mail address. It should be like name@example.com."),
        ],
    )
