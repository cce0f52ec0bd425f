"""What each entry of the audit log says, in words that somebody who runs a shop would use."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import Any

from models.audits import AuditEntry

# What was done, after the name of who did it. `{name}` is that of the subject.
ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "account.change_email": "changed the e-mail of their account",
        "account.rename": "changed their name",
        "agent.allow_link": "decided about the direct link of {name}",
        "agent.archive": "archived the agent {name}",
        "agent.create": "made the agent {name}",
        "agent.rename": "renamed the agent {name}",
        "agent.restore": "brought the agent {name} back",
        "answer.correct": "corrected an answer of {name}",
        "api_key.make": "made the API key {name}",
        "api_key.revoke": "revoked the API key {name}",
        "archive.bring": "began to bring a copy of a workspace in",
        "archive.brought": "brought a copy of a workspace in",
        "archive.download": "downloaded a copy of everything",
        "archive.make": "had a copy made of everything",
        "archive.remove": "deleted a copy of everything",
        "audit.export": "took a copy of the audit log",
        "authenticator.add": "set up an authenticator app",
        "authenticator.remove": "switched their authenticator app off",
        "authenticator.replace": "moved to another authenticator app",
        "availability.change": "changed when {name} takes conversations",
        "block.add": "blocked {name}",
        "block.change": "changed the block of {name}",
        "block.lift": "lifted the block of {name}",
        "browser.sign_in": "signed in with {name}",
        "browser.sign_out": "signed out another of their browsers, {name}",
        "browser.sign_out_others": "signed out all their other browsers",
        "budget.change": "changed how much {name} may answer",
        "canned_reply.add": "made the canned reply {name}",
        "canned_reply.change": "changed the canned reply {name}",
        "canned_reply.remove": "deleted the canned reply {name}",
        "connection.accounts": "let customers sign in at {name}",
        "connection.accounts_end": "let customers sign in at {name} no more",
        "connection.add": "connected an agent to {name}",
        "connection.change": "changed the connection to {name}",
        "connection.permit": "decided about a tool of {name}",
        "connection.remove": "removed the connection to {name}",
        "connection.switch": "decided whether {name} may be used",
        "connection.tool_changed": "switched off a tool of {name}, which the server had changed",
        "customer.erase": "erased a customer",
        "customer.export": "took a copy of what is kept of {name}",
        "customer.merge": "joined another customer to {name}",
        "customer_sign_in.require": "decided who may chat",
        "handoff.change": "changed when {name} fetches a person",
        "handover.send": "sent a developer the snippet of {name}",
        "handover.withdraw": "took back the link to the snippet of {name}",
        "identity_key.add": "added the key {name} for customer sign-in",
        "identity_key.retire": "retired the key {name} for customer sign-in",
        "identity_key.test": "made a token with the key {name}, to try it",
        "invitation.accept": "accepted the invitation to {name}",
        "invitation.make": "invited {name}",
        "invitation.withdraw": "withdrew the invitation to {name}",
        "language_model.add": "set up the language model {name}",
        "language_model.change": "changed the language model {name}",
        "language_model.move": "changed when the language model {name} is asked",
        "language_model.remove": "removed the language model {name}",
        "language_model.switch": "switched the language model {name} on or off",
        "letters.change": "changed when customers get e-mails",
        "limits.change": "changed how much visitors may send",
        "look.add_picture": "uploaded a picture for {name}",
        "look.discard": "dropped the unpublished look of {name}",
        "look.publish": "published a look of {name}",
        "look.restore": "brought back an earlier look of {name}",
        "look.publish_scheduled": "published a look of {name} at the time that was set",
        "look.schedule": "set a time for publishing a look of {name}",
        "look.unschedule": "took back the time for publishing a look of {name}",
        "manner.change": "changed how {name} speaks",
        "mailbox.add": "added the address {name} for answers by e-mail",
        "mailbox.change": "changed the address {name} for answers by e-mail",
        "mailbox.remove": "removed the address {name} for answers by e-mail",
        "memory.change": "changed what {name} remembers",
        "message.reveal": "looked at what was masked in {name}",
        "passkey.add": "added the passkey {name}",
        "passkey.remove": "removed the passkey {name}",
        "passkey.rename": "renamed a passkey to {name}",
        "password.change": "changed their password",
        "password.reset": "set a new password by a mailed link",
        "preview_link.make": "shared the draft of {name} by a link",
        "preview_link.withdraw": "took back a link to the draft of {name}",
        "privacy.decide": "changed what happens to personal data",
        "privacy.keep": "changed how long things are kept",
        "proposal.approve": "let {name} learn something from a conversation",
        "proposal.refuse": "turned down something that {name} could have learned",
        "protection.switch": "changed whether limits stop anybody",
        "ratings.change": "changed whether customers are asked how content they were",
        "recovery_code.use": "used a recovery code",
        "recovery_codes.renew": "made new recovery codes",
        "retention.clear": "cleared what was older than it is kept",
        "role.change": "changed the role of {name}",
        "room.add": "had the room {name} told what happens",
        "room.change": "changed what the room {name} is told",
        "room.remove": "had the room {name} told nothing any more",
        "routing.change": "changed who gets conversations",
        "second_factor.leave_open": "no longer asked everybody for a second factor",
        "second_factor.require": "asked everybody for a second factor",
        "second_factor.reset": "reset the second factor of {name}",
        "second_factor.reset_on_server": "reset the second factor of {name}, by a command",
        "return_link.end_all": "took all mailed links into chats back",
        "saved_view.add": "saved the view {name} of the conversations",
        "saved_view.change": "changed the saved view {name}",
        "saved_view.remove": "removed the saved view {name}",
        "session.end": "signed the customer {name} out",
        "session.end_all": "signed all visitors out",
        "tag.change": "changed the tag {name}",
        "tag.create": "added the tag {name}",
        "tag.delete": "deleted the tag {name}",
        "session.reuse": "used an old key of the browser of {name}, which was signed out for it",
        "sign_in.hold_up": "tried too many wrong passwords or codes for {name}, and has to wait",
        "spending.change": "changed what {name} may spend on language models",
        "source.add": "had an agent read {name}",
        "source.change": "changed how {name} is read",
        "source.delete": "made an agent forget {name}",
        "source.read": "had {name} read again",
        "source.replace": "handed in a newer version of {name}",
        "source.rewrite": "changed the text {name}",
        "source.stop": "stopped the reading of {name}",
        "source.leave_out": "had an agent leave out {name}",
        "source.take_in": "had an agent take in {name} again",
        "steps.change": "changed what is done about suspicious visitors",
        "targets.change": "changed how soon customers should be answered",
        "team.add": "made the team {name}",
        "team.change": "changed the team {name}",
        "team.remove": "removed the team {name}",
        "teammate.remove": "removed {name} from the team",
        "test_question.add": "added a test question for {name}",
        "test_question.remove": "removed a test question of {name}",
        "workspace.delete": "decided that {name} is deleted",
        "workspace.keep": "kept {name} from being deleted",
        "webhook.add": "had {name} told what happens",
        "webhook.change": "changed the webhook {name}",
        "webhook.remove": "removed the webhook {name}",
        "webhook.renew_secret": "made a new secret for the webhook {name}",
        "webhook.replay": "had the webhook {name} told again",
        "webhook.switch": "switched the webhook {name} on or off",
        "webhook.switched_off": "switched off the webhook {name}, which did not take anything",
        "websites.allow": "allowed {name} on more websites",
        "websites.change": "changed the websites of {name}",
        "websites.remove": "allowed {name} on fewer websites",
    }
)
_BY_A_STRANGER = ("session.reuse", "sign_in.hold_up")


@dataclass(frozen=True)
class Area:
    """A part of the product by which the log can be filtered."""

    name: str
    nouns: Sequence[str]


AREAS: Mapping[str, Area] = MappingProxyType(
    {
        "accounts": Area(
            "Sign-in and accounts",
            (
                *("account", "authenticator", "browser", "passkey", "password", "recovery_code", "recovery_codes"),
                *("second_factor", "sign_in"),
            ),
        ),
        "team": Area("Team", ("availability", "invitation", "role", "team", "teammate", "workspace")),
        "agents": Area(
            "Agents",
            ("agent", "budget", "handoff", "handover", "look", "manner", "preview_link", "spending"),
        ),
        "connections": Area("Connections", ("api_key", "connection")),
        "webhooks": Area("Webhooks", ("webhook",)),
        "models": Area("Language models", ("language_model",)),
        "knowledge": Area("Knowledge", ("answer", "proposal", "source", "test_question")),
        "websites": Area("Websites", ("websites",)),
        "customer-sign-in": Area("Customer sign-in", ("customer_sign_in", "identity_key", "return_link", "session")),
        "customers": Area("Customers", ("customer", "fact", "memory")),
        "privacy": Area("Privacy", ("message", "privacy", "retention")),
        "protection": Area("Protection", ("block", "limits", "protection", "steps")),
        "inbox": Area(
            "Inbox",
            ("canned_reply", "letters", "mailbox", "ratings", "room", "routing", "saved_view", "tag", "targets"),
        ),
        "data": Area("Your data", ("archive",)),
        "audit": Area("Audit log", ("audit",)),
    }
)
_LONGEST = 300
_MOST = 40


@dataclass(frozen=True)
class Change:
    """One setting before and after; None where there was or is none."""

    name: str
    before: str | None
    after: str | None


def who(entry: AuditEntry) -> str:
    """Who did it, as they were called then."""
    if entry.action in _BY_A_STRANGER:
        return "Somebody"
    return entry.who or "The server"


def deed(entry: AuditEntry) -> str:
    """What they did, to be read after `who`."""
    words = ACTIONS.get(entry.action)
    if words is None:
        noun, _, verb = entry.action.replace("_", " ").partition(".")
        words = f"did this to {noun} {{name}}: {verb}"
    return words.replace("{name}", entry.subject_name or "somebody unnamed")


def changes(entry: AuditEntry) -> list[Change]:
    """What was and what is, setting by setting; those that stayed the same are left out."""
    before, after = dict(_settings(entry.before)), dict(_settings(entry.after))
    names = dict.fromkeys((*before, *after))
    found = (Change(name, before.get(name), after.get(name)) for name in names if before.get(name) != after.get(name))
    return list(islice(found, _MOST))


def _settings(values: Mapping[str, Any] | None, within: str = "") -> Iterator[tuple[str, str]]:
    for key, value in (values or {}).items():
        name = f"{within}{str(key).replace('_', ' ')}"
        if isinstance(value, Mapping):
            yield from _settings(value, f"{name}, ")
        else:
            yield name[:1].upper() + name[1:], _in_words(value)


def _in_words(value: Any) -> str:
    if value is None or value in ("", []):
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return _cut("; ".join(_in_words(one) for one in value))
    if isinstance(value, Mapping):
        return _cut(", ".join(f"{key}: {_in_words(one)}" for key, one in value.items()))
    return _cut(str(value))


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
