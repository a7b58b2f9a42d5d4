"""Small cases of disclosure control, worked by hand."""

import ctypes
import os
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from attendance_lib.disclosure import (
    Count,
    Partition,
    PublicTable,
    Rate,
    Unit,
    characteristic,
    protect,
    rows_by,
)
from attendance_lib.disclosure.puzzle import hushed
from attendance_lib.disclosure.read_back import read_records
from attendance_lib.disclosure.readings import EVERY_REPORT, Readings
from attendance_lib.disclosure.sums import relations_among
from attendance_lib.disclosure.tables import check_tied, key_of
from attendance_lib.errors import DisclosureError

NOW, THEN = "2026-12-18", "2026-10-23"
ABSENT = {"measure": "persistently_absent"}
PRESENT = {"measure": "not_persistently_absent"}
ABSENCE = Partition({}, (ABSENT, PRESENT))


def table(groups, enrolments, absent, *, name="year_groups", coordinate="year_group", at=NOW):
    """A table of groups; the group None is everyone."""
    frame = pd.DataFrame({"group": groups, "enrolments": enrolments, "absent": absent})
    frame = frame.assign(absent_rate=frame["absent"] / frame["enrolments"])
    return PublicTable(
        name,
        name,
        frame,
        rows_by(frame, {"group": coordinate}, {"as_at": at}),
        (Count("enrolments"), Count("absent", ABSENT, "enrolments")),
        (Rate("absent_rate", ("absent", "enrolments"), "enrolments"),),
    )


def years(values):
    return (characteristic("year_group", values), ABSENCE)


def published(tables, partitions, level=5, earlier=()):
    return {each.name: each.frame for each in protect(tables, level, partitions, earlier).tables}


# What is left out by itself


@pytest.mark.parametrize(
    ("absent", "level", "shown"),
    [(0, 5, 0), (1, 5, "c"), (4, 5, "c"), (5, 5, 5), (9, 10, "c"), (10, 10, 10)],
)
def test_a_count_below_the_level_is_left_out_and_a_true_zero_stays(absent, level, shown):
    frame = published([table([None], [100], [absent])], (ABSENCE,), level)["year_groups"]
    assert frame["absent"].tolist() == [shown]


def test_the_rate_goes_with_its_count():
    frame = published([table([None], [100], [4])], (ABSENCE,))["year_groups"]
    assert frame.loc[0, ["enrolments", "absent", "absent_rate"]].tolist() == [100, "c", "c"]


def test_where_there_is_no_rate_of_what_is_left_out_it_reads_c_too():
    # Why there is none may tell the count, even where no group has one: a range there is not of one pupil.
    given = table(["7", "8", None], [40, 40, 80], [1, 1, 2])
    frame = published([given.with_frame(given.frame.assign(absent_rate=None))], years("78"))["year_groups"]
    assert frame["absent_rate"].tolist() == ["c", "c", "c"]


def test_no_rate_beside_enrolments_that_are_left_out_is_c():
    # All three of Year 7 have left before the half term: a blank would say so.
    frame = pd.DataFrame(
        {
            "group": ["7", "8"],
            "enrolments": [3, 60],
            "here": [0, 60],
            "missed": [0, 90],
            "rate": [None, 0.025],
        }
    )
    counts = (
        Count("enrolments"),
        Count("here", {"as_at": THEN}, is_shown=False),
        Count("missed", {"as_at": THEN, "measure": "missed"}, "here", Unit.SESSIONS, is_shown=False),
    )
    rows = rows_by(frame, {"group": "year_group"}, {"as_at": NOW})
    given = PublicTable("groups", "groups", frame, rows, counts, (Rate("rate", ("missed",), "here"),))
    assert published([given], ())["groups"]["rate"].tolist() == ["c", 0.025]


def test_a_rate_of_what_is_not_counted_stays_blank():
    given = table(["7", "8", None], [3, 97, 100], [None, None, None])
    assert published([given], years("78"))["year_groups"]["absent_rate"].isna().all()


