"""One code for a whole class, and classes in which nobody is ever away."""

import pytest


def a_class(size, codes, day="2026-09-16", **more):
    return [{"marks": {day: codes}} | more for _ in range(size)]


@pytest.mark.parametrize(
    ("codes", "found_in"),
    [
        ("V V", "AM and PM"),
        ("V \\", "AM"),
        ("/ I", "PM"),
        ("O O", "AM and PM"),
        ("/ \\", ""),
        ("Y4 Y4", ""),
        ("Y2 \\", ""),
    ],
)
def test_one_code_for_a_whole_class_is_found_unless_it_is_in_the_codes_nature(inspect, codes, found_in):
    # Y4 is no bulk fill, but then nobody else is present.
    elsewhere = codes if codes == "Y4 Y4" else "/ \\"
    things = inspect(*a_class(5, codes), *a_class(1, elsewhere, form="9B"))
    assert things["session"].tolist() == [found_in] * bool(found_in)
    assert set(things["rule"]) <= {"bulk_code"}
    assert set(things["form"]) <= {"9A"}


@pytest.mark.parametrize(("size", "count"), [(4, 0), (5, 1)])
def test_a_class_is_of_five_at_least(inspect, size, count):
    assert len(inspect(*a_class(size, "V V"), {"form": "9B"})) == count


def test_one_pupil_otherwise_and_it_is_no_bulk(found):
    assert found(*a_class(5, "V V"), {}) == []


def test_a_pupil_off_roll_is_no_exception(inspect):
    things = inspect(*a_class(5, "V V"), {"leaving_date": "2026-09-15"})
    assert things["detail"].tolist() == ["V for all 5 pupils in 2 sessions"]


ALL_WEEK = {"first": "2026-09-14", "last": "2026-09-25"}


@pytest.mark.parametrize(("size", "days", "count"), [(9, 10, 0), (10, 4, 0), (10, 5, 1), (10, 10, 1)])
def test_nobody_away_for_ten_sessions_is_found(inspect, size, days, count):
    ill = {"marks": {f"2026-09-{14 + day + 2 * (day > 4):02d}": "I I" for day in range(days, 10)}}
    things = inspect(*[{}] * (size - 1), ill, **ALL_WEEK)
    assert things["detail"].tolist() == [f"All 10 pupils present in {2 * days} sessions in a row"] * count
    assert set(things["rule"]) <= {"full_class"}


def test_somebody_late_is_as_good_as_away(found):
    late = {"marks": {"2026-09-18": "/ L"}}
    starts = found(
        *[{}] * 9, late, first="2026-09-14", last="2026-09-18", minutes={("0009", "2026-09-18", "PM"): 3}
    )
    assert starts == []
