"""A page of a source that an agent reads."""

import pytest

from models.knowledge import PageStatus, Source, SourceKind, SourcePage
from tests.conftest import NOW, keep

TEXT = "## Delivery time\nTwo days.\n\n## Returns\nThirty days."


@pytest.fixture
def source(agent):
    return keep(
        Source(
            workspace_id=agent.workspace_id,
            agent_id=agent.id,
            kind=SourceKind.SITE,
            title="shop.example",
            address="https://shop.example/",
            settings={},
            created_at=NOW,
        )
    )


@pytest.fixture
def page(source):
    return keep(
        SourcePage(
            workspace_id=source.workspace_id,
            source_id=source.id,
            address="https://shop.example/help",
            address_hash="0" * 64,
            title="Help",
            language="en",
            text=TEXT,
            status=PageStatus.READ,
            excluded_parts=[],
        )
    )
