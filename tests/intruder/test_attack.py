"""Proof by attack: see ``attack`` for the reader who tries, ``make attack`` for hundreds of schools."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

import pandas as pd
import pytest
from scipy.optimize import OptimizeResult

from attendance_lib.disclosure import secondary, sums
from attendance_lib.disclosure.puzzle import NODES, solve
from attendance_lib.papers.governors import opening, past
from attendance_lib.papers.governors import sums as additions
from tests.intruder.attack import Known, NoSuchSchoolError, Paper, Solver, counts_of, read_papers
from tests.intruder.schools import HALVES, Invented, invent
from tests.intruder.trial import OPEN, Made, attack_series, make, pack_at, run_series

SIXTY = 1  # the seed of a school of sixty, of whose two reports each fault below tells something


@cache
def school() -> Invented:
    return invent(SIXTY, 60)


@cache
def first() -> Made:
    return make(pack_at(school(), 0, 0, "all"), "all", [])


@cache
def second() -> Made:
    return make(pack_at(school(), 0, 1, "all"), "all", [first().record])


def found(*made: Made) -> list[str]:
    return attack_series(made, school().size).narrowed


# --- Nothing is found ---


@pytest.mark.parametrize(
    ("seed", "size", "level", "cohorts"),
    [(2, 22, 5, ("send",)), (SIXTY, 60, 10, ())],
    ids=["22 pupils with a cohort", "60 pupils, level 10"],
)
def test_nothing_is_made_out_from_a_series_with_a_report_made_again(seed, size, level, cohorts):
    outcome = run_series(invent(seed, size, level), (0, 1), cohorts, again=True)
    assert outcome.attacked > 50
    assert (outcome.narrowed, outcome.blanks, outcome.wrong, outcome.stopped) == ([], [], "", [])


# --- Planted faults are ---


def test_a_report_that_knows_of_none_before_it_is_found():
    assert found(first(), second()) == []
    assert found(first(), make(pack_at(school(), 0, 1, "all"), "all", []))


def test_a_relation_that_nobody_declares_is_found(monkeypatch):
    monkeypatch.setattr(sums, "sums_over_time", lambda units: iter(()))
    assert found(first(), make(pack_at(school(), 0, 1, "all"), "all", [first().record]))


@pytest.mark.parametrize(
    ("seed", "size", "level"), [(6, 60, 5), (3, 100, 10)], ids=["a few reasons", "every reason"]
)
def test_a_reader_who_knows_which_codes_are_authorised_finds_what_takes_no_heed_of_it(
    monkeypatch, seed, size, level
):
    pack = pack_at(invent(seed, size, level), 0, 0, "all")
    assert found(make(pack, "all", [])) == []
    monkeypatch.setattr(additions, "of_authority", lambda workings: iter(()))
    assert found(make(pack, "all", []))


@pytest.mark.parametrize(("seed", "size", "level"), [(6, 60, 5), (9, 40, 10)], ids=["five", "three"])
def test_a_few_reasons_that_are_not_known_to_be_the_sum_of_their_codes_are_found(
    monkeypatch, seed, size, level
):
    """A small school is shown five reasons, or three: pupils suspended are among "All other authorised"."""

    def without_sums(workings):
        return (each for each in of_codes(workings) if "S" not in each.whole.get("codes", "").split("+"))

    of_codes, pack = additions.of_codes, pack_at(invent(seed, size, level), 0, 0, "all")
    assert found(make(pack, "all", [])) == []
    monkeypatch.setattr(additions, "of_codes", without_sums)
    assert found(make(pack, "all", []))


@pytest.mark.parametrize("level", [5, 10])
def test_a_school_that_grows_past_a_hundred_tells_nothing_by_what_it_is_shown_then(level):
    """Ninety-six first, and eight more from November on: a few reasons in its first report, every one in its second."""
    here, joined = invent(SIXTY, 104, level), pd.Timestamp(HALVES[1].start)
    is_new = here.pupils["pupil_id"] > "0096"
    pupils = here.pupils.assign(admission_date=here.pupils["admission_date"].mask(is_new, joined))
    marks = here.marks[(here.marks["pupil_id"] <= "0096") | (here.marks["date"] >= joined)]
    grown = replace(here, pupils=pupils, marks=marks)
    before = make(pack_at(grown, 0, 0, "all"), "all", [], is_told=True)
    after = make(pack_at(grown, 0, 1, "all"), "all", [before.record], is_told=True)
    assert [len(made.paper.rows("reasons")) for made in (before, after)] == [5 if level == 5 else 3, 11]
    outcome = attack_series([before, after], 104)
    assert outcome.attacked > 50
    assert (outcome.narrowed, outcome.blanks, outcome.wrong) == ([], [], "")


def test_a_cohort_that_does_not_know_the_whole_schools_report_is_found():
    assert found(first(), second(), make(pack_at(school(), 0, 1, "send"), "send", [first().record]))


def test_a_cohort_s_next_report_that_forgets_who_had_an_intervention_before_is_found(monkeypatch):
    """Four with free meals had been to the breakfast club by March and five by July, when two more of the school had."""
    here = invent(122)

    def series(*made):
        for half, cohort in HALVES_AND_COHORTS[len(made) :]:
            made = (*made, make(pack_at(here, 0, half, cohort), cohort, [each.record for each in made]))
        return made

    told = series()
    assert found(*told) == []
    monkeypatch.setattr(sums, "_unions", lambda rest, spans: iter(()))
    assert found(*series(*told[:2]))


HALVES_AND_COHORTS = ((3, "all"), (3, "fsm"), (5, "all"), (5, "fsm"))


@pytest.mark.parametrize(
    ("seed", "size"), [(13, 55), (12, 90)], ids=["late after registers closed", "part-time"]
)
def test_the_next_report_of_a_school_that_forgets_what_its_cohort_was_not_shown_is_found(
    monkeypatch, seed, size
):
    """A cohort's report stands between two of the whole school: the second would bound what the cohort's withheld."""
    here = invent(seed, size, 10)
    whole = make(pack_at(here, 0, 1, "all"), "all", [])
    cohort = make(pack_at(here, 0, 1, "send"), "send", [whole.record])
    after, records = pack_at(here, 0, 2, "all"), [whole.record, cohort.record]
    assert found(whole, cohort, make(after, "all", records)) == []
    monkeypatch.setattr(
        past, "of_whom", lambda workings, named: workings if named == workings.named else None
    )
    assert found(whole, cohort, make(after, "all", records))


def test_a_group_without_a_row_whose_nought_is_taken_to_be_withheld_is_found(monkeypatch):
    """Of 60 pupils 22 have SEN support and eight a plan, all of them girls: boys have no row, and girls are all of the cohort."""
    needs, sexes = ["K"] * 22 + ["E"] * 8 + ["N"] * 30, ["F"] * 30 + ["F", "M"] * 15
    strict = invent(SIXTY, 60, 10)
    here = replace(strict, pupils=strict.pupils.assign(sen_status=needs, sex=sexes))
    whole = make(pack_at(here, 0, 0, "all"), "all", [])
    assert found(whole, make(pack_at(here, 0, 0, "send"), "send", [whole.record])) == []
    monkeypatch.setattr(opening, "EMPTY", "a table that there is not")
    assert found(whole, make(pack_at(here, 0, 0, "send"), "send", [whole.record]))


def test_a_version_that_is_forgotten_is_found():
    # At a level of 10 first, then of 5 from edited registers: what is 5 to 9 was withheld and must stay so.
    strict = make(pack_at(invent(SIXTY, 60, 10), 0, 0, "all"), "all", [])
    again = pack_at(school().edited(0), 1, 0, "all")
    assert found(strict, make(again, "all", [strict.record])) == []
    assert found(strict, make(again, "all", []))


def test_a_blank_where_others_have_a_figure_is_found():
    def with_blank(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
        groups = tables["groups"]
        return tables | {"groups": groups.assign(gap_low=groups["gap_low"].replace("c", None))}

    made = make(pack_at(school(), 0, 1, "all"), "all", [first().record], with_blank)
    assert attack_series([first(), second()], 60).blanks == []
    assert attack_series([first(), made], 60).blanks


def unprotected(made: Made, table: str, *columns: str) -> Callable[[dict], dict]:
    """How columns of a table get into a report as they were before anything was left out."""
    return lambda tables: (
        tables | {table: tables[table].assign(**{name: made.truth[table][name] for name in columns})}
    )


def test_a_change_given_though_its_counts_read_c_is_found():
    earlier = make(pack_at(small(), 0, 0, "all"), "all", [])
    pack, records = pack_at(small(), 0, 1, "all"), [earlier.record]
    made = make(pack, "all", records)
    change = unprotected(made, "changes", "persistent_change_rate", "persistent_low", "persistent_high")
    assert found(earlier, made) == []
    assert found(earlier, make(pack, "all", records, change))


def small() -> Invented:
    """Nine of its 53 are persistently absent at the end of the second half term, ten at that of the first."""
    return invent(24, 53, 10)


def test_a_gap_given_though_the_absence_of_everyone_else_reads_c_is_found():
    """Of 60 pupils one alone is away, for one day, and he is a girl: boys' gap is what girls missed."""
    quiet = school().marks.assign(code="/")
    girl = school().pupils.query("sex == 'F'")["pupil_id"].iloc[0]
    is_away = (quiet["pupil_id"] == girl) & (quiet["date"] == pd.Timestamp(HALVES[0].start))
    here = replace(school(), marks=quiet.assign(code=quiet["code"].mask(is_away, "I")))
    made = make(pack_at(here, 0, 0, "all"), "all", [])
    assert found(made) == []
    assert found(make(pack_at(here, 0, 0, "all"), "all", [], unprotected(made, "groups", "gap_rate")))


