"""Reads what the demo shop knows from `questions.md`."""

from pathlib import Path

Row = dict[str, str | list[str]]


def rows() -> list[Row]:
    """The shop's questions and answers, as `core.knowledge.import_entries` takes them."""
    text = Path(__file__).with_name("questions.md").read_text(encoding="utf-8")
    return [_row(part) for part in text.removeprefix("## ").split("\n## ")]


def _row(part: str) -> Row:
    head, _, answer = part.partition("\n\n")
    question, name, *others = head.splitlines()
    return {
        "id": name.removeprefix("id: "),
        "question": question,
        "answer": answer.strip(),
        "alt": [other.removeprefix("or: ") for other in others],
    }
