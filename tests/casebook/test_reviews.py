"""Reviews that staff write on their sheets, and the log of interventions with them."""

from dataclasses import dataclass

import pandas as pd
import pytest

from attendance_lib.casebook.reviews import logged_reviews, review_numbers, with_reviews
from attendance_lib.casebook.state import CellState, RowState, Saying, State


@dataclass(frozen=True)
class School:
    interventions: pd.DataFrame | None


@pytest.fixture
def log():
    """A mentor of two pupils, the one with a review day, and an assembly for everyone."""
    return pd.DataFrame(
        {
            "pupil_id": ["0001", "0002", None],
            "intervention": ["Mentor", "Mentor", "Assembly"],
            "start_date": pd.to_datetime(["2026-10-05", "2026-10-05", "2026-10-05"]),
            "review_date": pd.to_datetime(["2026-11-16", None, "2026-11-16"]),
            "outcome": pd.Series(["some gain", None, None], dtype="str"),
        }
    )


def written(key, **said):
    cells = {
        name: CellState("reviews", key, name, (Saying(1, 1, 0, "workbook", value),), None)
        for name, value in said.items()
    }
    return State(1, "", 0, 1, {"reviews": {key: RowState("reviews", key, "log", cells)}})


def test_the_log_is_asked_for_the_reviews_of_single_pupils_alone(log):
    (cells,) = logged_reviews(log).rows.values()
    assert cells == {"pupil_id": "0001", "outcome": "some gain"}


def test_a_review_has_the_same_number_whatever_stands_around_it(log):
    numbers = review_numbers(log.head(2))
    assert numbers[0].startswith("2026-10-05 ")
    assert review_numbers(log.head(2).iloc[::-1]) == numbers[::-1]
    assert len(set(numbers)) == 2


def test_what_staff_wrote_of_a_review_is_in_the_log_and_the_other_rows_are_as_they_were(log):
    key = review_numbers(log.head(2))[1]
    found = with_reviews(School(log), written(key, outcome="none", next_step="stop")).interventions
    assert found["outcome"].tolist()[:2] == ["some gain", "none"]
    assert found["next_step"].tolist() == [None, "stop", None]
    assert log["outcome"].isna().tolist() == [False, True, True]


def test_without_anything_written_or_without_a_log_the_school_is_the_same(log):
    school = School(log)
    assert with_reviews(school, None) is school
    assert with_reviews(School(None), written("a", outcome="none")).interventions is None