@pytest.mark.parametrize("absent", [0, 3, 6, 9])
def test_nothing_is_said_of_a_group_of_nine_not_even_none_or_all(absent):
    given = table(["7", "8", None], [9, 91, 100], [absent, 40, 40 + absent])
    frame = published([given], years(["7", "8"]))["year_groups"]
    assert frame.loc[0, ["enrolments", "absent", "absent_rate"]].tolist() == [9, "c", "c"]


def test_all_of_a_group_of_ten_may_be_said():
    frame = published([table([None], [10], [10])], (ABSENCE,))["year_groups"]
    assert frame.loc[0, ["enrolments", "absent", "absent_rate"]].tolist() == [10, 10, 1.0]


def test_none_of_a_small_group_stays_where_the_whole_school_has_none():
    given = table(["7", "8", None], [9, 91, 100], [0, 0, 0])
    frame = published([given], years(["7", "8"]))["year_groups"]
    assert frame["absent"].tolist() == [0, 0, 0]
    assert frame["absent_rate"].tolist() == ["c", 0.0, 0.0]


def test_sessions_of_few_pupils_are_left_out_however_many():
    frame = pd.DataFrame({"suspended": [40], "pupils": [2], "enrolments": [900]})
    counts = (
        Count("suspended", {"measure": "suspended"}, "enrolments", Unit.SESSIONS, people="pupils"),
        Count("pupils", {"measure": "suspended_pupils"}, "enrolments", is_shown=False),
        Count("enrolments"),
    )
    shown = published([PublicTable("suspensions", "", frame, ({"as_at": NOW},), counts)], ())["suspensions"]
    assert list(shown) == ["suspended", "enrolments"]
    assert shown["suspended"].tolist() == ["c"]


def test_columns_without_a_suppressed_value_keep_their_type():
    frame = published([table([None], [100], [50])], (ABSENCE,))["year_groups"]
    assert [str(kind) for kind in frame.dtypes[1:]] == ["int64", "int64", "float64"]


# What is left out for the sake of another


def test_the_only_small_year_group_takes_the_next_smallest_with_it():
    # 3 = 40 - (7 + 12 + 18), so one more must go: the 7, since 3 + 7 can be split in more than five ways.
    given = table(["7", "8", "9", "10", None], [50, 50, 50, 50, 200], [3, 7, 12, 18, 40])
    frame = published([given], years(["7", "8", "9", "10"]))["year_groups"]
    assert frame["absent"].tolist() == ["c", "c", 12, 18, 40]
    assert frame["enrolments"].tolist() == [50, 50, 50, 50, 200]


def test_two_small_year_groups_whose_sum_tells_too_much_take_a_third():
    # 1 + 2 = 3 leaves only 1 and 2 for each; with the 12 each can be up to 13 or so.
    given = table(["7", "8", "9", "10", None], [50, 50, 50, 50, 200], [1, 2, 12, 18, 33])
    frame = published([given], years(["7", "8", "9", "10"]))["year_groups"]
    assert frame["absent"].tolist() == ["c", "c", "c", 18, 33]


def test_a_complement_that_nobody_prints_is_protected():
    # 30 - 28 = 2 are not persistently absent; the rate and count of 28 would tell.
    frame = published([table([None], [30], [28])], (ABSENCE,))["year_groups"]
    assert "c" in frame.loc[0, ["enrolments", "absent"]].tolist()


def test_an_inner_group_is_not_told_by_the_outer_one():
    # 40 attract the pupil premium and 38 of them are eligible for free meals: 2 are not.
    premium = table(["yes"], [40], [20], name="premium", coordinate="pupil_premium")
    meals = table(["yes"], [38], [12], name="meals", coordinate="fsm")
    nested = Partition({"pupil_premium": "yes"}, ({"fsm": "yes"}, {"pupil_premium": "yes", "fsm": "no"}))
    safe = published([premium, meals], (nested, ABSENCE))
    assert "c" in [safe["premium"].loc[0, "enrolments"], safe["meals"].loc[0, "enrolments"]]


