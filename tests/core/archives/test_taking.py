"""What is taken out of a workspace, and what never leaves it."""

import io
import zipfile

from core.archives import tables
from models import Base, db, transaction
from models.connections import Connection
from models.webhooks import Webhook
from tests.core.archives.copies import taken_out
from tests.shops import make_shop


def test_each_table_is_taken_or_left_out_for_a_reason():
    known = set(Base.metadata.tables)
    assert tables.TAKEN | set(tables.LEFT_OUT) == known
    assert not tables.TAKEN & set(tables.LEFT_OUT)
    assert all(tables.LEFT_OUT.values())


def test_nothing_sealed_and_no_password_is_in_it(app):
    shop = make_shop("Brambleby")
    connection = db.session.get_one(Connection, shop.id_of("connection"))
    with transaction():
        connection.url = "https://brambleby.example/mcp?key=let-me-in"
        webhook = db.session.get_one(Webhook, shop.id_of("webhook"))
        webhook.address = "https://brambleby.example/hook?token=let-me-in"
    content = taken_out(shop.workspace)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "https://brambleby.example/mcp?key=…" in everything
    assert "https://brambleby.example/hook?token=…" in everything
    for secret in (*shop.tokens.values(), "let-me-in"):
        assert secret not in everything
    assert "password_hash" not in everything
    assert "sealed" not in everything


def test_only_the_own_workspace_is_in_it(app):
    mine, theirs = make_shop("Brambleby"), make_shop("Quillfeather")
    content = taken_out(mine.workspace)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode().lower()
    assert mine.marker in everything
    assert theirs.marker not in everything
