"""What many schools cost: 1, 10, 60 and 600 schools from their exports to the trust's table, and the tally of all England.

``.venv/bin/python -m benchmarks.scale schools [how many ...]`` (1, 10 and 60 if not given; ``1 10 60 600`` takes some six
minutes of the processor) invents schools of 300 pupils and writes their exports (not timed). Of each, what a trust needs is
made as ``attendance trust`` makes it, on two processes: exports read and checked, register built, counts of the year and of the
year before protected and written in no pupil's name. Then the trust's table is made of all. CPU seconds are those of the work
itself, without the start of a process. Sizes are measured in turn, several rounds of the small ones, and each is told beside
the first size, which is timed again between every sixty schools: what else the machine does is then in both. Due papers are not
made: they are made school by school in processes of their own.

``.venv/bin/python -m benchmarks.scale england [share]`` tallies 24,000 schools, 8 million pupils and 3·10⁹ marks (or a share
of them), invented chunk by chunk on two processes: the sessions of every pupil, from which each is persistently or severely
absent, and of every school in every week. Nothing of it is extrapolated unless a share is given. The figures of trusts are then
summed; the trusts' papers are made for a few, and the time of all of them is extrapolated from these and said to be.

Trust the ratios, not the seconds.
"""

import statistics
import sys
import time
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from attendance_lib.intake.school_counts import CountsAsked, SchoolCounts, TrustCounts
from attendance_lib.papers.trust.from_school import counts_from
from attendance_lib.papers.trust.opening import publish
from attendance_lib.register.grid import Register, cell_of
from attendance_lib.register.tally import tally
from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE, SEVERE_ABSENCE
from benchmarks.same_bytes import say
from tests.trust_schools import TO, Invented, write_school

PROCESSES = 2
SIZES = (1, 10, 60)
PUPILS = 300
# Of a small number of schools rounds are made until so many are timed; of a large one so many are timed in one go.
FEWEST_TIMED, STRETCH = 20, 60
COHORTS = Path(__file__).parents[1] / "params" / "cohorts.yml"

SCHOOLS_OF_ENGLAND, PUPILS_OF_ENGLAND = 24_000, 8_000_000
SCHOOLS_A_CHUNK = 60
SESSIONS_A_YEAR, SESSIONS_A_WEEK = 380, 10
SCHOOLS_A_TRUST, TRUSTS_MADE = 12, 3
LETTERS = {"/": 120, "\\": 116, "L": 5, "I": 8, "O": 4, "M": 1, "V": 1, "C": 1}
BYTES = 256


# Schools from their exports


def invented(number: int) -> Invented:
    """Return one of many schools: all of one size, so that their number alone differs.

    Examples
    --------
    >>> [round(invented(number).misses, 2) for number in range(5)]
    [0.05, 0.06, 0.07, 0.08, 0.05]
    """
    return Invented(
        f"School {number}", str(300_000 + number), "primary", PUPILS, misses=0.05 + number % 4 / 100, severe=3
    )


def counts_timed(school_file: Path) -> tuple[SchoolCounts, float]:
    """Return a school's counts for its trust, and the CPU seconds that they took."""
    start = time.process_time()
    told, _ = counts_from(CountsAsked(school_file, COHORTS, TO, "counts"))
    return told, time.process_time() - start


def table_timed(schools: list[SchoolCounts]) -> float:
    """Return the CPU seconds of making the trust's tables of its schools' counts."""
    told = TrustCounts("Scale", TO.isoformat(), [school.urn for school in schools])
    start = time.process_time()
    publish(told, schools)
    return time.process_time() - start


