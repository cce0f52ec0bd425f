"""What the tests of the commands share."""

import json

import pytest


@pytest.fixture
def run(app):
    """Run a command that succeeds; what it printed, one value a line."""

    def run(*arguments):
        result = app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])
        assert result.exit_code == 0, result.stderr
        return [json.loads(line) for line in result.stdout.splitlines()]

    return run


@pytest.fixture
def refused(app):
    """Run a command that is refused; what it said."""

    def refused(*arguments, status=1):
        result = app.test_cli_runner().invoke(args=[str(argument) for argument in arguments])
        assert result.exit_code == status, result.output
        assert result.stdout == ""
        assert isinstance(result.exception, SystemExit)
        assert result.stderr.strip()
        return result.stderr

    return refused


@pytest.fixture
def write(tmp_path):
    def write(content, name="file.json"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
        return path

    return write


@pytest.fixture
def words_alone(monkeypatch):
    """The commands are looked at here, not the model."""
    monkeypatch.setattr("gateways.embeddings.load", lambda: None)
