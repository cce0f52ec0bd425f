"""A sign-in at a shop, from the button in the chat to the way back: OAuth 2.0 codes with PKCE.

Three secrets hold it together, each good once and for ten minutes. The chat hands the first to the window that it has
opened itself, so that nobody can be led into somebody else's sign-in by a link. That window's browser keeps the second
as a cookie, and the shop hands the third back (`state`): only where both come together, in the browser that began, is
the code taken, and only for the chat that began.

Source: RFC 6749 (4.1, 10.12), RFC 7636, RFC 9207, RFC 9700 (2.1, 4.4, 4.5, 4.7).
"""

import base64
import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from cryptography.exceptions import InvalidTag
from sqlalchemy import delete, select, update

from core import refresh_secrets, signing
from core.errors import Conflict, Invalid, NotFound, Unauthenticated
from core.shop_accounts import keeping, sign_ins, tokens
from models import db, new_id, transaction
from models.agents import Agent
from models.customers import WidgetSession
from models.shop_accounts import ShopAccounts, ShopLogin, ShopSignIn

LIFETIME = timedelta(minutes=10)
_LONGEST_SECRET = 100
_LONGEST_CODE = 4_000
_OVER = "This sign-in is over, or was not begun here. Go back to the chat and press the button there again."


@dataclass(frozen=True, repr=False)
class Armed:
    """Where a browser goes to sign in, and what it has to show when it comes back."""

    url: str
    browser: str


def begin(session: WidgetSession, connection_id: uuid.UUID, *, now: datetime) -> str:
    """Begin a sign-in for the chat of a session.

    Returns:
        what the window that the chat opens has to show.

    Raises:
        NotFound: also for another agent's shop.
        Forbidden: for a chat that began with a mailed link, which whoever has the mail can open.
    """
    agent = db.session.get_one(Agent, session.agent_id)
    row, _connection = keeping.of_agent(agent, connection_id)
    secret = signing.new_secret()
    with transaction():
        refresh_secrets.take(session.family_id)
        # One at a time in one browser's chat: the latest button that was pressed.
        db.session.execute(
            delete(ShopLogin).where(
                ShopLogin.family_id == session.family_id, ShopLogin.connection_id == row.connection_id
            )
        )
        db.session.add(
            ShopLogin(
                id=new_id(),
                workspace_id=session.workspace_id,
                connection_id=row.connection_id,
                customer_id=session.customer_id,
                family_id=session.family_id,
                conversation_id=session.conversation_id,
                secret_hash=signing.hash_secret(secret),
                created_at=now,
                expires_at=now + LIFETIME,
            )
        )
    return secret


def arm(secret: object, *, public_url: str, now: datetime) -> Armed:
    """Send the window that the chat has opened to the shop, once.

    Args:
        secret: of `begin`.
        public_url: where we are served.

    Raises:
        NotFound: when it is not good any more, or was used.
    """
    state, browser, nonce, verifier = (signing.new_secret() for _ in range(4))
    with transaction():
        login = _claimed(secret, state, browser, now=now)
        row, _connection = keeping.found(login.connection_id)
        callback = public_url + keeping.callback_path(row.shop_id)
        began = {"verifier": verifier, "nonce": nonce, "callback": callback, **_with_whom(row)}
        scopes = keeping.scopes(row)
        login.sealed = signing.seal(json.dumps(began).encode(), bound_to=login.id.bytes)
    asked = {
        "response_type": "code",
        "client_id": row.client_id,
        "redirect_uri": callback,
        "scope": scopes,
        "state": state,
        "nonce": nonce,
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
    }
    return Armed(_with_query(row.authorization_url, asked), browser)