def measure_schools(sizes: list[int]) -> None:
    """Print what each number of schools costs, beside the first number timed in the same minutes."""
    with TemporaryDirectory() as folder, Parallel(n_jobs=PROCESSES, batch_size=1) as parallel:
        start = time.perf_counter()
        write = delayed(partial(write_school, Path(folder)))
        files = parallel(write(invented(number)) for number in range(max(sizes)))
        say(f"{len(files)} schools of {PUPILS} pupils written in {time.perf_counter() - start:.0f} s")
        # Each process has imported what it needs before anything is timed.
        parallel(delayed(counts_timed)(files[0]) for _ in range(2 * PROCESSES))
        for size in sizes:
            found, on_the_clock, beside = [], 0.0, []
            while len(found) < max(size, min(FEWEST_TIMED, max(sizes))):
                # Others use the machine, now more and now less: the first number is timed again between stretches of each.
                beside += [seconds for _, seconds in counted(parallel, files, 0, sizes[0])]
                start = time.perf_counter()
                found += counted(parallel, files, len(found), min(size, STRETCH))
                on_the_clock += time.perf_counter() - start
            a_school, first = (statistics.mean(seconds) for seconds in ([each for _, each in found], beside))
            table = table_timed([told for told, _ in found[:size]])
            say(
                f"{size:>4} schools: {a_school:.2f} CPU s a school ({a_school / first:.2f} of the {sizes[0]} between), "
                f"{on_the_clock / len(found) * size:.1f} s on the clock; "
                f"the trust's table {table:.2f} CPU s ({table / size:.3f} a school)"
            )


def counted(
    parallel: Parallel, files: list[Path], start: int, number: int
) -> list[tuple[SchoolCounts, float]]:
    """Return the counts of so many schools from one on, round and round, each with the CPU seconds that it took."""
    return parallel(delayed(counts_timed)(files[(start + at) % len(files)]) for at in range(number))


# All England


@dataclass(frozen=True)
class Chunk:
    """What came of some schools: their figures (one row each) and the CPU seconds of inventing and of counting."""

    schools: pd.DataFrame
    marks: int
    inventing: float
    tallying: float
    flagging: float


