"""The attack across schools: a reader who keeps every edition of a trust's paper, adds up its schools and solves for what reads c.

He is given the published tables as CSV and knows what anybody does: a total is the sum of its schools, the severely absent are
persistently absent, and a figure of a day is the same in each edition that gives it.
"""

import csv
from dataclasses import replace
from io import StringIO

import numpy as np
import pytest

from attendance_lib.intake.school_counts import SchoolCounts, Standing, TrustCounts
from attendance_lib.papers.trust import opening
from attendance_lib.papers.trust.opening import PHASES, TRUST, publish
from tests.intruder.attack import HIDDEN, MOST, SMALL_GROUP, Known, Solver
from tests.intruder.trial import pass_mark

LEVEL, YEAR = 5, 190
COUNTS = ("enrolments", "persistently_absent_enrolments", "severely_absent_enrolments")


def invented(seed, phases=("primary", "primary", "primary", "secondary", "secondary", "special")):
    """Schools of 6 to 300 pupils, few of whom are severely absent, whose counts are as if each could send them as they are."""
    rng = np.random.default_rng(seed)
    return [school(rng, f"{300001 + place}", phase) for place, phase in enumerate(phases)]


def school(rng, urn, phase):
    size = int(np.exp(rng.uniform(np.log(6), np.log(300))))
    now, then = (
        standing(rng, max(1, size - gone), year) for gone, year in ((0, 2025), (int(rng.integers(3)), 2024))
    )
    supported = int(rng.integers(now.severely_absent_enrolments + 1))
    return SchoolCounts(
        name=f"School {urn}", urn=urn, phase=phase, level=LEVEL, to_date=now, year_before=then, absence_mix=1.0,
        persistent_mix=1.0, supported=supported, registers_due=100, registers_missed=0, practice=(),
        effects=(), up_to="2026-01-30", definitions={},
    )  # fmt: skip


def standing(rng, size, year):
    severe = int(rng.binomial(size, 0.03))
    persistent = severe + int(rng.binomial(size - severe, 0.12))
    absent = persistent + int(rng.binomial(size - persistent, 0.7))
    return Standing(
        f"{year}-09-03",
        f"{year + 1}-01-30",
        size,
        size * YEAR,
        int(absent * rng.integers(5, 15)),
        persistent,
        severe,
    )


def edition(schools, earlier=()):
    return publish(TrustCounts("A trust", "2026-01-30", [each.urn for each in schools]), schools, earlier)


def rows_of(paper, table):
    return list(csv.DictReader(StringIO(paper.tables[table].to_csv(index=False))))


def known_from(*papers):
    """What a reader of some editions of one day knows, from their CSV alone."""
    known = Known()
    for number, paper in enumerate(papers):
        for line, row in enumerate(rows_of(paper, "schools")):
            note_school(known, (number, "schools", line), row)
        members = rows_of(paper, "schools")
        for line, row in enumerate(rows_of(paper, "totals")):
            held = [each["school"] for each in members if row["phase"] in (each["phase"], TRUST)]
            for column in columns():
                note(
                    known,
                    (number, "totals", line, column),
                    tuple((column, name) for name in held),
                    row[column],
                    0,
                )
    return known


def columns():
    return [f"{when}{name}" for when in ("", "before_") for name in COUNTS]


def note_school(known, place, row):
    for when in ("", "before_"):
        everyone, persistent, severe = ((f"{when}{name}", row["school"]) for name in COUNTS)
        # Of fewer than ten nothing is said, be it none; else c is one at the least.
        size = row[f"{when}enrolments"]
        is_few = size == HIDDEN or float(size) < SMALL_GROUP
        for name in (everyone, persistent, severe):
            note(
                known, (*place, name[0]), (name,), row[name[0]], least=0 if is_few and name != everyone else 1
            )
        known.between([persistent], 0, MOST, [severe])
        known.between([everyone], 0, MOST, [persistent])
    supported, severe = ("supported", row["school"]), ("severely_absent_enrolments", row["school"])
    note(known, (*place, "supported"), (supported,), row["supported"], 0)
    known.between([severe], 0, MOST, [supported])


def note(known, place, names, text, least):
    value = None if text == HIDDEN else float(text)
    known.figures[place] = names
    known.between(names, *((value, value) if value is not None else (least, MOST)))


def narrowed(schools, known):
    """The small counts that keep too few values, and those of which the truth lies outside."""
    solver, found = Solver(known), []
    for each in schools:
        for when, held in (("", each.to_date), ("before_", each.year_before)):
            for name in COUNTS:
                truth, key = getattr(held, name), (f"{when}{name}", each.name)
                if 0 < truth < LEVEL and key in solver.column:
                    bounds = solver.bounds((key,), MOST)
                    if bounds.values < pass_mark(LEVEL, LEVEL) or not bounds.low <= truth <= bounds.high:
                        found.append((key, truth, bounds))
    return found


def small(schools):
    return sum(
        0 < getattr(held, name) < LEVEL
        for each in schools
        for held in (each.to_date, each.year_before)
        for name in COUNTS
    )


@pytest.mark.parametrize("seed", range(4))
def test_no_total_less_the_others_gives_a_school_s_few(seed):
    schools = invented(seed)
    assert small(schools) >= 2
    assert narrowed(schools, known_from(edition(schools))) == []


@pytest.mark.parametrize("seed", range(2))
def test_a_school_that_comes_late_is_not_given_by_the_two_editions(seed):
    schools = invented(seed)
    first = edition(schools[1:])
    second = edition(schools, [first.record])
    assert narrowed(schools, known_from(first, second)) == []


def test_registers_put_right_between_two_editions_keep_what_the_first_withheld():
    schools = invented(1)
    first = edition(schools)
    place = next(n for n, each in enumerate(schools) if 0 < each.to_date.severely_absent_enrolments < LEVEL)
    changed = replace(schools[place].to_date, absence_sessions=schools[place].to_date.absence_sessions + 3)
    schools[place] = replace(schools[place], to_date=changed)
    again = edition(schools, [first.record])
    assert again.tables["schools"]["severely_absent_enrolments"].iloc[place] == HIDDEN
    assert narrowed(schools, known_from(first, again)) == []


# The reader is tried too: he must find what is there


def late_school():
    """The first seed and school by whose coming late an edition that knows of none before it tells its few."""
    for seed in range(12):
        schools = invented(seed)
        first, unknowing = edition(schools[1:]), edition(schools)
        if narrowed(schools, known_from(first, unknowing)):
            return schools, first
    return None


def test_an_edition_that_knows_of_none_before_it_is_found():
    schools, first = late_school()
    assert narrowed(schools, known_from(first, edition(schools, [first.record]))) == []


def test_totals_of_which_nobody_says_what_they_are_the_sum_of_are_found(monkeypatch):
    schools = invented(3)
    told, totals = edition(schools), opening.public_totals
    monkeypatch.setattr(opening, "public_totals", lambda *asked: (totals(*asked)[0], []))
    assert narrowed(schools, known_from(edition(schools))) != []
    assert narrowed(schools, known_from(told)) == []


def test_the_phases_are_those_that_the_reader_adds_up():
    totals = edition(invented(0)).tables["totals"]
    assert totals["phase"].tolist() == [PHASES["primary"], PHASES["secondary"], PHASES["special"], TRUST]
    assert opening.TOTALS in edition(invented(0)).tables
