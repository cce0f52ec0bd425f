"""What customers are told when something is refused, in the language of their widget."""

from core.errors import DomainError, TooMany
from core.widget_words.words import OwnWords, say, shipped, waiting_time


def refusal(language: str, error: DomainError, *, own: OwnWords | None = None) -> str:
    """A refusal in words for a customer.

    English has the refusal's own sentence, which tells more; so has a refusal for which there is no text.

    Args:
        own: an admin's own words.
    """
    key = f"refused_{error.code}"
    if language == "en" or key not in shipped(language):
        return error.message
    time = waiting_time(language, error.retry_after, own=own) if isinstance(error, TooMany) else ""
    return say(language, key, own=own, time=time)
