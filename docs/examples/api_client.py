"""A client of the Porchlight API in one file, with the standard library alone. See docs/api.md.

    PORCHLIGHT_URL=https://chat.shop.example PORCHLIGHT_KEY=pl_… python api_client.py

Run like this, it adds a customer, asks your first agent something in their name, and prints the answer.
"""

import json
import os
import time
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import Request, urlopen


class ApiError(Exception):
    """The server has refused a call; `code` is for programs, the message for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


class Porchlight:
    """Calls the API with one key, and sends again what did not get through."""

    def __init__(self, url: str, key: str, *, attempts: int = 4) -> None:
        self._base, self._key, self._attempts = f"{url.rstrip('/')}/api/v1", key, attempts

    def get(self, path: str, **query: Any) -> Any:
        return self._call("GET", path, query=query)

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return self._call("POST", path, body=body)

    def patch(self, path: str, body: dict[str, Any]) -> Any:
        return self._call("PATCH", path, body=body)

    def delete(self, path: str) -> None:
        self._call("DELETE", path)

    def each(self, path: str, **query: Any) -> Iterator[dict[str, Any]]:
        """All rows of a list, page by page."""
        while True:
            page = self.get(path, **query)
            yield from page["data"]
            if page["next"] is None:
                return
            query["cursor"] = page["next"]

    def _call(self, method: str, path: str, *, query: dict[str, Any] | None = None, body: Any = None) -> Any:
        address = f"{self._base}{path}" + (f"?{urlencode(query)}" if query else "")
        headers = {"Authorization": f"Bearer {self._key}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        if method != "GET":
            # The same for each attempt: what was done already is not done twice.
            headers["Idempotency-Key"] = str(uuid.uuid4())
        content = None if body is None else json.dumps(body).encode()
        for attempt in range(1, self._attempts + 1):
            request = Request(address, data=content, headers=headers, method=method)  # noqa: S310 - of your own server
            try:
                with urlopen(request, timeout=30) as answer:  # noqa: S310 - the same
                    text = answer.read()
                    return json.loads(text) if text else None
            except HTTPError as refusal:
                wait = self._wait(refusal, attempt)
            except URLError:
                if attempt == self._attempts:
                    raise
                wait = 2.0**attempt
            time.sleep(wait)
        raise AssertionError("The last attempt either returns or raises.")

    def _wait(self, refusal: HTTPError, attempt: int) -> float:
        """Seconds until the next attempt; raises when there is nothing to wait for."""
        with refusal:
            try:
                error = json.loads(refusal.read())["error"]
            except (ValueError, KeyError):
                error = {"code": "unreadable", "message": f"The server answered {refusal.code}."}
        if attempt == self._attempts or not (refusal.code == 429 or refusal.code >= 500):
            raise ApiError(refusal.code, error["code"], error["message"]) from None
        return float(refusal.headers.get("Retry-After") or 2**attempt)


def ask(porchlight: Porchlight, question: str, *, patience: float = 60.0) -> str:
    """Ask the first agent something in the name of a customer, and wait for what it says."""
    agent = next(porchlight.each("/agents"))
    customer = porchlight.post("/customers", {"externalId": "example-1", "name": "An example"})
    said = {"from": "customer", "text": question}
    conversation = porchlight.post(
        "/conversations", {"agentId": agent["id"], "customerId": customer["id"], "message": said}
    )
    end = time.monotonic() + patience
    while time.monotonic() < end:
        messages = porchlight.get(f"/conversations/{conversation['id']}/messages", after=1)["data"]
        if messages:
            return str(messages[0]["text"])
        time.sleep(0.5)
    raise TimeoutError("The agent has not answered.")


if __name__ == "__main__":
    print(ask(Porchlight(os.environ["PORCHLIGHT_URL"], os.environ["PORCHLIGHT_KEY"]), "When do you open?"))
