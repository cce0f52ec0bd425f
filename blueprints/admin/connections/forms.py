"""What is asked about connections and their tools."""

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, PasswordField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp

from core.connections import FILLS
from core.errors import Invalid
from models.agents import Agent
from models.connections import Audience, ConnectionTool
from web.forms import PlainForm

FIXED = "fixed"
KEPT = "kept"
_LONGEST_FIXED = 200
_KINDS = ("string", "integer", "number", "boolean")


class AddressForm(PlainForm):
    """Where a server is, and what it wants to be shown."""

    title = StringField(
        "Name",
        validators=[
            InputRequired("Give it a name, for example Our orders."),
            Length(max=60, message="Use at most 60 letters."),
        ],
    )
    url = StringField(
        "Address",
        validators=[
            InputRequired("Enter the address of the server."),
            Length(max=2_000, message="This address is too long."),
        ],
    )
    secret = PasswordField("Key", validators=[Optional(), Length(max=4_000, message="This key is too long.")])
    header = StringField(
        "Header of the key",
        validators=[
            Optional(),
            Regexp(r"[A-Za-z][A-Za-z0-9-]{0,59}\Z", message="A header has letters, digits and hyphens."),
        ],
    )


class NewForm(AddressForm):
    """A further connection, of one of the agents."""

    agent = SelectField("Agent")

    def offer(self, agents: Sequence[Agent]) -> None:
        self.agent.choices = [SelectChoice(str(agent.id), agent.name) for agent in agents]


class NewShopForm(PlainForm):
    """A shop at Shopify."""

    agent = SelectField("Agent")
    shop = StringField(
        "Address of the shop",
        validators=[
            InputRequired("Enter the address of the shop, like your-shop.myshopify.com."),
            Length(max=500, message="This address is too long."),
        ],
    )

    def offer(self, agents: Sequence[Agent]) -> None:
        self.agent.choices = [SelectChoice(str(agent.id), agent.name) for agent in agents]


class AccountsForm(PlainForm):
    """How the customers of a shop sign in there."""

    client_id = StringField(
        "Client ID",
        validators=[
            InputRequired("Enter the client ID that Shopify shows you."),
            Length(max=200, message="This is too long for a client ID."),
        ],
    )


class ToolForm(PlainForm):
    """Whether and how a tool may be used."""

    is_on = BooleanField("Use this tool")
    audience = RadioField(choices=[SelectChoice(audience.value, audience.value) for audience in Audience])
    needs_confirmation = BooleanField("Ask the customer first")
    fingerprint = HiddenField(validators=[InputRequired(), Length(max=64)])


class SwitchForm(PlainForm):
    is_on = BooleanField()


def filled(tool: ConnectionTool, sent: MultiDict[str, str]) -> dict[str, Any]:
    """What the arguments of a tool are to be filled with.

    Args:
        sent: `fill-N` and `value-N` for the Nth argument.

    Raises:
        Invalid: when a value does not fit.
    """
    found: dict[str, Any] = {}
    for number, (name, schema) in enumerate(tool.input_schema.get("properties", {}).items()):
        choice = sent.get(f"fill-{number}", "")
        if choice in FILLS:
            found[name] = choice
        elif choice == KEPT and name in tool.filled:
            found[name] = tool.filled[name]
        elif choice == FIXED:
            found[name] = {"value": _fixed(name, schema, sent.get(f"value-{number}", ""))}
    return found


def can_be_fixed(schema: Mapping[str, Any]) -> bool:
    """Whether somebody can write down a value for it."""
    return schema.get("type", "string") in _KINDS


def _fixed(name: str, schema: Mapping[str, Any], text: str) -> Any:
    kind, text = schema.get("type", "string"), text.strip()[:_LONGEST_FIXED]
    if not text or kind not in _KINDS:
        raise Invalid(f"Write what “{name}” always is.")
    try:
        if kind == "boolean":
            return {"yes": True, "true": True, "no": False, "false": False}[text.lower()]
        return int(text) if kind == "integer" else float(text) if kind == "number" else text
    except (ValueError, KeyError):
        wanted = "yes or no" if kind == "boolean" else "a number"
        raise Invalid(f"“{name}” has to be {wanted}.") from None
