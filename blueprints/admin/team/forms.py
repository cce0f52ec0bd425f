"""Forms of the team's page."""

from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from core import roles
from models.teammates import Role, Teammate
from web.forms import PlainForm, email_field


class InvitationForm(PlainForm):
    email = email_field("Their e-mail")
    role = SelectField("Role", validators=[InputRequired("Choose a role.")])

    @classmethod
    def offered_by(cls, teammate: Teammate, *, is_new: bool = False) -> "InvitationForm":
        """With the roles that this teammate may give; empty when new, else with what was sent."""
        form = cls(formdata=None) if is_new else cls()
        form.role.choices = [
            (role.value, f"{role.value.capitalize()}: {roles.WORDS[role].lower()}")
            for role in roles.grantable_by(teammate.role)
        ]
        if is_new or not form.is_submitted():
            form.role.data = Role.SUPPORT.value
        return form


class RoleForm(PlainForm):
    role = RadioField("Role", validators=[InputRequired("Choose a role.")])

    @classmethod
    def offered_by(cls, teammate: Teammate, *, for_teammate: Teammate) -> "RoleForm":
        form = cls(role=for_teammate.role.value)
        form.role.choices = [(role.value, role.value.capitalize()) for role in roles.grantable_by(teammate.role)]
        return form
