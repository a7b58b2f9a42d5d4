"""What of the calendar the marks cover, on a school of two pupils over a week or two."""

from datetime import date

import pandas as pd
import pytest

from attendance_lib.register.build import build_register
from attendance_lib.register.coverage import (
    closed_reason,
    coverage_findings,
    find_coverage,
    lost_codes,
    lost_half,
    lost_kind_words,
)
from attendance_lib.rules.calendar import Closure, HalfTerm, SchoolCalendar, Term

SEPTEMBER, OCTOBER = date(2026, 9, 7), date(2026, 10, 23)
CALENDAR = SchoolCalendar(
    (
        Term("202627", "autumn", (HalfTerm(SEPTEMBER, OCTOBER), HalfTerm(date(2026, 11, 2), date(2026, 12, 18)))),
        Term("202627", "spring", (HalfTerm(date(2027, 1, 4), date(2027, 2, 12)),)),
    ),
    inset=(date(2026, 9, 9),),
    closures=(
        Closure(date(2026, 9, 10), "boiler"),
        Closure(date(2026, 9, 11), "Year 8 trip", year_groups=(8,), session="PM"),
    ),
)  # fmt: skip
PUPILS = pd.DataFrame(
    {
        "pupil_id": ["1", "2"],
        "year_group": [7, 8],
        "form": ["7A", "8A"],
        "admission_date": pd.to_datetime([None, None]),
        "leaving_date": pd.to_datetime([None, None]),
    }
)


def marks_on(*slots):
    """Marks of both pupils, all present, on "MM-DD" (both sessions) or "MM-DD AM"; "1:" before it names one pupil."""
    rows = []
    for slot in slots:
        who, _, when = slot.rpartition(":")
        day, _, session = when.partition(" ")
        rows += [
            (pupil, f"2026-{day}", each, "/" if each == "AM" else "\\")
            for pupil in (who or "12")
            for each in ([session] if session else ["AM", "PM"])
        ]
    marks = pd.DataFrame(rows, columns=["pupil_id", "date", "session", "code"])
    return marks.assign(date=pd.to_datetime(marks["date"]))


def coverage_of(*slots):
    return find_coverage(build_register(PUPILS, marks_on(*slots), CALENDAR), CALENDAR)


def findings_of(*slots):
    return {finding.rule: finding for finding in coverage_findings(coverage_of(*slots))}


def closed_rows(*slots):
    closed = coverage_of(*slots).closed
    return list(
        zip(
            closed["date"].dt.strftime("%m-%d"),
            closed["session"],
            closed["reason"],
            closed["marks"],
            strict=True,
        )
    )


def test_a_week_with_every_mark_has_no_gap():
    # Monday, Tuesday and Friday; INSET on Wednesday and the boiler on Thursday are no gaps.
    whole = coverage_of("09-07", "09-08", "09-11 AM", "1:09-11 PM")
    assert whole.sessions["due_marks"].tolist() == [2, 2, 2, 2, 2, 1]
    assert whole.sessions["missing_marks"].sum() == 0
    assert (whole.unmarked_days, len(whole.unmarked_sessions), coverage_findings(whole)) == ((), 0, [])


def test_a_day_without_marks_in_the_middle_is_found_and_counts_the_marks_due():
    found = findings_of("09-07", "09-11 AM", "1:09-11 PM")
    assert list(found) == ["unmarked_days"]
    assert found["unmarked_days"].count == 2 + 2
    assert found["unmarked_days"].message.startswith(
        "1 school day between the first and the last mark has no mark at all (the first 2026-09-08)."
    )


def test_a_session_without_marks_on_a_day_with_marks_is_found():
    found = findings_of("09-07", "09-08 AM", "09-11 AM", "1:09-11 PM")
    assert list(found) == ["unmarked_sessions"]
    assert (
        "1 session of days with marks has no mark at all (the first 2026-09-08 PM)"
        in found["unmarked_sessions"].message
    )


def test_days_before_the_first_and_after_the_last_mark_are_no_gaps():
    assert coverage_of("09-08").unmarked_days == ()


def test_marks_on_an_inset_day_and_on_a_closure_are_counted_by_date_with_the_reason():
    assert closed_rows("09-07", "09-08", "1:09-09 AM", "09-10", "09-11") == [
        ("09-09", "AM", "INSET day", 1),
        ("09-10", "AM", "closure: boiler", 2),
        ("09-10", "PM", "closure: boiler", 2),
        ("09-11", "PM", "closure: Year 8 trip", 1),  # only Year 8's mark: Year 7 was in
    ]


