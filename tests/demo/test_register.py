"""Marks of the invented school stand where its calendar and roll let them."""


def test_marks_stand_only_where_the_pupil_was_on_roll(demo):
    spells = {}
    for row in demo.pupils:
        spells.setdefault(row["pupil_id"], []).append((row["admission_date"], row["leaving_date"] or "9999"))
    wrong = {
        key
        for key, code in demo.marks.items()
        if code and not any(first <= key[1] <= last for first, last in spells.get(key[0], ()))
    }
    (stranger,) = demo.truth["defects"]["pupil_not_listed"]
    assert wrong - {demo.defect("mark_off_roll")} == {key for key in wrong if key[0] == stranger["pupil_id"]}
    assert len(wrong) == 1 + 10


def test_mornings_and_afternoons_have_their_own_present_mark(demo):
    wrong = [key for key, code in demo.marks.items() if (code, key[2]) in {("/", "PM"), ("\\", "AM")}]
    assert wrong == [demo.defect("wrong_half_day")]


def test_no_suspension_lasts_longer_than_five_school_days_without_provision(demo):
    place = {day: number for number, day in enumerate(demo.open_days)}
    days = {(pupil, place[day]) for (pupil, day, _), code in demo.marks.items() if code == "E"}
    assert days
    long = [each for each in days if all((each[0], each[1] + further) in days for further in range(10))]
    assert not long


def test_year_group_closures_are_closed_for_those_year_groups_only(demo):
    year = {row["pupil_id"]: row["year_group"] for row in demo.pupils}
    first_day = {(year[pupil] == "7", code == "#") for (pupil, day, _), code in demo.marks.items()
                 if day == "2026-09-03" and code}  # fmt: skip
    assert first_day == {(True, False), (False, True)}


def test_the_snow_day_is_in_the_register_and_not_a_possible_session(demo):
    assert {code for (_, day, _), code in demo.marks.items() if day == "2026-01-08"} <= {"Y4", ""}
