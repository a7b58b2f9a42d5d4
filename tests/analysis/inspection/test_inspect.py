"""What each check found, how much of it is new, and what could not be checked; and who is to be asked."""

from datetime import date

import pandas as pd

from attendance_lib.analysis.inspection.inspect import CHECKS, summarise, unchecked
from attendance_lib.intake.settings.school_file import StaffMember
from attendance_lib.intake.support_tables import PART_TIME

NO_EDITS = "the export has no history of amendments"
NO_MINUTES = "no minutes late are exported"
NO_STATUS = "the pupils file has no enrolment status"
NO_MOMENTS = "the export does not say when registers were taken"


def summary_of(things, since, reasons=None):
    return summarise(things, since, reasons or {}).set_index("rule")


def test_every_rule_has_its_row_and_musts_come_first(inspect):
    table = summarise(inspect({}, {}), date(2026, 11, 2), {})
    assert table["rule"].tolist() == [each.rule for each in CHECKS]
    assert table["severity"].tolist() == sorted(table["severity"])
    assert set(table["result"]) == {"Clear"}


def test_things_are_counted_with_where_most_are_and_what_is_new(inspect):
    first = {"marks": {"2026-09-16": "- -", "2026-11-11": "- \\"}}
    second = {"form": "9B", "marks": {"2026-09-16": "/ -"}}
    row = summary_of(inspect(first, {}, second, {"form": "9B"}), date(2026, 11, 9)).loc["mark_missing"]
    assert row[["things", "new_things", "result", "forms"]].tolist() == [4, 1, "To fix", "9A (3), 9B (1)"]
    assert (row["dates"], row["examples"]) == ("16 Sep 26 (3), 11 Nov 26 (1)", "0000, 0002")


def test_what_could_not_be_checked_is_not_said_to_be_clear(make_scope, inspect):
    scope = make_scope({}, {})
    assert unchecked(scope) == {
        **dict.fromkeys(("edit_near_threshold", "amended_together", "amended_often"), NO_EDITS),
        **dict.fromkeys(("late_after_close", "late_before_close", "minutes_rounded"), NO_MINUTES),
        **dict.fromkeys(("dual_status", "dual_without_d"), NO_STATUS),
        "register_late": NO_MOMENTS,
        "part_time_incomplete": "no log of part-time timetables is exported",
    }
    row = summary_of(inspect({}, {}), date(2026, 11, 9), unchecked(scope)).loc["edit_near_threshold"]
    assert row["result"] == f"Not checked: {NO_EDITS}"
    assert row[["things", "new_things"]].isna().all()


def test_with_history_minutes_and_status_everything_is_checked(make_scope):
    scope = make_scope(
        {"marks": {"2026-09-16": "L \\"}, "enrolment_status": "C"}, {},
        minutes={("0000", "2026-09-16", "AM"): 3}, edits=[("0000", "2026-09-17", "AM", "N", "2026-09-18")],
        made={(pupil, "2026-09-18", "AM"): "2026-09-18T08:45:00" for pupil in ("0000", "0001")},
        part_time=pd.DataFrame(columns=list(PART_TIME.column_names)),
    )  # fmt: skip
    assert unchecked(scope) == {}


def lessons_of(*rows):
    table = pd.DataFrame(rows, columns=["pupil_id", "date", "period", "teacher"])
    return table.assign(date=pd.to_datetime(table["date"]).astype("datetime64[s]"))


def test_the_teacher_who_takes_the_register_is_asked_else_the_key_adult(inspect):
    gone = {"marks": {"2026-09-16": "- -"}, "key_adult": "P. Wren"}
    lessons = lessons_of(("0000", "2026-09-16", "AM Reg", "T. Hale"), ("0000", "2026-09-16", "3", "M. Finch"))
    things = inspect(gone, {"key_adult": "R. Lark"}, lessons=lessons)
    assert things[["session", "teacher"]].to_numpy().tolist() == [["AM", "T. Hale"], ["PM", "P. Wren"]]


def test_a_whole_form_has_the_key_adult_it_shares(inspect):
    gone = {"marks": {"2026-09-16": "- \\"}, "key_adult": "P. Wren"}
    assert inspect(gone, gone, {"form": "9B", "key_adult": "R. Lark"})["teacher"].tolist() == ["P. Wren"]
    assert inspect(gone, gone | {"key_adult": "X"}, {"form": "9B", "key_adult": "R. Lark"})[
        "teacher"
    ].tolist() == [""]


def test_where_no_one_is_known_nobody_is_named(inspect):
    assert inspect({"marks": {"2026-09-16": "- \\"}}, {})["teacher"].tolist() == [""]


def has(role, name, years=(), forms=()):
    return StaffMember(role=role, name=name, year_groups=years, forms=forms)


def test_without_a_key_adult_who_has_the_form_is_asked_else_who_has_its_year_group(inspect):
    gone = {"marks": {"2026-09-16": "- \\"}}
    head, tutor = has("Head of Year 9", "T. Head", years=(9,)), has("Tutor", "F. Tutor", forms=("9A",))
    other = has("Head of Year 8", "E. Other", years=(8,))
    assert inspect(gone, {}, staff=(other, head))["teacher"].tolist() == ["T. Head (Head of Year 9)"]
    assert inspect(gone, {}, staff=(head, tutor))["teacher"].tolist() == ["F. Tutor (Tutor)"]
    assert inspect(gone | {"key_adult": "P. Wren"}, {}, staff=(head,))["teacher"].tolist() == ["P. Wren"]


def test_who_left_the_form_before_this_school_year_says_nothing_of_whom_to_ask(inspect):
    """A leaver keeps the form, and is a year group on by now."""
    gone, left = {"marks": {"2026-09-16": "- \\"}}, {"year_group": 10, "leaving_date": "2026-07-17"}
    head = has("Head of Year 9", "T. Head", years=(9,))
    asked = {"first": "2026-06-01", "staff": (head,)}
    assert inspect(gone, {}, left, **asked)["teacher"].tolist() == ["T. Head (Head of Year 9)"]
    known, other = {"key_adult": "P. Wren"}, {"key_adult": "R. Lark"}
    things = inspect(gone | known, gone | known, left | other, {"form": "9B"} | other, **asked)
    assert things["teacher"].tolist() == ["P. Wren"]
