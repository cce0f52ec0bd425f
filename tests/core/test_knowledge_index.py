import threading
import time
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import select, text

from core import jobs, knowledge
from core.answering import Index
from core.knowledge import learning, serving
from gateways import embeddings
from models import db
from models.jobs import Job, JobStatus
from models.knowledge import EntryVector
from tests.conftest import NOW, keep

LATER = NOW + timedelta(minutes=5)


class WordCounter:
    """An embedder that needs no model: a direction for each word of a few."""

    name = "word-counter"
    dimensions = 64

    def __init__(self):
        self.texts = []

    def embed(self, texts):
        self.texts += texts
        rows = np.full((len(texts), self.dimensions), 0.001, np.float32)
        for row, sentence in enumerate(texts):
            for word in sentence.lower().replace("?", " ").replace(".", " ").split():
                rows[row, sum(word.encode()) % self.dimensions] += 1
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def embedder(monkeypatch):
    embedder = WordCounter()
    monkeypatch.setattr(embeddings, "load", lambda: embedder)
    monkeypatch.setattr(serving, "_shelf", serving.Shelf())
    return embedder


@pytest.fixture
def idle_queue(monkeypatch):
    """Jobs are asked for, and wait."""
    from gateways import queue

    monkeypatch.setattr(queue.TaskQueue, "add", lambda self, *task: None)


def teach(agent, question="Where is my parcel?", answer="On its way.", phrasings=()):
    return knowledge.add(agent, question=question, answer=answer, phrasings=phrasings, by=None, now=NOW)


def teach_many(agent, count):
    rows = [{"id": str(n), "question": f"Topic{n} word{n}?", "answer": f"Answer {n}."} for n in range(count)]
    knowledge.import_entries(agent, rows, by=None, now=NOW)


def vectors(agent):
    return db.session.scalars(select(EntryVector).where(EntryVector.agent_id == agent.id)).all()


def job_of(agent):
    return keep(
        Job(workspace_id=agent.workspace_id, kind="index", subject_id=agent.id, created_at=LATER, next_try_at=LATER)
    )


def test_what_was_just_taught_is_found_at_once(agent, embedder, idle_queue):
    assert len(knowledge.index_for(agent)) == 0
    entry = teach(agent)
    found = knowledge.index_for(agent).search("Where is my parcel?")
    assert (found.outcome, found.entry_id) == ("answered", str(entry.id))


def test_what_was_archived_is_not_found_any_more(agent, embedder):
    entry = teach(agent)
    assert len(knowledge.index_for(agent)) == 1
    knowledge.archive(agent, entry, by=None, now=LATER)
    assert len(knowledge.index_for(agent)) == 0


def test_an_index_is_used_again_until_something_changes(agent, embedder):
    teach(agent)
    db.session.refresh(agent)
    first = knowledge.index_for(agent)
    assert knowledge.index_for(agent) is first
    teach(agent, "Another?")
    db.session.refresh(agent)
    assert knowledge.index_for(agent) is not first


def test_agents_know_only_their_own(agent, other_agent, embedder):
    teach(agent)
    assert len(knowledge.index_for(other_agent)) == 0
    assert knowledge.index_for(other_agent).search("Where is my parcel?").entry_id is None


def test_the_job_stores_each_text_once_and_drops_what_is_gone(agent, embedder):
    entry = teach(agent, phrasings=["Track it", "Lost?"])
    assert len(vectors(agent)) == 4
    embedder.texts.clear()
    knowledge.change(
        agent,
        entry,
        question="Where is my parcel?",
        answer="On its way.",
        phrasings=["Lost?", "New?"],
        by=None,
        now=LATER,
    )
    assert embedder.texts == ["New?"]
    assert len(vectors(agent)) == 4


def test_vectors_of_another_model_are_replaced(agent, embedder):
    entry = teach(agent)
    keep(EntryVector(entry_id=entry.id, key="k", model="old", agent_id=agent.id, vector=b"\0\0"))
    knowledge.learn_now(agent)
    assert {row.model for row in vectors(agent)} == {"word-counter"}


def test_an_archived_entry_keeps_its_vectors(agent, embedder):
    entry = teach(agent)
    knowledge.archive(agent, entry, by=None, now=LATER)
    teach(agent, "Another?")
    embedder.texts.clear()
    knowledge.restore(agent, entry, by=None, now=LATER)
    assert embedder.texts == []


def test_stored_vectors_are_as_good_as_new_ones(agent, embedder):
    teach_many(agent, 3)
    stored = knowledge.index_for(agent).search("topic1 word1")
    fresh = Index.build(serving.read(db.engine, agent.id, model=None).entries, embedder).search("topic1 word1")
    assert [name for name, _ in stored.ranking] == [name for name, _ in fresh.ranking]
    assert stored.score == pytest.approx(fresh.score, abs=0.01)


