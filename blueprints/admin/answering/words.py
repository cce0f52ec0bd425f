"""How the choices about an agent's answers are told to admins."""

from collections.abc import Mapping

from core.answer_settings import Length, Tone, Unsupported

TONES: Mapping[Tone, tuple[str, str]] = {
    Tone.FRIENDLY: ("Friendly", "Kind and easy to talk to."),
    Tone.FACTUAL: ("Plain", "To the point, without any pleasantries."),
    Tone.FORMAL: ("Formal", "Polite and reserved."),
    Tone.PLAYFUL: ("Playful", "Light, with a little humour."),
}
LENGTHS: Mapping[Length, tuple[str, str]] = {
    Length.SHORT: ("Short", "At most three sentences."),
    Length.MEDIUM: ("Medium", "One or two short paragraphs."),
    Length.LONG: ("Long", "Everything that you taught about it."),
}
UNSUPPORTED: Mapping[Unsupported, tuple[str, str]] = {
    Unsupported.MARK: (
        "Give it, and mark it",
        "The customer gets the answer. In your inbox it is marked, so that you can check it.",
    ),
    Unsupported.WITHHOLD: (
        "Withhold it",
        "The customer gets the built-in answer: your own words, or that the agent does not know.",
    ),
}
