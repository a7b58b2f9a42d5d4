"""The demo's parents and planted cases, read the plain way: each pupil has one, but for what is amiss on purpose."""

from collections import Counter, defaultdict


def parents_of(demo):
    found = defaultdict(list)
    for row in demo.rows("parents.csv"):
        found[row["pupil_id"]].append(row)
    return found


def test_every_pupil_has_one_or_two_parents_but_for_the_one_without(demo):
    found = parents_of(demo)
    pupils = {row["pupil_id"] for row in demo.pupils}
    cases = demo.truth["notice_cases"]
    assert pupils - found.keys() == {cases["no_parent"]}
    assert {len(rows) for pupil, rows in found.items() if pupil != cases["rows_differ"]} == {1, 2}


def test_two_rows_of_one_parent_differ_where_that_was_planted(demo):
    rows = parents_of(demo)[demo.truth["notice_cases"]["rows_differ"]]
    twice = [key for key, count in Counter(row["parent_id"] for row in rows).items() if count > 1]
    assert len(twice) == 1
    assert {row["relation"] for row in rows if row["parent_id"] == twice[0]} >= {"aunt"}


def test_two_addresses_are_those_of_the_planted_pupil(demo):
    addresses = {row["addresses"] for row in parents_of(demo)[demo.truth["notice_cases"]["two_addresses"]]}
    assert addresses == {"2"}


def test_the_case_of_leave_has_leave_alone_and_enough_of_it(demo):
    """Ten sessions or more of G in the last ten school weeks, and no other absence without permission."""
    pupil = demo.truth["notice_cases"]["holiday_could_go"]
    monday = demo.open_days[-50]
    codes = Counter(demo.of(pupil, monday).values())
    assert codes["G"] >= 10
    assert not codes["O"] + codes["U"] + codes["N"]


def test_a_third_notice_has_two_within_three_years_before_it(demo):
    pupil = demo.truth["notice_cases"]["third"]
    notices = [
        row for row in demo.sheet("Notices") if row["pupil_id"] == pupil and row["kind"] == "penalty notice"
    ]
    assert len(notices) == 3


def test_each_planted_case_is_of_another_pupil(demo):
    pupils = list(demo.truth["notice_cases"].values())
    assert len(set(pupils)) == len(pupils)