def test_the_same_count_in_two_tables_is_left_out_of_both():
    given = table(["7", "8", "9", None], [50, 50, 50, 150], [3, 7, 12, 22])
    again = table(["8", "9"], [50, 50], [7, 12], name="focus")
    safe = published([given, again], years(["7", "8", "9"]))
    assert safe["year_groups"]["absent"].tolist() == ["c", "c", 12, 22]
    assert safe["focus"]["absent"].tolist() == ["c", 12]


def test_a_count_printed_once_goes_before_one_printed_twice():
    given = table(["7", "8", "9", None], [50, 50, 50, 150], [3, 7, 12, 22])
    again = table(["8"], [50], [7], name="focus")
    safe = published([given, again], years(["7", "8", "9"]))
    assert safe["year_groups"]["absent"].tolist() == ["c", 7, "c", 22]


def test_another_table_with_the_same_total_does_not_undo_it():
    # By year 3 and 7 are left out; by sex 4 is, and the other sex with it: each table needs its own second cell.
    by_year = table(["7", "8", "9", None], [50, 50, 50, 150], [3, 7, 12, 22])
    by_sex = table(["F", "M"], [70, 80], [4, 18], name="sex", coordinate="sex")
    safe = published([by_year, by_sex], (*years(["7", "8", "9"]), characteristic("sex", ["F", "M"])))
    assert safe["sex"]["absent"].tolist() == ["c", "c"]
    assert safe["year_groups"]["absent"].tolist() == ["c", "c", 12, 22]


def test_a_count_that_is_not_printed_but_told_by_its_rate_counts_as_printed():
    given = table(["7", "8", "9", None], [50, 50, 50, 150], [3, 7, 12, 22])
    hidden = tuple(
        Count(each.column, each.coordinates, each.out_of, is_shown=each.column == "enrolments")
        for each in given.counts
    )
    rated = PublicTable(given.name, given.title, given.frame, given.rows, hidden, given.rates)
    frame = published([rated], years(["7", "8", "9"]))["year_groups"]
    assert list(frame) == ["group", "enrolments", "absent_rate"]
    assert frame["absent_rate"].map(lambda rate: rate == "c").tolist() == [True, True, False, False]


# From report to report


def flows():
    """Those absent now stayed or joined; those absent then stayed, left or have left the school."""
    moved = {
        name: {"as_at": NOW, "since": THEN, "flow": name} for name in ("stayed", "joined", "left", "gone")
    }
    return (
        Partition({"as_at": NOW, **ABSENT}, (moved["stayed"], moved["joined"])),
        Partition({"as_at": THEN, **ABSENT}, (moved["stayed"], moved["left"], moved["gone"])),
    )


def flow_table(stayed, joined, left):
    frame = pd.DataFrame({"stayed": [stayed], "joined": [joined], "left": [left]})
    counts = tuple(Count(name, {"flow": name}, worth=0.1) for name in frame)
    return PublicTable("flow", "flow", frame, ({"as_at": NOW, "since": THEN},), counts)


def test_who_joined_does_not_follow_from_two_reports_and_who_stayed():
    # Then 20, now 22. Stayed 19, joined 3, left 1, and nobody left the school.
    first = protect([table([None], [200], [20], at=THEN)], 5, (ABSENCE, *flows()))
    second = protect(
        [table([None], [200], [22]), flow_table(19, 3, 1)], 5, (ABSENCE, *flows()), [first.record]
    )
    flow = second.tables[1].frame
    assert second.tables[0].frame["absent"].tolist() == [22]
    assert flow.loc[0].tolist() == ["c", "c", "c"]


def test_two_small_counts_that_make_five_keep_the_four_values_of_a_c():
    # Then 5, now 9. Stayed 1, left 4: each is 1 to 4, as c says, and the 5 is out already. The report is made.
    first = protect([table([None], [200], [5], at=THEN)], 5, (ABSENCE, *flows()))
    second = protect([table([None], [200], [9]), flow_table(1, 8, 4)], 5, (ABSENCE, *flows()), [first.record])
    assert second.tables[1].frame.loc[0, ["stayed", "left"]].tolist() == ["c", "c"]


