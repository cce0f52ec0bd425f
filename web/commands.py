"""The `flask --app app` commands of design.md 5.1."""

from flask import Flask


def add_commands(app: Flask) -> None: ...
