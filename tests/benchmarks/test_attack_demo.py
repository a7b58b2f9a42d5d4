"""What the attack on the demo school changes in its exports, and what it compares."""

import csv
from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from benchmarks.attack_demo import BYTE_ORDER_MARK, MARKS, change_marks, counts_of, pupils_of, sessions_of


def write(path, *rows):
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=BYTE_ORDER_MARK, newline="") as file:
        csv.writer(file).writerows(rows)


def read(path):
    with path.open(encoding=BYTE_ORDER_MARK, newline="") as file:
        return list(csv.reader(file))


HEAD = ["pupil_id", "week", "MonAM", "MonPM"]


@pytest.fixture
def marks(tmp_path):
    """Two weeks of the last half term and one before it; of pupil 3 another file repeats the marks."""
    path = tmp_path / MARKS
    weeks = [
        ("1", "2026-08-31", "I", "I"),
        ("1", "2026-09-07", "I", "I"),
        ("2", "2026-09-07", "I", "/"),
        ("3", "2026-09-07", "I", "I"),
    ]
    write(path, HEAD, *((pupil, f"{week}T00:00:00", *codes) for pupil, week, *codes in weeks))
    write(path.with_name("amended_marks.csv"), ["pupil_id"], ["3"])
    write(path.with_name("register_times.csv"), ["pupil_id"])
    return path


def test_marks_of_illness_within_the_half_term_are_changed_into_absences_and_presence_by_half_of_day(
    marks, tmp_path
):
    change_marks(tmp_path)
    head, before, first, second, repeated = read(marks)
    assert (head, before[2:], repeated[2:]) == (HEAD, ["I", "I"], ["I", "I"])
    assert second[3] == "/"
    changed = [("AM", first[2]), ("PM", first[3]), ("AM", second[2])]
    assert sorted(code for _, code in changed if code in "MO") == ["M", "O"]
    assert [each for each in changed if each[1] not in "MO"] in ([("AM", "/")], [("PM", "\\")])


def test_records_that_hold_the_same_in_another_order_are_alike_and_any_other_figure_is_not():
    one = {"coordinates": {"sex": "F", "as_at": "2026-10-23"}, "value": 12, "told": None}
    other = {"coordinates": {"sex": "M"}, "value": "c", "told": [1, 4]}
    turned = {"counts": [other, one | {"coordinates": {"as_at": "2026-10-23", "sex": "F"}}]}
    assert counts_of({"counts": [one, other]}) == counts_of(turned)
    assert counts_of({"counts": [one | {"value": 13}, other]}) != counts_of(turned)
    assert counts_of({"counts": [one, other | {"told": [1, 5]}]}) != counts_of(turned)


def test_the_sessions_of_each_day_are_those_of_any_register_that_has_it():
    days = [
        pd.DataFrame({"date": pd.to_datetime(each)})
        for each in (["2026-09-07"] * 2, ["2026-09-07"] * 2 + ["2026-09-08"])
    ]
    packs = [SimpleNamespace(register=SimpleNamespace(sessions=each)) for each in days]
    assert sessions_of(packs) == {date(2026, 9, 7): 2, date(2026, 9, 8): 1}


def test_pupils_are_those_of_any_row(marks):
    assert pupils_of(marks) == {"1", "2", "3"}
