"""Whom to talk about first: a stated, countable rule, never a hidden score.

Each reason below adds its points; pupils are taken in order of points, then sessions missed in the
period, then sessions missed in the year. The rule is printed on the page from this same table.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from attendance_lib.analysis.contact_log import support_of
from attendance_lib.analysis.first_weeks import is_early, with_last_year
from attendance_lib.analysis.measures import pupil_totals
from attendance_lib.analysis.movement import SINCE, crossings_of
from attendance_lib.analysis.patterns import absence_patterns
from attendance_lib.analysis.reasons import code_groups_text
from attendance_lib.analysis.weeks import last_school_weeks, weekly_rates
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.pack.periods import Periods
from attendance_lib.rules.thresholds import PERSISTENT_ABSENCE

# Attendance in the period this far below the six school weeks before it counts as falling, this far above as
# returning: two days of a fortnight, so that one day's illness is neither. Both need at least so many possible
# sessions on each side. Choices of this workbook, not DfE's.
SWING_PERCENT = 20
SWING_SESSIONS = 8
# "About to become persistently absent": at risk now, and this many more missed sessions (two days) would do it.
NEAR_SESSIONS = 4
UNAUTHORISED_SESSIONS = 4


# How far back the small picture goes, and the weeks that a period is compared with.
PICTURE_WEEKS = 6


@dataclass(frozen=True)
class Reason:
    """A reason to talk about a pupil: its flag's column, its few words in a list, its full meaning and its points."""

    column: str
    words: str
    meaning: str
    points: int


REASONS: tuple[Reason, ...] = (
    Reason("became_severe", "now severely absent", "became severely absent in the period", 4),
    Reason("became_persistent", "now persistently absent", "became persistently absent in the period", 3),
    Reason(
        "is_near",
        "close to the line",
        f"at risk and {NEAR_SESSIONS} or fewer sessions from persistent absence",
        3,
    ),
    Reason(
        "is_falling",
        "falling",
        f"attendance {SWING_PERCENT} points or more below the six school weeks before",
        2,
    ),
    Reason("is_severely_absent", "severely absent", "severely absent, year to date", 2),
    Reason("is_persistently_absent", "persistently absent", "persistently absent, year to date", 1),
    Reason(
        "is_unauthorised",
        "unauthorised absence",
        f"{UNAUTHORISED_SESSIONS} or more unauthorised sessions in the period",
        1,
    ),
    Reason(
        "is_unsupported",
        "no support on file",
        "over a line with no intervention of the pupil's own running",
        1,
    ),
    Reason(
        "has_social_care", "social care", "looked after, a child in need or on a child protection plan", 1
    ),
    Reason(
        "is_returning",
        "rising",
        f"over a line, attendance {SWING_PERCENT} points or more above the six school weeks before",
        -2,
    ),
)
CATEGORIES = (
    ("became_severe", "New severe absence"),
    ("became_persistent", "New persistent absence"),
    ("is_near", "About to become persistently absent"),
    ("is_returning", "Returning"),
    ("is_falling", "Falling fast"),
    ("is_severely_absent", "Severe absence"),
    ("is_persistently_absent", "Persistent absence"),
)

# In the first weeks of a school year no line is crossed and none is near: what stands is last year's final rate, and of this
# year only that so much of so few sessions was missed.
FIRST_WEEKS_REASONS: tuple[Reason, ...] = (
    Reason("was_severely_absent", "severe last year", "severely absent in all of last school year", 4),
    Reason(
        "was_persistently_absent",
        "persistent last year",
        "persistently absent in all of last school year",
        2,
    ),
    Reason("is_severely_absent", "half missed so far", "half or more of this year's few sessions missed", 2),
    Reason("is_persistently_absent", "a tenth missed so far", "a tenth or more of this year's missed", 1),
    *(each for each in REASONS if each.column in ("is_falling", "is_unauthorised")),
    Reason(
        "is_unsupported",
        "no support on file",
        "severely or persistently absent last year, or half missed so far, with no intervention of the pupil's own running and no "
        "support on file last year",
        1,
    ),
    *(each for each in REASONS if each.column == "has_social_care"),
)
FIRST_WEEKS_CATEGORIES = (
    ("was_severely_absent", "Severe absence last year"),
    ("was_persistently_absent", "Persistent absence last year"),
    ("is_falling", "Falling fast"),
    ("is_severely_absent", "Half or more missed so far"),
    ("is_persistently_absent", "A tenth or more missed so far"),
)


@dataclass(frozen=True)
class Rule:
    """Who is listed and in which order: by the columns of ``first``, then by the points of the reasons."""

    reasons: tuple[Reason, ...] = REASONS
    categories: tuple[tuple[str, str], ...] = CATEGORIES
    first: tuple[str, ...] = ()
    opening: str = "Order: "


