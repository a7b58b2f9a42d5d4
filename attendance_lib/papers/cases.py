"""What was agreed, who is over a line, and what is known of each pupil on roll whom a paper may have to name as a case."""

from collections.abc import Container, Sequence
from datetime import date

import numpy as np
import pandas as pd

from attendance_lib.analysis.action_log import judge_actions, merge_actions, open_action_pupils, without_plan
from attendance_lib.analysis.caseloads import untouched_days
from attendance_lib.analysis.contact_log import support_of
from attendance_lib.analysis.first_weeks import is_early, with_last_year
from attendance_lib.analysis.headline import totals_of
from attendance_lib.analysis.logs import issued, match_pupils
from attendance_lib.analysis.patterns import absence_patterns
from attendance_lib.analysis.penalty_notices import rules_of, windows_of
from attendance_lib.analysis.plans import running_plans
from attendance_lib.analysis.reasons import code_groups_text
from attendance_lib.analysis.staff import PLAN, case_leads, courses_of
from attendance_lib.analysis.support import CLOSED_NOTICES, joined_phrases, phrases_of
from attendance_lib.display.format import format_date
from attendance_lib.pack.pack import Pack, derived
from attendance_lib.papers.shared import joined_where, pupil_names
from attendance_lib.papers.staff_words import last_print
from attendance_lib.reports.papers import FORTNIGHTLY
from attendance_lib.rules.calendar import short_day, start_of_year
from attendance_lib.rules.groups import is_so
from attendance_lib.rules.thresholds import BANDS


def last_end(pack: Pack) -> date:
    """Return the last day of the last pack's period: the last school day before this one.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> days = date(2026, 9, 3), date(2026, 10, 5)
    >>> last_end(SimpleNamespace(date_from=days[0], roll=SimpleNamespace(previous_end=None)))  # the first pack of the register
    datetime.date(2026, 9, 3)
    >>> last_end(SimpleNamespace(date_from=days[1], roll=SimpleNamespace(previous_end=date(2026, 10, 2))))  # the Friday before
    datetime.date(2026, 10, 2)
    """
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
    rules = rules_met_now(pack)
    national = {rule.name for rule in rules_of(pack) if rule.is_national}
    totals = with_last_year(totals_of(pack), pack) if is_early(pack) else totals_of(pack)
    absence = absence_lines(totals, of_last_year=is_early(pack))
    lines = [line_in_words(line, names, national) for line, names in zip(absence, rules, strict=True)]
    joined = ["; ".join(names) or None for names in rules]
    over = totals.assign(pupil_name=pupil_names(totals), lines=lines, rules_met=joined)
    return over[over["lines"] != ""].reset_index(drop=True)


def rules_met_now(pack: Pack) -> list[list[str]]:
    """Return the names of the notice rules that each pupil meets on the pack's last day, in the order of ``totals_of``.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> windows = pd.DataFrame({"pupil_id": ["1", "1", "2"], "rule": "National threshold", "is_met_now": [True, True, False]})
    >>> pupils = pd.DataFrame({"pupil_id": ["1", "2"]})  # the first has two parents
    >>> rules_met_now(SimpleNamespace(results={windows_of: windows, totals_of: pupils}))
    [['National threshold'], []]
    """
    windows = windows_of(pack)[windows_of(pack)["is_met_now"].astype(bool)]
    met = windows.drop_duplicates(["pupil_id", "rule"]).groupby("pupil_id")["rule"].agg(list).to_dict()
    return [met.get(pupil, []) for pupil in totals_of(pack)["pupil_id"]]


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


# Who is known, and what is on file of each


BAND_LABELS = {band.name: band.label for band in BANDS}
NEEDS = {"K": "SEN support", "E": "EHC plan"}
SOCIAL_CARE = {
    "child_protection": "child protection plan", "child_in_need": "child in need", "looked_after": "looked after",
    "previously_looked_after": "previously looked after", "youth_justice": "youth justice", "young_carer": "young carer",
    "missing_history": "went missing before",
}  # fmt: skip
NOTHING_AGREED, ACTION_OPEN = "Nothing agreed", "An action or contract is open"