def test_the_job_tells_how_far_it_is(agent, embedder, idle_queue, monkeypatch):
    teach_many(agent, 20)
    told = []
    monkeypatch.setattr(jobs, "progress", lambda job, *, done, total: told.append((done, total)))
    knowledge.index_job(job_of(agent))
    assert told == [(8, 20), (16, 20), (20, 20)]


def test_a_job_that_is_stopped_keeps_what_it_learned(agent, embedder, idle_queue, monkeypatch):
    teach_many(agent, 20)
    original = jobs.progress

    def stop_after_first(job, *, done, total):
        original(job, done=done, total=total)
        knowledge.stop_learning(agent, name="Olga", now=LATER)

    monkeypatch.setattr(jobs, "progress", stop_after_first)
    [waiting] = db.session.scalars(select(Job).where(Job.subject_id == agent.id)).all()
    monkeypatch.setattr(jobs, "utc_now", lambda: LATER)
    jobs.run(waiting.id.hex)
    assert len(vectors(agent)) == 16
    newest = knowledge.learning_of(agent)
    assert (newest.is_over, newest.problem) == (True, "Stopped by Olga.")
    assert len(knowledge.index_for(agent)) == 20


def test_much_to_learn_is_learned_in_turns_that_let_others_in(agent, embedder, idle_queue, monkeypatch):
    teach_many(agent, 20)
    job = job_of(agent)
    monkeypatch.setattr(learning, "_SLICE_SECONDS", 0.0)
    told = []
    while True:
        try:
            knowledge.index_job(job)
        except jobs.Later:
            told.append((job.done, job.total, len(vectors(agent))))
            before = agent.knowledge_revision
        else:
            break
    assert told == [(8, 20, 16), (16, 20, 32), (20, 20, 40)]
    assert agent.knowledge_revision == before + 1
    assert len(embedder.texts) == 40


def test_only_one_learns_at_a_time(agent, embedder, idle_queue):
    teach_many(agent, 3)
    with learning._turn, pytest.raises(jobs.Later) as pause:
        knowledge.index_job(job_of(agent))
    assert (pause.value.seconds, embedder.texts) == (1.0, [])


def test_a_job_that_was_cut_off_goes_on_where_it_was(agent, embedder, idle_queue):
    teach_many(agent, 20)
    knowledge.learn_now(agent, report=lambda done, total: False)
    embedder.texts.clear()
    knowledge.learn_now(agent)
    assert len(embedder.texts) == 24
    assert len(vectors(agent)) == 40


def test_learning_counts_as_a_change_so_that_every_process_looks_again(agent, embedder, idle_queue):
    teach(agent)
    before = agent.knowledge_revision
    knowledge.learn_now(agent)
    assert agent.knowledge_revision == before + 1
    knowledge.learn_now(agent)
    assert agent.knowledge_revision == before + 1


def test_a_job_about_an_agent_that_is_gone_does_nothing(agent, embedder):
    job = job_of(agent)
    job.subject_id = job.id
    knowledge.index_job(job)
    assert embedder.texts == []


def test_without_a_model_words_alone_are_searched(agent, monkeypatch):
    monkeypatch.setattr(embeddings, "load", lambda: None)
    monkeypatch.setattr(serving, "_shelf", serving.Shelf())
    entry = teach(agent)
    assert vectors(agent) == []
    assert knowledge.index_for(agent).search("where is my parcel").ranking[0][0] == str(entry.id)


def test_with_very_much_to_learn_words_alone_are_searched_at_first(agent, embedder, idle_queue):
    teach_many(agent, 40)
    index = knowledge.index_for(agent)
    assert len(index) == 40
    assert len(embedder.texts) == 0
    knowledge.learn_now(agent)
    assert knowledge.index_for(agent) is not index


def test_with_much_more_to_learn_the_learned_part_goes_on_answering(agent, embedder, idle_queue, monkeypatch):
    monkeypatch.setattr(serving, "_FEW", 5)
    teach_many(agent, 10)
    knowledge.learn_now(agent)
    for number in range(4):
        teach(agent, f"Extra{number}?")
    assert len(knowledge.index_for(agent)) == 10
    knowledge.learn_now(agent)
    assert len(knowledge.index_for(agent)) == 14


def test_the_command_line_waits_until_everything_is_known(agent, embedder, idle_queue):
    teach_many(agent, 40)
    partly = knowledge.index_for(agent)
    whole = knowledge.index_for(agent, complete=True)
    assert whole is not partly
    assert len(embedder.texts) == 80
    assert knowledge.index_for(agent) is whole


