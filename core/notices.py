"""Mails that the product sends."""


def deliver(notice: str) -> None: ...
