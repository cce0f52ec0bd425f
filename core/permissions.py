"""What each role may do."""

import enum

from models.teammates import Role


class Permission(enum.StrEnum):
    VIEW = "view"
    """See agents, knowledge, conversations and figures."""
    ANSWER = "answer"
    """Talk to customers in the place of the agent."""
    EDIT_KNOWLEDGE = "edit_knowledge"
    """Change what an agent knows."""
    EDIT_AGENTS = "edit_agents"
    """Make agents, change how they look, publish."""
    MANAGE_WEBSITES = "manage_websites"
    """Say on which websites an agent may appear."""
    MANAGE_TEAM = "manage_team"
    """Invite, change and remove teammates; change the workspace."""
    MANAGE_CUSTOMERS = "manage_customers"
    """Join, hand out and erase what is kept of customers."""
    MANAGE_SECURITY = "manage_security"
    """Decide about customer sign-in, personal data and protection."""
    MANAGE_MODELS = "manage_models"
    """Say which language models are asked, with which keys, and what they may cost."""
    READ_AUDIT = "read_audit"
    """See who changed what."""
    OWN_WORKSPACE = "own_workspace"
    """Take a copy of everything, bring one in, and delete the workspace."""


_VIEWER = {Permission.VIEW}
_SUPPORT = _VIEWER | {Permission.ANSWER}
_EDITOR = _SUPPORT | {Permission.EDIT_KNOWLEDGE, Permission.EDIT_AGENTS}
_OWNER = set(Permission)
_ADMIN = _OWNER - {Permission.OWN_WORKSPACE}

_GRANTS: dict[Role, set[Permission]] = {
    Role.VIEWER: _VIEWER,
    Role.SUPPORT: _SUPPORT,
    Role.EDITOR: _EDITOR,
    Role.ADMIN: _ADMIN,
    Role.OWNER: _OWNER,
}


def may(role: Role, permission: Permission) -> bool:
    return permission in _GRANTS[role]
