"""What support each pupil's records show: interventions, contacts with home and notices, on one day.

Only what was on file by that day counts, so that an earlier paper made again says what it said then.
"""

from datetime import date
from functools import reduce

import pandas as pd

from attendance_lib.analysis.logs import (
    dated,
    is_filled,
    is_review_due,
    issued,
    known_columns,
    own_interventions,
    this_year,
)
from attendance_lib.errors import counted
from attendance_lib.intake.checked_school import School
from attendance_lib.rules.calendar import short_day, start_of_year
from attendance_lib.rules.notices import NoticeKind

# Support on file in a few words, such as "Mentor since 5 Oct; 3 contacts, last 12 Nov; notice to improve 2 Nov"


def phrases_of(pupil_ids: pd.Series, phrases: list[str]) -> pd.DataFrame:
    """Return phrases about pupils (one row per phrase).

    Examples
    --------
    >>> phrases_of(pd.Series(["1"]), ["Mentor since 5 Oct"]).values.tolist()
    [['1', 'Mentor since 5 Oct']]
    """
    return pd.DataFrame({"pupil_id": pupil_ids.to_numpy(), "phrase": pd.Series(phrases, dtype=object)})


def intervention_phrases(interventions: pd.DataFrame, on: date) -> pd.DataFrame:
    """Say since when, or from when to when, each intervention ran (one row per intervention, oldest first).

    Parameters
    ----------
    interventions : pandas.DataFrame
        INTERVENTIONS of one pupil each, with ``is_running``.
    on : datetime.date
        The day it is judged on: a start more than a year before is given its year.

    Examples
    --------
    >>> starts, ends = pd.to_datetime(["2026-10-05", "2025-09-08"]), pd.to_datetime([None, "2026-07-17"])
    >>> log = pd.DataFrame({"pupil_id": "1", "intervention": ["Mentor", "Club"], "start_date": starts, "end_date": ends})
    >>> intervention_phrases(log.assign(is_running=[True, False]), date(2026, 11, 20))["phrase"].tolist()
    ['Club 8 Sep 2025 to 17 Jul', 'Mentor since 5 Oct']
    """
    rows = interventions.sort_values(["start_date", "intervention"])
    ends = zip(rows["intervention"], rows["start_date"], rows["end_date"], rows["is_running"], strict=True)
    return phrases_of(
        rows["pupil_id"],
        [
            f"{name} since {dated(start, on)}"
            if is_running
            else f"{name} {dated(start, on)} to {short_day(end)}"
            for name, start, end, is_running in ends
        ],
    )


def contact_phrases(contacts: pd.DataFrame) -> pd.DataFrame:
    """Say how many contacts there were this school year and when the last was (one row per pupil with any).

    Parameters
    ----------
    contacts : pandas.DataFrame
        One row per pupil, with ``contacts_this_year`` and ``last_contact_date``.

    Examples
    --------
    >>> days = pd.to_datetime(["2026-11-09", None])
    >>> counts = pd.DataFrame({"pupil_id": ["1", "2"], "contacts_this_year": [2, 0], "last_contact_date": days})
    >>> contact_phrases(counts)["phrase"].tolist()
    ['2 contacts, last 9 Nov']
    """
    rows = contacts[contacts["contacts_this_year"] > 0]
    counts = zip(rows["contacts_this_year"], rows["last_contact_date"], strict=True)
    return phrases_of(
        rows["pupil_id"],
        [f"{counted(count, 'contact')}, last {short_day(last)}" for count, last in counts],
    )


def notice_phrases(notices: pd.DataFrame, start: pd.Timestamp) -> pd.DataFrame:
    """Say which notices were issued since a day and when (one row per notice, oldest first).

    Examples
    --------
    >>> days = pd.to_datetime(["2026-07-06", "2026-10-05"])
    >>> log = pd.DataFrame({"pupil_id": "1", "kind": "notice to improve", "issued_on": days})
    >>> notice_phrases(log, pd.Timestamp("2026-08-01"))["phrase"].tolist()
    ['notice to improve 5 Oct']
    """
    rows = notices[notices["issued_on"] >= start].sort_values(["issued_on", "kind"])
    told = zip(rows["kind"], rows["issued_on"], strict=True)
    return phrases_of(rows["pupil_id"], [f"{kind} {short_day(day)}" for kind, day in told])


def joined_phrases(phrases: pd.DataFrame) -> pd.Series:
    """Return each pupil's phrases as one text, indexed by pupil identifier.

    Examples
    --------
    >>> joined_phrases(pd.DataFrame({"pupil_id": ["1", "1"], "phrase": ["Mentor since 5 Oct", "2 contacts, last 9 Nov"]}))["1"]
    'Mentor since 5 Oct; 2 contacts, last 9 Nov'
    """
    return phrases.groupby("pupil_id", sort=False)["phrase"].agg("; ".join)