def finish(shop_id: uuid.UUID, told: Mapping[str, str], *, browser: str | None, now: datetime) -> ShopSignIn:
    """Take somebody back who comes from the shop.

    Args:
        shop_id: of the connection to the shop that they come back from.
        told: what stands in the address that the shop has sent them to: `state` and `code`, perhaps `iss`, or `error`.
        browser: what their browser shows, of `arm`.

    Raises:
        Unauthenticated: whoever comes is not who was sent there, or the chat is somebody else's by now.
        NotFound, Invalid, Conflict: the shop is not there any more, has refused, or was changed meanwhile.
    """
    login = _taken(told.get("state", ""), browser, now=now)
    began = _opened(login)
    row, _connection = keeping.found(login.connection_id)
    if row.shop_id != shop_id:
        raise Unauthenticated(_OVER)
    if {name: began[name] for name in _with_whom(row)} != _with_whom(row):
        raise Conflict("The sign-in of this shop was changed meanwhile. Please try again.")
    if told.get("iss", row.issuer) != row.issuer:
        raise Unauthenticated("This answer comes from another shop than the one that was asked.")
    code = told.get("code", "")
    if told.get("error") or not 0 < len(code) <= _LONGEST_CODE:
        raise Invalid("You have not signed in at the shop.")
    # Nothing of the database is held while the shop is asked.
    db.session.commit()
    given = tokens.had_for_code(
        row, code, verifier=began["verifier"], nonce=began["nonce"], callback=began["callback"], now=now
    )
    return sign_ins.keep(login, given, now=now)


def challenge_of(verifier: str) -> str:
    """What the shop is told of the verifier before it is shown it (RFC 7636, 4.2: S256)."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


@dataclass(frozen=True)
class Login:
    """What is needed of a sign-in under way once its row is gone."""

    id: uuid.UUID
    workspace_id: uuid.UUID
    connection_id: uuid.UUID
    customer_id: uuid.UUID
    family_id: uuid.UUID
    conversation_id: uuid.UUID
    sealed: bytes


def _claimed(secret: object, state: str, browser: str, *, now: datetime) -> ShopLogin:
    if not isinstance(secret, str) or len(secret) > _LONGEST_SECRET:
        raise NotFound(_OVER)
    login_id = db.session.scalar(
        update(ShopLogin)
        .where(
            ShopLogin.secret_hash == signing.hash_secret(secret),
            ShopLogin.state_hash.is_(None),
            ShopLogin.expires_at > now,
        )
        .values(state_hash=signing.hash_secret(state), browser_hash=signing.hash_secret(browser))
        .returning(ShopLogin.id)
        .execution_options(synchronize_session=False)
    )
    if login_id is None:
        raise NotFound(_OVER)
    return db.session.get_one(ShopLogin, login_id, populate_existing=True)


def _taken(state: str, browser: str | None, *, now: datetime) -> Login:
    """The sign-in of a state, which is over with this, whatever becomes of it."""
    if not browser or len(state) > _LONGEST_SECRET or len(browser) > _LONGEST_SECRET:
        raise Unauthenticated(_OVER)
    with transaction():
        row = db.session.scalar(select(ShopLogin).where(ShopLogin.state_hash == signing.hash_secret(state)))
        if row is None or not hmac.compare_digest(row.browser_hash or "", signing.hash_secret(browser)):
            raise Unauthenticated(_OVER)
        taken = Login(
            *(row.id, row.workspace_id, row.connection_id, row.customer_id, row.family_id, row.conversation_id),
            sealed=row.sealed or b"",
        )
        is_live = row.expires_at > now
        gone = db.session.scalar(
            delete(ShopLogin)
            .where(ShopLogin.id == row.id)
            .returning(ShopLogin.id)
            .execution_options(synchronize_session=False)
        )
        db.session.expunge(row)
    if gone is None or not is_live:
        raise Unauthenticated(_OVER)
    return taken


def _opened(login: Login) -> Mapping[str, Any]:
    try:
        began: Mapping[str, Any] = json.loads(signing.unseal(login.sealed, bound_to=login.id.bytes))
    except InvalidTag:
        raise Unauthenticated(_OVER) from None
    return began


def _with_whom(row: ShopAccounts) -> dict[str, str]:
    return {"issuer": row.issuer, "client": row.client_id, "tokens": row.token_url}


def _with_query(address: str, asked: Mapping[str, str]) -> str:
    parts = urlsplit(address)
    query = "&".join(part for part in (parts.query, urlencode(asked)) if part)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))
