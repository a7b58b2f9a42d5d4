"""The record of a report: what was printed, and what a reader remembers of it."""

from dataclasses import replace

import pytest

from attendance_lib.disclosure import characteristic, protect
from attendance_lib.errors import DisclosureError
from tests.disclosure.small_tables import THEN, table, years


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
