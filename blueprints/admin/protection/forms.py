"""Forms of the pages about protection."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from blueprints.admin.protection.words import DURATIONS, Duration
from core.budgets import MOST as MOST_ANSWERS
from core.protection_settings import CEILINGS, LIMITS, MOST, STEPS, Action, Scope, Shield, Step
from models.agents import Agent
from web.forms import PlainForm, WholeOrEmpty

_LENGTHS = [SelectChoice(duration.value, words) for duration, (words, _length) in DURATIONS.items()]


def _number(label: str, most: int) -> Any:
    problem = f"Write a whole number from 1 to {most:,}, or leave the field empty."
    return IntegerField(label, validators=[WholeOrEmpty(problem), NumberRange(1, most, message=problem)])


class ModeForm(PlainForm):
    mode = RadioField(
        "When a limit is reached",
        choices=[SelectChoice("stop", "Stop them"), SelectChoice("note", "Only note it")],
        validators=[InputRequired("Choose one of the two.")],
    )


class LimitsForm(PlainForm):
    """One number for each limit; an empty one is no limit."""

    @classmethod
    def of(cls, shield: Shield) -> "LimitsForm":
        """With the numbers that hold."""
        return cls(formdata=None, data={_name(*key): limit.count for key, limit in shield.limits.items()})

    def field_of(self, action: Action, scope: Scope) -> Any:
        return self[_name(action, scope)]

    @property
    def counts(self) -> dict[tuple[Action, Scope], int | None]:
        return {key: self[_name(*key)].data for key in LIMITS}


class StepsForm(PlainForm):
    """From how many points each step is taken; an empty one is never taken."""

    @classmethod
    def of(cls, shield: Shield) -> "StepsForm":
        return cls(formdata=None, data={step.value: points for step, points in shield.steps.items()})

    @property
    def points(self) -> dict[Step, int | None]:
        return {step: self[step.value].data for step in STEPS}


def _name(action: Action, scope: Scope) -> str:
    return f"{action}_{scope}"


for _key in LIMITS:
    setattr(LimitsForm, _name(*_key), _number("", CEILINGS.get(_key, MOST)))
for _step in STEPS:
    setattr(StepsForm, _step.value, _number("", 1_000))


def budgets_form(agents: Sequence[Agent], *, is_new: bool = False) -> Any:
    """A form with a number of answers a day for each agent; an empty one is no limit."""

    class BudgetsForm(PlainForm):
        def field_of(self, agent: Agent) -> Any:
            return self[f"answers_{agent.id.hex}"]

    for agent in agents:
        setattr(BudgetsForm, f"answers_{agent.id.hex}", _number("", MOST_ANSWERS))
    kept = {f"answers_{agent.id.hex}": agent.daily_answers for agent in agents}
    return BudgetsForm(formdata=None, data=kept) if is_new else BudgetsForm(data=kept)


class _BlockForm(PlainForm):
    reason = StringField("Reason", validators=[Length(max=200, message="Use at most 200 letters for the reason.")])
    duration = SelectField(
        "For how long",
        choices=_LENGTHS,
        default=Duration.DAY.value,
    )
    is_understood = BooleanField("Block it all the same")


class RangeForm(_BlockForm):
    address = StringField(
        "Address or range",
        validators=[InputRequired("Write an address or a range."), Length(max=60, message="This is no address.")],
    )


class VisitorForm(_BlockForm):
    this_customer = BooleanField("This customer")
    their_address = BooleanField("Their internet address")


class AgainForm(PlainForm):
    duration = SelectField(
        "For how long",
        choices=_LENGTHS,
        default=Duration.MONTH.value,
    )
