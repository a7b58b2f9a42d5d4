"""What the demo knows of a day agrees with its registers: planned absence, signatures, the late bus and family, excuses."""

from collections import Counter, defaultdict
from datetime import date

from attendance_lib.intake.schema import OVERRIDE_REASONS

LAST = "2026-11-20"


def test_absence_that_was_known_beforehand_is_in_the_register_on_each_of_its_days(demo):
    """To the last register; what comes after it is not marked yet."""
    rows = [row for row in demo.rows("planned.csv") if row["date_to"] <= LAST and row["code"] != "I"]
    assert rows
    for row in rows:
        cells = demo.of(row["pupil_id"], row["date_from"], row["date_to"])
        halves = [row["session"]] if row["session"] else ["AM", "PM"]
        held = {code for (_, half), code in cells.items() if half in halves and code not in ("", "#")}
        assert held == {row["code"]}, row


def test_some_absence_of_the_week_to_come_is_known_and_none_of_it_begins_before_the_last_register(demo):
    ahead = [row for row in demo.rows("planned.csv") if row["date_from"] > LAST]
    assert {row["code"] for row in ahead} >= {"M", "C", "V"}
    assert all(date.fromisoformat(row["date_from"]).weekday() < 5 for row in ahead)


def test_who_signed_in_late_has_a_mark_of_lateness_or_of_absence_that_nobody_knows_the_reason_of(demo):
    codes = Counter()
    for row in demo.rows("sign_ins.csv"):
        if row["direction"] == "in":
            session = "AM" if row["time"][11:13] < "12" else "PM"
            codes[demo.held[row["pupil_id"], row["time"][:10], session]] += 1
    assert set(codes) == {"L", "U", "N"}
    assert codes["N"] == 2


def test_fourteen_came_late_by_one_bus_on_each_of_its_two_mornings(demo):
    told = demo.truth["late_bus"]
    rides = {row["pupil_id"] for row in demo.pupils if row["transport"] == told["transport"]}
    for day in told["dates"]:
        late = {pupil for pupil in rides if demo.held.get((pupil, day, "AM")) in ("L", "U")}
        assert len(late) >= 14


def test_two_of_one_family_are_late_on_the_same_mornings_and_on_no_other_of_the_year(demo):
    one, other = demo.truth["late_family"]
    families = defaultdict(set)
    for row in demo.pupils:
        families[row["family_id"]].add(row["pupil_id"])
    assert {one, other} in families.values()
    mornings = [
        {day for (pupil, day, half), code in demo.held.items() if pupil == each and day >= "2026-09-01" and code in ("L", "U")}
        for each in (one, other)
    ]  # fmt: skip
    assert mornings[0] == mornings[1]
    assert len(mornings[0]) == 6


def test_a_pupil_who_came_back_has_one_family_and_one_way_to_school(demo):
    rows = defaultdict(set)
    for row in demo.pupils:
        rows[row["pupil_id"]].add((row["family_id"], row["transport"], row["contact_numbers"]))
    assert {len(each) for each in rows.values()} == {1}


def test_lateness_is_excused_for_a_reason_that_the_list_knows_and_of_pupils_who_are_late(demo):
    rows = demo.rows("overrides.csv")
    late = {pupil for (pupil, _, _), code in demo.held.items() if code in ("L", "U")}
    assert len(rows) == 12
    assert {row["pupil_id"] for row in rows} <= late
    assert {row["excuse"] for row in rows} <= set(OVERRIDE_REASONS)
    assert {row["date_to"] for row in rows} == {"", "2026-11-11"}


def test_one_prize_was_given_up_and_a_few_pupils_are_not_to_be_named(demo):
    assert [row["draw"] for row in demo.rows("redraws.csv")] == ["raffle 2026-11-09 2026-11-13"]
    unnamed = Counter(row["no_publicity"] for row in demo.pupils)
    assert 0.03 < unnamed["1"] / unnamed.total() < 0.09