def test_learning_is_asked_for_when_nobody_has(agent, embedder, monkeypatch):
    monkeypatch.setattr(serving, "_FEW", 0)
    with monkeypatch.context() as patched:
        patched.setattr("core.knowledge.entries.start_learning", lambda agent, *, now: None)
        teach(agent)
    assert vectors(agent) == []
    knowledge.index_for(agent)
    assert len(vectors(agent)) == 2
    assert knowledge.learning_of(agent).status == JobStatus.DONE


def test_a_stopped_job_is_not_started_again_by_a_customer(agent, embedder, idle_queue, monkeypatch):
    teach_many(agent, 40)
    knowledge.stop_learning(agent, name="Olga", now=LATER)
    knowledge.index_for(agent)
    assert knowledge.learning_of(agent).problem == "Stopped by Olga."


def test_many_threads_that_ask_at_once_build_one_index(app, agent, embedder, idle_queue, monkeypatch):
    teach(agent)
    built = []
    build = serving._build

    def slow(*arguments, **named):
        built.append(threading.current_thread().name)
        time.sleep(0.1)
        return build(*arguments, **named)

    monkeypatch.setattr(serving, "_build", slow)
    found = []

    def ask():
        with app.app_context():
            found.append(knowledge.index_for(agent))

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(built) == 1
    assert len(found) == 8
    assert len({id(index) for index in found}) == 1


def test_a_large_index_goes_on_answering_while_the_next_is_built(agent, embedder, idle_queue, monkeypatch):
    monkeypatch.setattr(serving, "_AT_ONCE", 2)
    teach_many(agent, 3)
    before = knowledge.index_for(agent)
    may_build = threading.Event()
    build = serving._build

    def held_back(*arguments, **named):
        may_build.wait(10)
        return build(*arguments, **named)

    monkeypatch.setattr(serving, "_build", held_back)
    teach(agent, "Another?")
    assert knowledge.index_for(agent) is before
    assert knowledge.index_for(agent) is before
    may_build.set()
    until = time.monotonic() + 10
    while knowledge.index_for(agent) is before and time.monotonic() < until:
        time.sleep(0.01)
    assert len(knowledge.index_for(agent)) == 4


def test_a_build_that_fails_apart_is_tried_again(agent, embedder, idle_queue, monkeypatch):
    monkeypatch.setattr(serving, "_AT_ONCE", 0)
    teach(agent)
    knowledge.index_for(agent)
    failures = []

    def fail(*arguments, **named):
        failures.append(1)
        raise OSError("gone")

    with monkeypatch.context() as patched:
        patched.setattr(serving, "_build", fail)
        teach(agent, "Another?")
        until = time.monotonic() + 10
        while len(failures) < 2 and time.monotonic() < until:
            assert len(knowledge.index_for(agent)) == 1
            time.sleep(0.01)
    assert len(failures) >= 2


def test_only_so_many_agents_are_kept_in_memory(agent, other_agent, embedder, monkeypatch):
    monkeypatch.setattr(serving, "_MOST_AGENTS", 1)
    first = knowledge.index_for(agent)
    knowledge.index_for(other_agent)
    assert knowledge.index_for(agent) is not first


def test_no_transaction_is_open_while_an_index_is_built(agent, embedder, idle_queue, monkeypatch):
    teach(agent)
    build = Index.build

    def check(entries, embedder):
        assert db.engine.pool.checkedout() <= outside
        return build(entries, embedder)

    db.session.execute(text("SELECT 1"))
    outside = db.engine.pool.checkedout()
    monkeypatch.setattr(Index, "build", check)
    assert len(knowledge.index_for(agent)) == 1


def test_the_real_model_learns_and_finds(agent):
    if embeddings.load() is None:
        pytest.skip("the model is not installed")
    entry = teach(agent, "How do I send something back?", "Within 30 days, free of charge.")
    teach(agent, "Which payment cards do you take?", "All of them.")
    teach(agent, "Do you have a shop in Berlin?", "In Kreuzberg.")
    assert len(vectors(agent)) >= 6
    assert knowledge.index_for(agent).search("I want to return my order").ranking[0][0] == str(entry.id)


def test_two_jobs_at_once_do_no_harm(app, agent, embedder, idle_queue):
    teach_many(agent, 20)
    problems = []

    def run():
        with app.app_context():
            try:
                knowledge.learn_now(db.session.get(type(agent), agent.id))
            except Exception as problem:
                problems.append(problem)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert problems == []
    assert len(vectors(agent)) == 40
    assert learning.learning_of(agent) is not None
