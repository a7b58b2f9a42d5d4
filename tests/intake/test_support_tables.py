"""Logs of plans, part-time timetables, parents and considered cases as schools write them, read into the declared columns."""

import pandas as pd
import pytest

from attendance_lib.intake.files.export import Export
from attendance_lib.intake.ledger import Ledger
from attendance_lib.intake.logs import read_log
from attendance_lib.intake.settings.sources import Source
from attendance_lib.intake.support_tables import CONSIDERED, PARENTS, PART_TIME, PLANS

TABLES = (PLANS, PART_TIME, PARENTS, CONSIDERED)


@pytest.fixture
def read(tmp_path):
    """Read a log of a table from the lines of a CSV file."""

    def reading(table, *lines):
        path = tmp_path / f"{table.name}.csv"
        path.write_text("\n".join(lines), encoding="utf-8")
        ledger = Ledger()
        return read_log(
            table.name, (Source(table.name, 0, "", (Export(path),)),), pd.Series(["0012"]), ledger
        ).rows

    return reading


def test_a_plan_is_read_under_the_headings_and_words_that_staff_use(read):
    table = read(
        PLANS,
        "plan_id,Pupil ID,Plan date,Lead professional,Target,Review due,Reviewed,outcome,early_help_answer",
        "7,0012,2026-09-14,SENCo,4,2026-10-22,2026-10-22,Partially met,Refused",
    )
    row = table.iloc[0]
    assert row[
        ["plan_id", "pupil_id", "lead", "target_sessions", "outcome", "early_help_answer"]
    ].tolist() == [
        *("7", "0012", "SENCo", 4, "partly met", "declined"),
    ]
    assert row["review_on"] == row["reviewed_on"] == pd.Timestamp("2026-10-22")


def test_a_part_time_timetable_keeps_half_hours_and_may_have_no_end(read):
    table = read(PART_TIME, "Pupil ID,From,To,Hours a week,Signed", "0012,2026-11-02,,12.5,2026-10-30")
    row = table.iloc[0]
    assert (row["hours"], pd.isna(row["date_to"]), row["agreed_on"]) == (
        12.5,
        True,
        pd.Timestamp("2026-10-30"),
    )


def test_of_a_parent_what_is_not_known_is_not_no(read):
    table = read(
        PARENTS,
        "parent_id,pupil_id,Full name,Relationship,PR,Lives with pupil",
        "R1,0012,A. Abara,mother,yes,",
    )
    row = table.iloc[0]
    assert bool(row["has_responsibility"]) is True
    assert pd.isna(row["lives_with"])


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_whoever_is_named_in_a_table_is_personal(table):
    personal = {column.name for column in table.columns if column.is_personal}
    written = {column.name for column in table.columns if column.is_free_text}
    assert written <= personal


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_no_two_columns_are_called_alike(table):
    names = [name.casefold() for column in table.columns for name in (column.name, *column.also_called)]
    assert len(set(names)) == len(names)