def test_what_was_left_out_stays_out_when_shown_again():
    # Left out then: 3, and 7 for its sake. Edits have made the 3 a 6; both still stay out for that date.
    groups, partitions = ["7", "8", "9", None], years(["7", "8", "9"])
    first = protect([table(groups, [50, 50, 50, 150], [3, 7, 12, 22], at=THEN)], 5, partitions)
    again = protect(
        [table(groups, [50, 50, 50, 150], [6, 7, 12, 25], at=THEN)], 5, partitions, [first.record]
    )
    assert again.tables[0].frame["absent"].tolist() == ["c", "c", 12, 25]


def test_a_figure_that_edits_made_small_is_left_out_when_shown_again():
    groups, partitions = ["7", "8", "9", None], years(["7", "8", "9"])
    first = protect([table(groups, [50, 50, 50, 150], [5, 7, 12, 24], at=THEN)], 5, partitions)
    again = protect(
        [table(groups, [50, 50, 50, 150], [4, 7, 12, 23], at=THEN)], 5, partitions, [first.record]
    )
    assert first.suppressed_counts == 0
    assert again.tables[0].frame["absent"].tolist()[0] == "c"


def test_a_corrected_figure_that_must_wait_is_counted():
    # 6 of Year 9 became 3: the figure that was given is now left out for its own sake.
    first = protect([table(["9", None], [50, 200], [6, 60])], 5, ())
    again = protect([table(["9", None], [50, 200], [3, 57])], 5, (), [first.record])
    assert again.tables[0].frame["absent"].tolist() == ["c", 57]
    assert (first.corrected_counts, again.corrected_counts) == (0, 1)


def test_of_a_table_that_is_withheld_no_count_is_shown_but_a_nought():
    ours = table(["7", "8", None], [50, 60, 110], [0, 20, 20])
    other = table(["F"], [40], [9], name="sexes", coordinate="sex")
    held, beside = protect([ours, other], 5, years(["7", "8"]), (), ("year_groups",)).tables
    assert held.frame["absent"].tolist() == [0, "c", "c"]
    assert set(held.frame["enrolments"]) == {"c"}
    assert beside.frame["absent"].tolist() == [9]


def test_what_a_printed_figure_has_become_is_not_told_by_the_figures_beside_it():
    # 6 of Year 9 were printed, of its halves nothing. Now 3: with 53 of everyone beside the 50 of Year 10 it would be told.
    halves = characteristic("half", ["a", "b"])

    def tables(first, second):
        years_now = table(["9", "10", None], [50, 200, 250], [first + second, 50, first + second + 50])
        parts = table(["a", "b"], [25, 25], [first, second], name="halves", coordinate="half")
        return [years_now, replace(parts, rows=tuple(row | {"year_group": "9"} for row in parts.rows))]

    partitions = (*years(["9", "10"]), halves)
    first = protect(tables(3, 3), 5, partitions)
    again = protect(tables(1, 2), 5, partitions, [first.record])
    assert first.tables[0].frame["absent"].tolist() == [6, 50, 56]
    assert again.tables[0].frame["absent"].tolist() == ["c", 50, "c"]


def test_a_count_that_an_earlier_report_gives_away_stops_the_report():
    # The earlier report printed 20 of everyone and 18 girls, and nobody said that the others are boys.
    girls = table(["F", None], [18, 20], [12, 14], name="sex", coordinate="sex", at=THEN)
    first = protect([girls], 5, ())
    boys = table(["M"], [2], [2], name="boys", coordinate="sex", at=THEN)
    sexes = characteristic("sex", ["F", "M"])
    with pytest.raises(
        DisclosureError, match="table 'boys': the protected count of as_at 2026-10-23, .*sex M could be"
    ):
        protect([boys], 5, (sexes,), [first.record])


MINE = (("as_at", THEN), ("measure", "persistently_absent"), ("year_group", "8"))


def record_with(*counts):
    """A record of an earlier report: coordinates and value, of enrolments at one date."""
    enrolments = [{**each, "measure": None} for each, _ in counts]
    return {
        "layout": 2,
        "level": 5,
        "partitions": [],
        "counts": [
            {
                "coordinates": {"as_at": THEN, **each},
                "value": value,
                "unit": "enrolments",
                "told": None,
                "pupils": None,
                "none_hidden": False,
                "out_of": {"as_at": THEN, **{name: of for name, of in base.items() if of}}
                if "measure" in each
                else None,
            }
            for (each, value), base in zip(counts, enrolments, strict=True)
        ],
    }