INTERVENTION_COLUMNS = {
    "interventions_now": "Int64",
    "tier_2_now": "Int64",
    "tier_3_now": "Int64",
    "interventions_this_year": "Int64",
    "highest_tier": "Int64",
    "next_review_date": "datetime64[s]",
    "is_review_overdue": "boolean",
}
CONTACT_COLUMNS = {"contacts_this_year": "Int64", "last_contact_date": "datetime64[s]"}
NOTICE_COLUMNS = {
    "notices_open": "Int64",
    "formal_support_now": "Int64",
    "formal_support_this_year": "Int64",
    "notices_to_improve_now": "Int64",
}

# Words of the notices log. A word that is not here leaves a notice open, so that it is looked at.
CLOSED_NOTICES = frozenset(
    {"paid", "withdrawn", "met", "not met", "completed", "refused", "closed", "ended", "prosecuted"}
)


def support_by_pupil(school: School, on: date) -> pd.DataFrame:
    """Say what support is recorded for each pupil on a day.

    Parameters
    ----------
    school : School
        Its pupils and those of its interventions, contacts and notices that were exported.
    on : datetime.date
        The day it is judged on; later entries do not count.

    Returns
    -------
    pandas.DataFrame
        One row per ``pupil_id``, in the order of the pupils: ``interventions_now`` (for this pupil, not
        for everyone), ``tier_2_now``, ``tier_3_now``, ``interventions_this_year`` (running or ended in
        the school year), ``highest_tier`` (of those running), ``next_review_date`` (the earliest ahead
        or overdue), ``is_review_overdue``, ``contacts_this_year``, ``last_contact_date``,
        ``notices_open``, ``formal_support_now`` and ``formal_support_this_year`` (contracts and notices
        to improve, those open and those issued in the school year), ``notices_to_improve_now`` (those open),
        ``has_support`` and ``support_text``. Counts are 0 where a log has
        nothing on the pupil and missing where the log was not exported.

    Notes
    -----
    Contacts alone are not support: ``has_support`` asks for an intervention of the pupil's own, a
    contract or a notice to improve in this school year; it is missing where neither log was exported.
    """
    pupils = pd.DataFrame({"pupil_id": school.pupils["pupil_id"].astype(str).unique()})
    parts = [
        interventions_of(school.interventions, on),
        contacts_of(school.contacts, on),
        notices_of(school.notices, on),
    ]
    known = reduce(
        lambda left, part: left.merge(part, on="pupil_id", how="left", validate="1:1"), parts, pupils
    )
    known = known.fillna(zeros_of(school))
    return known.assign(
        has_support=has_own_support(known), support_text=support_texts(school, on, known["pupil_id"])
    )


def zeros_of(school: School) -> dict[str, int | bool]:
    """Return the value of each count for a pupil on whom an exported log has nothing.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> zeros_of(SimpleNamespace(interventions=None, contacts=pd.DataFrame(), notices=None))  # of a log not exported none
    {'contacts_this_year': 0}
    """
    logs = (
        (school.interventions, INTERVENTION_COLUMNS),
        (school.contacts, CONTACT_COLUMNS),
        (school.notices, NOTICE_COLUMNS),
    )
    counts = {
        name: 0
        for log, columns in logs
        if log is not None
        for name, kind in columns.items()
        if kind == "Int64"
    }
    counts.pop("highest_tier", None)
    return counts | ({"is_review_overdue": False} if school.interventions is not None else {})


def has_own_support(known: pd.DataFrame) -> pd.Series:
    """Return whether support of the pupil's own is on file this school year, one per row; missing where no log could say.

    Examples
    --------
    >>> counts = pd.DataFrame({"interventions_this_year": [0, 1, None], "formal_support_this_year": [2, None, None]}, dtype="Int64")
    >>> has_own_support(counts).tolist()
    [True, True, <NA>]
    """
    counts = known[["interventions_this_year", "formal_support_this_year"]]
    on_file = (counts.fillna(0) > 0).any(axis=1).astype("boolean")
    return on_file.mask(counts.isna().all(axis=1))


