"""Conversations to look for."""

from datetime import timedelta

from core import conversations, inboxes
from core.inboxes import Filters, View
from tests.conftest import NOW, make_conversation, make_customer


def said(agent, text="Hello", *, minutes=0, name=None, **changes):
    """A conversation in which the customer has spoken some minutes after noon."""
    customer = make_customer(agent.workspace_id, name)
    conversation = make_conversation(agent, customer, **changes)
    conversations.ask(conversation, client_id="one", text=text, now=NOW + timedelta(minutes=minutes))
    return conversation


def asked_for_a_person(agent, *, minutes=0, **changes):
    conversation = said(agent, minutes=minutes, **changes)
    conversations.request_person(conversation, reason="asked", now=NOW + timedelta(minutes=minutes))
    return conversation


def page(workspace, reader, view=View.ALL, *, search="", days=0, **options):
    filters = options.pop("filters", Filters(search=search))
    return inboxes.page(workspace, view, reader=reader, now=NOW + timedelta(days=days), filters=filters, **options)


def ids(found):
    return [row.conversation.id for row in found.rows]
