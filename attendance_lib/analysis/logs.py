"""Rows of the school's logs as they stood on one day: what was begun or issued by then, and what of it says anything."""

from datetime import date

import pandas as pd

from attendance_lib.rules.calendar import short_day
from attendance_lib.rules.notices import notice_kind, still_counts


def is_filled(values: pd.Series) -> pd.Series:
    """Return whether each value of a log's column says anything (neither missing nor blank).

    Examples
    --------
    >>> is_filled(pd.Series(["Mentor", " ", None])).tolist()
    [True, False, False]
    """
    return values.notna() & (values.astype(object).astype(str).str.strip() != "")


def day_or_none(moment: pd.Timestamp) -> date | None:
    """Return the day of a cell of a log or a table; None where it is missing.

    Examples
    --------
    >>> day_or_none(pd.Timestamp("2026-11-20")), day_or_none(pd.NaT)
    (datetime.date(2026, 11, 20), None)
    """
    return None if pd.isna(moment) else moment.date()


def own_interventions(interventions: pd.DataFrame | None, on: date) -> pd.DataFrame:
    """Return the interventions begun by a day for one pupil each (rows), with ``is_running`` and ``tier`` as a number.

    Examples
    --------
    >>> begun = pd.to_datetime(["2026-09-14", "2026-12-01"])
    >>> log = pd.DataFrame({"pupil_id": ["3401", "3402"], "tier": ["2", "1"], "start_date": begun})
    >>> own_interventions(log, date(2026, 11, 20))[["pupil_id", "tier", "is_running"]].values.tolist()
    [['3401', 2, True]]
    """
    columns = [
        "pupil_id",
        "intervention",
        "tier",
        "start_date",
        "end_date",
        "lead",
        "agency",
        "review_date",
        "outcome",
        "next_step",
    ]
    rows = known_columns(interventions, columns)
    day = pd.Timestamp(on)
    rows = rows[is_filled(rows["pupil_id"]) & (rows["start_date"] <= day)]
    return rows.assign(
        pupil_id=rows["pupil_id"].astype(str),
        tier=pd.to_numeric(rows["tier"].astype(object), errors="coerce").astype("Int64"),
        is_running=rows["end_date"].isna() | (rows["end_date"] >= day),
    )


def known_columns(log: pd.DataFrame | None, columns: list[str]) -> pd.DataFrame:
    """Return a log with at least the columns named: no row where there is no log, missing where there is no column.

    Examples
    --------
    >>> known_columns(None, ["pupil_id", "start_date"]).dtypes.astype(str).tolist()
    ['object', 'datetime64[s]']
    """
    rows = pd.DataFrame(columns=columns) if log is None else log.reindex(columns=columns)
    dated = {name: "datetime64[s]" for name in columns if name.endswith(("_date", "_on")) or name == "date"}
    return rows.astype(dated)


def match_pupils(written: pd.DataFrame, pupil_ids: pd.Series) -> pd.DataFrame:
    """Give what staff wrote of a pupil that pupil's identifier as the roll writes it: the same rows, ``pupil_id`` changed.

    A workbook may drop the leading zeros of a number that staff typed; where exactly one pupil fits
    without them, that one is meant. What fits no pupil is left as it is.

    Examples
    --------
    >>> actions = pd.DataFrame({"pupil_id": ["2103", "002104", "9", None]})
    >>> match_pupils(actions, pd.Series(["002103", "002104"]))["pupil_id"].tolist()
    ['002103', '002104', '9', None]
    """
    roll = pd.Series(pupil_ids.astype(str).unique())
    bare = roll.str.lstrip("0")
    is_alone = ~bare.duplicated(keep=False)
    meant = dict(zip(bare[is_alone], roll[is_alone], strict=True)) | {each: each for each in roll}
    found = [meant.get(each, each) if pd.notna(each) else None for each in written["pupil_id"]]
    return written.assign(pupil_id=pd.Series(found, index=written.index, dtype=object))


