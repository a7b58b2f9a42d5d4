"""Schools of other shapes through every paper: a sixth form, Reception and a nursery, five, six and three terms, a unit."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from attendance_lib.cli import main
from attendance_lib.disclosure.read_back import RECORD
from attendance_lib.intake.school_store import STORE_FOLDER, SchoolStore, open_school
from attendance_lib.intake.settings.loading import load_settings
from attendance_lib.pack import opening
from attendance_lib.pack.opening import PACKS, open_pack
from attendance_lib.papers.fortnightly.front_page import headline, key_figures, over_the_line
from attendance_lib.papers.fortnightly.groups import groups
from attendance_lib.papers.governors import opening as governors_opening
from attendance_lib.papers.governors.front_page import purpose
from attendance_lib.papers.governors.opening import open_governors
from attendance_lib.papers.governors.words import what_changed
from attendance_lib.papers.shared import whom_it_counts
from attendance_lib.reports.papers import PAPERS, MadeBy, Span, papers_made_by
from tests.notebook_in_process import run_here
from tests.odd_schools import ODD

SHARED = Path(__file__).resolve().parents[2] / "shared" / "odd-schools"
needs_shared = pytest.mark.skipif(
    not SHARED.exists(), reason="the odd schools lie outside the project and are not here"
)
COHORTS = str(Path(__file__).resolve().parents[1] / "params" / "cohorts.yml")
FORTNIGHT = ("2026-11-09", "2026-11-20")


def shared_pack(name, cohort="all"):
    return open_pack(str(SHARED / name / "school.yml"), *FORTNIGHT, cohort, cohorts_file=COHORTS)


@pytest.fixture(scope="module")
def sixth():
    return shared_pack("sixth")


@needs_shared
def test_a_sixth_form_s_headline_counts_those_of_dfe_s_ages_and_says_so(sixth):
    attendance, persistent = key_figures(sixth).figures[0], key_figures(sixth).figures[3]
    assert attendance.detail == "974 of 1,200 sessions"
    assert persistent.detail == "40 of 60 enrolments"
    assert over_the_line(sixth).startswith("60 pupils on roll, whatever their age, are persistently absent")
    assert "count 60 of the 84 pupils on roll" in whom_it_counts(sixth).items[0]


@needs_shared
def test_its_year_12_has_a_headline_of_its_own(sixth):
    year_12 = shared_pack("sixth", "year_12")
    row = groups(sixth).frame.set_index("group").loc["Year 12"]
    assert key_figures(year_12).figures[0].value == row["period_attendance_rate"]
    assert key_figures(year_12).figures[3].detail.endswith(" of 12 enrolments")
    assert headline(year_12).frame["england_rate"].isna().all()


@needs_shared
def test_a_primary_s_reception_is_told_and_has_a_row():
    pack = shared_pack("primary")
    assert key_figures(pack).figures[3].detail == "54 of 72 enrolments"
    assert over_the_line(pack).startswith("60 pupils on roll, whatever their age, are persistently absent")
    assert "The other 12 on roll, 12 of Reception" in whom_it_counts(pack).items[0]
    assert "Reception" in groups(pack).frame["group"].tolist()


@needs_shared
def test_six_terms_compare_a_half_term_by_its_own_dates(tmp_path):
    """To 23 October 2026 beside the whole term of the year before: +1.8 points, and the term by the school's own name.

    Last year's are written "term_1" and this year's "Term 1": one name.
    """
    text = (SHARED / "sixterm" / "school.yml").read_text(encoding="utf-8")
    for name in ("pupils.csv", "marks.csv"):
        (tmp_path / name).symlink_to(SHARED / "sixterm" / name)
    last_year, first, this_year = text.partition("- school_year: '202627'")
    text = last_year + first + this_year.replace("name: term_", "name: Term ")
    (tmp_path / "school.yml").write_text(text, encoding="utf-8")
    report = open_governors(str(tmp_path / "school.yml"), "2026-09-03", "2026-10-23", cohorts_file=COHORTS)
    assert "up 1.8 percentage points on the same term last year" in what_changed(report).items[0]
    assert "Term 1, 2026/27: 74 sessions" in purpose(report).items[0]


PERIODS = {
    Span.DAY: ("2026-11-13", "2026-11-13"),
    Span.WEEK: ("2026-11-02", "2026-11-06"),
    Span.FORTNIGHT: ("2026-11-02", "2026-11-13"),
    Span.HALF_TERM: ("2026-09-07", "2026-09-18"),
    Span.WHOLE_RECORD: ("2025-09-01", "2026-11-13"),
}
LAST_BLOCK = {"three terms": ("2026-09-07", "2026-09-18")}
LAST_WEEK = {"three terms": ("2026-09-07", "2026-09-11")}


@needs_shared
def test_a_figure_withheld_at_the_headline_is_not_printed_by_a_definition_that_counts_the_same_pupils(
    tmp_path,
):
    """Of a primary's eight severely absent one stands at exactly half: eight and seven side by side would say so."""
    for name in ("school.yml", "pupils.csv", "marks.csv"):
        (tmp_path / name).symlink_to(SHARED / "primary" / name)
    report = open_governors(str(tmp_path / "school.yml"), "2026-09-03", "2026-10-23", cohorts_file=COHORTS)
    table = report.tables["reconciliation"].set_index("definition")
    assert (table["removed_enrolments"].loc["long_enough"], table["enrolments"].iloc[0]) == (0, 72)
    severe = table["severely_absent_enrolments"]
    assert severe["long_enough"] == severe["statutory_age"] == severe.iloc[0]
    assert "c" in {severe["long_enough"], severe["below_the_line"]}


