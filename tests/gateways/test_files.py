"""The file store, in a folder and in memory."""

import pytest

from gateways.files import open_files


@pytest.fixture(params=["", "memory:///"])
def files(request, tmp_path):
    return open_files(request.param, folder=tmp_path / "files")


def test_what_was_written_can_be_read_and_removed(files):
    files.write("pictures/one", b"1", media_type="image/webp")
    files.write("pictures/one", b"2", media_type="image/webp")
    assert files.read("pictures/one") == b"2"
    assert files.keys("pictures") == ["pictures/one"]
    files.delete("pictures/one", "pictures/never")
    assert files.read("pictures/one") is None
    assert files.keys("pictures") == []


def test_no_key_leaves_the_folder(tmp_path):
    files = open_files("", folder=tmp_path / "files")
    (tmp_path / "secret").write_bytes(b"no")
    try:
        found = files.read("../secret")
    except Exception:
        found = None
    assert found != b"no"