def test_something_taken_for_known_that_is_not_so_is_found():
    known = Known()
    known.between([("a",)], 3, 3)
    known.between([("a",)], 4, 4)
    with pytest.raises(NoSuchSchoolError):
        Solver(known).bounds((("a",),), 5)


def test_something_taken_for_known_that_the_school_itself_does_not_fit_is_found():
    made = make(pack_at(school(), 0, 0, "all"), "all", [])
    untrue = made.truth | {
        "bands": made.truth["bands"].assign(enrolments=made.truth["bands"]["enrolments"] + 1)
    }
    assert "nothing fits" in attack_series([replace(made, truth=untrue)], 60).wrong


# --- He counts right ---


def test_the_bounds_are_those_worked_out_by_hand():
    # 10 in all, 6 of them in two groups of which each has one at least: 1 to 5 each, and 4 in the third.
    known = Known()
    for name in "abc":
        known.between([(name,)], 1, 100)
    known.between([("a",), ("b",), ("c",)], 10, 10)
    known.between([("a",), ("b",)], 6, 6)
    solver = Solver(known)
    ranges = {name: solver.bounds(((name,),), 100) for name in "abc"}
    assert {name: (each.low, each.high) for name, each in ranges.items()} == {
        "a": (1, 5),
        "b": (1, 5),
        "c": (4, 4),
    }


