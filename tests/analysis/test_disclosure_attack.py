"""Proof by attack: see ``disclosure_attacker`` for the reader who tries, ``benchmarks.attack_disclosure`` for hundreds."""

import numpy as np
import pytest

from attendance_lib.analysis.disclosure import Partition, Protected, protect
from attendance_lib.analysis.disclosure.apply import suppress
from attendance_lib.analysis.disclosure.cells import gather_cells
from attendance_lib.analysis.disclosure.primary import primary_cells
from tests.analysis.disclosure_trial import attack_reports, invented, protected, run_trial

LARGE, MIDDLE, SMALL = 4, 1, 3  # 1,173, 182 and 28 pupils
SMALLEST = 29  # 24 pupils; with presolve HiGHS misses worlds here
EDITED = 5  # 646 pupils, whose first half term is edited after its report


@pytest.mark.parametrize(("seed", "level"), [(LARGE, 5), (MIDDLE, 5), (SMALL, 5), (SMALLEST, 5), (LARGE, 10)])
def test_no_protected_count_can_be_narrowed_by_two_reports(seed, level):
    trial = run_trial(seed, level)
    assert trial.attacked > 20
    assert trial.found == ()


def test_the_attacker_breaks_suppression_that_stops_at_small_counts():
    school, tables = invented(MIDDLE)
    published = tuple(
        [suppress(table, primary_cells(gather_cells(each), 5)) for table in each] for each in tables
    )
    assert len(attack_reports(school, tables, published, 5)[1]) > 5


def test_the_attacker_breaks_a_second_report_made_without_knowing_the_first():
    school, tables = invented(MIDDLE)
    alone = protect(tables[1], 5, school.partitions)
    assert attack_reports(school, tables, (protected(MIDDLE)[0][0].tables, alone.tables), 5)[1]


def frames(report: Protected) -> dict:
    return {table.name: table.frame.astype(object) for table in report.tables}


@pytest.mark.parametrize("seed", [MIDDLE, EDITED])
def test_protecting_twice_is_protecting_once(seed):
    once = protected(seed)[0][0]
    twice = protect(once.tables, 5, invented(seed)[0].partitions)
    assert all(frame.equals(frames(twice)[name]) for name, frame in frames(once).items())


def turned(table):
    back = table.frame.iloc[::-1].reset_index(drop=True)
    return type(table)(table.name, table.title, back, table.rows[::-1], table.counts[::-1], table.rates[::-1])


def test_the_order_of_tables_rows_and_partitions_does_not_matter():
    school, (tables, _) = invented(MIDDLE)
    back = tuple(Partition(each.whole, each.parts[::-1]) for each in school.partitions[::-1])
    one = frames(protected(MIDDLE)[0][0])
    other = frames(protect([turned(table) for table in tables[::-1]], 5, back))
    assert all(frame.equals(other[name].iloc[::-1].reset_index(drop=True)) for name, frame in one.items())


@pytest.mark.parametrize("seed", [LARGE, MIDDLE, SMALL])
def test_a_true_zero_of_a_group_of_ten_or_more_stays_zero_and_nothing_else_becomes_zero(seed):
    for before, after in zip(invented(seed)[1][0], protected(seed)[0][0].tables, strict=True):
        for count in after.counts:
            true, shown = before.frame[count.column].to_numpy(), after.frame[count.column].to_numpy()
            size = before.frame[count.out_of].to_numpy() if count.out_of else np.full(len(true), 10)
            assert (shown[(true == 0) & ((size >= 10) | (size == 0))] == 0).all()
            assert (true[shown == 0] == 0).all()


@pytest.mark.parametrize("seed", [MIDDLE, EDITED])
def test_what_the_first_report_left_out_the_second_leaves_out_too(seed):
    first, second = protected(seed)[0]
    shown = {tuple(sorted(each["coordinates"].items())): each["value"] for each in second.record["counts"]}
    left_out = [
        tuple(sorted(each["coordinates"].items())) for each in first.record["counts"] if each["value"] == "c"
    ]
    assert {shown[where] for where in left_out if where in shown} == {"c"}
