"""Planned absence beside the register: which spells the marks contradict, and how it is told."""

import numpy as np
import pandas as pd
import pytest

from attendance_lib.errors import Severity
from attendance_lib.intake.ledger import Ledger
from attendance_lib.intake.planned import contradicted, report_contradictions
from attendance_lib.intake.tables import TableRead

COLUMNS = ["pupil_id", "date_from", "date_to", "session", "code", "expected_back", "note"]


def spells(*rows):
    table = pd.DataFrame([(*row, None, "") for row in rows], columns=COLUMNS)
    dated = {
        name: pd.to_datetime(table[name]).astype("datetime64[s]")
        for name in ("date_from", "date_to", "expected_back")
    }
    return table.assign(**dated)


def marks(*rows):
    table = pd.DataFrame(rows, columns=["pupil_id", "date", "session", "code"])
    return table.assign(date=pd.to_datetime(table["date"]).astype("datetime64[s]"))


MONDAY = marks(
    ("1", "2026-11-09", "AM", "C"), ("1", "2026-11-09", "PM", "/"), ("3", "2026-11-09", "AM", "U")
)  # fmt: skip


@pytest.mark.parametrize(
    ("spell", "is_wrong"),
    [
        (("1", "2026-11-09", None, "AM", "C"), False),
        (("1", "2026-11-09", None, "PM", "C"), True),
        (("1", "2026-11-09", "2026-11-10", None, "C"), True),
        (("1", "2026-11-10", "2026-11-12", None, "C"), False),  # no mark says anything yet
        (("2", "2026-11-09", None, None, "C"), False),
        (("1", "2026-11-09", None, "PM", "I"), False),  # back before the day that was guessed
        (("1", "2026-11-09", None, "AM", "I"), True),
        (("3", "2026-11-09", None, "AM", "I"), False),  # back, after the register closed
        (("3", "2026-11-09", None, "AM", "C"), True),
    ],
)
def test_a_spell_is_contradicted_by_another_code_in_one_of_its_sessions(spell, is_wrong):
    assert contradicted(spells(spell), MONDAY).tolist() == [is_wrong]


def test_it_is_told_with_file_first_row_and_remedy():
    table = spells(("1", "2026-11-09", None, "AM", "C"), ("1", "2026-11-09", None, "PM", "C"))
    read = TableRead(table, np.array(["planned.csv"] * 2, dtype=object), np.array([2, 3]))
    ledger = Ledger()
    report_contradictions(read, MONDAY, ledger)
    (told,) = ledger.close().findings
    assert (told.rule, told.severity, told.count) == ("planned_contradicts_mark", Severity.SHOULD, 1)
    assert str(told).startswith(
        "planned.csv, row 3: 1 planned absence has another code in the register on a day within. Ask"
    )


def test_no_plan_and_a_plan_that_fits_say_nothing():
    ledger = Ledger()
    report_contradictions(None, MONDAY, ledger)
    read = TableRead(
        spells(("1", "2026-11-09", None, "AM", "C")), np.array(["planned.csv"], dtype=object), np.array([2])
    )
    report_contradictions(read, MONDAY, ledger)
    assert ledger.close().findings == ()


def test_a_planned_absence_whose_code_is_none_is_named_and_left_out_and_the_school_is_read(checked_changed):
    """However many of the list they are: a slip in it is no reason to have no sheet of the day."""
    settings = [("calendar:", '  planned: {path: "planned.csv"}\ncalendar:')]
    rows = "001,2026-09-14,2026-09-14,AM,M\n001,2026-09-15,2026-09-15,AM,holiday\n002,2026-09-15,,,-\n002,2026-09-16,,,\n"
    checked = checked_changed({"planned.csv": f"{OF_THE_DAY['planned'][0]}\n{rows}"}, settings)
    assert checked.problems == ()
    assert checked.school.planned["code"].tolist() == ["M"]
    (finding,) = [each for each in checked.log.findings if each.rule == "unknown_code_of_planned"]
    assert (finding.file, finding.row, finding.column) == ("planned.csv", 3, "code")
    held = "3 rows hold what is no register code ('-' 1 time, 'holiday' 1 time, nothing 1 time)"
    assert finding.message.startswith(f"{held} and are left out. Correct the register")


OF_THE_DAY = {
    "planned": ("pupil_id,date_from,date_to,session,code", "{id},2026-09-14,2026-09-14,AM,M"),
    "sign_ins": ("pupil_id,time,direction", "{id},2026-09-14T09:31:00,in"),
    "overrides": ("pupil_id,date_from,date_to,excuse", "{id},2026-09-14,,transport"),
}


@pytest.mark.parametrize("name", OF_THE_DAY)
def test_a_pupil_whom_the_roll_does_not_have_is_told_with_file_row_and_remedy(checked_changed, name):
    head, row = OF_THE_DAY[name]
    settings = [("calendar:", f'  {name}: {{path: "{name}.csv"}}\ncalendar:')]
    good = "\n".join((head, row.format(id="001"), ""))
    clean = checked_changed({f"{name}.csv": good}, settings)
    assert [each for each in clean.log.findings if each.rule == "unknown_pupil"] == []
    checked = checked_changed({f"{name}.csv": good + row.format(id="ZZZ") + "\n"})
    (finding,) = [each for each in checked.log.findings if each.rule == "unknown_pupil"]
    assert (finding.file, finding.row, finding.count) == (f"{name}.csv", 3, 1)
    assert "Export leavers too, or correct it." in finding.message
