"""Work that goes on where it was stopped: only what is not written down is worked on, and all of it is told in order."""

import json
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from benchmarks import resumable
from benchmarks.resumable import collect


@pytest.fixture
def worked_on(monkeypatch):
    """The tasks that were worked on, in this process: what starting another one costs is not asked here."""
    found = []

    def imap(work, tasks):
        return (found.append(task) or work(task) for task in tasks)

    context = SimpleNamespace(Pool=lambda workers: nullcontext(SimpleNamespace(imap=imap)))
    monkeypatch.setattr(resumable.multiprocessing, "get_context", lambda way: context)
    return found


def rows_of(task):
    return [{"task": task[0], "seed": task[1]}]


def test_what_is_found_is_written_down_a_line_a_task_as_it_is_done(tmp_path, worked_on):
    written = tmp_path / "build" / "found.jsonl"
    tasks = [("main", 2), ("main", 1)]
    assert collect(tasks, rows_of, written) == {task: rows_of(task) for task in tasks}
    assert [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines()] == [
        ["main", 2, rows_of(("main", 2))],
        ["main", 1, rows_of(("main", 1))],
    ]
    assert worked_on == tasks


def test_a_run_that_was_stopped_goes_on_with_what_is_missing_alone(tmp_path, worked_on):
    written = tmp_path / "found.jsonl"
    written.write_text('["main", 1, [{"held": true}]]\n["stress", 7, [{"held": true}]]\n', encoding="utf-8")
    found = collect([("main", 0), ("main", 1)], rows_of, written)
    assert worked_on == [("main", 0)]
    # In the order asked for; what is written down of other tasks is not told.
    assert list(found.items()) == [(("main", 0), rows_of(("main", 0))), (("main", 1), [{"held": True}])]
    assert len(written.read_text(encoding="utf-8").splitlines()) == 3


def test_what_was_done_before_a_failure_is_held(tmp_path, worked_on):
    def fails_at_two(task):
        if task[1] == 2:
            raise ArithmeticError("at two")
        return rows_of(task)

    written = tmp_path / "found.jsonl"
    with pytest.raises(ArithmeticError):
        collect([("main", 1), ("main", 2)], fails_at_two, written)
    assert collect([("main", 1), ("main", 2)], rows_of, written).keys() == {("main", 1), ("main", 2)}
    assert worked_on == [("main", 1), ("main", 2), ("main", 2)]
