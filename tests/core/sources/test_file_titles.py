"""What a file is called, as customers read it."""

import pytest

from core.sources.file_titles import readable


@pytest.mark.parametrize(
    ("title", "read"),
    [
        ("Prices 2026 v3", "Prices 2026"),
        ("Prices v3 final (2)", "Prices"),
        ("Prices.v1.2", "Prices"),
        ("Returns version 2", "Returns"),
        ("Rücksendung Rev 4", "Rücksendung"),
        ("Opening hours", "Opening hours"),
        ("Final sale rules", "Final sale rules"),
        ("Lamp A4", "Lamp A4"),
        ("营业时间", "营业时间"),
        ("Scan 0001", ""),
        ("IMG 2034 (1)", ""),
        ("Document", ""),
        ("20260114 113005", ""),
        ("v3", ""),
        ("", ""),
    ],
)
def test_what_customers_read_of_a_files_name(title, read):
    assert readable(title) == read
