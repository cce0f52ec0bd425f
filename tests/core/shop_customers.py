"""Customers who sign in at a made-up shop from the chat."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import func, select

from core import sessions, shop_accounts, tickets, tool_calls
from core.clock import utc_now
from core.sessions import Visit
from models import db
from models.conversations import Conversation

US = "https://chat.example"
VISIT = Visit(parent_origin="https://example.com", own_origin="http://localhost")


def opened(agent, **told):
    visit = replace(VISIT, **told)
    return sessions.start(agent, tickets.issue(agent, origin=None, channel="web"), visit, now=utc_now()).session


def armed(session, lending):
    """The button was pressed, and the window knows for whom: what it shows, and what the shop is asked."""
    secret = shop_accounts.begin(session, lending.id, now=utc_now())
    way = shop_accounts.arm(secret, public_url=US, now=utc_now())
    return way, {name: values[0] for name, values in parse_qs(urlsplit(way.url).query).items()}


def come_back(shop, way, asked, *, who="ines", browser=None, **changes):
    told = shop.accounts.authorize(asked, who=who) | changes
    return shop_accounts.finish(shop.row.id, told, browser=browser or way.browser, now=utc_now())


def sign_in(shop, session, lending, *, who="ines"):
    return come_back(shop, *armed(session, lending), who=who)


def conversation_of(session):
    return db.session.get(Conversation, session.conversation_id)


def looks_up(session, name="get_most_recent_order_status", **given):
    return tool_calls.call(conversation_of(session), None, name, given, now=utc_now())


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))