def test_two_years_to_date_tell_the_half_term_between():
    # The leak that the demo's reports of May and July had: 3 and then 4 notices, of which the half term reads c.
    heads = "kind,period_notices,year_notices\n"
    papers = [
        published_notices(date(2026, 9, 7), date(2026, 10, 23), f"{heads}letter,8,8\n"),
        published_notices(date(2026, 11, 2), date(2026, 12, 18), f"{heads}letter,c,9\n"),
    ]
    known = read_papers(papers, OPEN)
    bounds = Solver(known).bounds(known.figures[1, "statutory_action", 0, "period_notices"], 5)
    assert (bounds.low, bounds.high) == (1, 1)


def test_what_read_c_before_may_be_none_in_the_report_made_again():
    # One thing was found, and was put right before the report was made again: what was c stays so.
    text = "rule,year_things,period_things\nunreviewed,c,c\n"
    paper = Paper({"checks_of_marks": text}, date(2026, 9, 7), date(2026, 10, 23), 5)
    known = read_papers([paper, paper], OPEN)
    places = [(number, "checks_of_marks", 0, "year_things") for number in (0, 1)]
    assert [Solver(known).bounds(known.figures[place], 5).low for place in places] == [1, 0]


def test_a_group_of_a_cohort_has_a_row_because_somebody_is_in_it():
    text = (
        "characteristic,group,enrolments,persistently_absent_enrolments,severely_absent_enrolments,attendance_rate,gap_rate\n"
        "Sex,Girls,c,c,0,c,c\nSex,Boys,12,c,0,c,c\n"
    )
    parts = (("SEN", "SEN support"), ("SEN", "EHC plan"))
    paper = Paper({"groups": text}, date(2026, 9, 7), date(2026, 10, 23), 5, "send", parts)
    known = read_papers([paper], OPEN)
    assert Solver(known).bounds(known.figures[0, "groups", 0, "enrolments"], 5).low == 1