USUAL = Rule()
FIRST_WEEKS = Rule(
    FIRST_WEEKS_REASONS,
    FIRST_WEEKS_CATEGORIES,
    ("was_severely_absent",),
    "Order, in the first weeks of a school year: whoever was severely absent in all of last year stands first. Then ",
)
SOCIAL_CARE = ("looked_after", "child_in_need", "child_protection")


def priority_list(
    roll: Periods, found: pd.DataFrame, support: pd.DataFrame, rule: Rule = USUAL
) -> pd.DataFrame:
    """List the pupils to talk about, in order.

    Parameters
    ----------
    roll : Periods
        Of the pupils on roll.
    found : pandas.DataFrame
        Their crossings (``movement.crossings``).
    support : pandas.DataFrame
        One row per ``pupil_id`` (``support.support_by_pupil``); for the rule of the first weeks with last year's figures
        (``first_weeks.with_last_year``).
    rule : Rule
        Who is listed, and in which order.

    Returns
    -------
    pandas.DataFrame
        One row per pupil in one of the rule's categories, in the order of ``in_order``: PUPIL_TOTALS year to date,
        ``period_attendance_rate``, ``absence_in_period`` and ``unauthorised_in_period`` (sessions),
        ``recent_weeks`` (attendance of the last six school weeks, oldest first), ``code_groups`` and
        ``pattern`` (texts), the reasons' flags, ``category``, ``points``, ``why`` and the columns of support.
    """
    base = roll.register.year_to_date(roll.date_to)
    now = (
        pupil_totals(roll.year_to_date)
        .pipe(in_period, pupil_totals(roll.current))
        .join(absence_patterns(roll.year_to_date, base))
    )
    weeks = weekly_rates(last_school_weeks(roll.year_to_date, PICTURE_WEEKS))
    now = now.assign(
        recent_weeks=[tuple(row) for row in weeks.tolist()], code_groups=code_groups_text(roll.year_to_date)
    )
    now = now.merge(support, on="pupil_id", how="left", validate="m:1")
    before = pupil_totals(last_school_weeks(roll.year_to_previous, PICTURE_WEEKS))
    flagged = flag_reasons(now, found, swing_of(pupil_totals(roll.current), before))
    return in_order(flag_unsupported_so_far(flagged) if rule is FIRST_WEEKS else flagged, rule)


def flag_unsupported_so_far(flagged: pd.DataFrame) -> pd.DataFrame:
    """Flag in the first weeks who has no support this year and had none last year (boolean, one per row of ``flag_reasons``).

    Examples
    --------
    >>> rows = {"was_persistently_absent": [True, True, False], "is_severely_absent": False, "interventions_now": [0, 0, 0]}
    >>> rows |= {"last_year_has_support": pd.array([False, None, False], dtype="boolean")}  # of the second it is not known
    >>> flag_unsupported_so_far(pd.DataFrame(rows))["is_unsupported"].tolist()
    [True, False, False]
    """
    over = flagged["was_persistently_absent"] | flagged["is_severely_absent"]
    had_none = (~flagged["last_year_has_support"]).fillna(value=False)
    none_now = (flagged["interventions_now"] == 0).fillna(value=False)
    return flagged.assign(is_unsupported=(over & had_none & none_now).astype(bool))


def in_period(now: pd.DataFrame, period: pd.DataFrame) -> pd.DataFrame:
    """Add the period's own figures to PUPIL_TOTALS of the same enrolments, row by row: a rate (fraction), counts (sessions).

    Examples
    --------
    >>> names = ["attendance_rate", "possible_sessions", "absence_sessions", "unauthorised_absence_sessions"]
    >>> now, period = (pd.DataFrame([row], columns=names) for row in ([0.9, 100, 10, 2], [0.8, 20, 4, 1]))
    >>> in_period(now, period)[["absence_sessions", "absence_in_period"]].values.tolist()
    [[10, 4]]
    """
    return now.assign(
        period_attendance_rate=period["attendance_rate"],
        period_possible_sessions=period["possible_sessions"],
        absence_in_period=period["absence_sessions"],
        unauthorised_in_period=period["unauthorised_absence_sessions"],
    )