def floor_of(key, *records, relations=()):
    return Readings({}, set(), read_records(records), relations).column((key, EVERY_REPORT)).floor


YEAR_8, LATE = {"year_group": "8"}, {"measure": "late"}


def test_a_reader_remembers_what_an_earlier_report_told_of_the_size_of_a_group():
    # 12 of year 8 were late, so they are ten or more and a c of theirs is not 0; the other report says neither.
    told = record_with((YEAR_8, "c"), (YEAR_8 | ABSENT, "c"), (YEAR_8 | LATE, 12))
    untold = record_with((YEAR_8, "c"), (YEAR_8 | ABSENT, "c"))
    assert floor_of(MINE, untold) == 0
    assert [floor_of(MINE, told, untold), floor_of(MINE, untold, told)] == [1, 1]


@pytest.mark.parametrize(("late_in_school", "floor"), [(0, 0), ("c", 1)])
def test_a_zero_that_follows_from_the_whole_schools_zero_says_nothing_of_its_group(late_in_school, floor):
    # Where nobody was late a group of 3 has its 0 too; where somebody was, only a group of ten or more has.
    record = record_with((YEAR_8, "c"), (YEAR_8 | ABSENT, "c"), (YEAR_8 | LATE, 0), (LATE, late_in_school))
    keys = {key_of(each["coordinates"]): Unit.ENROLMENTS for each in record["counts"]}
    relations = tuple(relations_among(keys, [characteristic("year_group", ["8", "9"])]))
    assert floor_of(MINE, record, relations=relations) == floor


CLUB, NO_CLUB = YEAR_8 | {"club": "yes"}, YEAR_8 | {"club": "no"}


def reported_years(*more):
    """Everyone's 23 are printed, and of the 3, 8 and 12 of each year nothing; 8 of year 8 are in the club."""
    years = [({"year_group": year} | ABSENT, "c") for year in "789"]
    sizes = [({"year_group": year}, 50) for year in "789"]
    return record_with((ABSENT, 23), *years, ({}, 150), *sizes, (CLUB | ABSENT, 8), (CLUB, 30), *more)


def of_no_club():
    frame = pd.DataFrame({"enrolments": [20], "absent": [0]})
    counts = (Count("enrolments"), Count("absent", ABSENT, "enrolments"))
    return PublicTable("clubs", "", frame, ({"as_at": THEN, **NO_CLUB},), counts)


CLUBS = (*years(["7", "8", "9"]), characteristic("club", ["yes", "no"]))


def test_a_report_that_would_give_away_what_an_earlier_one_left_out_is_stopped():
    # Year 8 has 8 or more; that nobody outside the club is absent makes it 8. A true 0 cannot be left out.
    with pytest.raises(
        DisclosureError, match="table 'clubs': the protected count of .*year_group 8 could be"
    ):
        protect([of_no_club()], 5, CLUBS, [reported_years()])


def test_what_the_earlier_reports_give_away_by_themselves_stops_nothing():
    given = reported_years((NO_CLUB | ABSENT, 0), (NO_CLUB, 20))
    again = protect([of_no_club()], 5, CLUBS, [given])
    assert again.tables[0].frame["absent"].tolist() == [0]


def test_the_record_holds_what_was_printed_and_no_more():
    given = table(["7", "8", "9", None], [50, 50, 50, 150], [3, 7, 12, 22])
    record = protect([given], 5, years(["7", "8", "9"])).record
    absent = [each["value"] for each in record["counts"] if each["coordinates"].get("measure")]
    assert absent == [22, "c", "c", 12]  # everyone, then by year group


def test_a_record_of_another_layout_is_refused():
    with pytest.raises(
        DisclosureError, match="record of an earlier report: 'layout' is not 2, and 3 more faults"
    ):
        protect([], 5, (), [{"layout": 0}])


