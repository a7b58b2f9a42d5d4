"""What is left out besides, so that nothing left out follows from the rest."""

from attendance_lib.disclosure import Count, Partition, PublicTable, characteristic, protect
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
