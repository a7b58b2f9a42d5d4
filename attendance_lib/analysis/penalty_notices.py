"""The penalty notices of a pack by parent and child: which count towards a limit, and which pupils are near a threshold."""

from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.analysis.headline import totals_of
from attendance_lib.analysis.logs import day_or_none, issued
from attendance_lib.analysis.notice_windows import BY_PARENT, People, count_windows, people_of
from attendance_lib.analysis.parents import known_notices, plain_name
from attendance_lib.intake.settings.school_file import NoticeSettings
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.rules.codes import NO_END
from attendance_lib.rules.notices import (
    NoticeKind,
    NoticeRule,
    Span,
    counts_to_limit,
    national_framework,
)

# Penalty notices by parent and child: which sessions they used up, and how many count towards the limit of two

PARENT_NOT_NAMED = "a parent not named"


def penalty_notices(notices: pd.DataFrame | None, on: date) -> pd.DataFrame:
    """Return the penalty notices issued by a day and not withdrawn (one row each).

    The parent's name is without further blanks and what nobody can see: by these one parent would be two.

    Examples
    --------
    >>> log = {"pupil_id": ["1", "1"], "parent": [" Ann  Lee", None], "kind": ["PN", "PN"],
    ...     "issued_on": pd.to_datetime(["2026-10-05", "2026-12-01"])}
    >>> penalty_notices(pd.DataFrame(log), date(2026, 11, 20))["parent"].tolist()
    ['Ann Lee']
    """
    rows = issued(notices, on)
    rows = rows[rows["notice_kind"] == NoticeKind.PENALTY_NOTICE]
    parent = rows["parent"].map(plain_name).astype(object)
    return rows.assign(parent=parent.mask(parent == "", PARENT_NOT_NAMED))


def notices_by_parent(notices: pd.DataFrame | None, on: date) -> pd.DataFrame:
    """Say of each pupil and parent who got a penalty notice what it used up and how many count towards the limit.

    Parameters
    ----------
    notices : pandas.DataFrame or None
        NOTICES; None where the school exports none.
    on : datetime.date
        The day on which a further notice is thought of; later notices do not count.

    Returns
    -------
    pandas.DataFrame
        One row per ``pupil_id`` and ``parent``: ``acted_on_through_date`` (the last absence that a notice was issued for;
        missing where no notice says) and ``notices_in_three_years`` (a count, see ``notices.counts_to_limit``).

    Examples
    --------
    >>> log = {"pupil_id": "1", "parent": ["Ann Lee", "ANN  LEE", None], "kind": "PN", "issued_on": pd.Timestamp("2026-10-05")}
    >>> found = notices_by_parent(pd.DataFrame(log), date(2026, 11, 20))  # one parent however written, and one not named
    >>> found[["parent", "notices_in_three_years"]].values.tolist()
    [['a parent not named', 1], ['Ann Lee', 2]]
    """
    rows = penalty_notices(notices, on)
    known = rows.assign(
        notices_in_three_years=counting_to_limit(rows, on), same=rows["parent"].str.casefold()
    )
    grouped = known.groupby(["pupil_id", "same"], as_index=False)
    how = {"parent": "first", "acted_on_through_date": "max", "notices_in_three_years": "sum"}
    found = grouped.agg(how).drop(columns="same")
    return found.astype({"notices_in_three_years": int, "acted_on_through_date": "datetime64[s]"})[
        list(BY_PARENT)
    ]


def counting_to_limit(rows: pd.DataFrame, on: date) -> np.ndarray:
    """Return which penalty notices (rows) count towards the two in three years (boolean; see ``notices.counts_to_limit``).

    Examples
    --------
    >>> rows = pd.DataFrame({"issued_on": pd.to_datetime(["2025-11-03", "2022-11-03"]), "acted_on_through_date": pd.NaT})
    >>> counting_to_limit(rows, date(2026, 11, 20)).tolist()
    [True, False]
    """
    days = zip(rows["issued_on"], rows["acted_on_through_date"], strict=True)
    found = [counts_to_limit(day.date(), day_or_none(about), on) for day, about in days]
    return np.array(found, dtype=bool)


def notice_rules(settings: NoticeSettings) -> tuple[NoticeRule, ...]:
    """Return the rules that a school applies, the national framework first.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> local = SimpleNamespace(name="Borough", sessions=6, terms=1, from_date=date(2026, 9, 1), to_date=None)
    >>> [rule.sessions for rule in notice_rules(SimpleNamespace(national_framework=None, local=[local]))]
    [6]
    """
    framework = settings.national_framework
    national = [national_framework(framework.from_date, count_n=framework.count_n)] if framework else []
    local = (
        NoticeRule(each.name, each.sessions, each.terms, Span.TERMS, each.from_date, each.to_date or NO_END)
        for each in settings.local
    )
    return (*national, *local)


# How near the pupils of a pack are to the thresholds


@derived
def rules_of(pack: Pack) -> tuple[NoticeRule, ...]:
    """Return the notice rules in force on a pack's last day.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> local = SimpleNamespace(name="Borough", sessions=6, terms=1, from_date=date(2026, 9, 1), to_date=None)
    >>> rules = SimpleNamespace(notices=SimpleNamespace(national_framework=None, local=[local]))
    >>> school = SimpleNamespace(settings=SimpleNamespace(rules=rules))
    >>> [len(rules_of(SimpleNamespace(school=school, results={}, date_to=day))) for day in (date(2026, 8, 31), date(2026, 9, 1))]
    [0, 1]
    """
    rules = notice_rules(pack.school.settings.rules.notices)
    return tuple(rule for rule in rules if rule.is_in_force(pack.date_to))


@derived
def people_in(pack: Pack) -> People:
    """Return the whole school's pupils by parent on a pack's last day, with what penalty notices used up."""
    return people_of(pack.register, pack.date_to, notices_by_parent(known_notices(pack), pack.date_to))


@derived
def windows_of(pack: Pack) -> pd.DataFrame:
    """Return the current window of each rule, pupil of a pack's cohort on roll and parent (one row each, counts in sessions)."""
    windows = count_windows(people_in(pack), rules_of(pack), pack.date_to)
    return windows[windows["pupil_id"].isin(totals_of(pack)["pupil_id"])].reset_index(drop=True)
