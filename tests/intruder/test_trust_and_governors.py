"""The attack on a trust's paper beside its schools' reports to governors: one reader holds them all, and solves them together.

He has the governors' reports of each school as their own reader has them (``attack``), and knows that the trust's counts of a
day are those that the reports stand at. He is told of each total which schools it is of, as the trust's record says.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest

from attendance_lib.disclosure.read_back import checked
from attendance_lib.intake.school_counts import SchoolCounts, TrustCounts, known
from attendance_lib.pack.pack import Pack
from attendance_lib.papers.trust.from_school import counts_of
from attendance_lib.papers.trust.opening import PHASES, TRUST, TrustPaper, publish, school_row
from tests.intruder.attack import HIDDEN, Known, Paper, Solver, read_papers
from tests.intruder.attack import counts_of as counts_within
from tests.intruder.schools import HALVES, Invented, invent
from tests.intruder.trial import OPEN, Made, make, pack_at, pass_mark, targets

LEVEL, AT, AFTER = 5, 1, 2
SIZES = (20, 35, 60, 140)
BANDS = {
    "enrolments": ("others", "persistent", "severe"),
    "persistently_absent_enrolments": ("persistent", "severe"),
    "severely_absent_enrolments": ("severe",),
}


@dataclass(frozen=True)
class School:
    """One school: what it sent its trust, and its reports to governors of that day and of the half term after."""

    urn: str
    sent: SchoolCounts
    reports: tuple[Made, ...]


def a_school(seed: int, number: int) -> School:
    """Report to governors, send the trust the counts of that day, and report once more, knowing of all before."""
    school, urn = invent(1000 * seed + number, SIZES[number], LEVEL), str(300_001 + number)
    # What interventions give to pools is attacked by itself.
    school = replace(school, logs=school.logs | {"interventions": None})
    first = make(a_pack(school, urn, AT), "all", [])
    sent, record = counts_of(a_pack(school, urn, AT), [first.record], "counts")
    later = make(a_pack(school, urn, AFTER), "all", [first.record, checked(record)])
    return School(urn, sent, (first, later))


def a_pack(school: Invented, urn: str, half: int) -> Pack:
    """A pack of one of several light schools."""
    pack = pack_at(school, 0, half, "all")
    settings = pack.school.settings
    details = settings.school.model_copy(update={"urn": urn, "name": f"School {urn}"})
    rules = SimpleNamespace(**vars(settings.rules), local_bands=())
    named = SimpleNamespace(**(vars(settings) | {"school": details, "rules": rules}))
    return replace(pack, school=replace(pack.school, settings=named))


def paper_of(sent: list[SchoolCounts]) -> TrustPaper:
    return publish(TrustCounts("A trust", sent[0].up_to, [each.urn for each in sent]), sent)


def read_all(schools: list[School], paper: TrustPaper) -> Known:
    """What he knows of all schools, their unknowns by their school's number; the paper says which schools gave what."""
    known_of_all = Known()
    for school in schools:
        known_of_all.take(
            read_papers(papers_of(school), OPEN),
            lambda name, urn=school.urn: (urn, *name),
        )
    shown, gave_all = (
        paper.tables["schools"].set_index("school"),
        {each.urn: school_row(each) for each in paper.schools},
    )
    for school in schools:
        for column in BANDS:
            note(known_of_all, unknowns(school, column), shown.loc[school.sent.name, column])
        sessions = known(shown.loc[school.sent.name, "enrolments"])
        note_rate(known_of_all, missed(school), shown.loc[school.sent.name, "absence_rate"], sessions)
    for row in paper.tables["totals"].to_dict("records"):
        members = [each for each in schools if row["phase"] in (PHASES[each.sent.phase], TRUST)]
        for column in BANDS:
            gave = [each for each in members if known(gave_all[each.urn][column]) is not None]
            note(known_of_all, [name for each in gave for name in unknowns(each, column)], row[column])
        gave = [each for each in members if known(gave_all[each.urn]["absence_sessions"]) is not None]
        note_rate(
            known_of_all,
            [name for each in gave for name in missed(each)],
            row["absence_rate"],
            known(row["enrolments"]),
        )
    return known_of_all


def papers_of(school: School) -> list[Paper]:
    return [each.paper for each in school.reports]


def unknowns(school: School, column: str) -> list[tuple]:
    """The unknowns of his reading of the governors' reports that make a count of the trust's paper."""
    return [(school.urn, "all", "everyone", "", HALVES[AT].end, band) for band in BANDS[column]]


def missed(school: School) -> list[tuple]:
    """The sessions missed since September up to the day, as his reading cuts them."""
    names = {name for row, *_ in read_papers(papers_of(school), OPEN).sums for name in row}
    return [
        (school.urn, *name)
        for name in names
        if name[:2] == ("all", "absence") and len(name) == 4 and name[3] <= HALVES[AT].end
    ]


def note(held: Known, names: list[tuple], value: object) -> None:
    if names and value != HIDDEN and value is not None:
        held.between(names, float(value), float(value))


def note_rate(held: Known, names: list[tuple], rate: object, enrolments: float | None) -> None:
    """A rate of three places, of pupils who were all on roll throughout."""
    if names and rate != HIDDEN and enrolments is not None:
        sessions = sum(count for day, count in OPEN.items() if day <= HALVES[AT].end)
        held.between(names, *counts_within(float(rate), int(enrolments) * sessions, 0.001))


def narrowed(schools: list[School], held: Known) -> Iterator[str]:
    """The few that he leaves fewer values than the reports may, or of which he takes what is not so for known."""
    solver = Solver(held)
    for school in schools:
        alone = read_papers(papers_of(school), OPEN)
        for place, names, value, needed in targets(school.reports, alone):
            found = solver.bounds(tuple((school.urn, *name) for name in names), needed)
            if found.values < pass_mark(needed, LEVEL):
                yield f"{school.urn} {place}: {value} is {found.low:g} to {found.high:g}, of {needed}"


@pytest.fixture(scope="module")
def schools() -> list[School]:
    return [a_school(1, number) for number in range(len(SIZES))]


def test_the_trust_s_paper_gives_nothing_that_governors_were_not_told(schools):
    paper = paper_of([each.sent for each in schools])
    assert sum(len(list(targets(each.reports, read_papers(papers_of(each), OPEN)))) for each in schools) > 100
    assert list(narrowed(schools, read_all(schools, paper))) == []


def test_a_paper_of_counts_as_they_are_is_found(schools):
    """A total less the other schools then leaves fewer values than the governors' report, which could know of no other school."""
    bare = [replace(each.sent, **vars(each.sent.as_they_are)) for each in schools]
    assert next(narrowed(schools, read_all(schools, paper_of(bare))), "")


def test_he_takes_nothing_for_known_that_is_not_so(schools):
    paper = paper_of([each.sent for each in schools])
    truth = Known(list(read_all(schools, paper).sums))
    for school in schools:
        counts = school.sent.as_they_are.to_date
        for column in BANDS:
            truth.between(unknowns(school, column), *(getattr(counts, column),) * 2)
        truth.between(missed(school), *(counts.absence_sessions,) * 2)
    solver = Solver(truth)
    solver.world(np.zeros(len(solver.part)), np.arange(len(solver.part)))