def flag_reasons(now: pd.DataFrame, found: pd.DataFrame, swing: pd.Series) -> pd.DataFrame:
    """Flag each reason that holds for each enrolment.

    Parameters
    ----------
    now : pandas.DataFrame
        PUPIL_TOTALS of the year to date, with ``unauthorised_in_period`` (sessions) and
        ``interventions_now`` (a count).
    found : pandas.DataFrame
        The crossings of the same pupils (``movement.crossings``).
    swing : pandas.Series
        -1 where attendance fell far, 1 where it rose far, 0 otherwise (``swing_of``).

    Returns
    -------
    pandas.DataFrame
        The same rows, with one boolean column for each of REASONS.

    Examples
    --------
    >>> names = ["is_persistently_absent", "is_at_risk", "absence_sessions", "possible_sessions"]
    >>> now = pd.DataFrame([[True, False, 30, 100], [False, True, 9, 98]], columns=names)
    >>> now = now.assign(unauthorised_in_period=0, interventions_now=pd.array([0, 0], dtype="Int64"))
    >>> found = pd.DataFrame({"cause": [SINCE], "is_worse": [True], "row": [0], "now": ["persistent"]})
    >>> flags = flag_reasons(now, found, pd.Series([0, 0]))  # the second is one session from a tenth missed
    >>> flags[["became_persistent", "is_unsupported", "is_near"]].values.tolist()
    [[True, True, False], [False, False, True]]
    """
    since = found[(found["cause"] == SINCE) & found["is_worse"]]
    crossed = pd.Series("", index=now.index)
    crossed.loc[since["row"].to_numpy()] = since["now"].to_numpy()
    until = sessions_until_persistent(now)
    over = now["is_persistently_absent"]
    social = now[[column for column in SOCIAL_CARE if column in now]].fillna(value=False).any(axis=1)
    return now.assign(
        became_severe=crossed == "severe",
        became_persistent=crossed == "persistent",
        is_near=now["is_at_risk"] & (until <= NEAR_SESSIONS),
        is_falling=swing < 0,
        is_returning=(swing > 0) & over,
        is_unauthorised=now["unauthorised_in_period"] >= UNAUTHORISED_SESSIONS,
        is_unsupported=over & (now["interventions_now"] == 0).fillna(value=False),
        has_social_care=social.astype(bool),
        sessions_until_persistent=until.where(~over),
        sessions_to_leave_persistent=sessions_to_leave_persistent(now).where(over),
    )


def sessions_until_persistent(totals: pd.DataFrame) -> pd.Series:
    """Return how many more sessions missed in a row would make each enrolment persistently absent (0 if it is).

    Examples
    --------
    >>> totals = pd.DataFrame({"absence_sessions": [8, 10], "possible_sessions": [90, 100]})
    >>> sessions_until_persistent(totals).tolist()  # 9 of 91 is below a tenth, 10 of 92 is not
    [2, 0]
    """
    return PERSISTENT_ABSENCE.sessions_until_met(
        totals["absence_sessions"], totals["possible_sessions"]
    ).astype("Int64")


def sessions_to_leave_persistent(totals: pd.DataFrame) -> pd.Series:
    """Return how many sessions attended in a row would end each enrolment's persistent absence (0 if it is not).

    Examples
    --------
    >>> totals = pd.DataFrame({"absence_sessions": [10, 9], "possible_sessions": [100, 100]})
    >>> sessions_to_leave_persistent(totals).tolist()  # 10 of 101 is below a tenth
    [1, 0]
    """
    return PERSISTENT_ABSENCE.sessions_to_leave(
        totals["absence_sessions"], totals["possible_sessions"]
    ).astype("Int64")


def swing_of(period: pd.DataFrame, before: pd.DataFrame) -> pd.Series:
    """Return whether attendance in the period is far below (-1) or far above (1) that of the weeks before; otherwise 0.

    Far is SWING_PERCENT points or more, decided on counts of sessions: as fractions 0.8 - 1.0 is not quite -0.2. 0 where
    either side has fewer than SWING_SESSIONS possible sessions. Rows of both are the same enrolments.

    Examples
    --------
    >>> fortnight = pd.DataFrame({"attended_sessions": [16, 17], "possible_sessions": [20, 20]})
    >>> swing_of(fortnight, pd.DataFrame({"attended_sessions": [60, 60], "possible_sessions": [60, 60]})).tolist()
    [-1, 0]
    """
    possible, possible_before = period["possible_sessions"], before["possible_sessions"]
    enough = (possible >= SWING_SESSIONS) & (possible_before >= SWING_SESSIONS)
    moved = 100 * (period["attended_sessions"] * possible_before - before["attended_sessions"] * possible)
    far = SWING_PERCENT * possible * possible_before
    return (enough & (moved >= far)).astype(int) - (enough & (moved <= -far)).astype(int)


