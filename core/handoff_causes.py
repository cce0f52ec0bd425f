"""What caused a handoff: typed, never read out of a reply's words."""

import enum


class Cause(enum.StrEnum):
    """Who or what wanted a person."""

    CUSTOMER = "customer"
    """In words, or by a yes to the offer of one."""
    BUTTON = "button"
    MODEL = "model"
    ANGRY = "angry"
    UNANSWERED = "unanswered"
    TOPIC = "topic"
    VALUE = "value"
    FAILURE = "failure"
    BUDGET = "budget"
    TEAMMATE = "teammate"
    """Somebody of the team has passed it on."""

    @property
    def is_agents_own(self) -> bool:
        """Whether the agent decided it, and not the customer."""
        return self not in (Cause.CUSTOMER, Cause.BUTTON, Cause.TEAMMATE)
