"""The language models that a workspace's agents may ask, in their order; read from a cache."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from core import audits, signing
from core.errors import Conflict, Invalid, NotFound
from core.recent_values import RecentValues
from core.texts import clean_line, required_text
from gateways.llm import Model
from gateways.outgoing import OutgoingRefused, check_url
from models import after_commit, db, new_id, transaction
from models.answering import LanguageModel
from models.teammates import Teammate, Workspace

MOST = 10
MOST_PRICE = 10_000_000_000
"""Ten thousand for a million tokens, in millionths."""
LONGEST_PATIENCE = 20
SERVERS_OWN = "This server’s model"


@dataclass(frozen=True)
class Endpoint:
    """A model that can be asked, and what it costs."""

    title: str
    model: Model
    input_price: int | None = None
    """Millionths of the workspace's money for a million tokens."""
    output_price: int | None = None
    patience: int | None = None
    """Seconds until its first word; None: as long as nobody notices."""

    def cost(self, input_tokens: int, output_tokens: int) -> int:
        """What so many tokens cost, in millionths; nothing where no price is known."""
        price = input_tokens * (self.input_price or 0) + output_tokens * (self.output_price or 0)
        # Rounded up: many small sums must not come to nothing.
        return -(-price // 1_000_000)


@dataclass(frozen=True)
class Draft:
    """What an admin has written about a model."""

    title: str
    base_url: str
    name: str = ""
    key: str | None = None
    """None keeps the one that is there; empty: it needs none."""
    input_price: int | None = None
    output_price: int | None = None
    patience: int | None = None


_reach: dict[str, bool] = {"allow_private": False}
_own: list[Endpoint] = []


def reach(*, allow_private: bool) -> None:
    """Say for this process whether models in the own network may be asked."""
    _reach["allow_private"] = allow_private


def use_model(model: Model | None, *, patience: int | None = None) -> None:
    """Say which model the operator has chosen for everybody; it is asked first. None: no such one."""
    _own[:] = [Endpoint(SERVERS_OWN, model, patience=patience)] if model else []


def servers_own() -> Endpoint | None:
    """The model that the operator has chosen for everybody."""
    return _own[0] if _own else None


def endpoints(workspace_id: uuid.UUID) -> tuple[Endpoint, ...]:
    """Which models to ask, the first one first; what another process has changed holds here within five seconds."""
    return (*_own, *_recent.of(workspace_id))


def listed(workspace: Workspace) -> Sequence[LanguageModel]:
    """A workspace's own models in their order, those that are switched off too."""
    of_workspace = select(LanguageModel).where(LanguageModel.workspace_id == workspace.id)
    return db.session.scalars(of_workspace.order_by(LanguageModel.position, LanguageModel.created_at)).all()


def find(workspace: Workspace, model_id: uuid.UUID) -> LanguageModel:
    """One of a workspace's models.

    Raises:
        NotFound: also for somebody else's.
    """
    model = db.session.get(LanguageModel, model_id)
    if model is None or model.workspace_id != workspace.id:
        raise NotFound("There is no such model. It may have been removed.")
    return model


def add(workspace: Workspace, draft: Draft, *, by: Teammate | None, now: datetime) -> LanguageModel:
    """Have a workspace's agents ask another model, after those they ask already.

    Raises:
        Invalid: when its address cannot be asked, or something else of it cannot be meant.
        Conflict: when there are as many as there can be.
    """
    values = _checked(draft)
    with transaction():
        known = listed(workspace)
        if len(known) >= MOST:
            raise Conflict(f"There are {MOST} models already, which is as many as there can be. Remove one first.")
        _check_title(known, values["title"])
        model = LanguageModel(id=new_id(), workspace_id=workspace.id, created_at=now, updated_at=now, **values)
        model.position = max((one.position for one in known), default=-1) + 1
        model.sealed_key = _sealed(model.id, draft.key)
        db.session.add(model)
        _record(model, "language_model.add", by=by, after=_told(model), now=now)
    return model


def change(model: LanguageModel, draft: Draft, *, by: Teammate | None, now: datetime) -> None:
    """Change where a model is, what it is called or what it costs.

    Raises:
        Invalid: as `add`; and when the address is another one and its key is not written anew, since whoever may
            change an address could otherwise have the key sent to themselves.
    """
    values = _checked(draft)
    if model.sealed_key and draft.key is None and values["base_url"] != model.base_url:
        raise Invalid("The address is another one now. Write the key again, so that it goes nowhere unasked.")
    with transaction():
        others = [one for one in _of(model) if one.id != model.id]
        _check_title(others, values["title"])
        before = _told(model)
        for name, value in values.items():
            setattr(model, name, value)
        if draft.key is not None:
            model.sealed_key = _sealed(model.id, draft.key)
        model.updated_at, model.problem, model.tried_at = now, None, None
        after = _told(model) | ({"key": "replaced"} if draft.key else {})
        _record(model, "language_model.change", by=by, before=before, after=after, now=now)


def switch(model: LanguageModel, *, is_on: bool, by: Teammate | None, now: datetime) -> None:
    """Have a model asked, or no longer."""
    if model.is_on == is_on:
        return
    with transaction():
        model.is_on, model.updated_at = is_on, now
        _record(model, "language_model.switch", by=by, before={"on": not is_on}, after={"on": is_on}, now=now)


def move(model: LanguageModel, *, up: bool, by: Teammate | None, now: datetime) -> None:
    """Have a model asked one place earlier or later; at the end of the list nothing changes."""
    with transaction():
        order = [*_of(model)]
        place = next(number for number, one in enumerate(order) if one.id == model.id)
        goal = place - 1 if up else place + 1
        if not 0 <= goal < len(order):
            return
        order[place], order[goal] = order[goal], order[place]
        for number, one in enumerate(order):
            one.position = number
        _record(model, "language_model.move", by=by, before={"place": place + 1}, after={"place": goal + 1}, now=now)


def remove(model: LanguageModel, *, by: Teammate | None, now: datetime) -> None:
    """Forget a model and its key; what it has cost stays known."""
    with transaction():
        _record(model, "language_model.remove", by=by, before=_told(model), now=now)
        db.session.delete(model)


def endpoint_of(model: LanguageModel) -> Endpoint:
    """How a model is asked.

    Raises:
        Conflict: when its key was sealed under a secret that the server does not know any more.
    """
    try:
        key = signing.unseal(model.sealed_key, bound_to=model.id.bytes).decode() if model.sealed_key else ""
    except InvalidTag:
        raise Conflict("The key of this model cannot be read any more. Write it again.") from None
    asked = Model(model.base_url, model.name, key, may_be_private=_reach["allow_private"])
    return Endpoint(model.title, asked, model.input_price, model.output_price, model.patience)


def _read(workspace_id: uuid.UUID) -> tuple[Endpoint, ...]:
    rows = db.session.scalars(
        select(LanguageModel)
        .where(LanguageModel.workspace_id == workspace_id, LanguageModel.is_on)
        .order_by(LanguageModel.position, LanguageModel.created_at)
    )
    found = []
    for row in rows:
        try:
            found.append(endpoint_of(row))
        except Conflict:
            # The page of the models says so; customers get the next one.
            continue
    return tuple(found)


def _of(model: LanguageModel) -> Sequence[LanguageModel]:
    return listed(db.session.get_one(Workspace, model.workspace_id))


def _checked(draft: Draft) -> dict[str, Any]:
    for price in (draft.input_price, draft.output_price):
        if price is not None and not 0 <= price <= MOST_PRICE:
            raise Invalid("Write a price from 0 to 10,000 for a million tokens, or leave the field empty.")
    if draft.patience is not None and not 1 <= draft.patience <= LONGEST_PATIENCE:
        raise Invalid(f"Write a number of seconds from 1 to {LONGEST_PATIENCE}, or leave the field empty.")
    if draft.key and (len(draft.key) > 500 or not draft.key.isascii() or not draft.key.isprintable()):
        raise Invalid("This is no key: it has at most 500 letters, digits and signs, without line breaks.")
    return {
        "title": clean_line(required_text(draft.title, name="The name", limit=60)),
        "base_url": read_address(draft.base_url),
        "name": clean_line(draft.name)[:200],
        "input_price": draft.input_price,
        "output_price": draft.output_price,
        "patience": draft.patience,
    }


def read_address(text: str) -> str:
    """An admin's address of a server, as it is asked.

    Raises:
        Invalid: when it must not be asked.
    """
    address = clean_line(text)
    try:
        url = check_url(address, allow_private=_reach["allow_private"])
    except OutgoingRefused as refusal:
        raise Invalid(
            f"{refusal} {_HINT}" if "private" in str(refusal) or "ports" in str(refusal) else str(refusal)
        ) from None
    if url.scheme == "http" and not _reach["allow_private"]:
        raise Invalid("Use an address that begins with https://: everybody on the way could read your key otherwise.")
    if url.query or url.fragment:
        raise Invalid("Leave out everything from ? or # on.")
    path = url.path.rstrip("/").removesuffix("/chat/completions") or "/v1"
    return str(url.copy_with(path=path))


_HINT = (
    "A model on your own computer or network can be used once whoever runs this server has set "
    "ALLOW_PRIVATE_ADDRESSES=1, or has named it in LLM_BASE_URL (docs/deploying.md)."
)


def _check_title(others: Sequence[LanguageModel], title: str) -> None:
    if title.casefold() in {SERVERS_OWN.casefold(), *(one.title.casefold() for one in others)}:
        raise Invalid("There is a model of this name already. Give it another name.")


def _sealed(model_id: uuid.UUID, key: str | None) -> bytes | None:
    return signing.seal(key.encode(), bound_to=model_id.bytes) if key else None


def _told(model: LanguageModel) -> dict[str, Any]:
    """What the audit log tells of a model: no key."""
    return {
        "name": model.title,
        "address": model.base_url,
        "model": model.name,
        "price of input": model.input_price,
        "price of output": model.output_price,
        "patience": model.patience,
        "has a key": model.sealed_key is not None,
    }


def _record(model: LanguageModel, action: str, *, by: Teammate | None, now: datetime, **told: Any) -> None:
    subject = ("language_model", model.id, model.title)
    audits.record(model.workspace_id, action, by=by, subject=subject, now=now, **told)
    workspace_id = model.workspace_id
    after_commit(lambda: _recent.forget(workspace_id))


_recent = RecentValues(_read)
