import pandas as pd
import pytest

from attendance_lib.intake.placing import is_on_roll


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2026-09-06", False),
        ("2026-09-07", True),
        ("2026-09-18", True),
        ("2026-09-19", False),
        ("2026-11-02", True),
    ],
)
def test_first_and_last_day_of_each_enrolment_are_on_roll(day, expected):
    pupils = pd.DataFrame(
        {
            "pupil_id": ["001", "001"],
            "admission_date": pd.to_datetime(["2026-09-07", "2026-11-02"]),
            "leaving_date": pd.to_datetime(["2026-09-18", None]),
        }
    )
    marks = pd.DataFrame({"pupil_id": pd.Categorical(["001", "009"]), "date": pd.to_datetime([day, day])})
    assert is_on_roll(marks, pupils).tolist() == [expected, False]
