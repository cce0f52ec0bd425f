"""The kinds of small talk."""

from typing import Literal

Kind = Literal["hello", "thanks", "bye", "how_are_you", "are_you_robot", "who_are_you", "ok"]