@pytest.fixture(scope="module")
def opened_once():
    """Every pack and every governors' report that is asked for is opened once: what a paper counts, another counts too."""
    with pytest.MonkeyPatch.context() as patch:
        for module, name in ((opening, "open_pack"), (governors_opening, "open_governors")):
            patch.setattr(module, name, cache(getattr(module, name)))
        yield


@pytest.fixture(scope="module", params=ODD)
def odd(request, tmp_path_factory, opened_once):
    """A school's name and file; its exports are read once."""
    school = ODD[request.param].write(tmp_path_factory.mktemp("odd"))
    open_school(load_settings(school), SchoolStore(school.parent / PACKS / STORE_FOLDER), keeps=True)
    return request.param, str(school)


def report_of(odd):
    """The governors' report of a school, as its paper opens it."""
    _, school = odd
    given = {"cohorts_file": COHORTS, "previous_pack": ""}
    return governors_opening.open_governors(school, *PERIODS[Span.HALF_TERM], "all", **given)


def test_what_a_report_says_adds_up_does_in_every_year_that_it_tells_of(odd):
    """Who is in Year 7 now was in Year 6 on this roll last year: the next report reads this record, and rests on its sums."""
    assert RECORD.validate_python(report_of(odd).record).counts


@pytest.mark.parametrize("paper", papers_made_by(MadeBy.RUN))
def test_every_paper_is_made_of_every_odd_school(odd, paper):
    """The tables are there, and nothing in them says nan, None or a half that the term has not."""
    name, school = odd
    span = PAPERS[paper].span
    last_of = {Span.FORTNIGHT: LAST_BLOCK, Span.DAY: LAST_BLOCK, Span.WEEK: LAST_WEEK}.get(span, {})
    first, last = last_of.get(name, PERIODS[span])
    notebook = run_here(paper, school_file=school, date_from=first, date_to=last, cohorts_file=COHORTS)
    shown = [out for cell in notebook.cells if cell.cell_type == "code" for out in cell.outputs]
    text = "\n".join(str(out["data"].get("text/plain", "")) for out in shown)
    assert len(shown) > 3
    assert not re.search(r"\bnan\b", text, re.IGNORECASE)
    assert "None None" not in text
    everything = json.dumps([out["data"] for out in shown], ensure_ascii=False)
    assert name not in TERMS or not re.search("half[ -]term", everything, re.IGNORECASE)


WHOM = {
    "five terms": "all 50 pupils on roll; each was aged 5 to 15",
    "three terms": "all 50 pupils on roll; each was aged 5 to 15",
    "pupil referral unit": "all 30 pupils on roll; each was aged 5 to 15",
    "special": "count 50 of the 80 pupils on roll",
    "nursery": "count 60 of the 80 pupils on roll",
}
LEFT_OUT = {
    "special": "10 of Reception, 10 of Year 12 and 10 of Year 13",
    "nursery": "10 of Nursery and 10 of Reception",
}
TERMS = {"five terms": "Term 1, 2026/27: 20", "three terms": "Michaelmas term 2026/27: 20"}


def test_the_top_says_whom_the_headline_counts(odd):
    name, school = odd
    first, last = LAST_BLOCK.get(name, PERIODS[Span.FORTNIGHT])
    (said,) = whom_it_counts(open_pack(school, first, last, cohorts_file=COHORTS)).items
    assert WHOM[name] in said
    assert LEFT_OUT.get(name, "") in said


def test_the_governors_read_the_term_by_its_name(odd):
    """Of each ten one misses all, one two days in five, one one in five: 1.6 of 10, so attendance is 84.0 %."""
    name, _ = odd
    report = report_of(odd)
    said = purpose(report).items[0]
    assert TERMS.get(name, "Autumn term 2026/27, first half: 20") in said
    word = "term" if name in TERMS else "half term"
    changed = what_changed(report).items[0]
    assert changed.startswith(f"Attendance this {word} was 84.0%, unchanged on the same {word} last year")


@pytest.mark.parametrize("asked", [("due", "--on", "2026-11-20"), ("check",)])
def test_what_is_due_and_the_check_call_a_term_what_the_school_calls_it(odd, asked, tmp_path, capsys):
    """A school whose terms have no halves reads of terms, and every other of half terms."""
    name, school = odd
    main([*asked, "--school", school, "--out", str(tmp_path)])
    pages = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("check.html")]
    said = "".join([capsys.readouterr().out, *pages])
    assert bool(re.search("half[ -]term", said, re.IGNORECASE)) == (name not in TERMS)
    assert "term" in said
