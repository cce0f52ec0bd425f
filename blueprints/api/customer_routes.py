"""Customers: found, added, changed, erased."""

import uuid

from sqlalchemy import select

from blueprints.api import caller, once, versions
from blueprints.api.operations import operation
from blueprints.api.shapes.customers import ChangedCustomer, CustomerPage, CustomerQuery, CustomerShown, NewCustomer
from core import customer_records, customers, erasures, row_pages
from core.clock import utc_now
from models.customers import Customer
from models.customers import Standing as CustomerStanding


@operation(
    "GET", "/customers", summary="List customers", scope="customers:read", query=CustomerQuery, answer=CustomerPage
)
def list_customers(query: CustomerQuery) -> CustomerPage:
    """Who was there last comes first."""
    wanted = select(Customer).where(Customer.workspace_id == caller.current_workspace().id)
    if query.external_id is not None:
        wanted = wanted.where(Customer.external_id == query.external_id)
    if query.email is not None:
        wanted = wanted.where(Customer.email == query.email)
    if query.standing is not None:
        wanted = wanted.where(Customer.standing == CustomerStanding(query.standing))
    rows, following = row_pages.page(
        caller.current_workspace(),
        wanted,
        moment=Customer.last_seen_at,
        number=Customer.id,
        cursor=query.cursor,
        limit=query.limit,
        place=lambda row: (row.last_seen_at, row.id),
    )
    return CustomerPage(data=[CustomerShown.of(row) for row in rows], next=following)


@operation(
    "POST",
    "/customers",
    summary="Add a customer",
    scope="customers:write",
    body=NewCustomer,
    answer=CustomerShown,
    status=201,
    is_versioned=True,
)
def create_customer(body: NewCustomer) -> CustomerShown:
    """With an `externalId` that is known already, that customer is brought up to date instead; there is one of each."""
    customer = customer_records.add(
        caller.current_workspace(),
        external_id=body.external_id,
        profile=body.model_dump(include={"name", "email", "attributes"}, exclude_unset=True, by_alias=False),
        now=utc_now(),
    )
    once.speaks_of(customer.id)
    return CustomerShown.of(customer)


@operation(
    "GET",
    "/customers/<uuid:customer_id>",
    summary="Show a customer",
    scope="customers:read",
    answer=CustomerShown,
    is_versioned=True,
)
def show_customer(customer_id: uuid.UUID) -> CustomerShown:
    return CustomerShown.of(customers.find(caller.current_workspace(), customer_id))


@operation(
    "PATCH",
    "/customers/<uuid:customer_id>",
    summary="Change a customer",
    scope="customers:write",
    body=ChangedCustomer,
    answer=CustomerShown,
    is_versioned=True,
)
def change_customer(customer_id: uuid.UUID, body: ChangedCustomer) -> CustomerShown:
    """Name, e-mail and attributes are profile: changing them joins nobody to anybody."""
    customer = customers.find(caller.current_workspace(), customer_id)
    once.speaks_of(customer.id)
    versions.check(customer, lambda: CustomerShown.of(customer))
    customer_records.change(customer, body.model_dump(exclude_unset=True, by_alias=False))
    return CustomerShown.of(customer)


@operation("DELETE", "/customers/<uuid:customer_id>", summary="Erase a customer", scope="customers:write", status=204)
def erase_customer(customer_id: uuid.UUID) -> None:
    """Everything that is kept of them goes, with their conversations, for ever."""
    customer = customers.find(caller.current_workspace(), customer_id)
    versions.check(customer, lambda: CustomerShown.of(customer))
    erasures.erase(customer, by=caller.author(), now=utc_now())
