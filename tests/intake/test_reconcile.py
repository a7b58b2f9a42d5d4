import pytest

TWO = [('    - {path: "marks*.csv"}', '    - {path: "marks.csv"}\n    - {path: "later.csv"}')]
HEAD = "pupil_id,date,session,code,minutes_late,recorded_at,amended_from,amended_on\n"
DAY = "001,2026-09-14,AM"


def rules(school):
    return {finding.rule: finding.count for finding in school.log.findings}


@pytest.mark.parametrize(
    ("rows", "code", "rule"),
    [
        ([f"{DAY},O,,,,", f"{DAY},I,,,,2026-09-16"], "I", "conflicting_marks"),
        ([f"{DAY},O,,,,2026-09-17", f"{DAY},I,,,,2026-09-16"], "O", "conflicting_marks"),
        ([f"{DAY},N,,2026-09-14T08:45:00,,", f"{DAY},L,,2026-09-14T09:05:00,,"], "L", "conflicting_marks"),
        ([f"{DAY},O,,,,", f"{DAY},I,,,,"], "I", "undecided_marks"),
        ([f"{DAY},I,,,,", f"{DAY},/,,,,"], "/", "undecided_marks"),
        ([f"{DAY},/,,,,", f"{DAY},/,,,,"], "/", None),
    ],
)
@pytest.mark.parametrize("is_reversed", [False, True])
def test_rows_of_one_file_that_disagree(read_changed, codes_of, rows, code, rule, is_reversed):
    ordered = rows[::-1] if is_reversed else rows
    school = read_changed({"marks.csv": HEAD + "\n".join(ordered)})
    assert codes_of(school) == {("001", "09-14", "AM"): code}
    assert rules(school).get(rule, 0) == (rule is not None)


@pytest.mark.parametrize(
    ("earlier", "later", "code", "overruled"), [("N", "I", "I", 1), ("I", "I", "I", 0), ("I", "", "I", 0)]
)
def test_a_later_source_wins_but_its_blank_does_not(read_changed, codes_of, earlier, later, code, overruled):
    changes = {"marks.csv": f"{HEAD}{DAY},{earlier},,,,\n", "later.csv": f"{HEAD}{DAY},{later},,,,\n"}
    school = read_changed(changes, TWO)
    assert codes_of(school) == {("001", "09-14", "AM"): code}
    assert rules(school).get("overruled_marks", 0) == overruled


def test_what_two_sources_know_of_one_mark_is_joined(read_changed):
    changes = {
        "marks.csv": f"{HEAD}{DAY},L,12,,,\n",
        "later.csv": f"{HEAD}{DAY},L,,2026-09-14T08:59:00,N,2026-09-15\n",
    }
    (mark,) = read_changed(changes, TWO).marks.to_dict("records")
    assert (mark["minutes_late"], mark["amended_from"]) == (12, "N")
    assert (str(mark["recorded_at"]), str(mark["amended_on"].date())) == ("2026-09-14 08:59:00", "2026-09-15")


def test_what_an_overruled_row_knew_is_left_out(read_changed):
    changes = {"marks.csv": f"{HEAD}{DAY},L,12,,,\n", "later.csv": f"{HEAD}{DAY},I,,,,\n"}
    assert read_changed(changes, TWO).marks["minutes_late"].isna().all()


def test_repeats_are_counted(read_changed):
    school = read_changed({"marks.csv": HEAD + f"{DAY},/,,,,\n" * 3})
    assert [(repair.rule, repair.count) for repair in school.log.repairs] == [("repeated_rows", 2)]
