from datetime import date

import pytest

from attendance_lib.intake.privacy import code_for_message, for_message


@pytest.mark.parametrize(
    "value", ["31/02/2026", "14-Sep-26", "Mon 14 Sep", "Lesson 1", "AM Reg", "#NAME?", "X01", "A", "1E+05"]
)
def test_what_codes_dates_and_sessions_look_like_is_shown(value):
    assert for_message(value) == repr(value)


@pytest.mark.parametrize(
    "value",
    [
        "Amelia",
        "Amy Li",
        "Bo Ng",
        "Zeb (7A)",
        "A958667946125",
        "1234567890",
        "李小龙和他的朋友"[:4],
        "Day-Ito",
    ],
)
def test_what_could_be_a_name_or_a_person_s_number_is_not(value):
    assert for_message(value) == f"a text of {len(value)} characters"


@pytest.mark.parametrize("value", [date(2015, 4, 6), "06-04-2015", "6/4/15", "2015-04-06T00:00:00"])
def test_a_date_among_codes_may_be_a_date_of_birth(value):
    assert code_for_message(value) == "a date"
