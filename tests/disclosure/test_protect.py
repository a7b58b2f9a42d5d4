"""What holds of every protected set of tables, tried on two reports in a row of invented schools."""

from functools import cache

import numpy as np
import pytest

from attendance_lib.disclosure import Partition, Protected, PublicTable, protect
from tests.disclosure.invented_reports import FIRST, SECOND, InventedSchool, invent, report_tables

LARGE, MIDDLE, SMALL = 4, 1, 3  # 1,173, 182 and 28 pupils
EDITED = 5  # 646 pupils, whose first half term is edited after its report


@cache
def invented(seed: int) -> tuple[InventedSchool, tuple[list[PublicTable], list[PublicTable]]]:
    """A school and the tables of its two reports before protection."""
    school = invent(seed)
    return school, (report_tables(school, FIRST), report_tables(school, SECOND))


@cache
def protected(seed: int) -> tuple[Protected, Protected]:
    """The two reports of a school, the second made knowing the first."""
    school, (first_tables, second_tables) = invented(seed)
    first = protect(first_tables, 5, school.partitions)
    return first, protect(second_tables, 5, school.partitions, [first.record])


def frames(report: Protected) -> dict:
    return {table.name: table.frame.astype(object) for table in report.tables}


@pytest.mark.parametrize("seed", [MIDDLE, EDITED])
def test_protecting_twice_is_protecting_once(seed):
    once = protected(seed)[0]
    twice = protect(once.tables, 5, invented(seed)[0].partitions)
    assert all(frame.equals(frames(twice)[name]) for name, frame in frames(once).items())


def turned(table):
    back = table.frame.iloc[::-1].reset_index(drop=True)
    return type(table)(table.name, table.title, back, table.rows[::-1], table.counts[::-1], table.rates[::-1])


def test_the_order_of_tables_rows_and_partitions_does_not_matter():
    school, (tables, _) = invented(MIDDLE)
    back = tuple(Partition(each.whole, each.parts[::-1]) for each in school.partitions[::-1])
    one = frames(protected(MIDDLE)[0])
    other = frames(protect([turned(table) for table in tables[::-1]], 5, back))
    assert all(frame.equals(other[name].iloc[::-1].reset_index(drop=True)) for name, frame in one.items())


@pytest.mark.parametrize("seed", [LARGE, MIDDLE, SMALL])
def test_a_true_zero_of_a_group_of_ten_or_more_stays_zero_and_nothing_else_becomes_zero(seed):
    for before, after in zip(invented(seed)[1][0], protected(seed)[0].tables, strict=True):
        for count in after.counts:
            true, shown = before.frame[count.column].to_numpy(), after.frame[count.column].to_numpy()
            size = before.frame[count.out_of].to_numpy() if count.out_of else np.full(len(true), 10)
            assert (shown[(true == 0) & ((size >= 10) | (size == 0))] == 0).all()
            assert (true[shown == 0] == 0).all()


@pytest.mark.parametrize("seed", [MIDDLE, EDITED])
def test_what_the_first_report_left_out_the_second_leaves_out_too(seed):
    first, second = protected(seed)
    shown = {tuple(sorted(each["coordinates"].items())): each["value"] for each in second.record["counts"]}
    left_out = [
        tuple(sorted(each["coordinates"].items())) for each in first.record["counts"] if each["value"] == "c"
    ]
    assert {shown[where] for where in left_out if where in shown} == {"c"}
