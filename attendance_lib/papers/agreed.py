"""What was agreed, where it stands, and who is over a line with nothing agreed: what several papers list."""

from collections.abc import Container, Sequence
from datetime import date

import pandas as pd

from attendance_lib.analysis.action_log import judge_actions, merge_actions, open_action_pupils, without_plan
from attendance_lib.analysis.contact_log import support_of
from attendance_lib.analysis.first_weeks import is_early, with_last_year
from attendance_lib.analysis.headline import totals_of
from attendance_lib.analysis.logs import match_pupils
from attendance_lib.analysis.penalty_notices import rules_of, windows_of
from attendance_lib.analysis.plans import running_plans
from attendance_lib.display.format import format_date
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.shared import pupil_names
from attendance_lib.papers.staff_words import last_print
from attendance_lib.reports.papers import FORTNIGHTLY


def last_end(pack: Pack) -> date:
    """Return the last day of the last pack's period: the last school day before this one."""
    return pack.roll.previous_end or pack.date_from


@derived
def merged_actions(pack: Pack) -> pd.DataFrame:
    """Return every action (row) of the log and the workbooks about the cohort (all of them for the whole school).

    One about nobody in particular is the cohort's in whose pack it was added.
    """
    merged = merge_actions(pack.school.actions, pack.casebook, pack.meetings)
    matched = match_pupils(merged, pack.school.pupils["pupil_id"])
    if not pack.cohort.where:
        return matched
    is_about = matched["pupil_id"].isin(pack.enrolled.year_to_date.pupils["pupil_id"])
    is_own = ~matched["pupil_id"].isin(pack.school.pupils["pupil_id"]) & (
        matched["added_in"] == pack.cohort.name
    )
    return matched[is_about | is_own].reset_index(drop=True)


def listed_actions(pack: Pack) -> pd.DataFrame:
    """Return the actions on the working sheet, one row each, with names and, by days, where each stands (``judge_actions``)."""
    pupils = pack.school.pupils.drop_duplicates("pupil_id", keep="last")
    names = names_with_leaving(pupils, pack.date_to)
    named = pupils.assign(pupil_name=names)[["pupil_id", "pupil_name", "form"]]
    last = last_print(pack, FORTNIGHTLY.name)
    left = pupils[pd.to_datetime(pupils["leaving_date"]) <= pd.Timestamp(pack.date_to)]["pupil_id"]
    judged = judge_actions(merged_actions(pack), pack.date_from, pack.date_to, last, list(left))
    return judged.merge(named, on="pupil_id", how="left", validate="m:1")


def names_with_leaving(pupils: pd.DataFrame, day: date) -> pd.Series:
    """Return the names of pupils (one per row), of one who has left by a day with when.

    Examples
    --------
    >>> left = {"pupil_id": ["1"], "surname": ["Abara"], "forename": ["Ada"], "leaving_date": [pd.Timestamp("2026-11-05")]}
    >>> names_with_leaving(pd.DataFrame(left), date(2026, 11, 20)).tolist()
    ['Abara, Ada (left on 5 November 2026)']
    """
    names, left = pupil_names(pupils), pd.to_datetime(pupils["leaving_date"])
    words = [
        f" (left on {format_date(when.date())})" if pd.notna(when) and when <= pd.Timestamp(day) else ""
        for when in left
    ]
    return names + pd.Series(words, index=pupils.index, dtype=object)


LINES = "persistent or severe absence year to date"
LINES_LAST_YEAR = "persistent or severe absence in all of last year, half or more missed so far"


@derived
def over_a_line(pack: Pack) -> pd.DataFrame:
    """Return the pupils on roll over a line: PUPIL_TOTALS with ``pupil_name``, ``lines`` and ``rules_met`` (texts).

    One row per enrolment, counts in sessions, of the year to date.
    """
    windows = windows_of(pack)[windows_of(pack)["is_met_now"].astype(bool)]
    met = windows.drop_duplicates(["pupil_id", "rule"]).groupby("pupil_id")["rule"].agg(list).to_dict()
    rules = [met.get(pupil, []) for pupil in totals_of(pack)["pupil_id"]]
    national = {rule.name for rule in rules_of(pack) if rule.is_national}
    totals = with_last_year(totals_of(pack), pack) if is_early(pack) else totals_of(pack)
    absence = absence_lines(totals, of_last_year=is_early(pack))
    lines = [line_in_words(line, names, national) for line, names in zip(absence, rules, strict=True)]
    joined = ["; ".join(names) or None for names in rules]
    over = totals.assign(pupil_name=pupil_names(totals), lines=lines, rules_met=joined)
    return over[over["lines"] != ""].reset_index(drop=True)


def absence_lines(totals: pd.DataFrame, *, of_last_year: bool) -> pd.Series:
    """Return the line of absence that each pupil (row) is over, in words: last year's in the first weeks; empty for none.

    Examples
    --------
    >>> totals = pd.DataFrame({"is_persistently_absent": [False, True, True], "is_severely_absent": [False, False, True]})
    >>> absence_lines(totals, of_last_year=False).tolist()
    ['', 'Persistent absence', 'Severe absence']
    """
    nothing = pd.Series("", index=totals.index)
    if not of_last_year:
        persistent = nothing.mask(totals["is_persistently_absent"], "Persistent absence")
        return persistent.mask(totals["is_severely_absent"], "Severe absence")
    missed = nothing.mask(totals["is_severely_absent"], "Half or more missed so far")
    persistent = missed.mask(totals["was_persistently_absent"], "Persistent absence last year")
    return persistent.mask(totals["was_severely_absent"], "Severe absence last year")


def line_in_words(line: str, rules_met: Sequence[str], national: Container[str]) -> str:
    """Return the lines a pupil is over; a local rule is a trigger for a referral, not the law's threshold.

    Examples
    --------
    >>> line_in_words("Severe absence", ["National framework"], {"National framework"}), line_in_words("", ["Local"], {})
    ('Severe absence, notice threshold', 'Local referral trigger')
    """
    threshold = "notice threshold" if any(rule in national for rule in rules_met) else ""
    trigger = "local referral trigger" if any(rule not in national for rule in rules_met) else ""
    joined = ", ".join(filter(None, (line, threshold, trigger)))
    return joined[:1].upper() + joined[1:]


@derived
def with_nothing_agreed(pack: Pack) -> pd.DataFrame:
    """Return the pupils over a line for whom nothing is agreed on the last day: rows of ``over_a_line``, most absent first.

    A support plan that runs is something agreed.
    """
    bare = without_plan(over_a_line(pack), support_of(pack), open_action_pupils(merged_actions(pack)))
    return bare[~bare["pupil_id"].isin(running_plans(pack).index)].reset_index(drop=True)