@pytest.mark.parametrize(
    ("day", "session", "reason"),
    [
        (date(2026, 9, 12), "AM", "weekend"),
        (date(2026, 10, 28), "AM", "outside the terms"),
        (date(2026, 12, 25), "PM", "bank holiday"),
    ],
)
def test_a_closed_session_has_a_reason(day, session, reason):
    assert closed_reason(day, session, CALENDAR) == reason


@pytest.mark.parametrize(("missing", "is_found"), [(2, False), (3, True)])
def test_marks_missing_above_two_in_a_hundred_are_found(missing, is_found):
    # 25 days, 50 sessions, 100 marks of two pupils: 2 missing are at the limit, 3 above it.
    days = pd.bdate_range("2026-09-14", periods=25)
    marks = marks_on(*(f"{day:%m-%d}" for day in days))
    taken = marks.drop(marks[marks["pupil_id"] == "2"].index[10 : 10 + missing])
    found = coverage_findings(find_coverage(build_register(PUPILS, taken, CALENDAR), CALENDAR))
    told = [(each.count, each.message) for each in found if each.rule == "missing_marks"]
    assert [count for count, _ in told] == ([3] if is_found else [])
    assert all(message.startswith("3 of 100 marks due are missing (3.0%, limit 2%)") for _, message in told)


def test_the_share_missing_is_told_by_session():
    sessions = coverage_of("09-07 AM", "1:09-07 PM", "09-08").sessions
    assert sessions["missing_rate"].tolist() == [0, 1 / 2, 0, 0]


def test_a_school_year_that_begins_before_the_marks_is_found():
    found = findings_of("09-14")
    assert list(found) == ["late_start"]
    assert "the school year begins on 2026-09-07, the marks on 2026-09-14" in found["late_start"].message


def test_each_half_term_says_how_far_it_is_covered():
    days = [f"{day:%m-%d}" for day in pd.bdate_range("2026-09-07", "2026-10-23")]
    half_terms = coverage_of(*days, "11-02", "11-04").half_terms
    assert half_terms["covered"].tolist() == ["yes", "to 2026-11-04", "no: after the last mark"]
    assert half_terms["marked_sessions"].tolist()[1:] == [4, 0]


@pytest.mark.parametrize(
    ("slots", "covered"),
    [
        (
            ("11-04",),
            ["no: before the first mark", "from 2026-11-04 to 2026-11-04", "no: after the last mark"],
        ),
        (("09-07", "12-18"), ["with gaps", "with gaps", "no: after the last mark"]),
        (
            ("09-08", "10-22"),
            ["from 2026-09-08 to 2026-10-22", "no: after the last mark", "no: after the last mark"],
        ),
    ],
)
def test_a_half_term_covered_in_part_or_not_says_where(slots, covered):
    assert coverage_of(*slots).half_terms["covered"].tolist() == covered


def test_a_half_term_without_marks_between_others_is_not_covered():
    spring = marks_on("09-07").assign(date=pd.Timestamp("2027-01-05"))
    both = pd.concat([marks_on("09-07"), spring], ignore_index=True)
    half_terms = find_coverage(build_register(PUPILS, both, CALENDAR), CALENDAR).half_terms
    assert half_terms["covered"].tolist()[1] == "no"


def test_marks_of_no_open_session_cover_nothing():
    nothing = coverage_of("09-09")
    assert (len(nothing.sessions), coverage_findings(nothing)) == (0, [])
    assert set(nothing.half_terms["marked_sessions"]) == {0}


TEN_DAYS = [f"{day:%m-%d}" for day in pd.bdate_range("2026-09-14", periods=10)]


def test_afternoons_that_are_gone_throughout_are_told_as_the_export_s_fault():
    """Of ten afternoons two hold the mark of one pupil; all mornings are whole."""
    slots = [f"{day} AM" for day in TEN_DAYS] + [f"1:{day} PM" for day in TEN_DAYS[:2]]
    found = findings_of(*slots)
    # The sessions with a mark: 20 of mornings, and 4 due of afternoons of which 2 are missing.
    assert (
        "2 of 4 marks due of afternoons are missing and hardly any of the other half of the day"
        in found["missing_marks"].message
    )
    assert found["missing_marks"].message.endswith("is easily lost. Export the afternoons too.")
    assert "all of them PM and no other: the export has left them out" in found["unmarked_sessions"].message


def test_mornings_and_afternoons_missing_alike_are_the_register_s():
    slots = [f"1:{day}" for day in TEN_DAYS] + TEN_DAYS[:1] + TEN_DAYS[-1:]
    message = findings_of(*slots)["missing_marks"].message
    assert message.endswith("they are in no rate. Have the registers completed and export again.")


