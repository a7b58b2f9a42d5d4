"""The pack of schools of other shapes, counted again: a sixth form, Reception, six terms, and pupils who leave and come back."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pytest
import yaml

from attendance_lib.analysis.headline import returned_of
from attendance_lib.pack.opening import open_pack
from attendance_lib.papers.data_notes import two_bases
from attendance_lib.papers.fortnightly.changes import crossed_pupils, crossing_counts
from attendance_lib.papers.fortnightly.codes import reasons, unexplained_sessions
from attendance_lib.papers.fortnightly.front_page import headline, key_figures
from attendance_lib.papers.fortnightly.groups import groups
from attendance_lib.papers.fortnightly.notices import local_notice_windows, notice_windows
from attendance_lib.papers.fortnightly.priority import priority_pupils
from attendance_lib.papers.governors.front_page import key_figures as key_figures_of_board
from attendance_lib.papers.governors.opening import open_governors
from attendance_lib.papers.governors.published import span
from tests.recount.counting import Recount, count, is_on_roll, is_persistent
from tests.recount.invented import SCHOOLS
from tests.recount.school_files import read_school

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "odd-schools"
COHORTS = str(ROOT / "params" / "cohorts.yml")
FORTNIGHT = (date(2026, 11, 9), date(2026, 11, 20))
HALF_TERM = (date(2026, 9, 7), date(2026, 10, 16))
ODD = ("sixth", "sixterm", "primary")
STANDINGS = {"": 0, "Above 95%": 1, "At risk": 2, "Persistent absence": 3, "Severe absence": 4}
RATES = {
    "Attendance": "attended", "Authorised absence": "authorised", "Unauthorised absence": "unauthorised",
    "Late before the register closed (L)": ("code", "L"), "Late after the register closed (U)": ("code", "U"),
}  # fmt: skip


@pytest.fixture(scope="module", params=[*SCHOOLS, *ODD])
def school_file(request, tmp_path_factory):
    if request.param in ODD:
        if not SHARED.exists():
            pytest.skip("the odd schools lie outside the project and are not here")
        return SHARED / request.param / "school.yml"
    return SCHOOLS[request.param].write(tmp_path_factory.mktemp("recounted"))


@pytest.fixture(scope="module")
def pack(school_file):
    return open_pack(str(school_file), *map(str, FORTNIGHT), cohorts_file=COHORTS)


@pytest.fixture(scope="module")
def files(school_file):
    return read_school(school_file)


@pytest.fixture(scope="module")
def recount(files):
    return Recount(files, *FORTNIGHT)


def near(fraction):
    return pytest.approx(float(fraction), abs=1e-12)


def test_the_year_on_each_basis(pack, recount):
    for (_, row), basis in zip(two_bases(pack).frame.iterrows(), ("dfe", "roll"), strict=True):
        expected = recount.headline(basis)
        assert {name: int(row[name]) for name in expected if name in row} == {
            name: value for name, value in expected.items() if name in row
        }


def test_headline_rates_and_what_they_changed_by(pack, recount):
    table = headline(pack).frame.set_index("measure")
    until = recount.last_year[-1]
    before = [
        session for session in recount.school.sessions
        if session.school_year == until.school_year and session.day <= until.day
    ]  # fmt: skip
    now, then = recount.enrolments("dfe"), recount.enrolments("dfe", until.school_year)
    spans = {
        "now": (now, recount.current), "previous": (now, recount.previous), "last": (then, recount.last_year),
        "year": (now, recount.year_sessions), "last_year": (then, before),
    }  # fmt: skip
    counted = {name: count(recount.school, *span) for name, span in spans.items()}
    for measure, what in RATES.items():
        rate = {name: Fraction(each[what], each["possible"]) for name, each in counted.items()}
        row = table.loc[measure]
        assert row["period_rate"] == near(rate["now"])
        assert row["change_rate"] == near(rate["now"] - rate["previous"])
        assert row["change_on_last_year_rate"] == near(rate["now"] - rate["last"])
        assert row["year_to_date_rate"] == near(rate["year"])
        assert row["year_change_rate"] == near(rate["year"] - rate["last_year"])


def test_the_key_figures(pack, recount):
    expected, figures = recount.headline("dfe"), key_figures(pack).figures
    now = count(recount.school, recount.enrolments("dfe"), recount.current)
    assert figures[0].detail == f"{now['attended']:,} of {now['possible']:,} sessions"
    for figure, line in ((figures[3], "persistently"), (figures[4], "severely")):
        assert (
            figure.detail == f"{expected[f'{line}_absent_enrolments']} of {expected['enrolments']} enrolments"
        )


def test_year_groups_in_the_headline_and_outside_it(pack, recount):
    rows = groups(pack).frame
    for basis, characteristic in (("dfe", "Year group"), ("outside", "Year group, outside the headline")):
        of_years = rows[rows["characteristic"] == characteristic].set_index("group")
        years = {
            recount.value(pupil, "year_group")
            for pupil in recount.enrolments(basis)
            if recount.total(pupil)["possible"]
        }
        assert len(of_years) == len(years)
        for year in years:
            found = of_years.loc["Reception" if year == 0 else f"Year {year}"]
            expected = recount.group("year_group", year, basis)
            for name, value in expected.items():
                if name == "gap_rate" and basis == "outside":
                    assert pd.isna(found[name])
                else:
                    assert found[name] == near(value), (year, name)


def test_reasons_make_up_all_absence(pack, recount):
    now = count(recount.school, recount.enrolments("dfe"), recount.current)
    assert reasons(pack).frame["sessions"].sum() == now["absent"]


def test_sessions_to_explain_of_pupils_of_every_age(pack, recount):
    table = unexplained_sessions(pack).frame
    words = {"No reason yet (N)": "N", "Missing mark": "missing"}
    rows = zip(
        table["pupil_id"].astype(str), table["date"].dt.date, table["session"].astype(str),
        table["what"].map(words), table["is_overdue"].astype(bool), strict=True,
    )  # fmt: skip
    assert sorted(rows) == sorted(recount.unexplained())


def test_who_crossed_a_line_is_a_person(pack, recount):
    table = crossed_pupils(pack).frame
    found = {
        (row.pupil_id, *(STANDINGS[text.partition(" (")[0]] for text in (row.was, row.now)))
        for row in table.itertuples()
    }
    assert found == {(pupil, was, now) for pupil, _, was, now in recount.crossings()}
    people = recount.enrolments("roll")
    persistent = sum(is_persistent(recount.of_person(pupil)) for pupil in people)
    assert crossing_counts(pack).frame["enrolments"].iloc[1] == persistent


def test_the_priority_list_is_of_persons_in_the_order_of_its_rule(pack, recount):
    held = recount.points()
    expected = sorted(
        held,
        key=lambda who: (-held[who]["points"], -held[who]["absent_in_period"], -held[who]["absent"], who),
    )
    table = priority_pupils(pack).frame
    assert table["pupil_id"].astype(str).tolist() == expected
    assert table["points"].tolist() == [held[who]["points"] for who in expected]


@pytest.mark.parametrize(
    ("section", "rule"),
    [(notice_windows, (10, 10, "week")), (local_notice_windows, (6, 2, "term"))],
)
def test_notice_windows_are_of_those_of_school_age(pack, recount, section, rule):
    if section is local_notice_windows and not section(pack).frame.size:
        pytest.skip("this school names no local rule")
    expected = {
        pupil: window for (pupil, _), window in recount.windows(*rule).items()
        if window["first_met_date"] or window["is_near"]
    }  # fmt: skip
    rows = section(pack).frame.set_index("pupil_id")
    assert set(rows.index.astype(str)) == set(expected)
    for pupil, window in expected.items():
        row = rows.loc[pupil]
        assert (row["counted_sessions"], row["n_sessions"]) == (
            window["counted_sessions"],
            window["n_sessions"],
        )
        first = row["first_met_date"]
        assert (None if pd.isna(first) else first.date()) == window["first_met_date"]
        assert bool(row["is_met_now"]) == window["is_met_now"]


def has_whole_terms(school_file):
    """Whether each term of a school file has one entry, as the file is written: such a term has no halves."""
    terms = yaml.safe_load(school_file.read_text(encoding="utf-8"))["calendar"]["terms"]
    return all(len(term["half_terms"]) == 1 for term in terms)


def test_the_board_s_half_term_is_compared_with_its_own_dates(school_file, files):
    """A half term stands beside the one of the same name a year before, whole, whatever its dates were."""
    if school_file.is_relative_to(SHARED):
        pytest.skip("its half term is tested by its figures in tests/test_odd_schools.py")
    report = open_governors(str(school_file), *map(str, HALF_TERM), cohorts_file=COHORTS)
    recount = Recount(files, *HALF_TERM)
    name = recount.current[0].half_term[1:]
    then = [each for each in files.sessions if each.half_term == ("202526", *name)]
    now, before = (
        count(files, recount.enrolments("dfe", year), sessions)
        for year, sessions in (("202627", recount.current), ("202526", then))
    )
    figure = key_figures_of_board(report).figures[0]
    beside = {each.label: each.value for each in figure.comparisons}
    assert figure.value == pytest.approx(now["attended"] / now["possible"], abs=0.0005)
    withheld = span(report, "half_term_1")["attendance_rate"] == "c"
    said = "same term last year" if has_whole_terms(school_file) else "same half term last year"
    assert withheld == (said not in beside)
    assert withheld or beside[said] == pytest.approx(before["attended"] / before["possible"], abs=0.0005)


def test_the_schools_are_of_the_shapes_that_they_are_here_for(pack, recount, school_file):
    """A sixth form, Reception or a returner is there to be counted, so that no test above holds of nothing."""
    if "Six" in school_file.read_text(encoding="utf-8").partition("name:")[2][:20]:
        assert len({session.half_term[1] for session in recount.school.sessions}) == 6 or recount.enrolments(
            "outside"
        )
    if "Return" in school_file.read_text(encoding="utf-8"):
        assert returned_of(pack) == 1
        assert sum(not is_on_roll(pupil, FORTNIGHT[1]) for pupil in recount.school.pupils) == 2
