"""What a question, its answer and its other phrasings may look like."""

from collections.abc import Iterable
from dataclasses import dataclass

from core.texts import clean, clean_line

LONGEST_QUESTION = 300
LONGEST_ANSWER = 10_000
MOST_PHRASINGS = 50
LONGEST_ID = 255


@dataclass(frozen=True)
class Wording:
    """The text of an entry, fit to be stored when it has no problems."""

    question: str
    answer: str
    phrasings: tuple[str, ...]

    def problems(self) -> list[str]:
        """What has to change before it can be stored; each is the rest of a sentence that begins with its place."""
        return [*_problems_of_question(self.question), *_problems_of_answer(self.answer), *self._problems_of_others()]

    def _problems_of_others(self) -> list[str]:
        problems = []
        if len(self.phrasings) > MOST_PHRASINGS:
            problems.append(f"there are {len(self.phrasings):,} other ways to ask, more than {MOST_PHRASINGS}")
        if any(len(phrasing) > LONGEST_QUESTION for phrasing in self.phrasings):
            problems.append(f"another way to ask is longer than {LONGEST_QUESTION} characters")
        return problems


def worded(question: str, answer: str, phrasings: Iterable[str]) -> Wording:
    """The texts as they would be stored: trimmed, on one line where they are titles, each phrasing once."""
    title = clean_line(question)
    seen = {folded(title)}
    others = []
    for phrasing in map(clean_line, phrasings):
        if phrasing and folded(phrasing) not in seen:
            seen.add(folded(phrasing))
            others.append(phrasing)
    return Wording(title, clean(answer), tuple(others))


def folded(question: str) -> str:
    """What two spellings of the same question have in common."""
    return " ".join(question.casefold().split())


def sentence(problem: str) -> str:
    return f"{problem[0].upper()}{problem[1:]}."


def _problems_of_question(question: str) -> list[str]:
    if not question:
        return ["the question is empty"]
    if len(question) > LONGEST_QUESTION:
        return [f"the question is longer than {LONGEST_QUESTION} characters"]
    return []


def _problems_of_answer(answer: str) -> list[str]:
    if not answer:
        return ["the answer is empty"]
    if len(answer) > LONGEST_ANSWER:
        return [f"the answer is longer than {LONGEST_ANSWER:,} characters"]
    return []