def support_texts(school: School, on: date, pupil_ids: pd.Series) -> list[str]:
    """Return the support on file this school year in words, one per row of the pupils' identifiers; empty where there is none.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> log = {"pupil_id": ["1"], "intervention": ["Mentor"], "start_date": pd.to_datetime(["2026-09-14"])}
    >>> school = SimpleNamespace(interventions=pd.DataFrame(log), contacts=None, notices=None)
    >>> support_texts(school, date(2026, 11, 20), pd.Series(["1", "2"]))
    ['Mentor since 14 Sep', '']
    """
    start = pd.Timestamp(start_of_year(on))
    phrases = [
        intervention_phrases(this_year(own_interventions(school.interventions, on), start), on),
        contact_phrases(contacts_of(school.contacts, on)),
        notice_phrases(issued(school.notices, on), start),
    ]
    texts = joined_phrases(pd.concat(phrases)).to_dict()
    return [texts.get(pupil, "") for pupil in pupil_ids]


def interventions_of(interventions: pd.DataFrame | None, on: date) -> pd.DataFrame:
    """Return each pupil's interventions on a day (one row per pupil who has had any).

    Examples
    --------
    >>> days = pd.to_datetime(["2026-06-01", "2026-09-14"])
    >>> log = {"pupil_id": "1", "tier": [1, 3], "start_date": days, "end_date": pd.to_datetime(["2026-07-17", None])}
    >>> found = interventions_of(pd.DataFrame(log), date(2026, 11, 20))  # the first ended last school year
    >>> found[["interventions_now", "interventions_this_year", "highest_tier"]].values.tolist()
    [[1, 1, 3]]
    """
    rows, day = own_interventions(interventions, on), pd.Timestamp(on)
    running = rows["is_running"].astype(bool)
    counted = rows.assign(
        interventions_now=running,
        tier_2_now=running & rows["tier"].eq(2).fillna(value=False),
        tier_3_now=running & rows["tier"].eq(HIGHEST_TIER).fillna(value=False),
        interventions_this_year=rows.index.isin(this_year(rows, pd.Timestamp(start_of_year(on))).index),
        highest_tier=rows["tier"].where(running),
        next_review_date=rows["review_date"].where(is_review_due(rows, day)),
    )
    least_or_most = {"highest_tier": "max", "next_review_date": "min"}
    how = {
        name: least_or_most.get(name, "sum") for name in INTERVENTION_COLUMNS if name != "is_review_overdue"
    }
    grouped = counted.groupby("pupil_id", as_index=False).agg(how)
    return grouped.assign(is_review_overdue=grouped["next_review_date"] < day).astype(INTERVENTION_COLUMNS)


def contacts_of(contacts: pd.DataFrame | None, on: date) -> pd.DataFrame:
    """Return each pupil's contacts since the school year began and the last of all (one row per pupil with any).

    Examples
    --------
    >>> days = pd.to_datetime(["2026-07-01", "2026-09-10", "2026-11-21"])
    >>> contacts_of(pd.DataFrame({"pupil_id": ["1", "1", "1"], "date": days}), date(2026, 11, 20)).astype(str).values.tolist()
    [['1', '1', '2026-09-10']]
    """
    rows = known_columns(contacts, ["pupil_id", "date"])
    rows = rows[is_filled(rows["pupil_id"]) & (rows["date"] <= pd.Timestamp(on))].astype({"pupil_id": str})
    counted = rows.assign(
        contacts_this_year=rows["date"] >= pd.Timestamp(start_of_year(on)), last_contact_date=rows["date"]
    )
    how = {"contacts_this_year": "sum", "last_contact_date": "max"}
    return counted.groupby("pupil_id", as_index=False).agg(how).astype(CONTACT_COLUMNS)


def notices_of(notices: pd.DataFrame | None, on: date) -> pd.DataFrame:
    """Return each pupil's notices on a day (one row per pupil with any that was not withdrawn).

    Examples
    --------
    >>> day = pd.Timestamp("2026-11-03")
    >>> log = pd.DataFrame({"pupil_id": "3401", "kind": ["PN", "NTI"], "status": "open", "issued_on": day})
    >>> notices_of(log, date(2026, 11, 20))[["notices_open", "formal_support_now"]].values.tolist()  # the PN is no support
    [[2, 1]]
    """
    rows = issued(notices, on)
    # A penalty notice is no support; a contract and a notice to improve are support made formal (WTISA).
    is_open, is_formal = (
        ~rows["status"].isin(CLOSED_NOTICES),
        rows["notice_kind"] != NoticeKind.PENALTY_NOTICE,
    )
    counted = rows.assign(
        notices_open=is_open,
        formal_support_now=is_open & is_formal,
        notices_to_improve_now=is_open & (rows["notice_kind"] == NoticeKind.NOTICE_TO_IMPROVE),
        formal_support_this_year=is_formal & (rows["issued_on"] >= pd.Timestamp(start_of_year(on))),
    )
    return (
        counted.groupby("pupil_id", as_index=False)
        .agg(dict.fromkeys(NOTICE_COLUMNS, "sum"))
        .astype(NOTICE_COLUMNS)
    )


HIGHEST_TIER = 3
