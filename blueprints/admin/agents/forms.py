"""What is asked of somebody who makes an agent."""

from wtforms import StringField
from wtforms.validators import InputRequired, Length

from core import agents, websites
from web.forms import PlainForm, told_at_the_field


class AgentForm(PlainForm):
    name = StringField("Name", validators=[InputRequired("Give the agent a name."), Length(max=60)])
    website = StringField("Website", validators=[Length(max=2000)])

    def validate_website(self, field: StringField) -> None:
        if (field.data or "").strip():
            with told_at_the_field():
                websites.read_site(field.data)

    def validate_name(self, field: StringField) -> None:
        with told_at_the_field():
            agents.read_name(field.data or "")
