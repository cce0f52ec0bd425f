"""An authenticator made of software, as WebAuthn Level 3 describes one; each part of its answers can be bent."""

import base64
import hashlib
import json
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

_UP, _UV, _AT = 0x01, 0x04, 0x40


@dataclass
class SoftPasskey:
    """One key pair, bound to the site that asked for it."""

    origin: str = "http://localhost"
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    user_handle: bytes = b""
    sign_count: int = 0

    def create(self, options: Mapping[str, Any], **bent: Any) -> dict[str, Any]:
        """Answer `navigator.credentials.create`."""
        self.user_handle = _bytes(options["user"]["id"])
        attested = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + self._cose_key()
        data = self._authenticator_data(bent.get("rp_id", options["rp"]["id"]), bent.get("flags", _UP | _UV) | _AT)
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data + attested})
        client_data = self._client_data("webauthn.create", options, bent)
        return self._credential({"clientDataJSON": client_data, "attestationObject": attestation})

    def get(self, options: Mapping[str, Any], **bent: Any) -> dict[str, Any]:
        """Answer `navigator.credentials.get`."""
        self.sign_count = bent.get("sign_count", self.sign_count + 1)
        data = self._authenticator_data(bent.get("rp_id", options["rpId"]), bent.get("flags", _UP | _UV))
        client_data = self._client_data("webauthn.get", options, bent)
        signed = data + hashlib.sha256(client_data).digest()
        parts = {
            "clientDataJSON": client_data,
            "authenticatorData": data,
            "signature": bent.get("signature", self.key.sign(signed, ec.ECDSA(hashes.SHA256()))),
        }
        handle = bent.get("user_handle", self.user_handle)
        return self._credential(parts | ({"userHandle": handle} if handle else {}))

    def _client_data(self, kind: str, options: Mapping[str, Any], bent: Mapping[str, Any]) -> bytes:
        content = {
            "type": bent.get("type", kind),
            "challenge": bent.get("challenge", options["challenge"]),
            "origin": bent.get("origin", self.origin),
            "crossOrigin": False,
        }
        return json.dumps(content).encode()

    def _authenticator_data(self, rp_id: str, flags: int) -> bytes:
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + struct.pack(">I", self.sign_count)

    def _cose_key(self) -> bytes:
        """RFC 9052, 7, and RFC 9053, 7.1.1: an ES256 key on P-256."""
        point = self.key.public_key().public_numbers()
        coordinates = {-2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        return cbor2.dumps({1: 2, 3: -7, -1: 1} | coordinates)

    def _credential(self, parts: Mapping[str, bytes]) -> dict[str, Any]:
        name = _text(self.credential_id)
        response: dict[str, Any] = {key: _text(content) for key, content in parts.items()}
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "clientExtensionResults": {},
            "response": response | {"transports": ["internal"]},
        }


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
