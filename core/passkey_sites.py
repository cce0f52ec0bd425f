"""Where passkeys are good, and why a browser may offer none."""

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Site:
    """The address at which this installation is open: the relying party (WebAuthn Level 3, 4)."""

    origin: str

    @property
    def id(self) -> str:
        return urlsplit(self.origin).hostname or ""

    @property
    def obstacle(self) -> str:
        """Why no browser offers passkeys at this address, in words; empty when it does.

        Source: WebAuthn Level 3, 5.1.3, step 8; W3C Secure Contexts, 3.1.
        """
        if _is_number(self.id):
            return f"Passkeys need an address that is a name, and this one is a number.{self._way_out}"
        is_local = self.id == "localhost" or self.id.endswith(".localhost")
        if not is_local and not self.origin.startswith("https:"):
            return "Passkeys need an address that begins with https://, and this one does not."
        return ""

    @property
    def _way_out(self) -> str:
        if not ipaddress.ip_address(self.id).is_loopback:
            return ""
        parts = urlsplit(self.origin)
        port = f":{parts.port}" if parts.port else ""
        return f" On this computer, open {parts.scheme}://localhost{port} instead."


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
