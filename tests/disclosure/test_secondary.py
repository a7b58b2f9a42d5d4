"""What is left out besides, so that nothing left out follows from the rest."""

import numpy as np
import pytest
from scipy.sparse import csr_array

from attendance_lib.disclosure import Count, Partition, PublicTable, characteristic, protect
from attendance_lib.disclosure.puzzle import NODES
from attendance_lib.disclosure.secondary import Piece
from tests.disclosure.small_tables import ABSENCE, THEN, flow_table, flows, published, table, years


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


def test_two_small_counts_that_make_five_keep_the_four_values_of_a_c():
    # Then 5, now 9. Stayed 1, left 4: each is 1 to 4, as c says, and the 5 is out already. The report is made.
    first = protect([table([None], [200], [5], at=THEN)], 5, (ABSENCE, *flows()))
    second = protect([table([None], [200], [9]), flow_table(1, 8, 4)], 5, (ABSENCE, *flows()), [first.record])
    assert second.tables[1].frame.loc[0, ["stayed", "left"]].tolist() == ["c", "c"]


# Few counts in sums whose wholes are known. The odd ring's corners in fractions are halves: x + y + u = y + z + v = z + x + w = 5.
ODD_RING = ([[1, 1, 0, 1, 0, 0], [0, 1, 1, 0, 1, 0], [1, 0, 1, 0, 0, 1]], [1, 2, 1, 2, 2, 3])
TWO_WAYS = (
    [[1, 1, 1, 0, 0, 0], [0, 0, 0, 1, 1, 1], [1, 0, 0, 1, 0, 0], [0, 1, 0, 0, 1, 0]],
    [2, 1, 1, 1, 2, 1],
)
CHAIN = ([[1, 1, 0, 0, 0, 0], [0, 1, -1, 1, 0, 0], [0, 0, 1, 1, 1, 1]], [3, 1, 2, 1, 0, 2])
TAIL = (
    [[*row, 0, 0] for row in ODD_RING[0]] + [[0, 0, 0, 1, 0, 0, 1, 0], [0] * 6 + [1, 1]],
    [*ODD_RING[1], 1, 1],
)
SMALL = pytest.mark.parametrize(
    ("rows", "truth"), [ODD_RING, TAIL, TWO_WAYS, CHAIN], ids=["odd ring", "with a tail", "two ways", "chain"]
)


def piece(rows: list[list[int]], truth: list[int], nodes: int | None = NODES) -> Piece:
    """A piece where nothing more can be left out and every count is known not to be negative."""
    known = np.array(truth, dtype=float)
    return Piece(
        places=np.arange(len(truth)),
        rows=csr_array(np.array(rows, dtype=float)),
        truth=known,
        floor=np.zeros(len(truth)),
        price=np.full(len(truth), np.inf),
        told=np.array([known, known]),
        nodes=nodes,
    )


def all_worlds(rows: list[list[int]], truth: list[int], is_open: np.ndarray) -> np.ndarray:
    """Every world in whole numbers that fits, by trying them all: no count exceeds the eight here."""
    sums, last = np.array(rows) @ truth, [max(np.flatnonzero(row)) for row in rows]
    worlds = np.zeros((1, 0), dtype=int)
    for count, value in enumerate(truth):
        tried = range(9) if is_open[count] else [value]
        worlds = np.array([[*world, each] for world in worlds for each in tried])
        for row in np.flatnonzero(np.array(last) == count):
            worlds = worlds[worlds @ np.array(rows[row])[: count + 1] == sums[row]]
    return worlds


@SMALL
@pytest.mark.parametrize("shut", [(), (0,), (3,), (1, 5)])
def test_two_worlds_are_found_exactly_where_there_are_two(rows, truth, shut):
    is_open = ~np.isin(np.arange(len(truth)), shut)
    worlds, here = all_worlds(rows, truth, is_open), piece(rows, truth)
    for target in np.flatnonzero(is_open):
        most = int(np.ptp(worlds[:, target])) + 1
        found = here.worlds_apart(target, most, is_open)
        assert here.worlds_apart(target, most + 1, is_open) is None
        assert found.high[target] - found.low[target] >= most - 1
        assert {tuple(found.high), tuple(found.low)} <= set(map(tuple, worlds.astype(float)))
        assert (found.is_open == is_open).all()


@SMALL
def test_worlds_at_the_edge_are_whole_and_fit(rows, truth):
    is_open = np.ones(len(truth), dtype=bool)
    worlds = set(map(tuple, all_worlds(rows, truth, is_open).astype(float)))
    found = piece(rows, truth).worlds_at_the_edge(dict.fromkeys(range(len(truth)), 5), is_open)
    assert found
    assert {tuple(world) for world in found} <= worlds


def test_where_the_edge_lies_at_halves_the_whole_numbers_beside_it_are_found():
    # x, z as much and 5 - y as little as can be: in fractions x = y = z = 2.5, in whole numbers together 7. The last count
    # is 3 less another one that must go to 0 for it, and stays whole.
    rows = [
        [1, -1, 0, 1, 0, 0, 0],
        [0, -1, 1, 0, 1, 0, 0],
        [1, 0, 1, 0, 0, 1, 0],
        [0, 0, 0, 1, 0, 0, 1],
    ]
    found = piece(rows, [1, 3, 1, 2, 2, 3, 1]).worlds_at_the_edge(
        {0: 5, 1: 5, 2: 5, 3: 5, 6: 5}, np.ones(7, dtype=bool)
    )
    assert max(world[0] - world[1] + world[2] + world[6] for world in found) == 7 - 5 + 3