def invent_chunk(number: int) -> Register:
    """Return the register of some schools, 8 million pupils over 24,000 schools: a school year of marks at random."""
    random = np.random.default_rng(number)
    pupils = SCHOOLS_A_CHUNK * PUPILS_OF_ENGLAND // SCHOOLS_OF_ENGLAND
    cells = np.repeat([cell_of(letter) for letter in LETTERS], list(LETTERS.values())).astype(np.uint8)
    codes = cells.take(random.integers(0, BYTES, (pupils, SESSIONS_A_YEAR), dtype=np.uint8))
    days = pd.bdate_range("2025-09-01", periods=SESSIONS_A_YEAR // 2).repeat(2)
    school = np.sort(random.integers(0, SCHOOLS_A_CHUNK, pupils)) + number * SCHOOLS_A_CHUNK
    return Register(
        codes,
        pd.DataFrame({"pupil_id": np.arange(pupils), "school": school}),
        pd.DataFrame({"date": days, "school_week": np.arange(SESSIONS_A_YEAR) // SESSIONS_A_WEEK}),
    )


def count_chunk(number: int) -> Chunk:
    """Count some schools as a trust's table needs it, and every school's weeks besides.

    Raises
    ------
    ValueError
        If a school's weeks do not add up to its pupils.
    """
    clock = [time.process_time()]
    register = invent_chunk(number)
    clock.append(time.process_time())
    pupils = tally(register, ["school", "pupil_id"])
    weeks = tally(register, ["school"], ["school_week"])
    clock.append(time.process_time())
    absent, possible = pupils["absence_sessions"], pupils["possible_sessions"]
    flags = {
        "enrolments": possible > 0,
        "persistently_absent": PERSISTENT_ABSENCE.is_met(absent, possible),
        "severely_absent": SEVERE_ABSENCE.is_met(absent, possible),
    }
    of_schools = (
        pupils[["school", "absence_sessions", "possible_sessions"]].assign(**flags).groupby("school").sum()
    )
    by_week = weeks.groupby("school")["absence_sessions"].sum()
    if not np.array_equal(of_schools["absence_sessions"], by_week):
        wrong = of_schools.index[of_schools["absence_sessions"].to_numpy() != by_week.to_numpy()]
        raise ValueError(f"weeks do not add up to pupils at schools {list(wrong)} of chunk {number}")
    clock.append(time.process_time())
    return Chunk(of_schools, register.codes.size, *np.diff(clock).tolist())


def measure_england(share: float) -> None:
    """Print what the tally of all schools costs, and the sums of trusts; of a share of the schools what all would cost."""
    chunks = round(SCHOOLS_OF_ENGLAND / SCHOOLS_A_CHUNK * share)
    start = time.perf_counter()
    found = Parallel(n_jobs=PROCESSES, batch_size=1)(delayed(count_chunk)(number) for number in range(chunks))
    on_the_clock = time.perf_counter() - start
    schools = pd.concat(each.schools for each in found)
    marks = sum(each.marks for each in found)
    parts = {
        name: sum(getattr(each, name) for each in found) for name in ("inventing", "tallying", "flagging")
    }
    say(
        f"{len(schools):,} schools, {schools['enrolments'].sum():,} pupils, {marks:,} marks, {on_the_clock:.0f} s on the clock"
    )
    say("CPU seconds: " + ", ".join(f"{name} {seconds:.1f}" for name, seconds in parts.items()))
    counting = parts["tallying"] + parts["flagging"]
    whole = f"{counting / PROCESSES:.0f} s of {PROCESSES} cores for the tally and the flags"
    say(whole if share == 1 else f"{whole}; extrapolated to all schools {counting / PROCESSES / share:.0f} s")
    measure_trusts(schools)


def measure_trusts(schools: pd.DataFrame) -> None:
    """Print what it costs to sum the figures of schools (one row each, sessions and pupils) to trusts, and to protect them."""
    start = time.process_time()
    trusts = schools.groupby(np.arange(len(schools)) // SCHOOLS_A_TRUST).sum()
    say(f"{len(trusts):,} trusts summed in {time.process_time() - start:.3f} CPU s")
    a_trust = statistics.median(trust_table(schools, trust) for trust in range(TRUSTS_MADE))
    trusts_in_all = SCHOOLS_OF_ENGLAND // SCHOOLS_A_TRUST
    say(
        f"A trust's protected tables of {SCHOOLS_A_TRUST} schools: {a_trust:.2f} CPU s (median of {TRUSTS_MADE})"
    )
    say(
        f"Extrapolated to all {trusts_in_all:,} trusts: {a_trust * trusts_in_all / PROCESSES:.0f} s of {PROCESSES} cores"
    )


def trust_table(schools: pd.DataFrame, trust: int) -> float:
    """Return the CPU seconds of one trust's tables, of figures that were tallied (one row per school)."""
    rows = schools.iloc[trust * SCHOOLS_A_TRUST : (trust + 1) * SCHOOLS_A_TRUST].astype(int)
    with TemporaryDirectory() as folder:
        like, _ = counts_timed(write_school(Path(folder), invented(0)))
    told = [like_but_for(like, number, row) for number, row in enumerate(rows.to_dict("records"))]
    return table_timed(told)


def like_but_for(like: SchoolCounts, number: int, row: dict[str, int]) -> SchoolCounts:
    """Return what a school like another would send, with a number of its own and the figures of a row of ``Chunk.schools``."""
    figures = replace(
        like.to_date,
        enrolments=row["enrolments"],
        possible_sessions=row["possible_sessions"],
        absence_sessions=row["absence_sessions"],
        persistently_absent_enrolments=row["persistently_absent"],
        severely_absent_enrolments=row["severely_absent"],
    )
    named = {"name": f"School {number}", "urn": str(300_000 + number)}
    return replace(like, **named, year_before=None, to_date=figures, supported=None)


def main(what: str, given: list[str]) -> None:
    """Measure schools from their exports, or all England."""
    if what == "england":
        measure_england(float(given[0]) if given else 1.0)
    else:
        measure_schools([int(each) for each in given] or list(SIZES))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "schools", sys.argv[2:])
