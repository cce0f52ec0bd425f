"""What the chat can do beside chatting."""

from typing import Any

from wtforms import BooleanField, HiddenField

from core.widget_configs import FEATURES, WidgetConfig

PROBLEMS = ()
SENTENCES = {
    "handoff": ("Offer a person", "Customers can ask for somebody of your team at any time."),
    "attachments": ("Files and pictures", "Customers can send files, for example a photo of what arrived broken."),
    "emoji": ("Emoji", "A button beside the field opens a list of emoji. Phones have their own."),
    "sound": ("Sound", "A short tone when an answer comes while the chat is closed. Customers can mute it."),
    "transcript": ("Copy of the conversation", "Customers can take what was said with them."),
    "pop_out": ("Own window", "Customers can move the chat into a window of its own while they look around."),
    "resize": ("Larger window", "Customers can make the chat larger on a wide screen."),
    "link_previews": (
        "Previews of links",
        "Shows the title and summary of pages that answers link to. Links of customers are left alone.",
    ),
}
"""Each switch with its name and what it does, in the order of the form."""


class Fields:
    # An unticked box sends nothing; this says that the section was there.
    has_features = HiddenField()
    feature_handoff = BooleanField()
    feature_attachments = BooleanField()
    feature_emoji = BooleanField()
    feature_sound = BooleanField()
    feature_transcript = BooleanField()
    feature_pop_out = BooleanField()
    feature_resize = BooleanField()
    feature_link_previews = BooleanField()


def settings_of(form: Any) -> dict[str, Any]:
    if not form.has_features.data:
        return {}
    return {"features": {name: form[f"feature_{name}"].data for name in FEATURES}}


def values_of(config: WidgetConfig) -> dict[str, Any]:
    return {f"feature_{name}": config.features.get(name, is_on) for name, is_on in FEATURES.items()}
