"""The same figures and the same files whatever the kernel, the SIMD level, the C library and the number of threads.

A short form of ``make same-bytes``: the engine's arrays and the impact paper, which has the most that could differ, under the
machine's own setting and two far from it. Each is made in a process of its own, since libraries settle when loaded.
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from attendance_lib.analysis.impact.evaluate import evaluate, pupil_ranges
from attendance_lib.analysis.impact.risk_sets import Question
from attendance_lib.analysis.impact.self_test import self_test
from attendance_lib.analysis.impact.weeks import count_weeks, place_starts
from attendance_lib.analysis.impact.workings import balance, event_study
from attendance_lib.reports.render import write_data, write_html, write_pdf
from benchmarks.same_bytes import OLDEST, environment, settings
from tests.analysis.impact.simulate import SCHEME, World, invent
from tests.demo_exports import copy_demo_school, demo_exports
from tests.notebook_in_process import run_here

ROOT = Path(__file__).parents[1]
SPAN = {"date_from": "2025-09-03", "date_to": "2026-11-20"}


# Only OpenBLAS takes its kernel from the environment; with another library the settings below differ in SIMD level alone.
IS_OPENBLAS = "openblas" in np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]


def apart():
    """The settings that differ most: the newest kernel that this processor runs, and the oldest without SIMD."""
    known = settings()
    return {name: known[name] for name in [*list(known)[:1], *(name for name in known if name == OLDEST)]}


def run(code, setting, *arguments):
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=environment(setting),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def arrays_of(school, pupils=slice(None)):
    """Everything that the engine works out for a school's scheme."""
    counts = count_weeks(school.register)
    log = school.interventions.iloc[pupils]
    found = evaluate(Question(counts, place_starts(log, counts), SCHEME))
    fit = found.expectation
    tables = [event_study(found), balance(found), pupil_ranges(found)]
    return [
        fit.columns,
        fit.expected,
        fit.fit.covariance,
        found.neighbours.rows,
        found.neighbours.sizes,
        found.chance.means,
        found.chance.outcome_errors,
        np.array(
            [
                found.impact.estimate,
                found.impact.p_value,
                self_test(found.expectation, found.neighbours, runs=4).mean_estimate,
            ]
        ),
        *(table.select_dtypes("number").to_numpy() for table in tables),
    ]


def digests():
    """A digest for each array of two schools, the second without reason codes: its columns make each other up."""
    worlds = (World(treated=20, effect=5.0, pupils=300), World(treated=20, pupils=300, has_reasons=False))
    return [
        hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()
        for world in worlds
        for array in arrays_of(invent(world, 7))
    ]


@pytest.mark.skipif(
    not IS_OPENBLAS, reason="this machine's numpy multiplies with another library than OpenBLAS"
)
def test_the_settings_do_reach_the_libraries():
    code = (
        "import numpy as np; r = np.random.default_rng(0).random((300, 300)); print(hash((r @ r).tobytes()))"
    )
    products = {run(code, setting | {"PYTHONHASHSEED": "0"}) for setting in ({}, *apart().values())}
    assert len(products) > 1


def make_short_paper(exports, folder):
    """Make the impact paper of one intervention of the demo school, with a short self-test: HTML, PDF, workbook, tables."""
    school_file = copy_demo_school(exports, folder)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("attendance_lib.analysis.impact.self_test.RUNS", 3)
        notebook = run_here("impact", school_file=str(school_file), intervention="Breakfast club", **SPAN)
    write_html(notebook, folder / "impact.html")
    write_pdf(notebook, folder / "impact.pdf")
    write_data(notebook, folder / "impact")


def make_all(exports, folder):
    """Make the short paper in a folder and print the digests, in a process whose libraries have settled once."""
    make_short_paper(Path(exports), Path(folder))
    sys.stdout.write(json.dumps(digests()))


def files_in(folder):
    made = [path for path in folder.rglob("*") if path.is_file() and "exports" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in made}


@pytest.fixture(scope="module")
def made(tmp_path_factory, worker_id):
    """The digests and the paper's files under the machine's own setting and under each of those far from it."""
    exports = demo_exports(tmp_path_factory, worker_id)
    code = "import sys; from tests.test_same_bytes import make_all; make_all(*sys.argv[1:])"
    found = []
    for setting in ({}, *apart().values()):
        folder = tmp_path_factory.mktemp("setting")
        printed = run(code, setting, str(exports), str(folder))
        found.append((json.loads(printed), files_in(folder)))
    return found


def test_the_engine_works_out_the_same_arrays_under_every_setting(made):
    (first, _), *others = made
    assert len(first) == 22
    for other, _ in others:
        assert [number for number, (a, b) in enumerate(zip(first, other, strict=True)) if a != b] == []


def test_the_impact_paper_has_the_same_bytes_under_three_settings(made):
    (_, first), *others = made
    assert {"impact.html", "impact.pdf", "impact.xlsx", "tables/impact.csv"} <= set(first)
    for _, other in others:
        assert [name for name in first if first[name] != other[name]] == []