@pytest.mark.skipif(os.name != "posix", reason="only there is it thrown away")
def test_what_the_solver_writes_to_standard_output_reaches_no_report(capfd):
    library = ctypes.CDLL(None)
    with hushed():
        library.puts(b"HighsMipSolverData::transformNewIntegerFeasibleSolution tmpSolver.run();")
    library.puts(b"said afterwards")
    library.fflush(None)
    assert capfd.readouterr().out == "said afterwards\n"


# What cannot be published or is not well said


@pytest.mark.parametrize("column", ["surname", "pupil_id", "upn", "form", "date_of_birth"])
def test_a_personal_column_stops_the_report(column):
    frame = pd.DataFrame({column: ["x"], "enrolments": [20]})
    with pytest.raises(DisclosureError, match=f"table 'people': column '{column}' is about one person"):
        protect([PublicTable("people", "", frame, ({},), (Count("enrolments"),))], 5, ())


def test_a_characteristic_that_groups_the_rows_is_no_personal_column():
    frame = pd.DataFrame({"ethnicity": ["group 1"], "enrolments": [20]})
    given = PublicTable("groups", "", frame, ({"ethnicity": "group 1"},), (Count("enrolments"),))
    assert published([given], ())["groups"]["enrolments"].tolist() == [20]


def test_numbers_of_which_nothing_is_said_stop_the_report():
    frame = pd.DataFrame({"enrolments": [20], "boys": [3], "england_rate": [0.93], "remark": ["as counted"]})
    given = PublicTable(
        "t",
        "",
        frame,
        ({},),
        (Count("enrolments"),),
        plain={"england_rate": "because England is counted in it"},
    )
    with pytest.raises(DisclosureError, match="table 't': column 'boys' holds numbers, and nothing says"):
        protect([given], 5, ())
    safe = protect([given.with_frame(frame.drop(columns="boys"))], 5, ())
    assert safe.tables[0].frame.loc[0].tolist() == [20, 0.93, "as counted"]


def test_a_count_of_which_nobody_says_what_it_adds_up_with_stops_the_report():
    clubs = table(["yes"], [40], [20], name="clubs", coordinate="club")
    only_size = PublicTable("clubs", "", clubs.frame, clubs.rows, clubs.counts[:1])
    with pytest.raises(
        DisclosureError, match="table 'clubs': nothing says what column 'enrolments' adds up with"
    ):
        check_tied(only_size, years(["7", "8"]))
    check_tied(only_size, (characteristic("club", ["yes", "no"]),))
    alone = Count("enrolments", alone="because no other figure is of clubs")
    check_tied(PublicTable("clubs", "", clubs.frame, clubs.rows, (alone,)), ())


def test_two_figures_for_the_same_count_stop_the_report():
    one, other = (table([None], [100], [absent], name=name) for name, absent in (("one", 10), ("other", 11)))
    with pytest.raises(
        DisclosureError, match="tables 'one' and 'other': the count of as_at 2026-12-18, measure"
    ):
        protect([one, other], 5, (ABSENCE,))


@pytest.mark.parametrize("value", [-1, 2.5, "three"])
def test_a_value_that_is_no_count_stops_the_report(value):
    frame = pd.DataFrame({"enrolments": pd.Series([value], dtype=object)})
    with pytest.raises(DisclosureError, match="table 't', column 'enrolments': a value is no count"):
        protect([PublicTable("t", "", frame, ({},), (Count("enrolments"),))], 5, ())


def test_rows_without_coordinates_stop_the_report():
    frame = pd.DataFrame({"enrolments": [10, 20]})
    with pytest.raises(DisclosureError, match="table 't': 2 rows but coordinates for 1"):
        protect([PublicTable("t", "", frame, ({},), (Count("enrolments"),))], 5, ())


def test_a_missing_count_is_no_count():
    frame = pd.DataFrame({"enrolments": [np.nan, 20]})
    given = PublicTable("t", "", frame, ({"as_at": THEN}, {"as_at": NOW}), (Count("enrolments"),))
    safe = protect([given], 5, ())
    assert safe.counts == 1
    assert safe.tables[0].frame["enrolments"].isna().tolist() == [True, False]