@derived
def pupils_known(pack: Pack) -> pd.DataFrame:
    """Return all that a sheet could tell of the pupils on roll.

    Returns
    -------
    pandas.DataFrame
        One row per pupil: the columns of ``FACT_OF`` that are no one's own to do (absence in sessions, ``untouched_days`` in
        school days), ``band_place`` (0 for the highest attendance), ``is_over`` (a line of absence or notices), ``is_bare`` (and
        nothing is agreed) and ``is_concern`` (over a line, or at risk of persistent absence).
    """
    known = with_support(with_absence(pack), pack)
    ids, at_risk = known["pupil_id"], known["is_at_risk"]
    over, bare = (each(pack)["pupil_id"].astype(str) for each in (over_a_line, with_nothing_agreed))
    known = known.assign(is_over=ids.isin(over), is_bare=ids.isin(bare), is_concern=ids.isin(over) | at_risk)
    other = np.where(known["is_over"] & (known["interventions"] == ""), ACTION_OPEN, known["interventions"])
    return known.assign(plan=np.where(known["is_bare"], NOTHING_AGREED, other))


def with_absence(pack: Pack) -> pd.DataFrame:
    """Return the rows of ``totals_of`` (sessions) with names, bands, and why and when sessions were missed, in words."""
    totals = totals_of(pack)
    base = pack.register.year_to_date(pack.date_to)
    return totals.assign(
        pupil_id=totals["pupil_id"].astype(str),
        pupil_name=pupil_names(totals),
        band=totals["band"].map(BAND_LABELS).fillna(""),
        band_place=totals["band"].map({band.name: place for place, band in enumerate(BANDS)}).fillna(-1),
        pattern=absence_patterns(pack.roll.year_to_date, base)["pattern"].to_numpy(),
        code_groups=code_groups_text(pack.roll.year_to_date),
    )


def with_support(pupils: pd.DataFrame, pack: Pack) -> pd.DataFrame:
    """Return pupils (one row each) with who leads, what runs, what is on file, and for how many school days nothing was done."""
    ids = pupils["pupil_id"]
    support = support_of(pack).set_index("pupil_id").reindex(ids)
    running = courses_of(pack)[courses_of(pack)["is_running"]]
    ahead = running[running["review_date"] >= pd.Timestamp(pack.date_to)]
    return pupils.assign(
        lead=case_leads(ids, pack),
        next_review_date=ahead.groupby("pupil_id")["review_date"].min().reindex(ids).to_numpy(),
        interventions=_courses_in_words(running).reindex(ids, fill_value="").to_numpy(),
        untouched_days=untouched_days(ids, merged_actions(pack), pack),
        last_contact_date=support["last_contact_date"].to_numpy(),
        notices=_open_notices(pack).reindex(ids, fill_value="").to_numpy(),
        needs=_needs(pupils),
        social_care=_social_care(pupils),
    )


def _courses_in_words(running: pd.DataFrame) -> pd.Series:
    """What runs for each pupil, the support plan first, by identifier."""
    ordered = running.assign(is_other=running["what"] != PLAN).sort_values(["is_other", "start_date", "what"])
    rows = zip(ordered["what"], ordered["start_date"], ordered["review_date"], strict=True)
    texts = [
        f"{what} since {short_day(start)}{f', review {short_day(review)}' if pd.notna(review) else ''}"
        for what, start, review in rows
    ]
    return joined_phrases(phrases_of(ordered["pupil_id"], texts))


def _open_notices(pack: Pack) -> pd.Series:
    """The notices issued this school year that are open, of each pupil, by identifier; never to which parent."""
    notices = issued(pack.school.notices, pack.date_to)
    is_open = ~notices["status"].isin(CLOSED_NOTICES) & (
        notices["issued_on"] >= pd.Timestamp(start_of_year(pack.date_to))
    )
    rows = notices[is_open].sort_values(["issued_on", "kind"])
    texts = [f"{kind} {short_day(day)}" for kind, day in zip(rows["kind"], rows["issued_on"], strict=True)]
    return joined_phrases(phrases_of(rows["pupil_id"], texts))


def _needs(pupils: pd.DataFrame) -> list[str]:
    need = pupils["sen_need"] if "sen_need" in pupils else pd.Series("", index=pupils.index)
    kinds = pupils["sen_status"].astype(object).map(NEEDS)
    return [need_in_words(*each) for each in zip(kinds, need.astype(object), strict=True)]


def need_in_words(kind: object, what: object) -> str:
    """Return a special educational need: its kind, and what it is where that is known; empty without one.

    Examples
    --------
    >>> need_in_words("SEN support", "speech and language"), need_in_words("SEN support", " "), need_in_words(None, "speech")
    ('SEN support (speech and language)', 'SEN support', '')
    """
    if pd.isna(kind):
        return ""
    return f"{kind} ({what})" if isinstance(what, str) and what.strip() else kind


def _social_care(pupils: pd.DataFrame) -> list[str]:
    known = pupils.reindex(columns=list(SOCIAL_CARE))
    return joined_where({words: is_so(known[column]) for column, words in SOCIAL_CARE.items()}, ", ")
