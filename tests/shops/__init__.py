"""A shop with one of everything that a workspace can hold, and its name in every text.

Two of them stand side by side in the tests of who sees what: a name of one that shows up in the other has leaked.
"""

from flask import Flask
from flask.testing import FlaskClient

from core.clock import utc_now
from models import db, new_id
from models.agents import Agent
from models.teammates import Role, Workspace
from tests import inbox_rows
from tests.shops.agents import add_agent
from tests.shops.customers import add_customer
from tests.shops.fingerprints import NOT_OF_A_WORKSPACE, empty_tables, fingerprint
from tests.shops.settings import SECRET, add_settings
from tests.shops.shop import Shop, store
from tests.shops.teammates import APP_SECRET, add_people, add_teammate

__all__ = ["APP_SECRET", "NOT_OF_A_WORKSPACE", "SECRET", "Shop", "empty_tables", "fingerprint", "make_shop", "sign_in"]


def make_shop(name: str, *, is_staffed: bool = True) -> Shop:
    """Make a workspace with one row or more in every table.

    Args:
        name: stands in every text; one word of letters.
        is_staffed: whether there is a teammate of each role, and not only an owner.
    """
    shop = Shop(name=name, workspace=Workspace(id=new_id(), name=f"{name} Lamps", created_at=utc_now()))
    store([shop.workspace])
    for role in Role if is_staffed else [Role.OWNER]:
        add_teammate(shop, role)
    add_people(shop)
    inbox, beside = inbox_rows.of_workspace(shop, utc_now())
    shop.rows |= inbox
    store([*inbox.values(), *beside])
    add_agent(shop, "agent")
    add_agent(shop, "second_agent")
    shop.rows["archived_agent"] = Agent(
        id=new_id(),
        workspace_id=shop.workspace.id,
        name=f"{shop.name} of old",
        created_at=utc_now(),
        archived_at=utc_now(),
    )
    store([shop.rows["archived_agent"]])
    add_customer(shop, "customer", shop.rows["agent"])
    add_customer(shop, "second_customer", shop.rows["second_agent"])
    add_settings(shop)
    db.session.commit()
    # Plain facts from here on, whatever the requests do to the session.
    db.session.expunge_all()
    return shop


def sign_in(app: Flask, shop: Shop, role: Role) -> FlaskClient:
    """The browser of the shop's teammate of this role."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = shop.browsers[role]
        session["_fresh"] = True
    return client
