"""Many schools on processes of this machine and on a real Dask cluster: workers that are killed, and a scheduler that is gone."""

import pickle
import shutil
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from distributed import LocalCluster

from attendance_lib.errors import RequestError
from attendance_lib.intake.school_counts import CountsAsked, read_counts
from attendance_lib.papers.trust.from_school import counts_from
from attendance_lib.reports.engines import AGAIN, KILLED, DaskWorkers, LocalProcesses
from attendance_lib.reports.many_schools import ENDED, SchoolTask, see_to
from attendance_lib.reports.project import Project
from tests.reports.ending_workers import (
    KILLS,
    KILLS_ALWAYS,
    counted_file,
    kills_once,
    kills_one_always_and_one_once,
)
from tests.trust_schools import TO, TRUST, clock, write_trust

ROOT = Path(__file__).parents[2]
# Three schools of ten pupils: what is tried is the workers.
FEW = tuple(replace(each, pupils=10, severe=0, missed_registers=0) for each in TRUST[:3])


@pytest.fixture(scope="module")
def counted(tmp_path_factory):
    """A folder of the schools and of what is counted of each; a worker of the last cluster counts itself."""
    folder = tmp_path_factory.mktemp("counted")
    for path in write_trust(folder, FEW):
        asked = CountsAsked(path, ROOT / "params" / "cohorts.yml", TO, "counts")
        counted_file(path).write_bytes(pickle.dumps(counts_from(asked)))
    return folder


@pytest.fixture
def tasks(counted, tmp_path):
    shutil.copytree(counted, tmp_path / "schools")
    paths = sorted((tmp_path / "schools").glob("*.yml"))
    out = tmp_path / "out"
    return [
        SchoolTask(Project(ROOT), path, out, TO, TO, "counts", out / "counts", memory=0) for path in paths
    ]


@contextmanager
def cluster(workers):
    """A real cluster of this machine: a scheduler and its workers, each a process with a nanny that starts it again."""
    with LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, dashboard_address=":0", silence_logs=50
    ) as made:
        yield made


def urns(tasks):
    return sorted(read_counts(path).urn for path in tasks[0].counts.glob("2*.json"))


ALL = [each.urn for each in FEW]


def test_a_killed_worker_loses_no_school_on_local_processes_but_one_that_ends_its_worker_each_time(tasks):
    engine = LocalProcesses(partial(see_to, counting=kills_one_always_and_one_once, clock=clock), 2)
    done = {Path(each.school_file).stem: each for each in engine(tasks)}
    ended = done.pop(KILLS_ALWAYS)
    assert (ended.exit_code, ended.why, ended.counts) == (KILLED, ENDED, "")
    assert ended.said[0].endswith(AGAIN)
    assert {name: each.exit_code for name, each in done.items()} == {"ash_primary": 0, KILLS: 0}
    assert urns(tasks) == ["200001", "200002"]


def test_a_worker_killed_in_the_middle_loses_no_school_on_a_cluster_and_what_is_done_is_not_done_again(tasks):
    with cluster(2) as made:
        engine = DaskWorkers(partial(see_to, counting=kills_once, clock=clock), made.scheduler_address)
        done = list(engine(tasks))
        again = list(engine(tasks))
    assert sorted(each.urn for each in done) == ALL
    assert {each.exit_code for each in done} == {0}
    assert {each.counts for each in again} == {"kept"}
    assert urns(tasks) == ALL


def test_a_scheduler_that_goes_away_ends_in_a_line_and_what_is_done_is_kept(tasks, caplog):
    with cluster(1) as made:
        engine = DaskWorkers(
            partial(see_to, counting=counts_from, clock=clock), made.scheduler_address, answer_seconds=5
        )
        coming = engine(tasks)
        first = next(coming)
        made.close()
        with pytest.raises(RequestError, match=r"The scheduler at tcp://.* went away") as gone:
            list(coming)
    assert str(gone.value).endswith(AGAIN)
    assert [each.name for each in caplog.records if each.name == "distributed.client"] == []
    assert first.urn in urns(tasks)
    rest = [see_to(task, counts_from, clock) for task in tasks]
    assert [each.counts for each in rest if each.urn == first.urn] == ["kept"]
    assert urns(tasks) == ALL


def test_a_worker_that_cannot_see_to_a_school_is_told_with_what_to_do(tasks):
    class Refusing:
        status = "error"

        def exception(self, timeout):
            return ModuleNotFoundError("No module named 'attendance_lib'")

    with pytest.raises(
        RequestError,
        match=r"could not see to .*ash_primary.yml \(ModuleNotFoundError\). Install this version",
    ):
        DaskWorkers(see_to, "tcp://127.0.0.1:9")._come(Refusing(), tasks[0])


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "nowhere", "http://127.0.0.1:9"])
def test_a_scheduler_that_does_not_answer_is_told_in_a_line(tasks, address):
    with pytest.raises(RequestError, match="No scheduler answers at") as refused:
        list(DaskWorkers(see_to, address, answer_seconds=1)(tasks))
    assert str(refused.value).count("\n") == 0
