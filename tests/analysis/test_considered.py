"""What the school considered: the log, and records on sheets that the log does not have, each once."""

from datetime import date
from types import SimpleNamespace

import pandas as pd
import pytest

from attendance_lib.analysis.considered import considered_known, considered_to_enter, considered_written
from attendance_lib.casebook.state import CellState, RowState, Saying, State
from attendance_lib.intake.support_tables import CONSIDERED

COLUMNS = list(CONSIDERED.column_names)


def row(key, **said):
    cells = {
        name: CellState("considered", key, name, (Saying(1, 1, 0, "workbook", value),), None)
        for name, value in said.items()
    }
    return RowState("considered", key, "pack", cells)


def pack_of(*rows, log=None):
    """A pack of two pupils on roll, whose logs and casebook are as given."""
    known = State(1, "", 0, 1, {"considered": {each.key: each for each in rows}}) if rows else None
    school = SimpleNamespace(pupils=pd.DataFrame({"pupil_id": ["0001", "0002"]}), considered=log)
    return SimpleNamespace(casebook=known, school=school, date_to=date(2026, 11, 20), results={})


def logged(**said):
    table = pd.DataFrame([said], columns=COLUMNS)
    return table.assign(considered_on=pd.to_datetime(table["considered_on"]).astype("datetime64[s]"))


WRITTEN = {"pupil_id": "1", "considered_on": "18/11/2026", "support_appropriate": "No"}


def test_a_record_on_a_sheet_has_the_roll_s_number_its_day_and_its_answers():
    (found,) = considered_written(pack_of(row("k", **WRITTEN))).to_dict("records")
    assert (found["pupil_id"], found["considered_on"], found["support_appropriate"]) == (
        "0001",
        pd.Timestamp("2026-11-18"),
        False,
    )
    assert pd.isna(found["disability_related"])
    assert found["is_known"]


@pytest.mark.parametrize(
    "changed",
    [{"considered_on": ""}, {"considered_on": "soon"}, {"pupil_id": "77"}],
    ids=["no day", "no day that is one", "nobody"],
)
def test_without_a_day_or_a_pupil_of_the_roll_it_is_no_record_yet(changed):
    pack = pack_of(row("k", **WRITTEN | changed))
    assert len(considered_written(pack)) == 1
    assert considered_to_enter(pack).empty


def test_what_the_log_says_of_that_pupil_parent_and_day_is_not_entered_twice():
    same = logged(pupil_id="0001", considered_on="2026-11-18")
    assert considered_to_enter(pack_of(row("k", **WRITTEN), log=same)).empty
    other = logged(pupil_id="0001", considered_on="2026-11-17")
    assert len(considered_known(pack_of(row("k", **WRITTEN), log=other))) == 2


def test_without_log_and_sheet_nothing_is_known_and_that_is_not_nothing_considered():
    assert considered_known(pack_of()) is None
