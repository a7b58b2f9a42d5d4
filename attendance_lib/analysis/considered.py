"""What the school considered of cases at a notice threshold: the log, and what staff wrote on the sheet of the paper on notices."""

from collections.abc import Mapping

import pandas as pd

from attendance_lib.analysis.logs import match_pupils, not_logged
from attendance_lib.casebook.staff_rows import known_rows, printed_rows, typed_or_none
from attendance_lib.casebook.state import RowState, natural
from attendance_lib.intake.declared import Kind
from attendance_lib.intake.support_tables import CONSIDERED
from attendance_lib.pack.pack import Pack, derived

# The sheet that staff fill in, the paper, and the column that numbers a case.
SHEET, PAPER, KEY = CONSIDERED.name, "notices", "case_id"
FLAGS = tuple(column.name for column in CONSIDERED.columns if column.kind is Kind.FLAG)
DATES = tuple(column.name for column in CONSIDERED.columns if column.kind is Kind.DATE)
WRITTEN = tuple(name for name in CONSIDERED.column_names if name not in ("pupil_id", "parent"))
YES, NO = ANSWERS = ("yes", "no")
# What tells one record from another (intake/support_tables.py).
RECORD = ["pupil_id", "parent", "considered_on"]


@derived
def considered_written(pack: Pack) -> pd.DataFrame:
    """Return what staff wrote on sheets of the paper on notices of considering cases.

    Returns
    -------
    pandas.DataFrame
        One row per case on which anything was written, by number: the columns of CONSIDERED (days as datetime64[s], flags as
        boolean, the rest text or None), ``case_id``, and ``is_known``: whether the roll has the pupil. A row without
        ``considered_on`` is no record yet.
    """
    rows = known_rows(pack.casebook, SHEET)
    printed = printed_rows(pack.casebook, SHEET, PAPER) if rows else {}
    keys = [key for key in sorted(rows, key=natural) if any(rows[key].value(name) for name in WRITTEN)]
    told = [_as_record(key, rows[key], printed.get(key, {})) for key in keys]
    table = pd.DataFrame(told, columns=[KEY, *CONSIDERED.column_names], dtype=object)
    days = {name: pd.to_datetime(table[name]).astype("datetime64[s]") for name in DATES}
    flags = {name: table[name].astype("boolean") for name in FLAGS}
    ids = pack.school.pupils["pupil_id"].astype(str)
    table = match_pupils(table.assign(**days, **flags), ids)
    return table.assign(is_known=table["pupil_id"].isin(ids))


def _as_record(key: str, row: RowState, printed: Mapping[str, str]) -> dict[str, object]:
    said = {name: row.value(name) or None for name in WRITTEN}
    flags = {name: {YES: True, NO: False}.get(str(said[name]).casefold()) for name in FLAGS}
    days = {name: typed_or_none(said[name] or "") for name in DATES}
    about = {name: row.value(name) or printed.get(name) or None for name in ("pupil_id", "parent")}
    return {KEY: key} | about | said | flags | days


@derived
def considered_to_enter(pack: Pack) -> pd.DataFrame:
    """Return the records on sheets that the school's log does not have (one row each): none of that pupil, parent and day."""
    told = considered_written(pack)
    told = told[told["is_known"] & told["considered_on"].notna()].reset_index(drop=True)
    return not_logged(told, pack.school.considered, RECORD)


@derived
def considered_known(pack: Pack) -> pd.DataFrame | None:
    """Return CONSIDERED, one row per pupil, parent and day considered; None without a log and a sheet.

    The school's log, and the records on sheets that are not in it.
    """
    told, logged = considered_to_enter(pack)[list(CONSIDERED.column_names)], pack.school.considered
    if told.empty:
        return logged
    if logged is None:
        return told
    same = logged.astype({name: object for name in logged if name not in (*DATES, *FLAGS)})
    return pd.concat([same.astype(dict.fromkeys(FLAGS, "boolean")), told], ignore_index=True)
