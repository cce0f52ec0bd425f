"""What is asked about customer sign-in."""

import uuid
from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from core import identity_keys
from core.customer_tokens.compact import LONGEST_TOKEN
from core.identity_keys import Source
from models.agents import Agent
from models.customers import IdentityKey
from web.forms import PlainForm

_SHORT = Length(max=300, message="Use at most 300 letters.")


class KeyForm(PlainForm):
    """A new key: made by us, pasted, or read from an address."""

    source = RadioField(
        "Where the key comes from",
        choices=[SelectChoice(source.value) for source in (Source.SECRET, Source.PUBLIC_KEY, Source.JWKS_URL)],
        default=Source.SECRET.value,
        validators=[InputRequired("Choose where the key comes from.")],
    )
    name = StringField("Name", default="", validators=[Length(max=60, message="Use at most 60 letters.")])
    pasted = TextAreaField(
        "Public key", default="", validators=[Length(max=100_000, message="This is too long for a key.")]
    )
    address = StringField(
        "Address of the keys", default="", validators=[Length(max=2_000, message="This address is too long.")]
    )
    algorithm = SelectField(
        "Signed with",
        choices=[SelectChoice("RS256", "RS256 (most services)"), SelectChoice("ES256"), SelectChoice("EdDSA")],
        default="RS256",
    )
    audience = StringField("Audience", default="", validators=[_SHORT])
    issuer = StringField("Issuer", default="", validators=[_SHORT])
    instead_of = RadioField("Which key makes room", validate_choice=False)

    def choose_among(self, rows: Sequence[IdentityKey]) -> None:
        """Ask which key makes room where two are live already."""
        self.instead_of.choices = [SelectChoice(str(row.id)) for row in rows]

    def validate_pasted(self, field: TextAreaField) -> None:
        if self.source.data == Source.PUBLIC_KEY and not field.data.strip():
            raise ValidationError("Paste the public key here.")

    def validate_address(self, field: StringField) -> None:
        if self.source.data == Source.JWKS_URL and not field.data.strip():
            raise ValidationError("Write the address, like https://example.com/.well-known/jwks.json.")

    def validate_instead_of(self, field: RadioField) -> None:
        if len(field.choices) >= identity_keys.MOST_LIVE and self.replaced() is None:
            raise ValidationError("Choose which of the two keys the new one takes the place of.")

    def key(self) -> dict[str, Any]:
        """The key as the core takes it; a secret is made here.

        Raises:
            Invalid: when what was pasted is no key.
        """
        asked = {"audience": self.audience.data.strip(), "issuer": self.issuer.data.strip()}
        kept = {name: text for name, text in asked.items() if text}
        if self.source.data == Source.SECRET:
            return kept | {"alg": "HS256", "secret": identity_keys.new_secret()}
        if self.source.data == Source.PUBLIC_KEY:
            return kept | identity_keys.read_key(self.pasted.data)
        return kept | {"alg": self.algorithm.data, "jwks_url": self.address.data.strip()}

    def replaced(self) -> uuid.UUID | None:
        """The key that makes room, if one was chosen."""
        known = [choice.value for choice in self.instead_of.choices]
        return uuid.UUID(self.instead_of.data) if self.instead_of.data in known else None


class RequirementForm(PlainForm):
    is_on = BooleanField()


class TokenForm(PlainForm):
    """A token to look at; it is not kept."""

    token = TextAreaField(
        "Token",
        validators=[
            DataRequired("Paste the token that your server made."),
            Length(max=LONGEST_TOKEN * 2, message="This is far too long for a token. Copy it alone."),
        ],
    )

    def bare(self) -> str:
        """What was pasted, without the line ends that come from copying out of a terminal."""
        text: str = self.token.data
        return "".join(text.split())


class TrialForm(PlainForm):
    """With which agent, and by which key or pasted token, the chat is opened as a customer."""

    agent = SelectField("Agent", validators=[InputRequired("Choose an agent.")])

    def choose_among(self, agents: Sequence[Agent]) -> None:
        self.agent.choices = [SelectChoice(str(agent.id), agent.name) for agent in agents]