def in_order(flagged: pd.DataFrame, rule: Rule = USUAL) -> pd.DataFrame:
    """Keep the pupils with a category and put them in the order in which to talk about them.

    Parameters
    ----------
    flagged : pandas.DataFrame
        As ``flag_reasons`` returns, with ``absence_in_period`` (sessions) and ``pupil_id``.
    rule : Rule
        Whose reasons, categories and order.

    Returns
    -------
    pandas.DataFrame
        One row per pupil in one of the rule's categories, most points first: the columns given and ``category``,
        ``points`` and ``why`` (the reasons in words).

    Examples
    --------
    >>> held = dict.fromkeys((reason.column for reason in REASONS), False)
    >>> rows = [held | {"pupil_id": key, "absence_in_period": missed} for key, missed in (("1", 2), ("2", 4), ("3", 9))]
    >>> listed = in_order(pd.DataFrame(rows).assign(absence_sessions=20, is_falling=[True, True, False]))
    >>> listed[["pupil_id", "category"]].values.tolist()
    [['2', 'Falling fast'], ['1', 'Falling fast']]
    """
    held = [flagged[reason.column].to_numpy(dtype=bool) for reason in rule.reasons]
    points = sum(reason.points * held_by for reason, held_by in zip(rule.reasons, held, strict=True))
    conditions = [flagged[column].to_numpy(dtype=bool) for column, _ in rule.categories]
    category = np.select(conditions, [label for _, label in rule.categories], default="")
    why = reasons_in_words(np.column_stack(held), rule.reasons)
    listed = flagged.assign(category=category, points=points, why=why)[category != ""]
    order = [*rule.first, "points", "absence_in_period", "absence_sessions"]
    return listed.sort_values(
        [*order, "pupil_id"], ascending=[*[False] * len(order), True], ignore_index=True
    )


# Which reason tells another, so that it is shown with the points of both; the first that holds.
TOLD_BY = {
    "was_persistently_absent": ("was_severely_absent",),
    "is_severely_absent": ("became_severe",),
    "is_persistently_absent": ("became_severe", "is_severely_absent", "became_persistent"),
}


def reasons_in_words(held: np.ndarray, reasons: Sequence[Reason] = REASONS) -> list[str]:
    """Return each row's points and the reasons that make them, those implied by another added to it.

    Parameters
    ----------
    held : numpy.ndarray
        Boolean, shape (pupils, reasons).
    reasons : sequence of Reason
        In the order of the columns.

    Examples
    --------
    >>> columns = ("became_severe", "is_severely_absent", "is_persistently_absent", "is_falling")
    >>> reasons_in_words(np.array([[reason.column in columns for reason in REASONS]]))
    ['9: now severely absent +7; falling +2']
    """
    position = {reason.column: number for number, reason in enumerate(reasons)}
    points = held * np.array([reason.points for reason in reasons])
    pairs = [
        (told, teller) for told, by in TOLD_BY.items() for teller in by if {told, teller} <= set(position)
    ]
    for told, teller in pairs:
        here, there = position[told], position[teller]
        moved = np.where(held[:, there], points[:, here], 0)
        points[:, there] += moved
        points[:, here] -= moved
    return [points_in_words(row, reasons) for row in points]


def points_in_words(points: np.ndarray, reasons: Sequence[Reason]) -> str:
    """Return one pupil's points in all and by reason, shape (reasons,); a reason without points is told by another.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> reasons = [SimpleNamespace(words=words) for words in ("severe absence", "attendance rose", "N marks")]
    >>> points_in_words(np.array([5, -2, 0]), reasons)
    '3: severe absence +5; attendance rose −2'
    """
    told = [f"{reason.words} {count:+d}" for reason, count in zip(reasons, points, strict=True) if count]
    return f"{int(points.sum())}: {'; '.join(told)}".replace("-", "\N{MINUS SIGN}") if told else ""


def rule_in_words(rule: Rule = USUAL) -> str:
    """Return the rule for the order as one text, made from its reasons."""
    parts = [
        f"{reason.words} {reason.points:+d} ({reason.meaning})".replace("-", "\N{MINUS SIGN}")
        for reason in rule.reasons
    ]
    return (
        f"{rule.opening}the points of every reason that holds are added up; pupils with the same points stand in "
        "order of sessions missed this "
        "period, then this year. Why now begins with their sum: a reason that implies another has the points of both. Reasons and "
        f"points: {'; '.join(parts)}. A chance, here or in the outlook paper, does not enter the order."
    )


def rule_of(pack: Pack) -> Rule:
    """Return the rule of a pack's priority list: that of the first weeks as long as they last."""
    return FIRST_WEEKS if is_early(pack) else USUAL


@derived
def priority_of(pack: Pack) -> pd.DataFrame:
    """Return a pack's pupils to talk about, in order (one row per pupil; sessions and fractions)."""
    support = support_of(pack)
    if is_early(pack):
        support = with_last_year(support, pack)
    return priority_list(pack.roll, crossings_of(pack), support, rule_of(pack))