def not_logged(told: pd.DataFrame, logged: pd.DataFrame | None, key: list[str]) -> pd.DataFrame:
    """Return what staff wrote (rows) and a log, None where there is none, does not have: no row of it has the same key.

    Examples
    --------
    >>> told = pd.DataFrame({"pupil_id": ["1", "2"], "parent": [None, "A. Abara"]})
    >>> not_logged(told, pd.DataFrame({"pupil_id": ["1"], "parent": [None]}), ["pupil_id", "parent"])["pupil_id"].tolist()
    ['2']
    """
    if logged is None or told.empty:
        return told
    written, known = (
        pd.MultiIndex.from_frame(
            rows[key].astype({"pupil_id": str}).astype(object).where(rows[key].notna(), "")
        )
        for rows in (told, logged)
    )
    return told[~written.isin(known)].reset_index(drop=True)


def this_year(interventions: pd.DataFrame, start: pd.Timestamp) -> pd.DataFrame:
    """Return the interventions (rows) that are running or ended since a day.

    Examples
    --------
    >>> ends = pd.to_datetime([None, "2026-07-17", "2026-09-30"])
    >>> this_year(pd.DataFrame({"is_running": [True, False, False], "end_date": ends}), pd.Timestamp("2026-08-01")).index.tolist()
    [0, 2]
    """
    return interventions[interventions["is_running"] | (interventions["end_date"] >= start)]


def is_review_due(interventions: pd.DataFrame, day: pd.Timestamp) -> pd.Series:
    """Return whether a running intervention's review is ahead of a day, or past with nothing written down since (one per row).

    Examples
    --------
    >>> log = pd.DataFrame({"outcome": [None, None, "met"], "next_step": None, "is_running": True})
    >>> log["review_date"] = pd.to_datetime(["2026-12-01", "2026-11-02", "2026-11-02"])
    >>> is_review_due(log, pd.Timestamp("2026-11-20")).tolist()  # ahead; past with nothing written; past and written
    [True, True, False]
    """
    is_written = is_filled(interventions["outcome"]) | is_filled(interventions["next_step"])
    ahead = interventions["review_date"] >= day
    return interventions["is_running"] & interventions["review_date"].notna() & (ahead | ~is_written)


def issued(notices: pd.DataFrame | None, on: date) -> pd.DataFrame:
    """Return the notices issued by a day and not withdrawn (one row each), with ``notice_kind``.

    ``kind`` and ``status`` are in small letters.

    Examples
    --------
    >>> days = pd.to_datetime(["2026-10-05", "2026-10-05", "2026-12-01"])
    >>> log = pd.DataFrame({"pupil_id": ["1", "2", "3"], "kind": "Notice to improve", "issued_on": days})
    >>> issued(log.assign(status=["open", "Withdrawn", "open"]), date(2026, 11, 20))["pupil_id"].tolist()
    ['1']
    """
    columns = ["pupil_id", "parent", "kind", "status", "issued_on", "acted_on_through_date", "ends_on"]
    rows = known_columns(notices, columns)
    words = {
        name: rows[name].astype(object).fillna("").astype(str).str.strip().str.lower()
        for name in ("kind", "status")
    }
    kinds = [notice_kind(kind) for kind in words["kind"]]
    rows = rows.assign(pupil_id=rows["pupil_id"].astype(str), **words, notice_kind=kinds)
    return rows[(rows["issued_on"] <= pd.Timestamp(on)) & rows["status"].map(still_counts).astype(bool)]


def dated(day: date, on: date) -> str:
    """Write a day and month, with the year where it is not that of ``on``.

    Examples
    --------
    >>> dated(date(2026, 9, 3), date(2026, 11, 20)), dated(date(2025, 11, 3), date(2026, 11, 20))
    ('3 Sep', '3 Nov 2025')
    """
    return short_day(day) if day.year == on.year else f"{short_day(day)} {day.year}"