def sessions_of(size, *, am=0, pm=0, days=10, on_days=None):
    """A school of a size over some days: marks missing in each morning and afternoon, or only on the first few days."""
    spoilt = days if on_days is None else on_days
    rows = [
        ("AM" if half == 0 else "PM", (am, pm)[half] if day < spoilt else 0, size)
        for day in range(days)
        for half in range(2)
    ]
    return pd.DataFrame(rows, columns=["session", "missing_marks", "due_marks"])


@pytest.mark.parametrize("size", [8, 50, 1_500])
@pytest.mark.parametrize(
    ("share", "am", "days", "on_days", "half"),
    [
        (0.5, 0, 5, None, "PM"),  # half of the afternoons' marks, over a school week
        (0.49, 0, 5, None, ""),
        (1.0, 0, 4, None, ""),  # four days are no week: registers that were not taken
        (1.0, 0, 10, 5, "PM"),  # all of them on half of the days
        (1.0, 0, 10, 4, ""),
        (0.6, 0.02, 50, None, "PM"),  # one morning's mark in fifty is hardly any
        (0.6, 0.03, 50, None, ""),
    ],
)
def test_a_half_is_gone_in_small_and_large_schools_from_the_same_line(size, share, am, days, on_days, half):
    """The shares are of marks: a school of eight has no fiftieth, so that its mornings are told over all days."""
    afternoons = -(-size * share // 1) if share >= 0.5 else size * share // 1
    sessions = sessions_of(size, pm=int(afternoons), days=days, on_days=on_days)
    mornings = sessions.index[sessions["session"] == "AM"]
    spoilt = int(am * size * len(mornings))
    if am == 0.03:
        spoilt = int(0.02 * size * len(mornings)) + 1
    for number in range(spoilt):
        sessions.loc[mornings[number % len(mornings)], "missing_marks"] += 1
    assert lost_half(sessions) == half


def test_one_register_not_taken_is_no_half_that_is_gone():
    """Two days of eight pupils, and one afternoon without six of its marks: half of the afternoons' marks are missing."""
    sessions = sessions_of(8, days=2)
    sessions.loc[1, "missing_marks"] = 8
    assert lost_half(sessions) == ""


@pytest.mark.parametrize(
    ("codes", "held", "gone"),
    [
        ("/\\LI", 100_000, []),
        ("\\LI", 99, []), ("\\LI", 100, ["/"]),
        ("/\\L", 999, []), ("/\\L", 1_000, ["I"]),
        ("/\\I", 2_999, []), ("/\\I", 3_000, ["L"]),
        ("\\", 3_000, ["/", "L", "I"]), ("\\", 2_999, ["/", "I"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("size", [10, 1_500])
def test_a_code_that_is_gone_throughout_is_named_among_enough_marks(codes, held, gone, size):
    """Enough are marks that the register holds, however many are due of however large a school."""
    due = -(-(held + 20) // size) * size
    sessions = pd.DataFrame({"session": ["AM"], "missing_marks": [due - held], "due_marks": [due]})
    assert lost_codes(sessions, set(codes)) == gone
    words = lost_kind_words(sessions, set(codes))
    assert bool(words) == bool(gone)
    assert all(f"{code} (" in words for code in gone)


THIRTY = pd.DataFrame(
    {
        "pupil_id": [f"{number:02d}" for number in range(60)],
        "year_group": 7,
        "form": "7A",
        "admission_date": pd.to_datetime([None] * 60),
        "leaving_date": pd.to_datetime([None] * 60),
    }
)


@pytest.mark.parametrize(("late", "is_told"), [("", True), ("L", False)])
def test_lates_that_are_gone_are_told_though_hardly_a_mark_is_missing(late, is_told):
    """Sixty pupils over thirty days: 3,600 marks, of which one in a hundred was an L; blank, they are far below the limit."""
    days = [day for day in CALENDAR.school_days if day >= date(2026, 9, 14)][:30]
    rows = [
        (who, day, half, late if (number + place) % 100 == 0 else "I" if number == 59 else sign)
        for place, day in enumerate(days)
        for number, who in enumerate(THIRTY["pupil_id"])
        for half, sign in (("AM", "/"), ("PM", "\\"))
    ]
    marks = pd.DataFrame(rows, columns=["pupil_id", "date", "session", "code"])
    marks = marks[marks["code"] != ""].assign(date=lambda rows: pd.to_datetime(rows["date"]))
    found = {
        each.rule: each
        for each in coverage_findings(find_coverage(build_register(THIRTY, marks, CALENDAR), CALENDAR))
    }
    assert ("lost_code" in found) == is_told
    if is_told:
        assert "no mark at all is L (late)" in found["lost_code"].message
        assert str(found["lost_code"].severity) == "should"
        assert "missing_marks" not in found
