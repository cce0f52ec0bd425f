"""Whatever file or path a command is given, it answers in a sentence."""

import pytest

from tests.web.test_knowledge_commands import ROWS, lines

pytestmark = pytest.mark.usefixtures("words_alone")


COMMANDS = [
    ["agents", "configure", "AGENT", "--file"],
    ["identity", "configure", "AGENT", "--file"],
    ["knowledge", "import", "AGENT"],
    ["ask", "AGENT", "--file"],
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe\x00", b"{", b"\x00" * 50, b"[" * 100_000, b'{"a": NaN}', b"9" * 6000, b'"\xed\xa0\x80"', b"nul"],
)
def test_no_file_brings_a_traceback(refused, write, agent, command, content):
    refused(*(agent.public_id if part == "AGENT" else part for part in command), write(content))


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("path", ["", ".", "/", "missing.json", "a\x00b", "x" * 5000, "/dev/null/x"])
def test_no_path_brings_a_traceback(refused, agent, command, path):
    refused(*(agent.public_id if part == "AGENT" else part for part in command), path)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("agent_id", ["", "nobody", "../x", "\x00", "\udcff", "x" * 5000])
def test_an_unknown_agent_is_refused(refused, write, agent, command, agent_id):
    path = write(ROWS if command[0] == "knowledge" else lines({"id": 1, "text": "x"}))
    said = refused(*(agent_id if part == "AGENT" else part for part in command), path)
    assert "no agent" in said


def test_what_endless_devices_give_is_not_read_for_ever(refused, agent, monkeypatch):
    monkeypatch.setattr("web.command_files._LARGEST", 1000)
    assert "larger than" in refused("knowledge", "import", agent.public_id, "/dev/zero")
