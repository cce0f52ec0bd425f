"""Second factors of the people in tests, and what their devices show."""

import json
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pyotp
from flask.testing import FlaskClient

from core import authenticators, passkeys, passwords, recovery_codes
from core.clock import utc_now
from core.passkey_sites import Site
from models.teammates import Teammate
from tests.soft_passkeys import SoftPasskey


@cache
def hashed(password: str) -> str:
    """Hashing is slow on purpose; once is enough for all tests."""
    return passwords.hash_password(password)


class Phone:
    """An authenticator app. Each code that is asked for is one that was not shown before."""

    def __init__(self, teammate: Teammate) -> None:
        self.secret = authenticators.new_secret()
        then = utc_now() - timedelta(minutes=5)
        authenticators.set_up(teammate, self.secret, self.code(then), now=then)
        self._shown = 0

    def code(self, moment: datetime | None = None) -> str:
        return pyotp.TOTP(self.secret).at(moment or utc_now())

    def next_code(self) -> str:
        """The present code, then the one of the step after it, which is taken, too."""
        self._shown += 1
        return self.code(utc_now() + timedelta(seconds=30 * (self._shown - 1)))


def paper_of(teammate: Teammate) -> list[str]:
    return list(recovery_codes.renew(teammate, now=utc_now()))


def passkey_of(teammate: Teammate) -> SoftPasskey:
    device, site, now = SoftPasskey(), Site("http://localhost"), utc_now()
    asked = passkeys.ask_for_new(teammate, site, purpose="test", now=now)
    made = device.create(asked.options)
    passkeys.add(
        passkeys.read_new(teammate, made, challenge=asked.challenge, site=site, purpose="test", name="Laptop", now=now)
    )
    return device


def show(browser: FlaskClient, device: SoftPasskey, path: str, **bent: Any) -> Any:
    """What a page's script does: ask for the options beside `path`, and send what the device answers."""
    options = browser.post(f"{path.partition('?')[0]}/options").json
    return browser.post(path, data={"credential": json.dumps(device.get(options, **bent))})