def test_a_rate_may_be_of_a_roll_of_whom_five_sessions_have_no_mark():
    # 154 of 30 pupils' 70 sessions each, less five, are 7.351 %: attendance is printed as 92.6 %.
    low, high = counts_of(1 - 0.926, 30 * 70, 0.001)
    assert low <= 154 <= high


def test_the_same_point_last_year_is_not_taken_for_this_year():
    rows = "".join(
        f"{name},{first},{last},{roll},,,,,,{often},{seldom}\n"
        for name, first, last, roll, often, seldom in (
            ("year_to_date", "2026-09-07", "2026-10-23", 100, 20, 5),
            ("year_to_date_1", "2025-09-08", "2025-10-24", 90, 12, 6),
        )
    )
    days = {date(2025, 9, 8): 2, date(2025, 10, 24): 2, date(2026, 9, 7): 2, date(2026, 10, 23): 2}
    known = read_papers(
        [Paper({"spans": SPAN_COLUMNS + rows}, date(2026, 9, 7), date(2026, 10, 23), 5)], days
    )
    often = "persistently_absent_enrolments"
    ranges = [Solver(known).bounds(known.figures[0, "spans", line, often], 5) for line in (0, 1)]
    assert [(each.low, each.high) for each in ranges] == [(20, 20), (12, 12)]


SPAN_COLUMNS = (
    "span,first_date,last_date,enrolments,absence_rate,authorised_absence_rate,unauthorised_absence_rate,"
    "late_before_close_rate,late_after_close_rate,persistently_absent_enrolments,severely_absent_enrolments\n"
)


def published_notices(first_day: date, last_day: date, text: str) -> Paper:
    return Paper({"statutory_action": text}, first_day, last_day, 5)


# --- Within a limit ---

SOLUTION_LIMIT = 4  # as scipy tells it


@pytest.mark.parametrize("at_once", [False, True], ids=["after no branch", "at once"])
def test_a_search_that_reaches_its_limit_leaves_out_more_and_is_as_safe(monkeypatch, at_once):
    """Whatever HiGHS has then: a choice that is not the best, or none at all."""
    searches, free = [], first().withheld

    def limited(aim, constraints, bounds, integrality, nodes=None):
        is_choice = nodes == NODES and aim.any()
        searches.append(is_choice)
        if is_choice and at_once:
            return OptimizeResult(x=None, status=SOLUTION_LIMIT)
        return solve(aim, constraints, bounds, integrality, 0 if is_choice else nodes)

    monkeypatch.setattr(secondary, "solve", limited)
    monkeypatch.setattr(secondary, "MOST_SEARCHES", 0)
    made = make(pack_at(school(), 0, 0, "all"), "all", [])
    assert any(searches)
    assert made.withheld > free
    assert found(made) == []
